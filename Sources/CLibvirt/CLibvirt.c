#include "CLibvirt.h"

#include <dlfcn.h>

/* POSIX lets the pointer that dlsym returns be stored as a function's; ISO C wants it done through memory. */
#define LOAD(result, name, parameters)                  \
    *(void **)(void *)&table->name = dlsym(handle, #name); \
    if (!table->name) {                                 \
        const char *why = dlerror();                    \
        return why ? why : #name;                       \
    }

const char *patchbay_libvirt_load(const char *library, struct patchbay_libvirt *table) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *why = dlerror();
        return why ? why : library;
    }
    PATCHBAY_LIBVIRT_CALLS(LOAD)
    return 0;
}
