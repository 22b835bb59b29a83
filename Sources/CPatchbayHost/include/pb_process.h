#ifndef PB_PROCESS_H
#define PB_PROCESS_H

#include <stddef.h>

/// One write(2) of `text` to an attribute that exists: O_WRONLY, nothing created, nothing truncated.
/// Returns 0 or a negative errno value. Blocks as long as the kernel does.
int pb_write_attribute(const char *path, const char *text, size_t length);

/// Starts a process that does `pb_write_attribute` and nothing else, and waits for it at most `deadline_milliseconds`.
/// Returns what the write returned; -ETIMEDOUT when it is still under way: then `*writer` is its process id, and the
/// process ends by itself when the kernel lets go of it.
int pb_write_with_deadline(
    const char *path, const char *text, size_t length, int deadline_milliseconds, int *writer);

/// Whether a writer left behind by `pb_write_with_deadline` is still in the kernel. Collects it when it is not.
int pb_writer_is_running(int writer);

/// Runs a program with its standard streams on /dev/null, but for standard error, of which the last bytes are kept
/// (NUL-terminated). Returns its exit status, 128 + the signal, -ETIMEDOUT when it was killed, or another -errno. A program
/// that does not even die of that, because it hangs in the kernel, is left behind: the caller never waits longer than the
/// deadline and half a second.
int pb_run(
    const char *path, const char *const arguments[], int deadline_milliseconds, char *errors, size_t capacity);

#endif
