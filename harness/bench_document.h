// The JSON document of a run of `bench`: schema "wavegauge/1", as that of `run`, with what is
// needed to judge times in "environment" and in the "timing" of each case.
#ifndef WAVEGAUGE_BENCH_DOCUMENT_H
#define WAVEGAUGE_BENCH_DOCUMENT_H

#include "bench_case.h"

// A new reference, or NULL when there is no memory.
json_t *bench_document_create(const struct bench *bench, const struct summary *summary,
                              const struct bench_record *records, size_t count);

#endif
