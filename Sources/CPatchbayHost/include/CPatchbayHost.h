#ifndef CPATCHBAY_HOST_H
#define CPATCHBAY_HOST_H

/// The system calls that PatchbayHost makes, one function each, so that no Swift file needs glibc's headers.
/// Whatever can fail returns a negative errno value; nothing here reads or sets `errno` for its caller.

#include "pb_deadline.h"
#include "pb_dump.h"
#include "pb_files.h"
#include "pb_floor.h"
#include "pb_links.h"
#include "pb_namespaces.h"
#include "pb_process.h"
#include "pb_routes.h"
#include "pb_threads.h"
#include "pb_trouble.h"
#include "pb_uevents.h"

#endif
