#define _GNU_SOURCE
#include "pb_namespaces.h"
#include "pb_child.h"
#include "pb_trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

/// IFLA_PARENT_DEV_NAME and IFLA_PARENT_DEV_BUS_NAME (`include/uapi/linux/if_link.h`), which older headers lack.
enum { parent_device = 56, parent_bus = 57 };
enum { receive_size = 64 << 10 };
/// How often interfaces may change while they are asked for.
enum { most_attempts = 4 };
/// No name of a bus or device that matters is longer.
enum { longest_name = 64 };

/// What the child works with: made before it begins, for it may not allocate.
struct asker {
    int answer;
    char *buffer;
};

/// The child of a threaded process may only make async-signal-safe calls: from here on these are system calls alone.
static int say(const struct asker *asker, const char *text, size_t length) {
    while (length > 0) {
        ssize_t count = write(asker->answer, text, length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return -EPIPE;
        text += count;
        length -= (size_t)count;
    }
    return 0;
}

static size_t put_number(char *at, unsigned number) {
    char digits[12];
    size_t length = 0;
    do digits[length++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    for (size_t index = 0; index < length; index++) at[index] = digits[length - 1 - index];
    return length;
}

static size_t put(char *at, const char *text, size_t length) {
    memcpy(at, text, length);
    return length;
}

/// The text of an attribute without its NUL. 0: none, too long, or with a character that would break a line apart.
static size_t text_of(const struct rtattr *attribute) {
    if (attribute == NULL) return 0;
    size_t length = strnlen(RTA_DATA(attribute), RTA_PAYLOAD(attribute));
    if (length > longest_name) return 0;
    const char *text = RTA_DATA(attribute);
    for (size_t index = 0; index < length; index++)
        if (text[index] <= ' ') return 0;
    return length;
}

static int tell(const struct asker *asker, int number, const struct nlmsghdr *header) {
    const struct rtattr *name = NULL, *bus = NULL, *device = NULL;
    const struct ifinfomsg *message = NLMSG_DATA(header);
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *message));
    for (const struct rtattr *at = IFLA_RTA(message); RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        if (at->rta_type == IFLA_IFNAME) name = at;
        if (at->rta_type == parent_bus) bus = at;
        if (at->rta_type == parent_device) device = at;
    }
    size_t name_length = text_of(name), bus_length = text_of(bus), device_length = text_of(device);
    if (name_length == 0 || bus_length == 0 || device_length == 0) return 0;
    char line[16 + 3 * (longest_name + 1)];
    size_t length = put_number(line, (unsigned)number);
    length += put(line + length, " ", 1);
    length += put(line + length, RTA_DATA(name), name_length);
    length += put(line + length, " ", 1);
    length += put(line + length, RTA_DATA(bus), bus_length);
    length += put(line + length, " ", 1);
    length += put(line + length, RTA_DATA(device), device_length);
    length += put(line + length, "\n", 1);
    return say(asker, line, length);
}

/// 1: more is to come, 0: that was the end. `torn` is set when a change came between the parts of the answer.
static int receive(const struct asker *asker, int number, int netlink, int *torn) {
    ssize_t count;
    do count = recv(netlink, asker->buffer, receive_size, 0);
    while (count < 0 && errno == EINTR);
    if (count <= 0) return count < 0 ? -errno : -EIO;
    int left = (int)count;
    for (const struct nlmsghdr *at = (void *)asker->buffer; NLMSG_OK(at, left); at = NLMSG_NEXT(at, left)) {
        if ((at->nlmsg_flags & NLM_F_DUMP_INTR) != 0) *torn = 1;
        if (at->nlmsg_type == NLMSG_DONE) return 0;
        if (at->nlmsg_type == NLMSG_ERROR) return ((const struct nlmsgerr *)NLMSG_DATA(at))->error ?: -EIO;
        if (at->nlmsg_type != RTM_NEWLINK) continue;
        int error = tell(asker, number, at);
        if (error < 0) return error;
    }
    return 1;
}

