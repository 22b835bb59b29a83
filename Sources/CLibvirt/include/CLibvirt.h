/* The calls of libvirt's C API that Patchbay uses, as a table that is filled at run time.
 *
 * Declared by hand, so that neither building nor starting needs libvirt: a host without libvirt.so.0 has no guests of
 * its own and still shows its devices. Shapes and numbers are those of libvirt's stable ABI (libvirt.org, "API reference");
 * the objects stay opaque.
 */
#ifndef PATCHBAY_CLIBVIRT_H
#define PATCHBAY_CLIBVIRT_H

#include <stddef.h>

#pragma clang assume_nonnull begin

typedef struct patchbay_vir_connect *patchbay_vir_connect;
typedef struct patchbay_vir_domain *patchbay_vir_domain;
typedef struct patchbay_vir_stream *patchbay_vir_stream;

/* The first members of virError; the rest is of no use to us. */
struct patchbay_vir_error {
    int code;
    int domain;
    char *_Nullable message;
};

/* virDomainInfo: memory in KiB. */
struct patchbay_vir_domain_info {
    unsigned char state;
    unsigned long max_memory;
    unsigned long memory;
    unsigned short vcpus;
    unsigned long long cpu_time;
};

typedef void (*patchbay_vir_free)(void *_Nullable opaque);
typedef void (*patchbay_vir_error_callback)(void *_Nullable opaque, struct patchbay_vir_error *_Nullable error);
typedef void (*patchbay_vir_close_callback)(patchbay_vir_connect connection, int reason, void *_Nullable opaque);
typedef int (*patchbay_vir_lifecycle_callback)(
    patchbay_vir_connect connection, patchbay_vir_domain domain, int event, int detail, void *_Nullable opaque);
typedef void (*patchbay_vir_stream_callback)(patchbay_vir_stream stream, int events, void *_Nullable opaque);

/* CALL(result, name, parameters) for every entry of the table. */
#define PATCHBAY_LIBVIRT_CALLS(CALL) \
    CALL(int, virInitialize, (void)) \
    CALL(void, virSetErrorFunc, (void *_Nullable, patchbay_vir_error_callback)) \
    CALL(struct patchbay_vir_error *_Nullable, virGetLastError, (void)) \
    CALL(int, virEventRegisterDefaultImpl, (void)) \
    CALL(int, virEventRunDefaultImpl, (void)) \
    CALL(patchbay_vir_connect _Nullable, virConnectOpen, (const char *)) \
    CALL(int, virConnectClose, (patchbay_vir_connect)) \
    CALL(int, virConnectIsAlive, (patchbay_vir_connect)) \
    CALL(int, virConnectSetKeepAlive, (patchbay_vir_connect, int interval, unsigned int count)) \
    CALL(int, virConnectRegisterCloseCallback, \
        (patchbay_vir_connect, patchbay_vir_close_callback, void *_Nullable, patchbay_vir_free)) \
    CALL(int, virConnectUnregisterCloseCallback, (patchbay_vir_connect, patchbay_vir_close_callback)) \
    CALL(char *_Nullable, virConnectGetCapabilities, (patchbay_vir_connect)) \
    CALL(int, virConnectListAllDomains, \
        (patchbay_vir_connect, patchbay_vir_domain _Nullable *_Nullable *_Nonnull, unsigned int flags)) \
    CALL(int, virConnectDomainEventRegisterAny, \
        (patchbay_vir_connect, patchbay_vir_domain _Nullable, int event, patchbay_vir_lifecycle_callback, \
            void *_Nullable, patchbay_vir_free)) \
    CALL(int, virConnectDomainEventDeregisterAny, (patchbay_vir_connect, int callback)) \
    CALL(patchbay_vir_domain _Nullable, virDomainLookupByName, (patchbay_vir_connect, const char *)) \
    CALL(patchbay_vir_domain _Nullable, virDomainDefineXMLFlags, \
        (patchbay_vir_connect, const char *, unsigned int flags)) \
    CALL(const char *_Nullable, virDomainGetName, (patchbay_vir_domain)) \
    CALL(int, virDomainGetUUIDString, (patchbay_vir_domain, char *text37)) \
    CALL(int, virDomainGetInfo, (patchbay_vir_domain, struct patchbay_vir_domain_info *)) \
    CALL(char *_Nullable, virDomainGetXMLDesc, (patchbay_vir_domain, unsigned int flags)) \
    CALL(int, virDomainIsActive, (patchbay_vir_domain)) \
    CALL(int, virDomainIsPersistent, (patchbay_vir_domain)) \
    CALL(int, virDomainHasManagedSaveImage, (patchbay_vir_domain, unsigned int flags)) \
    CALL(int, virDomainCreate, (patchbay_vir_domain)) \
    CALL(int, virDomainShutdown, (patchbay_vir_domain)) \
    CALL(int, virDomainReset, (patchbay_vir_domain, unsigned int flags)) \
    CALL(int, virDomainDestroy, (patchbay_vir_domain)) \
    CALL(int, virDomainUndefineFlags, (patchbay_vir_domain, unsigned int flags)) \
    CALL(int, virDomainAttachDeviceFlags, (patchbay_vir_domain, const char *xml, unsigned int flags)) \
    CALL(int, virDomainDetachDeviceAlias, (patchbay_vir_domain, const char *alias, unsigned int flags)) \
    CALL(int, virDomainFree, (patchbay_vir_domain)) \
    CALL(int, virDomainOpenConsole, \
        (patchbay_vir_domain, const char *_Nullable device, patchbay_vir_stream, unsigned int flags)) \
    CALL(patchbay_vir_stream _Nullable, virStreamNew, (patchbay_vir_connect, unsigned int flags)) \
    CALL(int, virStreamRecv, (patchbay_vir_stream, char *, size_t)) \
    CALL(int, virStreamSend, (patchbay_vir_stream, const char *, size_t)) \
    CALL(int, virStreamEventAddCallback, \
        (patchbay_vir_stream, int events, patchbay_vir_stream_callback, void *_Nullable, patchbay_vir_free)) \
    CALL(int, virStreamEventUpdateCallback, (patchbay_vir_stream, int events)) \
    CALL(int, virStreamEventRemoveCallback, (patchbay_vir_stream)) \
    CALL(int, virStreamAbort, (patchbay_vir_stream)) \
    CALL(int, virStreamFree, (patchbay_vir_stream))

#define PATCHBAY_LIBVIRT_FIELD(result, name, parameters) result(*_Nonnull name) parameters;
struct patchbay_libvirt {
    PATCHBAY_LIBVIRT_CALLS(PATCHBAY_LIBVIRT_FIELD)
};
#undef PATCHBAY_LIBVIRT_FIELD

/* Loads `library` and fills `table`. Returns NULL, or the dynamic linker's words for what is missing, to be used at once. */
const char *_Nullable patchbay_libvirt_load(const char *library, struct patchbay_libvirt *table);

#pragma clang assume_nonnull end

#endif
