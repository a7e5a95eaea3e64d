// What initcheck has to know of an instruction, found out once: which registers it reads and writes
// and how undefined bits go through it.
#ifndef WAVEGAUGE_DEFINEDNESS_PLAN_H
#define WAVEGAUGE_DEFINEDNESS_PLAN_H

#include "definedness_opcode.h"
#include "instruction.h"

enum {
    PLAN_VECTOR_SOURCES = 40, // V_MFMA: 2 of A, 2 of B, 32 of C
    PLAN_VECTOR_RESULTS = 32,
    PLAN_SCALAR_SOURCES = 16,
    PLAN_SCALAR_RESULTS = 8,
    SHORT_VECTOR_SOURCES = 4,
    SHORT_SCALAR_SOURCES = 3,
    SHORT_RESULTS = 2, // of each kind
};

// How it is treated when a source is undefined.
enum plan_way {
    WAY_NOTHING,     // neither reads nor writes anything that counts
    WAY_VECTOR,      // lane by lane, after the rule
    WAY_PACKED,      // the same for each half, or each register of a pair
    WAY_MIXED,       // fma_mix: f32 or f16 sources
    WAY_WHOLE,       // one undefined bit of a lane makes all results of the lane undefined
    WAY_MATRIX,      // rows of A, columns of B and elements of C make elements of D undefined
    WAY_COMPARE,     // a lane mask, after the rule
    WAY_LANES,       // moves lanes: executed on the rows of undefined bits
    WAY_BPERMUTE,    // the same, by lane numbers in the first operand
    WAY_READ_LANE,   // to a scalar register
    WAY_WRITE_LANE,  // of one lane, from a scalar
    WAY_INDEXED,     // moves registers that M0 chooses
    WAY_DUAL,        // two instructions at once
    WAY_SCALAR,      // after the rule
    WAY_SCALAR_MOVE, // scalar registers that M0 chooses
    WAY_SAVE_EXEC,   // EXEC changed by the rule, the destination gets the old one (or the new one)
    WAY_BRANCH,      // decides or is where execution goes on
    WAY_CALL,        // the same of calls and returns
    WAY_MEMORY,      // sources are addresses, and data of atomics
};

struct definedness_plan {
    bool nothing; // WAY_NOTHING
    // Few enough registers for the short form below, where entries that are not used stand for
    // NO_ROW and NO_SLOT; which way it is done is no matter but of time.
    bool is_short;
    uint8_t way, rule, scc;
    uint8_t vector_sources, vector_results, scalar_sources, scalar_results;
    bool every_lane;   // of sources, whatever EXEC says
    bool ignores_exec; // results too
    bool always;       // more than registers counts, or which it reads is known only now
    bool moves;        // the result is bits of the sources
    uint16_t vector_source[PLAN_VECTOR_SOURCES];
    uint16_t vector_result[PLAN_VECTOR_RESULTS];
    uint8_t source_halves[PLAN_VECTOR_SOURCES];
    uint8_t result_halves[PLAN_VECTOR_RESULTS];
    uint8_t scalar_source[PLAN_SCALAR_SOURCES]; // slots of struct definedness
    uint8_t scalar_result[PLAN_SCALAR_RESULTS];
    uint8_t data; // memory: bits for the sources that are data
};

void definedness_plan_make(const struct instruction *instruction, struct definedness_plan *plan);
// The plan of a decoded instruction, made on first use; NULL: out of memory. Safe from several
// threads; decode_release frees it.
const struct definedness_plan *definedness_plan_create(const struct instruction *instruction);

static inline const struct definedness_plan *
definedness_plan_of(const struct instruction *instruction)
{
    const struct definedness_plan *known =
        __atomic_load_n(&instruction->definedness, __ATOMIC_ACQUIRE);
    return __builtin_expect(!!known, 1) ? known : definedness_plan_create(instruction);
}

#endif
