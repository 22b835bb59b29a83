#define _GNU_SOURCE
#include "pb_threads.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "pb_child.h"
#include "pb_files.h"
#include "pb_trouble.h"

struct start {
    void (*body)(void *);
    void *context;
};

static void *run(void *memory) {
    struct start start = *(struct start *)memory;
    free(memory);
    start.body(start.context);
    return NULL;
}

int pb_start_thread(void (*body)(void *), void *context) {
    struct start *start = malloc(sizeof *start);
    if (start == NULL) return -ENOMEM;
    *start = (struct start){body, context};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    int error = pthread_create(&thread, &attributes, run, start);
    pthread_attr_destroy(&attributes);
    if (error != 0) free(start);
    return -error;
}

struct share {
    void (*body)(void *, int);
    void *context;
    int index;
    int is_started;
    unsigned long lookups;
    struct pb_trouble trouble;
    pthread_t thread;
};

static void *run_share(void *memory) {
    struct share *share = memory;
    share->body(share->context, share->index);
    share->lookups = pb_lookups();
    share->trouble = pb_told_trouble();
    return NULL;
}

void pb_in_parallel(int count, void (*body)(void *context, int index), void *context) {
    struct share *shares = count > 1 ? calloc((size_t)count, sizeof *shares) : NULL;
    for (int index = 1; index < count; index++) {
        if (shares == NULL) {
            body(context, index);
            continue;
        }
        shares[index].body = body;
        shares[index].context = context;
        shares[index].index = index;
        shares[index].is_started = pthread_create(&shares[index].thread, NULL, run_share, &shares[index]) == 0;
        if (!shares[index].is_started) body(context, index);
    }
    if (count > 0) body(context, 0);
    for (int index = 1; shares != NULL && index < count; index++) {
        if (!shares[index].is_started) continue;
        pthread_join(shares[index].thread, NULL);
        pb_add_lookups(shares[index].lookups);
        pb_add_trouble(&shares[index].trouble);
    }
    free(shares);
}

int pb_cpu_count(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) < 0) return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count;
}

int pb_make_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0; }

long long pb_milliseconds(void) { return pb_now_milliseconds(); }
