#define _GNU_SOURCE
#include "pb_routes.h"
#include "pb_nexthops.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct lines {
    struct pb_text text;
    int last_index;
    char last_name[IF_NAMESIZE];
    struct pb_nexthops nexthops;
    /// A route names a next hop by its number alone (net.ipv4.nexthop_compat_mode=0).
    int needs_nexthops;
};

struct route {
    int family, length, source_length;
    unsigned table, metric;
    const unsigned char *destination, *source;
};

/// An interface that is gone by now has no name: its route is gone too.
static int add(struct lines *lines, const struct route *route, int index, int has_gateway) {
    if (index != lines->last_index) {
        lines->last_index = index;
        if (!if_indextoname((unsigned)index, lines->last_name)) lines->last_name[0] = 0;
    }
    if (!lines->last_name[0]) return 0;
    static const unsigned char zero[16];
    size_t size = route->family == AF_INET ? 4 : 16;
    int error = pb_text_add(&lines->text, "%d %u ", route->family == AF_INET ? 4 : 6, route->table);
    if (error == 0) error = pb_text_add_bytes(&lines->text, route->destination ?: zero, size);
    if (error == 0)
        error = pb_text_add(
            &lines->text, " %d %u %s%s", route->length, route->metric, lines->last_name, has_gateway ? " via" : "");
    if (error == 0 && route->source && route->source_length > 0) {
        error = pb_text_add(&lines->text, " from=");
        if (error == 0) error = pb_text_add_bytes(&lines->text, route->source, size);
        if (error == 0) error = pb_text_add(&lines->text, "/%d", route->source_length);
    }
    return error ?: pb_text_add(&lines->text, "\n");
}

/// The attributes of a way of a route with several (RTA_MULTIPATH).
static int way_has_gateway(const struct rtnexthop *way) {
    int left = (int)way->rtnh_len - (int)RTNH_LENGTH(0);
    for (const struct rtattr *at = RTNH_DATA(way); RTA_OK(at, left); at = RTA_NEXT(at, left))
        if (at->rta_type == RTA_GATEWAY || at->rta_type == RTA_VIA) return 1;
    return 0;
}

static int add_ways(struct lines *lines, const struct route *route, const struct rtattr *ways) {
    const struct rtnexthop *way = RTA_DATA(ways);
    int left = (int)RTA_PAYLOAD(ways);
    while (left >= (int)sizeof *way && way->rtnh_len >= sizeof *way && (int)RTNH_ALIGN(way->rtnh_len) <= left) {
        int error = add(lines, route, way->rtnh_ifindex, way_has_gateway(way));
        if (error < 0) return error;
        left -= (int)RTNH_ALIGN(way->rtnh_len);
        way = RTNH_NEXT(way);
    }
    return 0;
}

struct named_route {
    struct lines *lines;
    const struct route *route;
};

static int add_nexthop(void *context, const struct pb_nexthop *way) {
    const struct named_route *named = context;
    return add(named->lines, named->route, way->index, way->has_gateway);
}

static int add_nexthops(struct lines *lines, const struct route *route, unsigned id) {
    struct named_route named = {.lines = lines, .route = route};
    lines->needs_nexthops = 1;
    return pb_each_nexthop(&lines->nexthops, id, add_nexthop, &named);
}

