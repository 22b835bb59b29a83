#define _GNU_SOURCE
#include "pb_uevents.h"

#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int pb_uevents_open(void) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
    if (descriptor < 0) return -errno;
    int size = 1 << 20;
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = 1};
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
    return descriptor;
}

static int is_ours(const char *message, size_t length) {
    static const char key[] = "SUBSYSTEM=";
    for (size_t at = 0; at < length; at += strnlen(message + at, length - at) + 1) {
        if (length - at < sizeof key || memcmp(message + at, key, sizeof key - 1) != 0) continue;
        const char *subsystem = message + at + sizeof key - 1;
        size_t left = length - at - (sizeof key - 1);
        static const char *const wanted[] = {"pci", "block", "net", "vfio", "vfio-dev", "iommu"};
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
            if (strnlen(subsystem, left) == strlen(wanted[i]) && memcmp(subsystem, wanted[i], strlen(wanted[i])) == 0)
                return 1;
        return 0;
    }
    return 0;
}

/// 1: at least one event of ours was waiting, 0: none, negative errno otherwise. Only the kernel itself is believed.
static int drain(int descriptor) {
    int found = 0;
    for (;;) {
        char message[8192];
        struct sockaddr_nl sender;
        struct iovec part = {message, sizeof message};
        struct msghdr header = {
            .msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &part, .msg_iovlen = 1};
        ssize_t count = recvmsg(descriptor, &header, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return found;
        if (count < 0 && errno == ENOBUFS) { found = 1; continue; }
        if (count < 0) return -errno;
        if (sender.nl_pid == 0 && is_ours(message, (size_t)count)) found = 1;
    }
}

static long long now_milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int pb_uevents_wait(int descriptor, int stop, int quiet_milliseconds) {
    int changed = 0;
    long long latest = 0;
    for (;;) {
        // A storm of events must not keep the news back for ever.
        if (changed && now_milliseconds() >= latest) return 1;
        struct pollfd waits[2] = {{descriptor, POLLIN, 0}, {stop, POLLIN, 0}};
        int count = poll(waits, 2, changed ? quiet_milliseconds : -1);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        if (waits[1].revents != 0) return 0;
        if (count == 0) return 1;
        int found = drain(descriptor);
        if (found < 0) return found;
        if (found > 0 && !changed) {
            changed = 1;
            latest = now_milliseconds() + 10LL * quiet_milliseconds;
        }
    }
}
