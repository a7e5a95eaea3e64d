// MessagePack from an untrusted file.
#ifndef WAVEGAUGE_MESSAGE_PACK_H
#define WAVEGAUGE_MESSAGE_PACK_H

#include "load_error.h"

#include <stdint.h>

// Is this one whole MessagePack object, not nested deeper than 16, whose counts the bytes can hold?
// Only then is it given to the library, which allocates for every count that it reads.
bool message_pack_check(const uint8_t *bytes, size_t size, struct load_error *error);

#endif
