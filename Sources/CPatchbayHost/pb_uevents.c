#define _GNU_SOURCE
#include "pb_uevents.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int open_netlink(int protocol, unsigned groups) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
    if (descriptor < 0) return -errno;
    int size = 1 << 20;
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
    return descriptor;
}

int pb_ears_open(struct pb_ears *ears) {
    *ears = (struct pb_ears){-1, -1, -1, -1, -1};
    ears->events = open_netlink(NETLINK_KOBJECT_UEVENT, 1);
    if (ears->events < 0) return ears->events;
    // Rules of IPv6 and next hops came after the names of these bits.
    unsigned rules = RTMGRP_IPV4_RULE | 1u << (RTNLGRP_IPV6_RULE - 1) | 1u << (RTNLGRP_NEXTHOP - 1);
    ears->routes = open_netlink(NETLINK_ROUTE, RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE | rules);
    ears->mounts = open("/proc/1/mountinfo", O_RDONLY | O_CLOEXEC);
    if (ears->mounts < 0) ears->mounts = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    ears->swaps = open("/proc/swaps", O_RDONLY | O_CLOEXEC);
    return 0;
}

void pb_ears_close(const struct pb_ears *ears) {
    const int all[] = {ears->events, ears->routes, ears->mounts, ears->swaps, ears->stop};
    for (size_t at = 0; at < sizeof all / sizeof *all; at++)
        if (all[at] >= 0) close(all[at]);
}

/// Hands every waiting event on. 1: one of them mattered, 0: none did, negative errno otherwise. Only the kernel itself
/// is believed.
static int drain(int descriptor, int kind, pb_heard heard, void *context) {
    int matters = 0;
    for (;;) {
        char message[16384];
        struct sockaddr_nl sender;
        struct iovec part = {message, sizeof message};
        struct msghdr header = {
            .msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &part, .msg_iovlen = 1};
        ssize_t count = recvmsg(descriptor, &header, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return matters;
        if (count < 0 && errno != ENOBUFS) return -errno;
        int isLost = count < 0 || (header.msg_flags & MSG_TRUNC) != 0;
        if (!isLost && sender.nl_pid != 0) continue;
        if (heard(context, isLost ? PB_HEARD_LOSS : kind, message, isLost ? 0 : count)) matters = 1;
    }
}

static long long now_milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int pb_ears_wait(
    const struct pb_ears *ears, int quiet_milliseconds, int latest_milliseconds, pb_heard heard, void *context) {
    int changed = 0;
    long long latest = 0;
    for (;;) {
        // A storm of events must not keep the news back for ever.
        if (changed && now_milliseconds() >= latest) return 1;
        struct pollfd waits[] = {
            {ears->stop, POLLIN, 0}, {ears->events, POLLIN, 0}, {ears->routes, POLLIN, 0},
            {ears->mounts, POLLPRI, 0}, {ears->swaps, POLLPRI, 0}};
        int count = poll(waits, sizeof waits / sizeof *waits, changed ? quiet_milliseconds : -1);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        if (waits[0].revents != 0) return 0;
        if (count == 0) return 1;
        int matters = 0;
        if (waits[1].revents != 0) matters = drain(ears->events, PB_HEARD_EVENT, heard, context);
        if (matters < 0) return matters;
        if (waits[2].revents != 0 && drain(ears->routes, PB_HEARD_ROUTES, heard, context) > 0) matters = 1;
        // The kernel shows a change once to each open file: nothing is to be read from it.
        if ((waits[3].revents | waits[4].revents) != 0 && heard(context, PB_HEARD_MOUNTS, "", 0)) matters = 1;
        if (matters && !changed) {
            changed = 1;
            latest = now_milliseconds() + latest_milliseconds;
        }
    }
}
