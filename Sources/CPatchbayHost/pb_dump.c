#define _GNU_SOURCE
#include "pb_dump.h"
#include "pb_trouble.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/// More than any table a host of VMs has; a dump beyond it is refused rather than cut.
enum { text_limit = 64 << 20, longest_piece = 512 };

int pb_text_add(struct pb_text *text, const char *format, ...) {
    if (text->length + longest_piece > text->capacity) {
        size_t capacity = text->capacity ? text->capacity * 2 : 1 << 16;
        if (capacity > text_limit) return -EFBIG;
        char *grown = realloc(text->text, capacity);
        if (!grown) return -ENOMEM;
        text->text = grown;
        text->capacity = capacity;
    }
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(text->text + text->length, longest_piece, format, arguments);
    va_end(arguments);
    if (count < 0 || count >= longest_piece) return -EMSGSIZE;
    text->length += (size_t)count;
    return 0;
}

int pb_text_add_bytes(struct pb_text *text, const unsigned char *bytes, size_t count) {
    int error = 0;
    for (size_t i = 0; i < count && error == 0; i++) error = pb_text_add(text, "%02x", bytes[i]);
    return error;
}

/// What a dump that a change interrupted is answered with: it may lack something, or have it twice.
enum { interrupted = -EINTR };
/// What changes all the time is not read for ever.
enum { most_dumps = 8 };

/// 1: more is to come, 0: that was the end.
static int receive(const struct pb_dump_source *source, const struct pb_dump_taker *taker, int *is_torn) {
    static const size_t capacity = 64 << 10;
    char *buffer = malloc(capacity);
    if (!buffer) return -ENOMEM;
    long count = source->receive(source->context, buffer, capacity);
    int result = count < 0 ? (int)count : count == 0 ? -EIO : 1;
    int left = (int)count;
    for (const struct nlmsghdr *at = (void *)buffer; result == 1 && NLMSG_OK(at, left); at = NLMSG_NEXT(at, left)) {
        if (at->nlmsg_flags & NLM_F_DUMP_INTR) *is_torn = 1;
        if (at->nlmsg_type == NLMSG_DONE) result = 0;
        if (at->nlmsg_type == NLMSG_ERROR) result = ((const struct nlmsgerr *)NLMSG_DATA(at))->error ?: -EIO;
        if (at->nlmsg_type < NLMSG_MIN_TYPE) continue;
        int error = taker->take(taker->context, at);
        if (error < 0) result = error;
    }
    free(buffer);
    return result;
}

static int dump(const struct pb_dump_source *source, int type, const struct pb_dump_taker *taker) {
    int is_torn = 0;
    int error = source->ask(source->context, type);
    int result = error < 0 ? error : 1;
    while (result == 1) result = receive(source, taker, &is_torn);
    return result == 0 && is_torn ? interrupted : result;
}

int pb_dump(const struct pb_dump_source *source, int type, const struct pb_dump_taker *taker) {
    int result = interrupted;
    for (int dumps = 0; result == interrupted && dumps < most_dumps; dumps++) {
        taker->start(taker->context);
        result = dump(source, type, taker);
    }
    return result;
}

/// Asks on a socket of its own, so that nothing of an earlier dump is read.
static int ask_kernel(void *context, int type) {
    int *descriptor = context;
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (*descriptor < 0) return pb_note_trouble(errno, "a netlink socket");
    struct timeval deadline = {.tv_sec = 5};
    setsockopt(*descriptor, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    // Routes and rules have a head of the same length, next hops a shorter one; all zeros: of every family.
    size_t head = type == RTM_GETNEXTHOP ? 8 : sizeof(struct rtmsg);
    struct {
        struct nlmsghdr header;
        struct rtmsg message;
    } request = {
        .header = {
            .nlmsg_len = NLMSG_LENGTH(head), .nlmsg_type = (unsigned short)type,
            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
    return send(*descriptor, &request, request.header.nlmsg_len, 0) < 0 ? -errno : 0;
}

static long receive_from_kernel(void *context, void *buffer, size_t capacity) {
    ssize_t count;
    do count = recv(*(int *)context, buffer, capacity, 0);
    while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : count;
}

int pb_dump_kernel(int type, const struct pb_dump_taker *taker) {
    int descriptor = -1;
    struct pb_dump_source kernel = {.context = &descriptor, .ask = ask_kernel, .receive = receive_from_kernel};
    int result = pb_dump(&kernel, type, taker);
    if (descriptor >= 0) close(descriptor);
    return result;
}
