#ifndef PB_TROUBLE_H
#define PB_TROUBLE_H

/// What kept this thread from looking: not that something is not there (ENOENT and its like), but that nobody can tell
/// whether it is. The first of each kind since `pb_forget_trouble`. Threads of `pb_in_parallel` tell the one that
/// started them.
struct pb_trouble {
    /// An errno value, and what was to be opened; 0: none. The system could not: EMFILE, ENFILE, ENOMEM, ENOBUFS, EIO.
    int error;
    char path[256];
    /// It may not be opened: EACCES, EPERM.
    int denied;
    char denied_path[256];
};

void pb_forget_trouble(void);
/// Whether EIO of what this thread opens next counts. Not for files of which nothing is decided: a bad block in a list of
/// names must not hide a host.
void pb_count_bad_blocks(int counts);
struct pb_trouble pb_told_trouble(void);

/// Takes what another thread met, after what this one did.
void pb_add_trouble(const struct pb_trouble *other);

/// Notes an errno value if it is of one of the two kinds. Returns `-error`.
int pb_note_trouble(int error, const char *path);

/// Notes a failed read of something that is open. Many attributes answer with EIO, EINVAL or ENODATA for "does not
/// apply now", so only what is said of the system counts: ENOMEM. Returns `-error`.
int pb_note_read_trouble(int error, const char *path);

#endif
