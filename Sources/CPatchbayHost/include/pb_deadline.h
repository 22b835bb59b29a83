#ifndef PB_DEADLINE_H
#define PB_DEADLINE_H

#include <stddef.h>

/// Reads an attribute that some devices take seconds to answer (`vpd`), on a thread of its own, at most `capacity` bytes.
/// Returns how many bytes are in `buffer`, or a negative errno value: -ETIMEDOUT when the thread is still reading; it
/// then stops by itself with the read(2) it is in, and touches nothing of the caller's.
long pb_read_with_deadline(int at, const char *path, void *buffer, size_t capacity, int deadline_milliseconds);

#endif
