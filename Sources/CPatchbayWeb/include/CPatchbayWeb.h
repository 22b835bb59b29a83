#pragma once

#include <stddef.h>
#include <stdint.h>

/// How many bytes `pb_gzip` needs at most for `size` bytes.
size_t pb_gzip_bound(size_t size);

/// Writes a gzip member (RFC 1952) with the bytes at `in` to `out`. Returns its length; 0: `room` is too small, or there is
/// no memory.
size_t pb_gzip(const uint8_t *in, size_t size, uint8_t *out, size_t room);
