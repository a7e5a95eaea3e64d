#ifndef WAVEGAUGE_COPY_H
#define WAVEGAUGE_COPY_H

#include "operation.h"

struct copy copy_flat(void *target, const void *source, size_t bytes, hipMemcpyKind kind);
hipError_t copy_from_3d(const hipMemcpy3DParms *parameters, struct copy *copy);

// Copies to and from a part of a device variable (symbol.c).
hipError_t symbol_write(const void *symbol, const void *source, size_t bytes, size_t offset,
                        hipMemcpyKind kind, struct copy *copy);
hipError_t symbol_read(void *target, const void *symbol, size_t bytes, size_t offset,
                       hipMemcpyKind kind, struct copy *copy);

// Run what copy_check has passed.
void copy_run(const struct copy *copy);

#endif
