// What operations on packed halves share: op_sel picks the half of each source that the low result
// is made from, op_sel_hi that of the high result; neg_lo and neg_hi negate them.
#ifndef WAVEGAUGE_PACKED_H
#define WAVEGAUGE_PACKED_H

#include "half_minmax.h"

static inline bool bit(uint8_t bits, unsigned k)
{
    return bits >> k & 1;
}

// The chosen halves of source k for the low or the high result, in the low 16 bits of each lane.
static inline void packed_halves(struct wave *wave, const struct instruction *instruction,
                                 unsigned k, bool high, uint32_t *halves)
{
    LANE_BUFFER(buffer);
    const uint32_t *lanes = source32(wave, instruction, k, buffer);
    uint32_t shift = bit(high ? instruction->op_sel_hi : instruction->op_sel, k) ? 16 : 0;
    uint32_t flip = bit(high ? instruction->neg_hi : instruction->neg_lo, k) ? F16_SIGN : 0;
    FOR_LANES(wave, i)
    {
        halves[i] = (lanes[i] >> shift & 0xffff) ^ flip;
    }
}

// [0, 1]; NaN to 0 when MODE says so.
static inline void clamp_halves(const struct wave *wave, uint32_t *halves)
{
    bool nan_to_zero = wave->mode & MODE_DX10_CLAMP;
    for (unsigned i = 0; i < wave->lanes; i++) {
        uint32_t half = halves[i];
        if (half_is_nan(half))
            halves[i] = nan_to_zero ? 0 : half;
        else
            halves[i] = half & F16_SIGN ? 0 : half > 0x3c00 ? 0x3c00 : half;
    }
}

#endif
