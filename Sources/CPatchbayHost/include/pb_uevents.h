#ifndef PB_UEVENTS_H
#define PB_UEVENTS_H

/// What the kernel is listened to by. Descriptors; -1: not there.
struct pb_ears {
    /// NETLINK_KOBJECT_UEVENT, group 1: device events, raw, before udev.
    int events;
    /// NETLINK_ROUTE: links, routes and rules of this network namespace.
    int routes;
    /// `mountinfo` of process 1, or our own: exceptional when a mount came or went (`fs/proc_namespace.c`).
    int mounts;
    /// `/proc/swaps`, likewise (`mm/swapfile.c`).
    int swaps;
    /// Ends the wait when it can be read or was closed at its other end. The caller's to set.
    int stop;
};

enum {
    /// A device event: `add@/devices/...`, NUL, `KEY=VALUE`, NUL, and so on.
    PB_HEARD_EVENT,
    /// Events were lost.
    PB_HEARD_LOSS,
    PB_HEARD_ROUTES,
    PB_HEARD_MOUNTS,
};

/// Told of each thing heard. Returns whether it matters: what does not keeps nobody waiting.
typedef int (*pb_heard)(void *context, int kind, const char *message, long length);

/// Returns 0, or a negative errno value where there are no device events; then nothing is open.
int pb_ears_open(struct pb_ears *ears);
void pb_ears_close(const struct pb_ears *ears);

/// Waits for something that matters, then until nothing has come for `quiet_milliseconds`, but no longer than
/// `latest_milliseconds` from the first.
/// Returns 1: something changed; 0: `stop`; otherwise a negative errno value.
int pb_ears_wait(
    const struct pb_ears *ears, int quiet_milliseconds, int latest_milliseconds, pb_heard heard, void *context);

#endif
