#include "pb_trouble.h"

#include <errno.h>
#include <string.h>

/// Counted a thread, so that readings side by side do not blame each other.
static _Thread_local struct pb_trouble trouble;

static _Thread_local int ignores_bad_blocks;

void pb_count_bad_blocks(int counts) { ignores_bad_blocks = !counts; }

void pb_forget_trouble(void) { trouble = (struct pb_trouble){0}; }

struct pb_trouble pb_told_trouble(void) { return trouble; }

void pb_add_trouble(const struct pb_trouble *other) {
    if (trouble.error == 0 && other->error != 0) {
        trouble.error = other->error;
        memcpy(trouble.path, other->path, sizeof trouble.path);
    }
    if (trouble.denied == 0 && other->denied != 0) {
        trouble.denied = other->denied;
        memcpy(trouble.denied_path, other->denied_path, sizeof trouble.denied_path);
    }
}

static void keep(char *kept, size_t size, const char *path) {
    size_t length = strnlen(path, size - 1);
    memcpy(kept, path, length);
    kept[length] = 0;
}

int pb_note_trouble(int error, const char *path) {
    if (error == EIO && ignores_bad_blocks) return -error;
    switch (error) {
    case EMFILE: case ENFILE: case ENOMEM: case ENOBUFS: case EIO:
        if (trouble.error == 0) {
            trouble.error = error;
            keep(trouble.path, sizeof trouble.path, path);
        }
        break;
    case EACCES: case EPERM:
        if (trouble.denied == 0) {
            trouble.denied = error;
            keep(trouble.denied_path, sizeof trouble.denied_path, path);
        }
        break;
    }
    return -error;
}

int pb_note_read_trouble(int error, const char *path) {
    return error == ENOMEM ? pb_note_trouble(error, path) : -error;
}
