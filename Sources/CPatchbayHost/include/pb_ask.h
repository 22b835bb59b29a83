#ifndef PB_ASK_H
#define PB_ASK_H

#include <stddef.h>

/// Runs a program with its standard input and error on /dev/null and keeps what it prints, at most `limit` bytes, in
/// memory that the caller frees with `pb_free`. Returns its exit status, 128 + the signal, or a negative errno value:
/// -ETIMEDOUT when it had to be killed, -EFBIG when it printed more. A program that cannot even be killed (it hangs in a
/// driver) is left behind.
int pb_ask(
    const char *path, const char *const arguments[], int deadline_milliseconds, size_t limit, char **output,
    size_t *length);

#endif
