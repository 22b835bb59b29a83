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

#endif
