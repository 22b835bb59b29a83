#define _GNU_SOURCE
#include "pb_process.h"
#include "pb_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int pb_write_attribute(const char *path, const char *text, size_t length) {
    int descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW);
    if (descriptor < 0) return -errno;
    ssize_t count = write(descriptor, text, length);
    int result = count < 0 ? -errno : (size_t)count == length ? 0 : -EIO;
    close(descriptor);
    return result;
}

/// The child of a threaded process may only make async-signal-safe calls: these are system calls alone. It keeps
/// nothing of its parent's open files, for it may outlive the parent by days.
static void write_and_leave(const char *path, const char *text, size_t length, int answer) {
    setsid();
    if (dup2(answer, 0) < 0) _exit(1);
    answer = 0;
    syscall(SYS_close_range, 1U, ~0U, 0U);
    int result = pb_write_attribute(path, text, length);
    ssize_t told = write(answer, &result, sizeof result);
    _exit(told == sizeof result ? 0 : 1);
}

int pb_write_with_deadline(
    const char *path, const char *text, size_t length, int deadline_milliseconds, int *writer) {
    *writer = 0;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    pid_t child = pb_fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return (int)child;
    }
    if (child == 0) write_and_leave(path, text, length, ends[1]);
    close(ends[1]);
    long long end = pb_now_milliseconds() + deadline_milliseconds;
    int result = -ETIMEDOUT;
    for (;;) {
        long long left = end - pb_now_milliseconds();
        struct pollfd wait = {ends[0], POLLIN, 0};
        int count = poll(&wait, 1, left > 0 ? (int)left : 0);
        if (count < 0 && errno == EINTR) continue;
        if (count == 0) break;
        int told;
        ssize_t length_told = read(ends[0], &told, sizeof told);
        if (length_told < 0 && errno == EINTR) continue;
        result = length_told == sizeof told ? told : -ECHILD;
        break;
    }
    close(ends[0]);
    if (result == -ETIMEDOUT) {
        *writer = child;
        return result;
    }
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    return result;
}

int pb_writer_is_running(int writer) {
    pid_t found = waitpid(writer, NULL, WNOHANG);
    return found == 0 || (found < 0 && errno == EINTR);
}
