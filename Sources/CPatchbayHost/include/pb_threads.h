#ifndef PB_THREADS_H
#define PB_THREADS_H

/// Runs `body(context)` on a thread of its own, which nobody waits for: for calls that may block for ever.
/// Returns 0 or a negative errno value; then `body` is not called.
int pb_start_thread(void (*body)(void *), void *context);

/// Calls `body(context, 0)` to `body(context, count - 1)`, each on a thread of its own but for the first, which runs
/// here; returns when all are done. Where no thread can be started its call is made here, too.
void pb_in_parallel(int count, void (*body)(void *context, int index), void *context);

/// How many CPUs this process may use, at least 1.
int pb_cpu_count(void);

/// Milliseconds of a clock that only goes forward.
long long pb_milliseconds(void);

/// A pipe of which both ends are closed on exec; [0] is for reading.
int pb_make_pipe(int ends[2]);

#endif
