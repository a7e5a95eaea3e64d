// What `bench` shows: one line per case on stdout, progress on stderr when that is a terminal.
#ifndef WAVEGAUGE_BENCH_TERMINAL_H
#define WAVEGAUGE_BENCH_TERMINAL_H

#include "bench_case.h"

struct bench_terminal {
    bool progress;
    bool shown;
    int width; // of the ids
    size_t total, done;
    double begin;   // on seconds_now's clock
    const char *id; // of the case that is being timed
};

struct bench_terminal bench_terminal_create(const struct case_list *cases);

void bench_terminal_progress(struct bench_terminal *terminal, size_t samples, double noise);

// What the run has: device, clock, ceilings.
void bench_terminal_print_device(const struct bench *bench);

// The line of a case and, with --against, the verdict below it.
void bench_terminal_print(struct bench_terminal *terminal, const struct bench_record *record,
                          double threshold);

#endif
