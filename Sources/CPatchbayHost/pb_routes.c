#define _GNU_SOURCE
#include "pb_routes.h"
#include "pb_trouble.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/// More than any table a host of VMs has; a dump beyond it is refused rather than cut.
enum { text_limit = 64 << 20 };

struct lines {
    char *text;
    size_t length, capacity;
    int last_index;
    char last_name[IF_NAMESIZE];
};

static int reserve(struct lines *lines, size_t more) {
    if (lines->length + more <= lines->capacity) return 0;
    size_t capacity = lines->capacity ? lines->capacity * 2 : 1 << 16;
    if (capacity > text_limit) return -EFBIG;
    char *text = realloc(lines->text, capacity);
    if (!text) return -ENOMEM;
    lines->text = text;
    lines->capacity = capacity;
    return 0;
}

struct route {
    int family, length;
    unsigned table, metric;
    const unsigned char *destination;
};

/// An interface that is gone by now has no name: its route is gone too.
static int add(struct lines *lines, const struct route *route, int index) {
    if (index != lines->last_index) {
        lines->last_index = index;
        if (!if_indextoname((unsigned)index, lines->last_name)) lines->last_name[0] = 0;
    }
    if (!lines->last_name[0]) return 0;
    int error = reserve(lines, 160);
    if (error < 0) return error;
    char *at = lines->text + lines->length;
    at += sprintf(at, "%d %u ", route->family == AF_INET ? 4 : 6, route->table);
    for (int i = 0; i < (route->family == AF_INET ? 4 : 16); i++)
        at += sprintf(at, "%02x", route->destination ? route->destination[i] : 0);
    at += sprintf(at, " %d %u %s\n", route->length, route->metric, lines->last_name);
    lines->length = (size_t)(at - lines->text);
    return 0;
}

static int add_ways(struct lines *lines, const struct route *route, const struct rtattr *ways) {
    const struct rtnexthop *way = RTA_DATA(ways);
    int left = (int)RTA_PAYLOAD(ways);
    while (left >= (int)sizeof *way && way->rtnh_len >= sizeof *way && (int)RTNH_ALIGN(way->rtnh_len) <= left) {
        int error = add(lines, route, way->rtnh_ifindex);
        if (error < 0) return error;
        left -= (int)RTNH_ALIGN(way->rtnh_len);
        way = RTNH_NEXT(way);
    }
    return 0;
}

static int take(struct lines *lines, const struct nlmsghdr *header) {
    const struct rtmsg *message = NLMSG_DATA(header);
    int is_ours = message->rtm_family == AF_INET || message->rtm_family == AF_INET6;
    if (!is_ours || message->rtm_type != RTN_UNICAST || message->rtm_flags & RTM_F_CLONED) return 0;
    size_t size = message->rtm_family == AF_INET ? 4 : 16;
    struct route route = {.family = message->rtm_family, .length = message->rtm_dst_len, .table = message->rtm_table};
    int index = 0;
    const struct rtattr *ways = NULL;
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *message));
    for (const struct rtattr *at = RTM_RTA(message); RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        if (at->rta_type == RTA_DST && RTA_PAYLOAD(at) >= size) route.destination = RTA_DATA(at);
        if (at->rta_type == RTA_MULTIPATH) ways = at;
        if (RTA_PAYLOAD(at) < sizeof(unsigned)) continue;
        if (at->rta_type == RTA_TABLE) memcpy(&route.table, RTA_DATA(at), sizeof route.table);
        if (at->rta_type == RTA_PRIORITY) memcpy(&route.metric, RTA_DATA(at), sizeof route.metric);
        if (at->rta_type == RTA_OIF) memcpy(&index, RTA_DATA(at), sizeof index);
    }
    if (ways) return add_ways(lines, &route, ways);
    return index ? add(lines, &route, index) : 0;
}

/// What a dump that a change interrupted is answered with: it may lack routes, or have some twice.
enum { interrupted = -EINTR };
/// Tables that change all the time are not read for ever.
enum { most_dumps = 8 };

/// 1: more is to come, 0: that was the end.
static int receive(const struct pb_route_source *source, struct lines *lines, int *is_torn) {
    static const size_t capacity = 64 << 10;
    char *buffer = malloc(capacity);
    if (!buffer) return -ENOMEM;
    long count = source->receive(source->context, buffer, capacity);
    int result = count < 0 ? (int)count : count == 0 ? -EIO : 1;
    int left = (int)count;
    for (const struct nlmsghdr *at = (void *)buffer; result == 1 && NLMSG_OK(at, left); at = NLMSG_NEXT(at, left)) {
        if (at->nlmsg_flags & NLM_F_DUMP_INTR) *is_torn = 1;
        if (at->nlmsg_type == NLMSG_DONE) result = 0;
        if (at->nlmsg_type == NLMSG_ERROR) result = ((const struct nlmsgerr *)NLMSG_DATA(at))->error ?: -EIO;
        if (at->nlmsg_type != RTM_NEWROUTE) continue;
        int error = take(lines, at);
        if (error < 0) result = error;
    }
    free(buffer);
    return result;
}

/// One dump of all tables.
static int dump(const struct pb_route_source *source, struct lines *lines) {
    int is_torn = 0;
    int error = source->ask(source->context);
    int result = error < 0 ? error : 1;
    while (result == 1) result = receive(source, lines, &is_torn);
    return result == 0 && is_torn ? interrupted : result;
}

long pb_routes_from(const struct pb_route_source *source, char **text) {
    struct lines lines = {0};
    int result = interrupted;
    for (int dumps = 0; result == interrupted && dumps < most_dumps; dumps++) {
        lines.length = 0;
        result = dump(source, &lines);
    }
    if (result < 0) {
        free(lines.text);
        return result;
    }
    *text = lines.text;
    return (long)lines.length;
}

/// Asks on a socket of its own, so that nothing of an earlier dump is read.
static int ask_kernel(void *context) {
    int *descriptor = context;
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (*descriptor < 0) return pb_note_trouble(errno, "a netlink socket");
    struct timeval deadline = {.tv_sec = 5};
    setsockopt(*descriptor, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    struct {
        struct nlmsghdr header;
        struct rtmsg message;
    } request = {
        .header = {
            .nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)), .nlmsg_type = RTM_GETROUTE,
            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
    return send(*descriptor, &request, request.header.nlmsg_len, 0) < 0 ? -errno : 0;
}

static long receive_from_kernel(void *context, void *buffer, size_t capacity) {
    ssize_t count;
    do count = recv(*(int *)context, buffer, capacity, 0);
    while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : count;
}

long pb_routes(char **text) {
    int descriptor = -1;
    struct pb_route_source kernel = {.context = &descriptor, .ask = ask_kernel, .receive = receive_from_kernel};
    long result = pb_routes_from(&kernel, text);
    if (descriptor >= 0) close(descriptor);
    return result;
}
