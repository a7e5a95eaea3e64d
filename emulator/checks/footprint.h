// Which registers an instruction reads and writes, by its text and by what its opcode implies.
//
// Found when somebody first asks and kept with the instruction. Under EXEC a vector register that
// is written keeps its other lanes; that alone is not called reading. The lane mask in EXEC is not
// listed for the vector instructions that it masks, only where EXEC is an operand.
#ifndef WAVEGAUGE_FOOTPRINT_H
#define WAVEGAUGE_FOOTPRINT_H

#include "instruction.h"

#include <stddef.h>

enum register_file {
    FILE_VGPR, // numbers as in struct operand: AGPRs from 256 on
    FILE_SGPR, // enum scalar_register: VCC, M0 and EXEC are there too
    FILE_SCC,
};

struct register_range {
    uint16_t first;
    uint8_t count;
    uint8_t file; // enum register_file
};

enum { FOOTPRINT_RANGES = 12 };

// What the instruction has to do with the way that a wave or its lanes take.
enum flow {
    FLOW_NONE,
    FLOW_CHOICE,  // a conditional branch
    FLOW_COMPARE, // a vector comparison; its mask may go to EXEC later
    FLOW_CALL,
    FLOW_RETURN, // or another jump to an address in a register
};

struct footprint {
    // One bit for each register number modulo 64 that is read or written: no common bit, no common
    // register. All bits where the numbers depend on M0.
    uint64_t vgprs, sgprs;
    // The register numbers of these are counted from M0 (v_movrel, s_movrel).
    bool source_moves, destination_moves;
    uint8_t reads, writes; // how many of the arrays are used
    uint8_t wait;          // enum wait_kind: what it means for the wait counters
    uint8_t flow;          // enum flow
    struct register_range read[FOOTPRINT_RANGES], written[FOOTPRINT_RANGES];
};

// The same as footprint_of, when nobody has asked yet.
const struct footprint *footprint_make(const struct instruction *instruction);

// NULL: the instruction cannot be executed, or there is no memory.
static inline const struct footprint *footprint_of(const struct instruction *instruction)
{
    const struct footprint *known = __atomic_load_n(&instruction->footprint, __ATOMIC_ACQUIRE);
    return __builtin_expect(known != NULL, 1) ? known : footprint_make(instruction);
}

// Does any range of count have a register of file within [first, first + registers)?
bool footprint_touches(const struct register_range *ranges, unsigned count, enum register_file file,
                       unsigned first, unsigned registers);

#endif
