// What the checks of one launch found: one entry for each pair of instructions, with a count.
#ifndef WAVEGAUGE_FINDINGS_H
#define WAVEGAUGE_FINDINGS_H

#include "declared_variable.h"
#include "wave.h"

#include <stddef.h>

enum finding_severity {
    FINDING_ERROR,
    FINDING_WARNING, // right on this GPU, or without a visible effect; may break elsewhere
    FINDING_NOTE,
};

// A work-item that takes part.
struct finding_place {
    const struct instruction *instruction; // NULL: unknown
    uint32_t block[3], thread[3];
    bool write;
};

// What held an undefined value when it was read for the first time.
struct finding_source {
    enum { SOURCE_UNKNOWN, SOURCE_STACK, SOURCE_REGISTER, SOURCE_LDS } kind;
    struct stack_place stack;
    unsigned register_number; // as DWARF numbers them
    uint64_t address;         // in LDS
};

struct finding {
    uint32_t check;   // enum check
    const char *kind; // a string that outlives the launch: "read after write"
    enum finding_severity severity;
    struct finding_place here, other; // other.instruction is NULL where there is no other side
    bool has_address;
    enum memory_space space;
    uint64_t address; // of the access
    uint32_t size;
    uint64_t count; // how often it was seen
    struct finding_source source;
    char text[240]; // more, for people; ""
};

struct findings;

struct findings *findings_create(void);
void findings_destroy(struct findings *findings);

// Who a lane is.
void finding_place_set(struct finding_place *place, const struct wave *wave, unsigned lane,
                       const struct instruction *instruction);

// Count it, and keep it when it is the first of its check, kind and instructions. Safe from several
// threads; out of memory or beyond the limit of distinct ones it is counted as lost.
void findings_add(struct findings *findings, const struct finding *finding);

// In order of severity, then of the number of times seen.
size_t findings_count(const struct findings *findings);
const struct finding *findings_at(const struct findings *findings, size_t index);
uint64_t findings_lost(const struct findings *findings);
void findings_sort(struct findings *findings);

#endif
