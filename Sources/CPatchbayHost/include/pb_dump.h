#ifndef PB_DUMP_H
#define PB_DUMP_H

#include <stddef.h>

struct nlmsghdr;

/// Who answers requests of rtnetlink(7) for all that there is of a kind: the kernel, or who plays it.
struct pb_dump_source {
    void *context;
    /// Asks for a dump (RTM_GETROUTE and its like); what is left of an earlier one is dropped. 0 or a negative errno value.
    int (*ask)(void *context, int type);
    /// The next messages of the dump, whole ones (netlink(7)); their length or a negative errno value.
    long (*receive)(void *context, void *buffer, size_t capacity);
};

/// What is done with the messages of a dump.
struct pb_dump_taker {
    void *context;
    /// Forgets what was taken: a dump begins.
    void (*start)(void *context);
    /// One message; 0 or a negative errno value, which ends the dump.
    int (*take)(void *context, const struct nlmsghdr *message);
};

/// Makes a dump. One that a change interrupted (NLM_F_DUMP_INTR) is made again, some times; then it is -EINTR.
int pb_dump(const struct pb_dump_source *source, int type, const struct pb_dump_taker *taker);

/// The same of the kernel of this machine.
int pb_dump_kernel(int type, const struct pb_dump_taker *taker);

/// A text that grows, freed with `pb_free(text)`.
struct pb_text {
    char *text;
    size_t length, capacity;
};

/// Adds as printf(3) writes, at most 512 bytes. 0 or a negative errno value.
int pb_text_add(struct pb_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/// Adds the bytes of an address in hexadecimal digits.
int pb_text_add_bytes(struct pb_text *text, const unsigned char *bytes, size_t count);

#endif
