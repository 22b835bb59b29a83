#define _GNU_SOURCE
#include "pb_files.h"
#include "pb_trouble.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

const int pb_current_directory = AT_FDCWD;

/// Counted a thread, so that threads that read side by side do not wait for each other.
static _Thread_local unsigned long lookups;

unsigned long pb_lookups(void) { return lookups; }

void pb_add_lookups(unsigned long count) { lookups += count; }

int pb_open_directory(int at, const char *path) {
    lookups++;
    int descriptor = openat(at, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return descriptor < 0 ? pb_note_trouble(errno, path) : descriptor;
}

void pb_close(int descriptor) { close(descriptor); }

static int open_attribute(int at, const char *path) {
    lookups++;
    int descriptor = openat(at, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    return descriptor < 0 ? pb_note_trouble(errno, path) : descriptor;
}

static long read_all(int descriptor, char *buffer, size_t capacity) {
    size_t filled = 0;
    while (filled < capacity) {
        ssize_t count = read(descriptor, buffer + filled, capacity - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        if (count == 0) break;
        filled += (size_t)count;
    }
    return (long)filled;
}

long pb_read_attribute(int at, const char *path, void *buffer, size_t capacity) {
    int descriptor = open_attribute(at, path);
    if (descriptor < 0) return descriptor;
    long count = read_all(descriptor, buffer, capacity);
    close(descriptor);
    return count < 0 ? pb_note_read_trouble((int)-count, path) : count;
}

long pb_read_once(int at, const char *path, void *buffer, size_t capacity) {
    int descriptor = open_attribute(at, path);
    if (descriptor < 0) return descriptor;
    ssize_t count = read(descriptor, buffer, capacity);
    long result = count < 0 ? pb_note_read_trouble(errno, path) : (long)count;
    close(descriptor);
    return result;
}

long pb_read_file(int at, const char *path, size_t limit, char **content) {
    *content = NULL;
    lookups++;
    int descriptor = openat(at, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) return pb_note_trouble(errno, path);
    size_t filled = 0, capacity = 0;
    char *memory = NULL;
    long result = 0;
    while (filled < limit) {
        if (filled == capacity) {
            size_t wanted = capacity == 0 ? 16384 : capacity * 2;
            if (wanted > limit) wanted = limit;
            char *larger = realloc(memory, wanted);
            if (larger == NULL) { result = -ENOMEM; break; }
            memory = larger;
            capacity = wanted;
        }
        ssize_t count = read(descriptor, memory + filled, capacity - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) { result = -errno; break; }
        if (count == 0) break;
        filled += (size_t)count;
    }
    close(descriptor);
    if (result < 0) { free(memory); return pb_note_read_trouble((int)-result, path); }
    *content = memory;
    return (long)filled;
}

long pb_read_link(int at, const char *path, char *buffer, size_t capacity) {
    lookups++;
    ssize_t count = readlinkat(at, path, buffer, capacity);
    if (count < 0) return pb_note_trouble(errno, path);
    return (size_t)count == capacity ? -ENAMETOOLONG : (long)count;
}

int pb_device_number(int at, const char *path, unsigned *major_number, unsigned *minor_number) {
    struct stat status;
    lookups++;
    if (fstatat(at, path, &status, AT_NO_AUTOMOUNT) < 0) return -errno;
    *major_number = major(status.st_rdev);
    *minor_number = minor(status.st_rdev);
    return S_ISCHR(status.st_mode) ? 1 : S_ISBLK(status.st_mode) ? 2 : 0;
}

long pb_list(int at, const char *path, char **names) {
    *names = NULL;
    lookups++;
    int descriptor = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return pb_note_trouble(errno, path);
    DIR *directory = fdopendir(descriptor);
    if (directory == NULL) { int error = errno; close(descriptor); return pb_note_trouble(error, path); }
    size_t filled = 0, capacity = 0;
    char *memory = NULL;
    long result = 0;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(directory);
        if (entry == NULL) { result = -errno; break; }
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
        size_t length = strlen(name) + 1;
        if (filled + length > capacity) {
            size_t wanted = capacity == 0 ? 4096 : capacity * 2;
            char *larger = realloc(memory, wanted);
            if (larger == NULL) { result = -ENOMEM; break; }
            memory = larger;
            capacity = wanted;
        }
        memcpy(memory + filled, name, length);
        filled += length;
    }
    closedir(directory);
    if (result < 0) { free(memory); return pb_note_trouble((int)-result, path); }
    *names = memory;
    return (long)filled;
}

int pb_exists(int at, const char *path) {
    lookups++;
    if (faccessat(at, path, F_OK, 0) == 0) return 1;
    pb_note_trouble(errno, path);
    return 0;
}

int pb_is_root(void) { return geteuid() == 0; }

int pb_compare_names(const char *one, const char *other) { return strcmp(one, other); }

char *pb_real_path(const char *path) { return realpath(path, NULL); }

void pb_free(void *memory) { free(memory); }

const char *pb_error_name(int number) { return strerrorname_np(number); }

const void *pb_map_file(const char *path, size_t *length) {
    *length = 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) {
        pb_note_trouble(errno, path);
        return NULL;
    }
    struct stat status;
    void *memory = MAP_FAILED;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
        memory = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
    close(descriptor);
    if (memory == MAP_FAILED) return NULL;
    *length = (size_t)status.st_size;
    return memory;
}

void pb_unmap(const void *memory, size_t length) { munmap((void *)memory, length); }

size_t pb_find_byte(const void *memory, size_t from, size_t length, int byte) {
    if (from >= length) return length;
    const char *start = memory;
    const char *found = memchr(start + from, byte, length - from);
    return found == NULL ? length : (size_t)(found - start);
}
