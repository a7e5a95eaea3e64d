// What `wavegauge inspect` found out: one record, which the terminal, the page and the JSON read.
#ifndef WAVEGAUGE_INSPECTION_H
#define WAVEGAUGE_INSPECTION_H

#include "arena.h"
#include "inspect_api.h"
#include "text.h"

#include <jansson.h>

enum { MAX_INSPECTED_TARGETS = 8 };

struct inspected_instruction {
    uint64_t address; // in the code object's file
    uint32_t bytes;
    enum wavegauge_kind kind;
    const char *text;
    // The innermost source line that is not the system's, where there is one. "" and 0: unknown.
    const char *file, *function;
    int line;
    struct wavegauge_counters counters; // of all launches of the case
};

struct inspected_kernel {
    struct wavegauge_kernel facts;
    struct wavegauge_occupancy occupancy;
    unsigned threads, dynamic_lds; // that the occupancy is for
    bool assumed;                  // these; no case says them
    size_t count, capacity;
    struct inspected_instruction *instructions; // by address
};

struct inspected_target {
    char name[48]; // "gfx1030:wave64"
    struct wavegauge_counter_rules rules;
    size_t kernel_count;
    struct inspected_kernel *kernels;
};

// Zero-initialise.
struct inspection {
    struct arena arena;
    const char *subject; // absolute path of the source or the code object
    const char *case_id; // whose counters these are; NULL: nothing was run
    uint64_t seed;
    size_t target_count;
    struct inspected_target targets[MAX_INSPECTED_TARGETS];
};

// What a launch adds to what the code object says.
struct launch_shape {
    char function[256];
    unsigned threads, lds_bytes;
};

struct inspection_options {
    const char *function; // glob over kernel names; NULL: all
    const struct launch_shape *shapes;
    size_t shape_count;
    bool only_shapes;     // no kernels but those that the shapes name
    unsigned threads;     // where no shape says; 0: 256, or what the kernel has at most
    unsigned dynamic_lds; // where no shape says
};

// Looks into a code object. name: of the target, "gfx1030" or "gfx1030:wave64"; what is found
// decides which of them it is called.
bool inspection_add_target(struct inspection *inspection, const struct inspect_api *api,
                           const struct text *image, const char *name,
                           const struct inspection_options *options, struct error *error);

// Adds what an instruction did. One that the kernel's own code does not hold (of a function that
// is called) becomes part of it. False: out of memory.
bool inspection_count(struct inspection *inspection, struct inspected_target *target,
                      const struct wavegauge_instruction *instruction,
                      const struct wavegauge_counters *counters);

void inspection_free(struct inspection *inspection);

// The sum of a kernel's counters; executed[kind], unless NULL, by kind, and `instructions` in the
// code.
struct wavegauge_counters inspected_kernel_sum(const struct inspected_kernel *kernel,
                                               uint64_t executed[WAVEGAUGE_KIND_COUNT]);
void inspected_kernel_mix(const struct inspected_kernel *kernel,
                          uint64_t instructions[WAVEGAUGE_KIND_COUNT]);

const char *kind_name(size_t kind);
// "VGPRs and LDS"; static.
const char *limits_text(const struct wavegauge_occupancy *occupancy);
void counters_add(struct wavegauge_counters *sum, const struct wavegauge_counters *counters);

// The pages: terminal, with ISA beside source when asked for; one file of HTML; JSON (NULL: out of
// memory).
void inspection_append_terminal(const struct inspection *inspection, bool isa, struct text *page);
void inspection_append_page(const struct inspection *inspection, struct text *page);
json_t *inspection_to_json(const struct inspection *inspection);

#endif