static int take_route(void *context, const struct nlmsghdr *header) {
    struct lines *lines = context;
    if (header->nlmsg_type != RTM_NEWROUTE) return 0;
    const struct rtmsg *message = NLMSG_DATA(header);
    int is_ours = message->rtm_family == AF_INET || message->rtm_family == AF_INET6;
    if (!is_ours || message->rtm_type != RTN_UNICAST || message->rtm_flags & RTM_F_CLONED) return 0;
    size_t size = message->rtm_family == AF_INET ? 4 : 16;
    struct route route = {
        .family = message->rtm_family, .length = message->rtm_dst_len, .source_length = message->rtm_src_len,
        .table = message->rtm_table};
    int index = 0, has_gateway = 0;
    unsigned nexthop = 0;
    const struct rtattr *ways = NULL;
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *message));
    for (const struct rtattr *at = RTM_RTA(message); RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        if (at->rta_type == RTA_DST && RTA_PAYLOAD(at) >= size) route.destination = RTA_DATA(at);
        if (at->rta_type == RTA_SRC && RTA_PAYLOAD(at) >= size) route.source = RTA_DATA(at);
        if (at->rta_type == RTA_MULTIPATH) ways = at;
        if (at->rta_type == RTA_GATEWAY || at->rta_type == RTA_VIA) has_gateway = 1;
        if (RTA_PAYLOAD(at) < sizeof(unsigned)) continue;
        if (at->rta_type == RTA_TABLE) memcpy(&route.table, RTA_DATA(at), sizeof route.table);
        if (at->rta_type == RTA_PRIORITY) memcpy(&route.metric, RTA_DATA(at), sizeof route.metric);
        if (at->rta_type == RTA_OIF) memcpy(&index, RTA_DATA(at), sizeof index);
        if (at->rta_type == RTA_NH_ID) memcpy(&nexthop, RTA_DATA(at), sizeof nexthop);
    }
    if (ways) return add_ways(lines, &route, ways);
    if (index) return add(lines, &route, index, has_gateway);
    return nexthop ? add_nexthops(lines, &route, nexthop) : 0;
}

static int take_rule(void *context, const struct nlmsghdr *header) {
    struct lines *lines = context;
    if (header->nlmsg_type != RTM_NEWRULE) return 0;
    const struct fib_rule_hdr *rule = NLMSG_DATA(header);
    if ((rule->family != AF_INET && rule->family != AF_INET6) || rule->action != FR_ACT_TO_TBL) return 0;
    unsigned table = rule->table, priority = 0;
    int is_of_vrfs = 0;
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *rule));
    const struct rtattr *at = (const void *)((const char *)rule + NLMSG_ALIGN(sizeof *rule));
    for (; RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        if (at->rta_type == FRA_L3MDEV && RTA_PAYLOAD(at) >= 1) is_of_vrfs = *(const unsigned char *)RTA_DATA(at);
        if (RTA_PAYLOAD(at) < sizeof(unsigned)) continue;
        if (at->rta_type == FRA_TABLE) memcpy(&table, RTA_DATA(at), sizeof table);
        if (at->rta_type == FRA_PRIORITY) memcpy(&priority, RTA_DATA(at), sizeof priority);
    }
    int family = rule->family == AF_INET ? 4 : 6;
    return is_of_vrfs ? pb_text_add(&lines->text, "%d %u l3mdev\n", family, priority)
                      : pb_text_add(&lines->text, "%d %u %u\n", family, priority, table);
}

static void start(void *context) {
    struct lines *lines = context;
    lines->text.length = 0;
    lines->last_index = 0;
}

static long finish(struct lines *lines, int result, char **text) {
    pb_free_nexthops(&lines->nexthops);
    if (result < 0) {
        free(lines->text.text);
        return result;
    }
    *text = lines->text.text;
    return (long)lines->text.length;
}

/// `source` NULL: the kernel.
static int dump(const struct pb_dump_source *source, int type, const struct pb_dump_taker *taker) {
    return source ? pb_dump(source, type, taker) : pb_dump_kernel(type, taker);
}

static long routes(const struct pb_dump_source *source, char **text) {
    struct lines lines = {0};
    const struct pb_dump_taker taker = {.context = &lines, .start = start, .take = take_route};
    int result = dump(source, RTM_GETROUTE, &taker);
    if (result == 0 && lines.needs_nexthops) {
        const struct pb_dump_taker hops = pb_nexthops_taker(&lines.nexthops);
        result = dump(source, RTM_GETNEXTHOP, &hops);
        if (result == 0) result = dump(source, RTM_GETROUTE, &taker);
    }
    return finish(&lines, result, text);
}

static long rules(const struct pb_dump_source *source, char **text) {
    struct lines lines = {0};
    const struct pb_dump_taker taker = {.context = &lines, .start = start, .take = take_rule};
    return finish(&lines, dump(source, RTM_GETRULE, &taker), text);
}

long pb_routes(char **text) { return routes(NULL, text); }
long pb_routes_from(const struct pb_dump_source *source, char **text) { return routes(source, text); }
long pb_rules(char **text) { return rules(NULL, text); }
long pb_rules_from(const struct pb_dump_source *source, char **text) { return rules(source, text); }
