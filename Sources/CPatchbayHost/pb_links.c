#define _GNU_SOURCE
#include "pb_links.h"
#include "pb_dump.h"
#include "pb_trouble.h"
#include "pb_wireguard.h"

#include <errno.h>
// Before those of the kernel, which leave out what it declares.
#include <net/if.h>

#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/// Where a kind of link says what it stands on, as numbers of attributes in IFLA_INFO_DATA; 0: it does not.
struct form {
    const char *kind;
    unsigned short link, remote, remote6, table;
};

static const struct form forms[] = {
    {"ipip", IFLA_IPTUN_LINK, IFLA_IPTUN_REMOTE, 0, 0},
    {"sit", IFLA_IPTUN_LINK, IFLA_IPTUN_REMOTE, 0, 0},
    {"ip6tnl", IFLA_IPTUN_LINK, IFLA_IPTUN_REMOTE, 0, 0},
    {"gre", IFLA_GRE_LINK, IFLA_GRE_REMOTE, 0, 0},
    {"gretap", IFLA_GRE_LINK, IFLA_GRE_REMOTE, 0, 0},
    {"erspan", IFLA_GRE_LINK, IFLA_GRE_REMOTE, 0, 0},
    {"ip6gre", IFLA_GRE_LINK, IFLA_GRE_REMOTE, 0, 0},
    {"ip6gretap", IFLA_GRE_LINK, IFLA_GRE_REMOTE, 0, 0},
    {"ip6erspan", IFLA_GRE_LINK, IFLA_GRE_REMOTE, 0, 0},
    {"vti", IFLA_VTI_LINK, IFLA_VTI_REMOTE, 0, 0},
    {"vti6", IFLA_VTI_LINK, IFLA_VTI_REMOTE, 0, 0},
    {"vxlan", IFLA_VXLAN_LINK, IFLA_VXLAN_GROUP, IFLA_VXLAN_GROUP6, 0},
    {"geneve", 0, IFLA_GENEVE_REMOTE, IFLA_GENEVE_REMOTE6, 0},
    {"xfrm", IFLA_XFRM_LINK, 0, 0, 0},
    {"vrf", 0, 0, 0, IFLA_VRF_TABLE},
};

static const struct form *form_of(const char *kind) {
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].kind, kind) == 0) return &forms[i];
    return NULL;
}

static int is_zero(const unsigned char *bytes, size_t count) {
    while (count > 0)
        if (bytes[--count]) return 0;
    return 1;
}

static int add_link(struct pb_text *line, unsigned index) {
    char name[IF_NAMESIZE];
    if (index == 0 || !if_indextoname(index, name)) return 0;
    return pb_text_add(line, " link=%s", name);
}

static int add_data(struct pb_text *line, const struct form *form, const struct rtattr *data) {
    int error = 0, left = (int)RTA_PAYLOAD(data);
    for (const struct rtattr *at = RTA_DATA(data); error == 0 && RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        unsigned short type = at->rta_type & NLA_TYPE_MASK;
        size_t size = RTA_PAYLOAD(at);
        unsigned number = 0;
        if (size >= sizeof number) memcpy(&number, RTA_DATA(at), sizeof number);
        int is_address = (type == form->remote || type == form->remote6) && (size == 4 || size == 16);
        if (is_address && !is_zero(RTA_DATA(at), size)) {
            error = pb_text_add(line, " remote=");
            if (error == 0) error = pb_text_add_bytes(line, RTA_DATA(at), size);
        } else if (type == form->link && size >= sizeof number) {
            error = add_link(line, number);
        } else if (type == form->table && size >= sizeof number) {
            error = pb_text_add(line, " table=%u", number);
        }
    }
    return error;
}

struct link {
    char name[IF_NAMESIZE];
    char kind[32];
    unsigned link;
    int is_elsewhere;
    /// A program sees its packets before the host's own network does (XDP).
    int has_program;
    const struct rtattr *data;
};

static int is_attached(const struct rtattr *xdp) {
    int left = (int)RTA_PAYLOAD(xdp);
    for (const struct rtattr *at = RTA_DATA(xdp); RTA_OK(at, left); at = RTA_NEXT(at, left))
        if (at->rta_type == IFLA_XDP_ATTACHED && RTA_PAYLOAD(at) >= 1)
            return *(const unsigned char *)RTA_DATA(at) != XDP_ATTACHED_NONE;
    return 0;
}

static void read_info(struct link *link, const struct rtattr *info) {
    int left = (int)RTA_PAYLOAD(info);
    for (const struct rtattr *at = RTA_DATA(info); RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        size_t size = RTA_PAYLOAD(at);
        if (at->rta_type == IFLA_INFO_KIND && size > 0 && size < sizeof link->kind) memcpy(link->kind, RTA_DATA(at), size);
        if (at->rta_type == IFLA_INFO_DATA) link->data = at;
    }
}

