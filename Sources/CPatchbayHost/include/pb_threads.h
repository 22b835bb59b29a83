#ifndef PB_THREADS_H
#define PB_THREADS_H

/// Runs `body(context)` on a thread of its own, which nobody waits for: for calls that may block for ever.
/// Returns 0 or a negative errno value; then `body` is not called.
int pb_start_thread(void (*body)(void *), void *context);

/// A pipe of which both ends are closed on exec; [0] is for reading.
int pb_make_pipe(int ends[2]);

#endif
