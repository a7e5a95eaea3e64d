// Which bytes of global memory nothing has written.
//
// One bit for each byte of the device's range says that all of it is defined; for the other bytes a
// second range says which of their bits are, and a third where the undefined ones come from. Fresh
// memory is all zeros in the three of them, which is undefined, and costs nothing until used.
// Memory that the host can reach, code objects and kernel arguments count as defined.
//
// Copies and fills of the host are always recorded, since initcheck may be switched on at any
// launch. A launch without it leaves all memory there was counting as defined.
#ifndef WAVEGAUGE_DEFINEDNESS_MEMORY_H
#define WAVEGAUGE_DEFINEDNESS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The host has written, or copied from one place to another.
void global_written(const void *address, size_t bytes);
void global_copied(const void *target, const void *source, size_t bytes);
// Memory has been freed: it is undefined when it is used again.
void global_forget(uint64_t base, uint64_t bytes);
// A launch without initcheck may have written anything.
void global_trust_all(void);

// Is every byte defined?
bool global_defined(uint64_t address, uint64_t bytes);
// The undefined bits of some bytes within an allocation; *origin is that of the first, 0 when
// nothing has written it.
void global_get(uint64_t address, unsigned bytes, uint8_t *undefined, uint32_t *origin);
// A kernel stores.
void global_set(uint64_t address, unsigned bytes, const uint8_t *undefined, uint32_t origin);
void global_set_defined(uint64_t address, uint64_t bytes);

#endif
