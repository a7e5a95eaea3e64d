// The opcode tables of isa/, by CPU level. Each ends with OPCODE_END.
#ifndef WAVEGAUGE_ISA_TABLES_H
#define WAVEGAUGE_ISA_TABLES_H

#include "instruction.h"

#define ISA_TABLES(DECLARE)                                                                        \
    DECLARE(scalar_opcodes) /* SOP1, SOP2, SOPC, SOPK arithmetic */                                \
    DECLARE(scalar_unary_opcodes)                                                                  \
    DECLARE(program_opcodes) /* SOPP, branches, calls, barriers, waits, messages, hwregs */        \
    DECLARE(hardware_register_opcodes)                                                             \
    DECLARE(scalar_memory_opcodes) /* SMEM */                                                      \
    DECLARE(vector_move_opcodes)   /* moves, selects, readlane, permlane, swaps */                 \
    DECLARE(vector_crosslane_opcodes)                                                              \
    DECLARE(vector_index_opcodes)                                                                  \
    DECLARE(vector_integer_opcodes) /* 16, 32 and 64-bit integers, bit fields, carries */          \
    DECLARE(vector_integer16_opcodes)                                                              \
    DECLARE(vector_carry_opcodes)                                                                  \
    DECLARE(vector_bit_opcodes)                                                                    \
    DECLARE(vector_dot_opcodes)                                                                    \
    DECLARE(vector_float_opcodes)   /* f32 and f64 arithmetic */                                   \
    DECLARE(vector_half_opcodes)    /* f16 arithmetic and conversions */                           \
    DECLARE(vector_mixed_opcodes)   /* f16 with f32, dot products */                               \
    DECLARE(vector_packed_opcodes)  /* VOP3P */                                                    \
    DECLARE(matrix_mfma_opcodes)    /* V_MFMA of gfx90a */                                         \
    DECLARE(matrix_wmma_opcodes)    /* V_WMMA of gfx1100 */                                        \
    DECLARE(vector_convert_opcodes) /* conversions */                                              \
    DECLARE(vector_transcendental_opcodes)                                                         \
    DECLARE(vector_division_opcodes)                                                               \
    DECLARE(vector_compare_opcodes) /* VOPC */                                                     \
    DECLARE(vector_compare_float_opcodes)                                                          \
    DECLARE(lds_opcodes)        /* DS */                                                           \
    DECLARE(lds_atomic_opcodes) /* DS atomics */                                                   \
    DECLARE(global_opcodes)     /* GLOBAL, FLAT, SCRATCH */                                        \
    DECLARE(buffer_opcodes)     /* MUBUF, MTBUF */                                                 \
    DECLARE(atomic_opcodes)     /* memory atomics */

#endif
