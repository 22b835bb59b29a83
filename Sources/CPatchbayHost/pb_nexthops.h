#ifndef PB_NEXTHOPS_H
#define PB_NEXTHOPS_H

#include "pb_dump.h"

/// More ways than a route has in practice (the kernel's limit is 65,535).
enum { pb_most_ways = 256 };

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
    unsigned *members;
    size_t member_count, member_capacity;
};

/// Takes a dump of RTM_GETNEXTHOP.
struct pb_dump_taker pb_nexthops_taker(struct pb_nexthops *hops);

/// The ways of a next hop or of a group. Returns how many.
int pb_find_nexthops(const struct pb_nexthops *hops, unsigned id, struct pb_nexthop found[static pb_most_ways]);

void pb_free_nexthops(struct pb_nexthops *hops);

#endif