/// What is told twice says nothing else than what is told once, so a torn answer is asked for again.
static int dump(const struct asker *asker, int number, int netlink) {
    struct timeval deadline = {.tv_sec = 1};
    setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    struct {
        struct nlmsghdr header;
        struct ifinfomsg message;
    } request = {
        .header = {
            .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_GETLINK,
            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
    for (int attempt = 0; attempt < most_attempts; attempt++) {
        if (send(netlink, &request, request.header.nlmsg_len, 0) < 0) return -errno;
        int result = 1, torn = 0;
        while (result == 1) result = receive(asker, number, netlink, &torn);
        if (result < 0 || !torn) return result;
    }
    return -EINTR;
}

/// A namespace whose last process ended meanwhile (ENOENT, ESRCH) has nothing any more.
static int visit(const struct asker *asker, int number, const char *path) {
    int space = open(path, O_RDONLY | O_CLOEXEC);
    if (space < 0) return errno == ENOENT || errno == ESRCH ? 0 : -errno;
    int result = setns(space, CLONE_NEWNET) < 0 ? -errno : 0;
    close(space);
    if (result < 0) return result;
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (netlink < 0) return -errno;
    result = dump(asker, number, netlink);
    close(netlink);
    return result;
}

static void visit_all(const struct asker *asker, const char *const paths[], int count) {
    for (int number = 0; number < count; number++) {
        if (visit(asker, number, paths[number]) == 0) continue;
        char line[16];
        size_t length = put_number(line, (unsigned)number);
        length += put(line + length, " !\n", 3);
        if (say(asker, line, length) < 0) _exit(1);
    }
    _exit(0);
}

/// The child has nothing of its parent's but the pipe: a socket or lock that it kept would outlive its owner. It ends with the
/// thread that waits for it, which may be gone already.
static void stand_alone(const struct asker *asker, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) _exit(1);
    unsigned kept = (unsigned)asker->answer;
    if (kept > 0) syscall(SYS_close_range, 0u, kept - 1, 0u);
    syscall(SYS_close_range, kept + 1, ~0u, 0u);
}

/// Reads to the end of the pipe. 0, or a negative errno value.
static int collect(int descriptor, long long end, size_t limit, char *text, size_t *length) {
    for (;;) {
        int ready = pb_wait_readable(descriptor, end);
        if (ready <= 0) return ready == 0 ? -ETIMEDOUT : ready;
        if (*length == limit) return -EFBIG;
        ssize_t count = read(descriptor, text + *length, limit - *length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        if (count == 0) return 0;
        *length += (size_t)count;
    }
}

static int ask(const struct asker *made, const char *const paths[], int count, long long end, size_t limit,
               char *text, size_t *length) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return pb_note_trouble(errno, "a pipe");
    struct asker asker = *made;
    asker.answer = ends[1];
    pid_t parent = getpid(), child = pb_fork();
    if (child == 0) {
        stand_alone(&asker, parent);
        visit_all(&asker, paths, count);
    }
    close(ends[1]);
    int result = child < 0 ? pb_note_trouble((int)-child, "a process") : collect(ends[0], end, limit, text, length);
    close(ends[0]);
    if (child < 0) return result;
    if (result == 0) result = pb_await_end(child, end);
    if (result < 0) pb_end_child(child);
    return result > 0 ? -EIO : result;
}

long pb_networks(const char *const paths[], int count, int deadline_milliseconds, size_t limit, char **text) {
    *text = NULL;
    char *memory = malloc(limit > 0 ? limit : 1);
    struct asker asker = {.answer = -1, .buffer = malloc(receive_size)};
    size_t length = 0;
    int result = -ENOMEM;
    if (memory != NULL && asker.buffer != NULL)
        result = ask(&asker, paths, count, pb_now_milliseconds() + deadline_milliseconds, limit, memory, &length);
    free(asker.buffer);
    if (result < 0) {
        free(memory);
        return result;
    }
    *text = memory;
    return (long)length;
}
