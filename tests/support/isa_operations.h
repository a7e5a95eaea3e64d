// Tables of vector instructions against arithmetic in C, on edge values and random ones, with full
// and partial EXEC.
#ifndef ISA_OPERATIONS_H
#define ISA_OPERATIONS_H

#include "isa_fixture.h"

// a, b and c hold as many bits as the table says, the rest is 0. Bits of the result beyond its
// width do not count.
typedef uint64_t isa_expected(uint64_t a, uint64_t b, uint64_t c);

struct isa_operation {
    const char *text; // sources in v[0:1], v[2:3] and v[4:5], or a carry in {s12}; results in
                      // v[6:7] and {s10}
    unsigned targets; // enum target_family
    uint8_t result, a, b, c;    // bits; 0: not there. c: 1 is a carry
    isa_expected *expected;     // the result in v[6:7]
    isa_expected *expected_bit; // of the mask in {s10}, or NULL
    bool keeps_half;            // a 16-bit result, and gfx9 keeps the other half of the register
};

void isa_check_operations(enum kernel_target target, const struct isa_operation *operations,
                          size_t count);

#endif
