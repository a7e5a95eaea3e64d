// Instructions beside the source lines that they come from.
#ifndef WAVEGAUGE_INSPECTION_LISTING_H
#define WAVEGAUGE_INSPECTION_LISTING_H

#include "inspection.h"

struct inspected_line;

// One kernel of a target, for a terminal.
void append_listing(const struct inspection *inspection, const struct inspected_target *target,
                    size_t kernel, struct text *page);

// "4 of 16": waves of a SIMD.
void append_waves(struct text *page, const struct wavegauge_occupancy *occupancy);

#endif
