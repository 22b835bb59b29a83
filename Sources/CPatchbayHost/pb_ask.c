#define _GNU_SOURCE
#include "pb_ask.h"
#include "pb_child.h"
#include "pb_trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/// The child of a threaded process may only make async-signal-safe calls: these are system calls alone.
static void exec_answering(const char *path, const char *const arguments[], int answer) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || dup2(null, 0) < 0 || dup2(answer, 1) < 0 || dup2(null, 2) < 0) _exit(127);
    syscall(SYS_close_range, 3U, ~0U, 0U);
    char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL};
    execve(path, (char *const *)arguments, environment);
    _exit(127);
}

/// Reads to the end, to the limit, or to the deadline. 0, or a negative errno value.
static int collect(int descriptor, long long end, size_t limit, char *memory, size_t *length) {
    for (;;) {
        int ready = pb_wait_readable(descriptor, end);
        if (ready <= 0) return ready == 0 ? -ETIMEDOUT : ready;
        if (*length == limit) {
            char more;
            ssize_t count = read(descriptor, &more, 1);
            if (count < 0 && errno == EINTR) continue;
            return count < 0 ? -errno : count == 0 ? 0 : -EFBIG;
        }
        ssize_t count = read(descriptor, memory + *length, limit - *length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        if (count == 0) return 0;
        *length += (size_t)count;
    }
}

int pb_ask(
    const char *path, const char *const arguments[], int deadline_milliseconds, size_t limit, char **output,
    size_t *length) {
    *length = 0;
    *output = malloc(limit > 0 ? limit : 1);
    if (*output == NULL) return -ENOMEM;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return pb_note_trouble(errno, path);
    long long end = pb_now_milliseconds() + deadline_milliseconds;
    pid_t child = pb_fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return pb_note_trouble((int)-child, path);
    }
    if (child == 0) exec_answering(path, arguments, ends[1]);
    close(ends[1]);
    int result = collect(ends[0], end, limit, *output, length);
    close(ends[0]);
    if (result == 0) result = pb_await_end(child, end);
    if (result >= 0) return result;
    pb_end_child(child);
    return result;
}
