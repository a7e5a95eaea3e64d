// Offload bundles compressed with zlib or zstd, as newer compilers make them.
#ifndef WAVEGAUGE_COMPRESSED_BUNDLE_H
#define WAVEGAUGE_COMPRESSED_BUNDLE_H

#include "load_error.h"

#include <stdint.h>

// limit: how many bytes of data may be read.
bool compressed_bundle_is(const void *data, uint64_t limit);

// The bundle inside, for free(). NULL and a message when it is broken. is_size: limit is the size
// of data.
void *compressed_bundle_open(const void *data, uint64_t limit, bool is_size, size_t *bytes,
                             struct load_error *error);

#endif
