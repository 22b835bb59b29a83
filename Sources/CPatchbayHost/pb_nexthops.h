#ifndef PB_NEXTHOPS_H
#define PB_NEXTHOPS_H

#include "pb_dump.h"

struct pb_nexthop {
    unsigned id;
    int index;
    int has_gateway;
    /// A group: its members' ids lie from `first` on in `members`.
    size_t first, count;
};

/// The next hops that routes name by number (`ip nexthop`).
struct pb_nexthops {
    struct pb_nexthop *hops;
    size_t count, capacity;
    /// The kernel tells them by rising ids; this says that it did not.
    int is_unsorted;
    unsigned *members;
    size_t member_count, member_capacity;
};

/// Takes a dump of RTM_GETNEXTHOP.
struct pb_dump_taker pb_nexthops_taker(struct pb_nexthops *hops);

/// Calls `take` with each way of a next hop or of a group until it fails. 0 or its negative errno value.
int pb_each_nexthop(
    const struct pb_nexthops *hops, unsigned id, int (*take)(void *context, const struct pb_nexthop *way), void *context);

void pb_free_nexthops(struct pb_nexthops *hops);

#endif
