#define _GNU_SOURCE
#include "pb_child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// How long a killed program may take to vanish.
static const int grace_milliseconds = 500;

long long pb_now_milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// The child of a threaded process may only make async-signal-safe calls: these are system calls alone, because the C
/// library leaves out signals that it uses itself. Those of SIGKILL and SIGSTOP fail, which is as well.
static void forget_signals(void) {
    static const unsigned long usual[8];
    static const unsigned long none[2];
    const size_t set_size = 8;
    for (int number = 1; number <= 64; number++) syscall(SYS_rt_sigaction, number, usual, NULL, set_size);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, none, NULL, set_size);
}

pid_t pb_fork(void) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = _Fork();
    int error = errno;
    if (child == 0) {
        forget_signals();
        return 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return child < 0 ? -error : child;
}

int pb_wait_readable(int descriptor, long long end) {
    for (;;) {
        long long left = end - pb_now_milliseconds();
        struct pollfd wait = {descriptor, POLLIN, 0};
        int count = poll(&wait, 1, left > 0 ? (int)left : 0);
        if (count < 0 && errno == EINTR) continue;
        return count < 0 ? -errno : count;
    }
}

int pb_await_end(pid_t child, long long end) {
    int process = (int)syscall(SYS_pidfd_open, child, 0);
    if (process < 0) return -errno;
    int ready = pb_wait_readable(process, end);
    close(process);
    if (ready <= 0) return ready == 0 ? -ETIMEDOUT : ready;
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return -errno;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void pb_end_child(pid_t child) {
    kill(child, SIGKILL);
    pb_await_end(child, pb_now_milliseconds() + grace_milliseconds);
}
