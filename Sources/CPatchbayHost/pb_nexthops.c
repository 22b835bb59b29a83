#define _GNU_SOURCE
#include "pb_nexthops.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

static int grow(void **items, size_t *capacity, size_t wanted, size_t size) {
    if (wanted <= *capacity) return 0;
    size_t grown = *capacity ? *capacity * 2 : 64;
    while (grown < wanted) grown *= 2;
    if (grown > 1 << 20) return -EFBIG;
    void *moved = realloc(*items, grown * size);
    if (!moved) return -ENOMEM;
    *items = moved;
    *capacity = grown;
    return 0;
}

static int add_members(struct pb_nexthops *hops, struct pb_nexthop *hop, const struct rtattr *group) {
    const struct nexthop_grp *member = RTA_DATA(group);
    size_t count = RTA_PAYLOAD(group) / sizeof *member;
    int error = grow((void **)&hops->members, &hops->member_capacity, hops->member_count + count, sizeof *hops->members);
    if (error < 0) return error;
    hop->first = hops->member_count;
    hop->count = count;
    for (size_t i = 0; i < count; i++) memcpy(&hops->members[hops->member_count++], &member[i].id, sizeof member->id);
    return 0;
}

static int take(void *context, const struct nlmsghdr *header) {
    struct pb_nexthops *hops = context;
    if (header->nlmsg_type != RTM_NEWNEXTHOP) return 0;
    struct pb_nexthop hop = {0};
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof(struct nhmsg)));
    const struct rtattr *at = (const void *)((const char *)NLMSG_DATA(header) + NLMSG_ALIGN(sizeof(struct nhmsg)));
    for (; RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        if (at->rta_type == NHA_GATEWAY) hop.has_gateway = 1;
        if (RTA_PAYLOAD(at) < sizeof(unsigned)) continue;
        if (at->rta_type == NHA_ID) memcpy(&hop.id, RTA_DATA(at), sizeof hop.id);
        if (at->rta_type == NHA_OIF) memcpy(&hop.index, RTA_DATA(at), sizeof hop.index);
        int error = at->rta_type == NHA_GROUP ? add_members(hops, &hop, at) : 0;
        if (error < 0) return error;
    }
    int error = grow((void **)&hops->hops, &hops->capacity, hops->count + 1, sizeof *hops->hops);
    if (error < 0) return error;
    if (hops->count > 0 && hops->hops[hops->count - 1].id >= hop.id) hops->is_unsorted = 1;
    hops->hops[hops->count++] = hop;
    return 0;
}

static void start(void *context) {
    struct pb_nexthops *hops = context;
    hops->count = hops->member_count = 0;
    hops->is_unsorted = 0;
}

struct pb_dump_taker pb_nexthops_taker(struct pb_nexthops *hops) {
    return (struct pb_dump_taker){.context = hops, .start = start, .take = take};
}

static const struct pb_nexthop *find(const struct pb_nexthops *hops, unsigned id) {
    if (hops->is_unsorted) {
        for (size_t i = 0; i < hops->count; i++)
            if (hops->hops[i].id == id) return &hops->hops[i];
        return NULL;
    }
    size_t low = 0, high = hops->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hops->hops[middle].id < id) low = middle + 1;
        else high = middle;
    }
    return low < hops->count && hops->hops[low].id == id ? &hops->hops[low] : NULL;
}

int pb_each_nexthop(
    const struct pb_nexthops *hops, unsigned id, int (*take)(void *context, const struct pb_nexthop *way), void *context) {
    const struct pb_nexthop *hop = find(hops, id);
    if (!hop) return 0;
    int error = hop->index ? take(context, hop) : 0;
    for (size_t i = 0; error == 0 && i < hop->count; i++) {
        const struct pb_nexthop *member = find(hops, hops->members[hop->first + i]);
        if (member && member->index) error = take(context, member);
    }
    return error;
}

void pb_free_nexthops(struct pb_nexthops *hops) {
    free(hops->hops);
    free(hops->members);
    *hops = (struct pb_nexthops){0};
}