/// A name may come without the zero byte that ends it.
static void copy_name(char name[static IF_NAMESIZE], const void *bytes, size_t size) {
    size_t length = strnlen(bytes, size < IF_NAMESIZE ? size : IF_NAMESIZE - 1);
    memcpy(name, bytes, length);
    name[length] = 0;
}

static struct link read_link(const struct nlmsghdr *header) {
    struct link link = {0};
    const struct ifinfomsg *message = NLMSG_DATA(header);
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *message));
    for (const struct rtattr *at = IFLA_RTA(message); RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        unsigned short type = at->rta_type & NLA_TYPE_MASK;
        size_t size = RTA_PAYLOAD(at);
        if (type == IFLA_IFNAME && size <= IF_NAMESIZE) copy_name(link.name, RTA_DATA(at), size);
        if (type == IFLA_LINK && size >= 4) memcpy(&link.link, RTA_DATA(at), sizeof link.link);
        if (type == IFLA_LINK_NETNSID) link.is_elsewhere = 1;
        if (type == IFLA_LINKINFO) read_info(&link, at);
        if (type == IFLA_XDP) link.has_program = is_attached(at);
    }
    return link;
}

static int add_line(struct pb_text *line, const struct nlmsghdr *header) {
    struct link link = read_link(header);
    if (!link.name[0]) return 0;
    int error = pb_text_add(line, "%s", link.name);
    if (error == 0 && link.kind[0]) error = pb_text_add(line, " kind=%s", link.kind);
    if (error == 0 && link.is_elsewhere) error = pb_text_add(line, " elsewhere");
    if (error == 0 && link.has_program) error = pb_text_add(line, " xdp");
    const struct form *form = form_of(link.kind);
    // Tunnels say in their data by what they leave, where that is fixed; the index of the others is of this namespace.
    if (error == 0 && !link.is_elsewhere && !form) error = add_link(line, link.link);
    if (error == 0 && form && link.data && !(link.is_elsewhere && form->link)) error = add_data(line, form, link.data);
    return error;
}

static long finish(struct pb_text *line, int error, char **text) {
    if (error < 0) {
        free(line->text);
        return error;
    }
    *text = line->text;
    return (long)line->length;
}

long pb_link_line(const void *messages, size_t length, char **text) {
    struct pb_text line = {0};
    int error = 0, left = (int)length;
    for (const struct nlmsghdr *at = messages; error == 0 && NLMSG_OK(at, left); at = NLMSG_NEXT(at, left)) {
        if (at->nlmsg_type == NLMSG_ERROR) error = ((const struct nlmsgerr *)NLMSG_DATA(at))->error;
        if (at->nlmsg_type == RTM_NEWLINK) error = add_line(&line, at);
    }
    return finish(&line, error, text);
}

/// RTEXT_FILTER_SKIP_STATS of `linux/rtnetlink.h`: counters take most of an answer and the time for it.
enum { skip_stats = 1 << 3 };

static ssize_t ask(int descriptor, const char *name, void *buffer, size_t capacity) {
    struct {
        struct nlmsghdr header;
        struct ifinfomsg message;
        struct rtattr name_head;
        char name[IF_NAMESIZE];
        struct rtattr mask_head;
        unsigned mask;
    } request = {
        .header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST},
        .name_head = {.rta_len = RTA_LENGTH(IF_NAMESIZE), .rta_type = IFLA_IFNAME},
        .mask_head = {.rta_len = RTA_LENGTH(4), .rta_type = IFLA_EXT_MASK}, .mask = skip_stats};
    memcpy(request.name, name, strnlen(name, IF_NAMESIZE - 1));
    if (send(descriptor, &request, sizeof request, 0) < 0) return -errno;
    ssize_t count;
    do count = recv(descriptor, buffer, capacity, 0);
    while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : count;
}

long pb_link(const char *name, char **text) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (descriptor < 0) return pb_note_trouble(errno, "a netlink socket");
    struct timeval deadline = {.tv_sec = 1};
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    enum { capacity = 64 << 10 };
    char *buffer = malloc(capacity);
    long length = buffer ? ask(descriptor, name, buffer, capacity) : -ENOMEM;
    if (length >= 0) length = pb_link_line(buffer, (size_t)length, text);
    free(buffer);
    close(descriptor);
    if (length < 0 || !memmem(*text, (size_t)length, " kind=wireguard", 15)) return length;
    return pb_add_wireguard(name, text, length);
}
