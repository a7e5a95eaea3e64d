// The operands of matrix instructions as rows of numbers, one for each lane.
#ifndef WAVEGAUGE_MATRIX_H
#define WAVEGAUGE_MATRIX_H

#include "bfloat.h"
#include "half.h"
#include "matrix_shape.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

// Element e of a row is that of lane e. (Rows are arrays of their own, so that nothing in the
// loops over them can be the same memory.)
typedef float float_row[MATRIX_LANES] __attribute__((aligned(64)));
typedef int32_t int_row[MATRIX_LANES] __attribute__((aligned(64)));
typedef double double_row[MATRIX_LANES] __attribute__((aligned(64)));

static inline const uint32_t *matrix_register(const struct wave *wave,
                                              const struct operand *operand, unsigned k)
{
    return wave->vgpr + operand->offset + (size_t)k * wave->lanes;
}

// Element k of the lanes of C, or D: 32 bits.
static inline void matrix_read_c(const struct wave *wave, const struct instruction *instruction,
                                 unsigned k, uint32_t *lanes)
{
    const struct operand *c = &instruction->source[2];
    bool constant = c->kind == OPERAND_CONSTANT;
    memcpy(lanes, constant ? c->lanes : matrix_register(wave, c, k), wave->lanes * sizeof *lanes);
}

// EXEC does not count: all lanes are written.
static inline void matrix_write_d(struct wave *wave, const struct instruction *instruction,
                                  unsigned k, const void *lanes)
{
    uint32_t *d = wave->vgpr + instruction->destination[0].offset + (size_t)k * wave->lanes;
    memcpy(d, lanes, wave->lanes * sizeof *d);
}

// A register of pairs of 16-bit floats: halves that flip is xored to, low and high.
static inline void matrix_read_halves(const struct wave *wave, const uint32_t *lanes, uint32_t flip,
                                      float *low, float *high)
{
    LANE_BUFFER(first);
    LANE_BUFFER(second);
    FOR_LANES(wave, i)
    {
        uint32_t pair = lanes[i] ^ flip;
        first[i] = pair & 0xffff;
        second[i] = pair >> 16;
    }
    widen_halves(wave, first, (float_lane *)low);
    widen_halves(wave, second, (float_lane *)high);
}

static inline void matrix_read_bfloats(const struct wave *wave, const uint32_t *lanes,
                                       uint32_t flip, float *low, float *high)
{
    FOR_LANES(wave, i)
    {
        uint32_t pair = lanes[i] ^ flip;
        low[i] = bfloat_to_float(pair & 0xffff);
        high[i] = bfloat_to_float(pair >> 16);
    }
}

#endif
