#ifndef PB_UEVENTS_H
#define PB_UEVENTS_H

/// A socket that hears the kernel's device events: NETLINK_KOBJECT_UEVENT, group 1 (raw, before udev).
int pb_uevents_open(void);

/// Waits for an event of the subsystems pci, block, net or vfio, then until none has come for `quiet_milliseconds`,
/// at most ten times as long.
/// Returns 1: something changed; 0: `stop` became readable or was closed; otherwise a negative errno value.
int pb_uevents_wait(int socket, int stop, int quiet_milliseconds);

#endif
