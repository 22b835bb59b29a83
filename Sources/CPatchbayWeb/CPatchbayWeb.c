#include "CPatchbayWeb.h"

#include <limits.h>
#include <zlib.h>

/// Header and trailer of a gzip member without a name, beyond what `deflateBound` counts for zlib's own.
enum { gzip_overhead = 18 };

size_t pb_gzip_bound(size_t size) { return compressBound(size) + gzip_overhead; }

size_t pb_gzip(const uint8_t *in, size_t size, uint8_t *out, size_t room) {
    if (size > UINT_MAX || room > UINT_MAX) return 0;
    z_stream stream = {0};
    // 16 more bits of window ask for gzip's frame instead of zlib's.
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (Bytef *)in;
    stream.avail_in = (uInt)size;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    const int result = deflate(&stream, Z_FINISH);
    const size_t length = stream.total_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END ? length : 0;
}
