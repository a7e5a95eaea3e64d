// Scalar loads of what the launch has stored: the scalar cache sees no stores, so a line that the
// workgroup has read before may be an old one, whoever stored there since, the wave itself too.
// Other workgroups may have another cache.
#ifndef WAVEGAUGE_RACE_GLOBAL_STALE_H
#define WAVEGAUGE_RACE_GLOBAL_STALE_H

#include "race_record.h"

// Of a line whose cell is locked; dwords of it are a mask.
void race_global_note_store(struct race_cell *cell, uint32_t dwords);
// access->context is a struct global_context, its record's lane is set.
void race_global_note_scalar(struct race_cell *cell, const struct race_access *access,
                             uint64_t line, uint32_t dwords);

#endif
