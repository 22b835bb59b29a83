#define _GNU_SOURCE
#include "pb_ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// How long a killed program may take to vanish.
static const int grace_milliseconds = 500;

static long long now_milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// The child of a threaded process may only make async-signal-safe calls: these are system calls alone.
static void exec_answering(const char *path, const char *const arguments[], int answer) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || dup2(null, 0) < 0 || dup2(answer, 1) < 0 || dup2(null, 2) < 0) _exit(127);
    syscall(SYS_close_range, 3U, ~0U, 0U);
    char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL};
    execve(path, (char *const *)arguments, environment);
    _exit(127);
}

/// 1: readable or at its end, 0: the deadline passed, or a negative errno value.
static int wait_for(int descriptor, long long end) {
    for (;;) {
        long long left = end - now_milliseconds();
        struct pollfd wait = {descriptor, POLLIN, 0};
        int count = poll(&wait, 1, left > 0 ? (int)left : 0);
        if (count < 0 && errno == EINTR) continue;
        return count < 0 ? -errno : count;
    }
}

/// Reads to the end, to the limit, or to the deadline. 0, or a negative errno value.
static int collect(int descriptor, long long end, size_t limit, char *memory, size_t *length) {
    for (;;) {
        int ready = wait_for(descriptor, end);
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

/// The status of a child that ends before the deadline; -ETIMEDOUT when it does not.
static int await_end(pid_t child, long long end) {
    int process = (int)syscall(SYS_pidfd_open, child, 0);
    if (process < 0) return -errno;
    int ready = wait_for(process, end);
    close(process);
    if (ready <= 0) return ready == 0 ? -ETIMEDOUT : ready;
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return -errno;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int pb_ask(
    const char *path, const char *const arguments[], int deadline_milliseconds, size_t limit, char **output,
    size_t *length) {
    *length = 0;
    *output = malloc(limit > 0 ? limit : 1);
    if (*output == NULL) return -ENOMEM;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    long long end = now_milliseconds() + deadline_milliseconds;
    pid_t child = _Fork();
    if (child < 0) {
        int error = errno;
        close(ends[0]);
        close(ends[1]);
        return -error;
    }
    if (child == 0) exec_answering(path, arguments, ends[1]);
    close(ends[1]);
    int result = collect(ends[0], end, limit, *output, length);
    close(ends[0]);
    if (result == 0) result = await_end(child, end);
    if (result >= 0) return result;
    kill(child, SIGKILL);
    await_end(child, now_milliseconds() + grace_milliseconds);
    return result;
}
