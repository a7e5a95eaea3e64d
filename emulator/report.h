// What reports of faults and of findings have in common.
#ifndef WAVEGAUGE_REPORT_H
#define WAVEGAUGE_REPORT_H

#include "launch.h"
#include "source_lines.h"
#include "wavegauge_emu.h"

#include <stdio.h>

// The source places of an instruction, innermost inlined function first.
struct place {
    const struct code_object *object; // NULL: the address is in no code
    struct source_frame frames[SOURCE_FRAMES];
    unsigned count;
};

struct place report_place(const struct launch_request *request, uint64_t pc);
// The innermost frame that is in the user's own source rather than in a header of the toolkit, so
// that a barrier is where __syncthreads() stands; 0 when all are in such headers.
unsigned report_own_frame(const struct place *place);
bool report_has_own_frame(const struct place *place);
// One line: "  at file:line:column in function".
void report_frame(FILE *out, const struct source_frame *frame, bool is_inlined);

// With empty strings, severity error and a count of one.
struct wavegauge_report report_empty(void);
// To the handler, or its text to stderr.
void report_deliver(const struct wavegauge_report *report);

#endif
