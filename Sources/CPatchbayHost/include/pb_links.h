#ifndef PB_LINKS_H
#define PB_LINKS_H

#include <stddef.h>

/// What the kernel says of a network interface beside sysfs, asked by rtnetlink (RTM_GETLINK), and for WireGuard its
/// peers' endpoints by generic netlink, as one line that the caller frees with `pb_free`:
/// `NAME kind=vxlan link=eth0 remote=c0000201`. `link`: the interface below, or the other end of a pair; `elsewhere`: that
/// one is in another network namespace; `remote`: an endpoint, several times for several; `table`: of a VRF.
/// Returns the length of the text or a negative errno value.
long pb_link(const char *name, char **text);

/// The line that an answer of the kernel's makes: the messages of RTM_NEWLINK.
long pb_link_line(const void *messages, size_t length, char **text);

/// The endpoints in answers of WireGuard's (WG_CMD_GET_DEVICE), as ` remote=…` for each.
long pb_wireguard_line(const void *messages, size_t length, char **text);

#endif
