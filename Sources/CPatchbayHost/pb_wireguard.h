#ifndef PB_WIREGUARD_H
#define PB_WIREGUARD_H

/// Adds the endpoints of an interface's peers to its line of `length` bytes, where they can be asked (CAP_NET_ADMIN).
/// Returns the new length, or the old one with the line as it was.
long pb_add_wireguard(const char *name, char **text, long length);

#endif
