#ifndef PB_ROUTES_H
#define PB_ROUTES_H

/// The unicast routes of all tables of this network namespace, IPv4 and IPv6, asked by rtnetlink (RTM_GETROUTE), as
/// text that the caller frees with `pb_free`: a line `FAMILY TABLE DESTINATION LENGTH METRIC INTERFACE` for each way a
/// route has. FAMILY is 4 or 6, DESTINATION its 8 or 32 hexadecimal digits, the other numbers are decimal.
/// A dump that a change interrupted (NLM_F_DUMP_INTR) is made again, some times; then it is -EINTR.
/// Returns the length of the text or a negative errno value.
long pb_routes(char **text);

#endif
