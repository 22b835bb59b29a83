#define _GNU_SOURCE
#include "pb_wireguard.h"
#include "pb_dump.h"
#include "pb_links.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/wireguard.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/// A host with more peers than this fits has many endpoints, and its routes to any of them are told by the first.
enum { capacity = 64 << 10, most_answers = 64 };

static int add_endpoint(struct pb_text *line, const struct rtattr *endpoint) {
    struct sockaddr_in6 six;
    struct sockaddr_in four;
    size_t size = RTA_PAYLOAD(endpoint);
    sa_family_t family = AF_UNSPEC;
    if (size >= sizeof family) memcpy(&family, RTA_DATA(endpoint), sizeof family);
    const unsigned char *bytes = NULL;
    if (family == AF_INET && size >= sizeof four) {
        memcpy(&four, RTA_DATA(endpoint), sizeof four);
        bytes = (const unsigned char *)&four.sin_addr;
    } else if (family == AF_INET6 && size >= sizeof six) {
        memcpy(&six, RTA_DATA(endpoint), sizeof six);
        bytes = (const unsigned char *)&six.sin6_addr;
    }
    if (!bytes) return 0;
    int error = pb_text_add(line, " remote=");
    return error ?: pb_text_add_bytes(line, bytes, family == AF_INET ? 4 : 16);
}

static int add_peer(struct pb_text *line, const struct rtattr *peer) {
    int error = 0, left = (int)RTA_PAYLOAD(peer);
    for (const struct rtattr *at = RTA_DATA(peer); error == 0 && RTA_OK(at, left); at = RTA_NEXT(at, left))
        if ((at->rta_type & NLA_TYPE_MASK) == WGPEER_A_ENDPOINT) error = add_endpoint(line, at);
    return error;
}

static int add_peers(struct pb_text *line, const struct rtattr *peers) {
    int error = 0, left = (int)RTA_PAYLOAD(peers);
    for (const struct rtattr *at = RTA_DATA(peers); error == 0 && RTA_OK(at, left); at = RTA_NEXT(at, left))
        error = add_peer(line, at);
    return error;
}

static int add_device(struct pb_text *line, const struct nlmsghdr *header) {
    int error = 0, left = (int)(header->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN));
    const struct rtattr *at = (const void *)((const char *)NLMSG_DATA(header) + GENL_HDRLEN);
    for (; error == 0 && RTA_OK(at, left); at = RTA_NEXT(at, left))
        if ((at->rta_type & NLA_TYPE_MASK) == WGDEVICE_A_PEERS) error = add_peers(line, at);
    return error;
}

/// 1: more is to come, 0: that was the end; or a negative errno value.
static int add_devices(struct pb_text *line, const void *messages, size_t length) {
    int error = 0, is_done = 0, left = (int)length;
    for (const struct nlmsghdr *at = messages; error == 0 && NLMSG_OK(at, left); at = NLMSG_NEXT(at, left)) {
        if (at->nlmsg_type == NLMSG_ERROR) error = ((const struct nlmsgerr *)NLMSG_DATA(at))->error ?: -EIO;
        if (at->nlmsg_type == NLMSG_DONE) is_done = 1;
        if (at->nlmsg_type >= NLMSG_MIN_TYPE) error = add_device(line, at);
    }
    return error ?: !is_done;
}

long pb_wireguard_line(const void *messages, size_t length, char **text) {
    struct pb_text line = {0};
    int result = add_devices(&line, messages, length);
    if (result < 0) {
        free(line.text);
        return result;
    }
    *text = line.text;
    return (long)line.length;
}

/// A command of generic netlink with one attribute that is a text.
static int ask(int descriptor, int family, int command, int flags, int attribute, const char *value) {
    struct {
        struct nlmsghdr header;
        struct genlmsghdr command;
        struct rtattr head;
        char value[32];
    } request = {
        .header = {.nlmsg_type = (unsigned short)family, .nlmsg_flags = (unsigned short)(NLM_F_REQUEST | flags)},
        .command = {.cmd = (unsigned char)command, .version = 1}, .head = {.rta_type = (unsigned short)attribute}};
    size_t size = strnlen(value, sizeof request.value - 1) + 1;
    memcpy(request.value, value, size - 1);
    request.head.rta_len = (unsigned short)RTA_LENGTH(size);
    request.header.nlmsg_len = (unsigned)NLMSG_LENGTH(GENL_HDRLEN + RTA_SPACE(size));
    return send(descriptor, &request, request.header.nlmsg_len, 0) < 0 ? -errno : 0;
}

static ssize_t answer(int descriptor, void *buffer) {
    ssize_t count;
    do count = recv(descriptor, buffer, capacity, 0);
    while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : count;
}

/// The number that the kernel gave WireGuard, or a negative errno value: it is not loaded.
static int family_of_wireguard(int descriptor, void *buffer) {
    int error = ask(descriptor, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0, CTRL_ATTR_FAMILY_NAME, WG_GENL_NAME);
    ssize_t count = error < 0 ? error : answer(descriptor, buffer);
    if (count < 0) return (int)count;
    const struct nlmsghdr *header = buffer;
    if (!NLMSG_OK(header, count) || header->nlmsg_type != GENL_ID_CTRL) return -ENOENT;
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN));
    const struct rtattr *at = (const void *)((const char *)NLMSG_DATA(header) + GENL_HDRLEN);
    for (; RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        unsigned short number;
        if (at->rta_type != CTRL_ATTR_FAMILY_ID || RTA_PAYLOAD(at) < sizeof number) continue;
        memcpy(&number, RTA_DATA(at), sizeof number);
        return number;
    }
    return -ENOENT;
}

static int add_endpoints(struct pb_text *line, int descriptor, const char *name, void *buffer) {
    int result = family_of_wireguard(descriptor, buffer);
    if (result >= 0) result = ask(descriptor, result, WG_CMD_GET_DEVICE, NLM_F_DUMP, WGDEVICE_A_IFNAME, name);
    if (result == 0) result = 1;
    for (int answers = 0; result == 1 && answers < most_answers; answers++) {
        ssize_t count = answer(descriptor, buffer);
        result = count < 0 ? (int)count : add_devices(line, buffer, (size_t)count);
    }
    return result;
}

long pb_add_wireguard(const char *name, char **text, long length) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
    if (descriptor < 0) return length;
    struct timeval deadline = {.tv_sec = 1};
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    struct pb_text line = {0};
    char *buffer = malloc(capacity);
    int error = buffer ? pb_text_add(&line, "%.*s", (int)length, *text) : -ENOMEM;
    if (error == 0) error = add_endpoints(&line, descriptor, name, buffer);
    // The answers hold the keys as well.
    if (buffer) explicit_bzero(buffer, capacity);
    free(buffer);
    close(descriptor);
    if (error < 0) {
        free(line.text);
        return length;
    }
    free(*text);
    *text = line.text;
    return (long)line.length;
}
