// Which bits of a wave's registers, LDS and scratch nothing has given a value: the shadow that
// initcheck keeps.
//
// A 1 in a shadow is an undefined bit. Vector registers have two levels: for each half of a
// register a mask of the lanes with an undefined bit in it, which is all that instructions on
// defined values look at; and the bits themselves, as rows of lanes like the registers, valid only
// where the masks say so. Beside each undefined value stands its origin, see initcheck_origin.h.
#ifndef WAVEGAUGE_DEFINEDNESS_H
#define WAVEGAUGE_DEFINEDNESS_H

#include "launch.h"
#include "wave.h"

// Lanes with an undefined bit in the low half of a register, and in the high half.
typedef uint64_t lane_halves __attribute__((vector_size(16)));
enum { LOW_HALF = 1, HIGH_HALF = 2, BOTH_HALVES = 3 };

#define DEFINEDNESS_ROWS (VGPRS + 1 + 32) // as many as registers are allocated
#define NO_ROW           DEFINEDNESS_ROWS // one more mask: of nothing, always defined

enum {
    SCALAR_SCC = SCALAR_REGISTERS, // SCC comes after the scalar registers; its bit 0 counts
    SCALAR_SLOTS,
    NO_SLOT = SCALAR_SLOTS, // one more: of nothing, always defined
};

// Scalar registers by the calling convention.
enum { STACK_POINTER = 32, FRAME_POINTER = 33 };

enum { MOST_CALLS = 32 };

// Calls that have not returned, the kernel's first.
struct call_stack {
    unsigned count;
    struct call {
        const struct instruction *instruction;
        uint32_t frame; // the frame pointer of the function that calls
    } calls[MOST_CALLS];
};

struct definedness {
    lane_halves vector[DEFINEDNESS_ROWS + 1];
    uint32_t
        scalar[SCALAR_SLOTS + 1]; // undefined bits; none of EXEC, which is reported when written
    uint32_t scalar_origin[SCALAR_SLOTS];
    uint64_t exec_undefined; // of EXEC, on the way to that report
    uint32_t exec_origin;
    bool fresh[DEFINEDNESS_ROWS]; // never written: all bits undefined where vector says so, the row
                                  // not filled in yet
    // A wave like the real one whose vector registers are the rows of undefined bits, so that what
    // moves lanes and parts of registers can be done to them by the same functions.
    struct wave rows;
    uint32_t *origin;                // rows
    uint8_t *scratch;                // undefined bits, laid out as the wave's scratch
    uint32_t *scratch_origin;        // of each of its dwords
    uint8_t *lds;                    // of the workgroup
    uint32_t *lds_origin;            // of each dword
    const struct instruction *place; // the instruction that origins of registers name
    struct call_stack calls;
    uint64_t scratch_used; // beyond it no lane has stored anything
    // The last origin of a register, and the instruction that it was made for.
    const struct instruction *asked_by;
    uint32_t answer;
};

// The shadow of a workgroup's LDS and of its waves.
struct group_definedness {
    uint8_t *lds;
    uint32_t *lds_origin;
    uint32_t scalar[SCALAR_SLOTS + 1]; // of each wave when it starts
    struct definedness **waves;
};

struct group_definedness *definedness_create(const struct workgroup *group, unsigned lanes,
                                             uint32_t scratch_bytes);
void definedness_destroy(struct group_definedness *group, uint32_t waves);
// As a workgroup starts: nothing is defined but what dispatch sets.
void definedness_start(struct group_definedness *definedness, const struct workgroup *group);

// Make a register's row valid in all lanes.
void definedness_prepare(struct definedness *definedness, unsigned index);
// Take the masks of a register from its row.
void definedness_refresh(struct definedness *definedness, unsigned index);

static inline uint32_t *definedness_row(const struct definedness *definedness, unsigned index)
{
    return definedness->rows.vgpr + (size_t)index * definedness->rows.lanes;
}

static inline uint32_t *definedness_origins(const struct definedness *definedness, unsigned index)
{
    return definedness->origin + (size_t)index * definedness->rows.lanes;
}

// Of a scalar register or SCC. The null register keeps none; those of EXEC are added to what is to
// be reported.
void definedness_set_scalar(struct definedness *definedness, unsigned slot, uint32_t undefined,
                            uint32_t origin);
// The undefined bits of one lane of a register.
uint32_t definedness_lane(struct definedness *definedness, unsigned index, unsigned lane);
static inline void scratch_note_store(struct definedness *definedness, uint64_t end)
{
    if (end > definedness->scratch_used)
        definedness->scratch_used = end;
}
// What lies beyond is of functions that have returned: nobody has written it any more.
void scratch_forget(struct definedness *definedness, uint64_t begin);

// Lanes become defined in all bits.
static inline void definedness_define(struct definedness *definedness, unsigned index,
                                      uint64_t lanes)
{
    definedness->vector[index] &= ~(lane_halves){lanes, lanes};
}

#endif
