// Tables of float instructions against exact arithmetic: edge values and random ones, every
// rounding and denormal mode, full and partial EXEC.
#ifndef ISA_FLOATS_H
#define ISA_FLOATS_H

#include "exact_float.h"
#include "isa_fixture.h"

// What an operand holds.
enum isa_operand {
    NO_OPERAND,
    F16_OPERAND,
    F32_OPERAND,
    F64_OPERAND,
    I16_OPERAND,
    I32_OPERAND,
    F16_PAIR_OPERAND, // two in a register
    F32_PAIR_OPERAND, // in two registers
};

struct isa_float_operation;

// The bits of the result.
typedef uint64_t isa_float_expected(const struct float_mode *mode, uint64_t a, uint64_t b,
                                    uint64_t c);

struct isa_float_operation {
    const char *text;        // sources in v[0:1], v[2:3] and v[4:5], result in v[6:7]
    unsigned targets;        // enum target_family
    uint8_t result, a, b, c; // enum isa_operand
    isa_float_expected *expected;
    bool mode_of_f64; // obeys the mode of f64 and f16 whatever its operands
    bool flushes;     // denormals are zeros whatever MODE says
    bool keeps_half;  // a 16-bit result, and gfx9 keeps the other half of the register
    bool accumulates; // c is the old result
    unsigned ulps;    // allowed distance; 0: bit for bit
};

void isa_check_floats(enum kernel_target target, const struct isa_float_operation *operations,
                      size_t count);

#endif
