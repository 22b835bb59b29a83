#ifndef PB_NAMESPACES_H
#define PB_NAMESPACES_H

#include <stddef.h>

/// The network interfaces of other network namespaces that stand on a device, asked by rtnetlink (RTM_GETLINK) from a
/// short-lived child that enters one after the other (setns(2)): this process never leaves its own.
///
/// `paths`: `count` files of namespaces: `/proc/812/ns/net`, `/run/netns/blue`. `*text`, to be freed with `pb_free`,
/// has a line `NUMBER INTERFACE BUS DEVICE` for each interface whose device the kernel names (Linux 5.14 and later):
/// NUMBER is the place in `paths`, BUS and DEVICE are names below `/sys/bus`. An interface that stands on one of the
/// caller's own namespace (macvlan, ipvlan, VLAN) has a line with `@` as BUS and the number of that one as DEVICE. A
/// line `NUMBER !` is a namespace that could not be entered or did not tell everything; one that is gone has none.
/// Returns the length of the text or a negative errno value: -ETIMEDOUT, -EFBIG beyond `limit`; then there is no text.
long pb_networks(const char *const paths[], int count, int deadline_milliseconds, size_t limit, char **text);

#endif
