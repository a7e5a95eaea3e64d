// The 64-byte kernel descriptor, checked against the metadata and the device.
#ifndef WAVEGAUGE_KERNEL_DESCRIPTOR_H
#define WAVEGAUGE_KERNEL_DESCRIPTOR_H

#include "code_object.h"
#include "load_error.h"
#include "metadata.h"

#define KERNEL_DESCRIPTOR_BYTES 64
#define MAXIMUM_LDS_BYTES       65536

// Fill in the fields of kernel that the descriptor holds. kernel->descriptor is its device address
// already, kernel->name its name; code is the device range of executable segments.
bool kernel_descriptor_read(struct kernel *kernel, const uint8_t bytes[KERNEL_DESCRIPTOR_BYTES],
                            const struct kernel_metadata *metadata, const struct target *target,
                            uint64_t code, uint64_t code_bytes, struct load_error *error);

#endif
