#define _GNU_SOURCE
#include "pb_deadline.h"
#include "pb_threads.h"
#include "pb_trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/// Shared by the caller and the thread; whoever leaves last frees it.
struct reading {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    int descriptor;
    int is_done, is_abandoned;
    long result;
    size_t filled, capacity;
    char content[];
};

/// A page of VPD is a thousand register reads; a piece is small enough that nobody reads on for long in vain.
enum { piece = 256 };

static void end(struct reading *reading) {
    close(reading->descriptor);
    pthread_cond_destroy(&reading->ended);
    pthread_mutex_destroy(&reading->lock);
    free(reading);
}

static void read_on(void *context) {
    struct reading *reading = context;
    int is_wanted = 1;
    while (is_wanted && reading->filled < reading->capacity) {
        size_t wanted = reading->capacity - reading->filled;
        if (wanted > piece) wanted = piece;
        ssize_t count = read(reading->descriptor, reading->content + reading->filled, wanted);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && reading->filled == 0) reading->result = -errno;
        if (count <= 0) break;
        reading->filled += (size_t)count;
        pthread_mutex_lock(&reading->lock);
        is_wanted = !reading->is_abandoned;
        pthread_mutex_unlock(&reading->lock);
    }
    pthread_mutex_lock(&reading->lock);
    if (reading->result == 0) reading->result = (long)reading->filled;
    reading->is_done = 1;
    int is_abandoned = reading->is_abandoned;
    pthread_cond_signal(&reading->ended);
    pthread_mutex_unlock(&reading->lock);
    if (is_abandoned) end(reading);
}

static struct reading *make(int descriptor, size_t capacity) {
    struct reading *reading = calloc(1, sizeof *reading + capacity);
    if (reading == NULL) return NULL;
    reading->descriptor = descriptor;
    reading->capacity = capacity;
    pthread_mutex_init(&reading->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&reading->ended, &attributes);
    pthread_condattr_destroy(&attributes);
    return reading;
}

static long wait_for(struct reading *reading, void *buffer, int deadline_milliseconds) {
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += deadline_milliseconds / 1000;
    deadline.tv_nsec += (long)(deadline_milliseconds % 1000) * 1000000;
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_sec += 1;
        deadline.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&reading->lock);
    int error = 0;
    while (!reading->is_done && error == 0)
        error = pthread_cond_timedwait(&reading->ended, &reading->lock, &deadline);
    if (!reading->is_done) {
        reading->is_abandoned = 1;
        pthread_mutex_unlock(&reading->lock);
        return -ETIMEDOUT;
    }
    pthread_mutex_unlock(&reading->lock);
    long result = reading->result;
    memcpy(buffer, reading->content, reading->filled);
    end(reading);
    return result;
}

long pb_read_with_deadline(int at, const char *path, void *buffer, size_t capacity, int deadline_milliseconds) {
    int descriptor = openat(at, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) return pb_note_trouble(errno, path);
    struct reading *reading = make(descriptor, capacity);
    if (reading == NULL) {
        close(descriptor);
        return pb_note_trouble(ENOMEM, path);
    }
    int error = pb_start_thread(read_on, reading);
    if (error < 0) {
        end(reading);
        return error;
    }
    return wait_for(reading, buffer, deadline_milliseconds);
}
