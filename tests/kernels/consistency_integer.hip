// Integer programs that must give the same answers everywhere. See consistency_case.hip.h.
// build: -O0 -g
// build: -O3
#include "consistency_hash.hip.h"
#include "consistency_bits.hip.h"
#include "consistency_integer.hip.h"

#define CONSISTENCY_INTEGER(CASE)                                                                  \
    CASE(sha256)                                                                                   \
    CASE(crc32)                                                                                    \
    CASE(murmur)                                                                                   \
    CASE(siphash)                                                                                  \
    CASE(chacha20)                                                                                 \
    CASE(random_numbers)                                                                           \
    CASE(tea)                                                                                      \
    CASE(count_bits)                                                                               \
    CASE(bit_tricks)                                                                               \
    CASE(bit_fields)                                                                               \
    CASE(shifts)                                                                                   \
    CASE(narrow_integers)                                                                          \
    CASE(narrow_arrays)                                                                            \
    CASE(fused_operations)                                                                         \
    CASE(comparisons)                                                                              \
    CASE(divide_32)                                                                                \
    CASE(divide_64)                                                                                \
    CASE(multiply_wide)                                                                            \
    CASE(big_integers)                                                                             \
    CASE(number_theory)                                                                            \
    CASE(fixed_point)
