#define _GNU_SOURCE
#include "pb_namespaces.h"
#include "pb_child.h"
#include "pb_trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
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

/// What is asked for in one namespace.
struct look {
    int number;
    /// What it calls the namespace of the host, in numbers from 0. Below: not known.
    int home;
    /// Something stands on an interface of another namespace.
    int crosses;
};

/// Kinds of links that send what they are given through the interface below.
static int is_stacked(const struct rtattr *information) {
    static const char *const kinds[] = {"macvlan", "macvtap", "ipvlan", "ipvtap", "vlan", "macsec"};
    if (information == NULL) return 0;
    int left = (int)RTA_PAYLOAD(information);
    for (const struct rtattr *at = RTA_DATA(information); RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        if (at->rta_type != IFLA_INFO_KIND) continue;
        for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
            if (strncmp(RTA_DATA(at), kinds[kind], RTA_PAYLOAD(at)) == 0) return 1;
    }
    return 0;
}

/// `NUMBER NAME BUS DEVICE`, each of the last three with its length.
static int say_line(const struct asker *asker, int number, const char *const words[3], const size_t lengths[3]) {
    char line[16 + 3 * (longest_name + 1)];
    size_t length = put_number(line, (unsigned)number);
    for (int word = 0; word < 3; word++) {
        length += put(line + length, " ", 1);
        length += put(line + length, words[word], lengths[word]);
    }
    length += put(line + length, "\n", 1);
    return say(asker, line, length);
}

/// An interface that stands on one of the host's.
static int tell_stacked(const struct asker *asker, struct look *look, const struct rtattr *name,
                        const struct rtattr *lower, const struct rtattr *space) {
    if (lower == NULL || space == NULL) return 0;
    if (RTA_PAYLOAD(lower) < sizeof(int) || RTA_PAYLOAD(space) < sizeof(int)) return 0;
    int number, home;
    memcpy(&number, RTA_DATA(lower), sizeof number);
    memcpy(&home, RTA_DATA(space), sizeof home);
    look->crosses = 1;
    if (look->home < 0 || home != look->home || number <= 0) return 0;
    char digits[12];
    const char *words[3] = {RTA_DATA(name), "@", digits};
    size_t lengths[3] = {text_of(name), 1, put_number(digits, (unsigned)number)};
    return say_line(asker, look->number, words, lengths);
}

static int tell(const struct asker *asker, struct look *look, const struct nlmsghdr *header) {
    const struct rtattr *name = NULL, *bus = NULL, *device = NULL, *lower = NULL, *space = NULL, *information = NULL;
    const struct ifinfomsg *message = NLMSG_DATA(header);
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *message));
    for (const struct rtattr *at = IFLA_RTA(message); RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        if (at->rta_type == IFLA_IFNAME) name = at;
        if (at->rta_type == parent_bus) bus = at;
        if (at->rta_type == parent_device) device = at;
        if (at->rta_type == IFLA_LINK) lower = at;
        if (at->rta_type == IFLA_LINK_NETNSID) space = at;
        if (at->rta_type == IFLA_LINKINFO) information = at;
    }
    size_t lengths[3] = {text_of(name), text_of(bus), text_of(device)};
    if (lengths[0] == 0) return 0;
    if (is_stacked(information)) return tell_stacked(asker, look, name, lower, space);
    if (lengths[1] == 0 || lengths[2] == 0) return 0;
    const char *words[3] = {RTA_DATA(name), RTA_DATA(bus), RTA_DATA(device)};
    return say_line(asker, look->number, words, lengths);
}

/// 1: more is to come, 0: that was the end. `torn` is set when a change came between the parts of the answer.
static int receive(const struct asker *asker, struct look *look, int netlink, int *torn) {
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
        int error = tell(asker, look, at);
        if (error < 0) return error;
    }
    return 1;
}

/// What is told twice says nothing else than what is told once, so a torn answer is asked for again.
static int dump(const struct asker *asker, struct look *look, int netlink) {
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
        while (result == 1) result = receive(asker, look, netlink, &torn);
        if (result < 0 || !torn) return result;
    }
    return -EINTR;
}

/// What the namespace that the socket is of calls another one: `*number` is NETNSA_NSID_NOT_ASSIGNED where it has no
/// number for it. 0, or a negative errno value: it does not tell.
static int ask_number(const struct asker *asker, int space, int netlink, int *number) {
    struct {
        struct nlmsghdr header;
        struct rtgenmsg message;
        char padding[NLMSG_ALIGN(sizeof(struct rtgenmsg)) - sizeof(struct rtgenmsg)];
        struct rtattr attribute;
        int descriptor;
    } request = {
        .header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_GETNSID, .nlmsg_flags = NLM_F_REQUEST},
        .attribute = {.rta_len = RTA_LENGTH(sizeof(int)), .rta_type = NETNSA_FD},
        .descriptor = space};
    if (send(netlink, &request, sizeof request, 0) < 0) return -errno;
    ssize_t count;
    do count = recv(netlink, asker->buffer, receive_size, 0);
    while (count < 0 && errno == EINTR);
    if (count <= 0) return count < 0 ? -errno : -EIO;
    const struct nlmsghdr *answer = (void *)asker->buffer;
    if (!NLMSG_OK(answer, (int)count)) return -EIO;
    if (answer->nlmsg_type == NLMSG_ERROR) return ((const struct nlmsgerr *)NLMSG_DATA(answer))->error ?: -EIO;
    if (answer->nlmsg_type != RTM_NEWNSID) return -EIO;
    int left = (int)answer->nlmsg_len - (int)NLMSG_SPACE(sizeof(struct rtgenmsg));
    const char *first = (const char *)NLMSG_DATA(answer) + NLMSG_ALIGN(sizeof(struct rtgenmsg));
    for (const struct rtattr *at = (const void *)first; RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        if (at->rta_type != NETNSA_NSID || RTA_PAYLOAD(at) < sizeof(int)) continue;
        memcpy(number, RTA_DATA(at), sizeof *number);
        return 0;
    }
    return -EIO;
}

/// The number of the host's namespace is given by the kernel when it first tells of an interface there: asked for
/// afterwards. Where it has none, nothing here stands on an interface of the host.
/// `home`: a negative errno value where the host's namespace could not be opened.
static int dump_all(const struct asker *asker, int number, int home, int netlink) {
    struct timeval deadline = {.tv_sec = 1};
    setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    struct look look = {.number = number, .home = -1};
    int result = dump(asker, &look, netlink);
    if (result < 0 || !look.crosses) return result;
    if (home < 0) return home;
    result = ask_number(asker, home, netlink, &look.home);
    return result < 0 || look.home < 0 ? result : dump(asker, &look, netlink);
}

/// A namespace whose last process ended meanwhile (ENOENT, ESRCH) has nothing any more.
static int visit(const struct asker *asker, int number, int home, const char *path) {
    int space = open(path, O_RDONLY | O_CLOEXEC);
    if (space < 0) return errno == ENOENT || errno == ESRCH ? 0 : -errno;
    int result = setns(space, CLONE_NEWNET) < 0 ? -errno : 0;
    close(space);
    if (result < 0) return result;
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (netlink < 0) return -errno;
    result = dump_all(asker, number, home, netlink);
    close(netlink);
    return result;
}

static void visit_all(const struct asker *asker, const char *const paths[], int count) {
    int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (home < 0) home = -errno;
    for (int number = 0; number < count; number++) {
        if (visit(asker, number, home, paths[number]) == 0) continue;
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
