#ifndef PB_CHILD_H
#define PB_CHILD_H

#include <sys/types.h>

/// `_Fork` for a child that makes system calls only: it begins with no signal blocked, every signal as the system treats
/// it by itself, and no handler of its parent's ever runs in it. Negative errno value on failure.
pid_t pb_fork(void);

/// The status of a child that ends before `end` (monotonic milliseconds), 128 + the signal that ended it, or -ETIMEDOUT:
/// then it is not collected.
int pb_await_end(pid_t child, long long end);

/// SIGKILL, and half a second to vanish. A process that hangs in the kernel is left behind.
void pb_end_child(pid_t child);

long long pb_now_milliseconds(void);

/// 1: readable or at its end, 0: the deadline passed, or a negative errno value.
int pb_wait_readable(int descriptor, long long end);

#endif
