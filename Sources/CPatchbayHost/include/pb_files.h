#ifndef PB_FILES_H
#define PB_FILES_H

#include <stddef.h>

// What fails here because the system could not is noted: pb_trouble.h.

/// Stands for the current directory where a directory descriptor is wanted.
extern const int pb_current_directory;

/// Opens a directory only to name things below it (O_PATH). Follows links.
int pb_open_directory(int at, const char *path);

void pb_close(int descriptor);

/// Reads a whole attribute: open, read until the end or until `capacity` is full, close.
/// Never blocks on a FIFO and never follows a link in the last component: attributes are regular files.
/// Returns how many bytes are in `buffer`.
long pb_read_attribute(int at, const char *path, void *buffer, size_t capacity);

/// Like `pb_read_attribute`, for what fits one `read` (sysfs attributes, the first bytes of `config`): no second
/// read to see the end.
long pb_read_once(int at, const char *path, void *buffer, size_t capacity);

/// Reads a file of any length into memory that the caller frees with `pb_free`. Follows links. At most `limit` bytes.
long pb_read_file(int at, const char *path, size_t limit, char **content);

/// The target of a link, not NUL-terminated. -ENAMETOOLONG when it does not fit.
long pb_read_link(int at, const char *path, char *buffer, size_t capacity);

/// The device number of the node that a link of `/proc/<pid>/fd` leads to; 1: a character device, 2: a block device, 0: no
/// node. The kernel jumps to what is open, so no directory is walked and nothing is opened. Not for links to other file
/// systems, whose servers would be asked: the caller looks at where they lead.
int pb_device_number(int at, const char *path, unsigned *major_number, unsigned *minor_number);

/// The names in a directory but `.` and `..`, each with its NUL, in the file system's order, in memory that the
/// caller frees with `pb_free`. Returns how many bytes that is.
long pb_list(int at, const char *path, char **names);

/// 1: there is something at `path` (links are followed), 0: there is not.
int pb_exists(int at, const char *path);

/// 1: the effective user is root.
int pb_is_root(void);

/// How many paths this thread has opened, read as links or looked for, and those it started by `pb_in_parallel` with it.
unsigned long pb_lookups(void);
void pb_add_lookups(unsigned long count);

/// Below, at or above 0, by the bytes: `strcmp`.
int pb_compare_names(const char *one, const char *other);

/// The absolute path with all links and dots resolved, NUL-terminated, to be freed with `pb_free`; NULL on failure.
char *pb_real_path(const char *path);

void pb_free(void *memory);

/// `ENOENT` for 2; `"errno N"` is the caller's business: NULL for numbers that have no name.
const char *pb_error_name(int number);

/// A file mapped for reading. `length` is set; NULL when it cannot be mapped or is empty.
const void *pb_map_file(const char *path, size_t *length);
void pb_unmap(const void *memory, size_t length);

/// The next `byte` in `memory`, as an offset from `from`; `length` when there is none.
size_t pb_find_byte(const void *memory, size_t from, size_t length, int byte);

#endif
