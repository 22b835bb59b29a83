#ifndef PB_ROUTES_H
#define PB_ROUTES_H

#include "pb_dump.h"

/// The unicast routes of all tables of this network namespace, IPv4 and IPv6, asked by rtnetlink (RTM_GETROUTE), as
/// text that the caller frees with `pb_free`: a line `FAMILY TABLE DESTINATION LENGTH METRIC INTERFACE` for each way a
/// route has. FAMILY is 4 or 6, DESTINATION its 8 or 32 hexadecimal digits, the other numbers are decimal. ` via` follows
/// where a gateway is on the way, ` from=ADDRESS/LENGTH` where the route is for packets with such a source.
/// Returns the length of the text or a negative errno value.
long pb_routes(char **text);

/// `pb_routes` of another than the kernel.
long pb_routes_from(const struct pb_dump_source *source, char **text);

/// The rules that choose the table for a packet (RTM_GETRULE, `ip rule`), as text that the caller frees with `pb_free`: a
/// line `FAMILY PRIORITY TABLE` for each that looks into a table, with `l3mdev` for those of VRFs, which name no table.
/// Returns the length of the text or a negative errno value.
long pb_rules(char **text);

/// `pb_rules` of another than the kernel.
long pb_rules_from(const struct pb_dump_source *source, char **text);

#endif
