#ifndef PB_ROUTES_H
#define PB_ROUTES_H

#include <stddef.h>

/// The unicast routes of all tables of this network namespace, IPv4 and IPv6, asked by rtnetlink (RTM_GETROUTE), as
/// text that the caller frees with `pb_free`: a line `FAMILY TABLE DESTINATION LENGTH METRIC INTERFACE` for each way a
/// route has. FAMILY is 4 or 6, DESTINATION its 8 or 32 hexadecimal digits, the other numbers are decimal.
/// A dump that a change interrupted (NLM_F_DUMP_INTR) is made again, some times; then it is -EINTR.
/// Returns the length of the text or a negative errno value.
long pb_routes(char **text);

/// Who is asked for routes: the kernel, or who plays it.
struct pb_route_source {
    void *context;
    /// Asks for a dump of all tables; what is left of an earlier one is dropped. 0 or a negative errno value.
    int (*ask)(void *context);
    /// The next messages of the dump, whole ones (netlink(7)); their length or a negative errno value.
    long (*receive)(void *context, void *buffer, size_t capacity);
};

/// `pb_routes` of another than the kernel.
long pb_routes_from(const struct pb_route_source *source, char **text);

#endif
