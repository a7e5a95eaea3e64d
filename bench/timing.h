// How the programs of this folder take time.
#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include <stddef.h>

double seconds_now(void);
// Sorts the samples.
double median(double *samples, size_t count);

#endif
