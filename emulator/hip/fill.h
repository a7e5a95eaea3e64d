#ifndef WAVEGAUGE_FILL_H
#define WAVEGAUGE_FILL_H

#include "operation.h"

struct fill fill_flat(void *target, uint32_t value, uint32_t element_bytes, size_t elements);

// Run what fill_check has passed.
void fill_run(const struct fill *fill);

#endif
