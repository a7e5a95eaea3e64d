// Operands that are not simply a register or a constant, and results that are not simply stored.
#include "lanes.h"

#include "operand_type.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

uint32_t scalar32(struct wave *wave, const struct operand *operand)
{
    switch (operand->kind) {
    case OPERAND_SGPR:
        return wave->sgpr[operand->index];
    case OPERAND_CONSTANT:
        return (uint32_t)operand->value;
    case OPERAND_SCC:
        return wave->scc;
    case OPERAND_VCCZ:
        return wave_read_mask(wave, VCC_LO) == 0;
    case OPERAND_EXECZ:
        return wave->exec == 0;
    case OPERAND_SHARED_BASE:
    case OPERAND_SHARED_LIMIT:
    case OPERAND_PRIVATE_BASE:
    case OPERAND_PRIVATE_LIMIT:
        return (uint32_t)(scalar64(wave, operand) >> 32);
    default:
        return 0;
    }
}

uint64_t scalar64(struct wave *wave, const struct operand *operand)
{
    switch (operand->kind) {
    case OPERAND_SGPR:
        return wave_read_sgpr64(wave, operand->index);
    case OPERAND_CONSTANT:
        return operand->value;
    case OPERAND_SHARED_BASE:
        return SHARED_APERTURE;
    case OPERAND_SHARED_LIMIT:
        return SHARED_APERTURE | APERTURE_MASK;
    case OPERAND_PRIVATE_BASE:
        return PRIVATE_APERTURE;
    case OPERAND_PRIVATE_LIMIT:
        return PRIVATE_APERTURE | APERTURE_MASK;
    default:
        return scalar32(wave, operand);
    }
}

const uint32_t *lane_mask_update(struct wave *wave)
{
    mask_to_lanes(wave, wave->exec, wave->lane_mask);
    wave->lane_mask_valid = true;
    return wave->lane_mask;
}

uint64_t lanes_to_mask(const struct wave *wave, const uint32_t *lanes)
{
    uint64_t mask = 0;
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    for (unsigned i = 0; i < wave->lanes; i += 16)
        mask |= (uint64_t)_mm512_movepi32_mask(_mm512_loadu_si512(lanes + i)) << i;
#elif defined(__AVX2__)
    for (unsigned i = 0; i < wave->lanes; i += 8)
        mask |= (uint64_t)(unsigned)_mm256_movemask_ps(_mm256_loadu_ps((const float *)(lanes + i)))
                << i;
#elif defined(__SSE2__)
    for (unsigned i = 0; i < wave->lanes; i += 4)
        mask |= (uint64_t)(unsigned)_mm_movemask_ps(_mm_loadu_ps((const float *)(lanes + i))) << i;
#else
    for (unsigned i = 0; i < wave->lanes; i++)
        mask |= (uint64_t)(lanes[i] >> 31) << i;
#endif
    return mask;
}

void mask_to_lanes(const struct wave *wave, uint64_t mask, uint32_t *lanes)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    for (unsigned i = 0; i < wave->lanes; i += 16)
        _mm512_storeu_si512(lanes + i, _mm512_movm_epi32((__mmask16)(mask >> i)));
#else
    for (unsigned half = 0; half < wave->lanes; half += 32) {
        uint32_t bits = (uint32_t)(mask >> half);
        for (unsigned i = 0; i < 32; i++)
            lanes[half + i] = -(bits >> i & 1);
    }
#endif
}

static void broadcast(const struct wave *wave, uint32_t value, uint32_t *lanes)
{
    FOR_LANES(wave, i)
    lanes[i] = value;
}

// The lane that lane i reads under DPP, or -1 when there is none.
static int dpp_source(const struct wave *wave, const struct dpp *dpp, int i)
{
    int row = i & ~15, in_row = i & 15, last = (int)wave->lanes - 1;
    switch (dpp->kind) {
    case DPP_QUAD_PERM:
        return (i & ~3) + dpp->select[i & 3];
    case DPP_8:
        return (i & ~7) + dpp->select[i & 7];
    case DPP_ROW_SHL:
        return in_row + dpp->amount > 15 ? -1 : i + dpp->amount;
    case DPP_ROW_SHR:
        return in_row < dpp->amount ? -1 : i - dpp->amount;
    case DPP_ROW_ROR:
        return row + ((in_row - dpp->amount) & 15);
    case DPP_WAVE_SHL:
        return i == last ? -1 : i + 1;
    case DPP_WAVE_ROL:
        return i == last ? 0 : i + 1;
    case DPP_WAVE_SHR:
        return i - 1;
    case DPP_WAVE_ROR:
        return i == 0 ? last : i - 1;
    case DPP_ROW_MIRROR:
        return row + 15 - in_row;
    case DPP_ROW_HALF_MIRROR:
        return (i & ~7) + 7 - (i & 7);
    case DPP_ROW_BCAST15:
        return row == 0 ? -1 : row - 1;
    case DPP_ROW_BCAST31:
        return i < 32 ? -1 : 31;
    case DPP_ROW_SHARE:
        return row + dpp->amount;
    case DPP_ROW_XMASK:
        return row + (in_row ^ dpp->amount);
    default:
        return i;
    }
}

static bool dpp_reads(const struct wave *wave, const struct dpp *dpp, int source)
{
    return source >= 0 && (dpp->fetch_inactive || wave->exec >> source & 1);
}

uint64_t dpp_lanes(const struct wave *wave, const struct instruction *instruction)
{
    const struct dpp *dpp = &instruction->dpp;
    uint64_t lanes = 0;
    if (dpp->kind == DPP_8)
        return wave->full;
    for (unsigned i = 0; i < wave->lanes; i++) {
        bool chosen = dpp->row_mask >> (i / 16) & 1 && dpp->bank_mask >> (i / 4 % 4) & 1;
        if (chosen && (dpp->bound_control || dpp_reads(wave, dpp, dpp_source(wave, dpp, (int)i))))
            lanes |= UINT64_C(1) << i;
    }
    return lanes;
}

static void dpp_permute(const struct wave *wave, const struct dpp *dpp, const uint32_t *from,
                        uint32_t *to)
{
    uint32_t permuted[64];
    for (unsigned i = 0; i < wave->lanes; i++) {
        int source = dpp_source(wave, dpp, (int)i);
        permuted[i] = dpp_reads(wave, dpp, source) ? from[source] : 0;
    }
    memcpy(to, permuted, wave->lanes * sizeof *to);
}

// A byte or word of a lane, for SDWA and op_sel.
struct part {
    unsigned bits, shift;
};

static struct part part_of(uint8_t select)
{
    if (select >= SELECT_WORD_0)
        return (struct part){16, (select - SELECT_WORD_0) * 16u};
    return (struct part){8, (select - SELECT_BYTE_0) * 8u};
}

static void select_part(const struct wave *wave, uint8_t select, bool sign_extend, uint32_t *lanes)
{
    struct part part = part_of(select);
    unsigned up = 32 - part.bits - part.shift, down = 32 - part.bits;
    if (sign_extend)
        FOR_LANES(wave, i)
    lanes[i] = (uint32_t)((int32_t)(lanes[i] << up) >> down);
    else FOR_LANES(wave, i) lanes[i] = lanes[i] << up >> down;
}

static void modify_signs(const struct wave *wave, const struct operand *operand, uint32_t *lanes)
{
    uint32_t signs = type_is_half(operand->type) ? 0x8000u : 0x80000000u;
    uint32_t clear = operand->modifiers & MODIFIER_ABSOLUTE ? ~signs : ~0u;
    uint32_t flip = operand->modifiers & MODIFIER_NEGATE ? signs : 0;
    FOR_LANES(wave, i)
    lanes[i] = (lanes[i] & clear) ^ flip;
}

const uint32_t *source32_slow(struct wave *wave, const struct instruction *instruction, unsigned k,
                              uint32_t *buffer)
{
    const struct operand *operand = &instruction->source[k];
    const uint32_t *lanes = operand->kind == OPERAND_VGPR ? wave->vgpr + operand->offset : NULL;
    if (operand->kind == OPERAND_CONSTANT)
        lanes = operand->lanes;
    if (!lanes)
        broadcast(wave, scalar32(wave, operand), buffer);
    else if (k == 0 && instruction->flags & FLAG_DPP)
        dpp_permute(wave, &instruction->dpp, lanes, buffer);
    else
        memcpy(buffer, lanes, wave->lanes * sizeof *buffer);
    if (type_is_packed(operand->type))
        return buffer;
    if (operand->select != SELECT_DWORD)
        select_part(wave, operand->select, operand->modifiers & MODIFIER_SIGN_EXTEND, buffer);
    if (operand->modifiers & (MODIFIER_ABSOLUTE | MODIFIER_NEGATE))
        modify_signs(wave, operand, buffer);
    return buffer;
}

static void fetch_vector64(const struct wave *wave, const struct instruction *instruction,
                           unsigned k, const uint32_t *lanes, unsigned stride, uint32_t *low,
                           uint32_t *high)
{
    if (k == 0 && instruction->flags & FLAG_DPP) {
        dpp_permute(wave, &instruction->dpp, lanes, low);
        dpp_permute(wave, &instruction->dpp, lanes + stride, high);
    } else {
        memcpy(low, lanes, wave->lanes * sizeof *low);
        memcpy(high, lanes + stride, wave->lanes * sizeof *high);
    }
}

struct lanes64 source64_slow(struct wave *wave, const struct instruction *instruction, unsigned k,
                             uint32_t *low, uint32_t *high)
{
    const struct operand *operand = &instruction->source[k];
    if (operand->kind == OPERAND_VGPR) {
        fetch_vector64(wave, instruction, k, wave->vgpr + operand->offset, wave->lanes, low, high);
    } else {
        uint64_t value = scalar64(wave, operand);
        broadcast(wave, (uint32_t)value, low);
        broadcast(wave, (uint32_t)(value >> 32), high);
    }
    if (!type_is_packed(operand->type) &&
        operand->modifiers & (MODIFIER_ABSOLUTE | MODIFIER_NEGATE))
        modify_signs(wave, operand, high);
    return (struct lanes64){low, high};
}

static void blend(const struct wave *wave, uint32_t *restrict to, const uint32_t *restrict from,
                  const uint32_t *restrict mask)
{
    FOR_LANES(wave, i)
    to[i] = (to[i] & ~mask[i]) | (from[i] & mask[i]);
}

void write_vgpr(struct wave *wave, uint32_t offset, const uint32_t *lanes)
{
    if (lanes == wave->vgpr + offset)
        return;
    if (wave->exec_is_full)
        memcpy(wave->vgpr + offset, lanes, wave->lanes * sizeof *lanes);
    else
        blend(wave, wave->vgpr + offset, lanes, lane_mask(wave));
}

// Store under EXEC and DPP.
static void store_lanes(struct wave *wave, const struct instruction *instruction, uint32_t offset,
                        const uint32_t *lanes)
{
    if (!(instruction->flags & FLAG_DPP)) {
        write_vgpr(wave, offset, lanes);
        return;
    }
    LANE_BUFFER(mask);
    mask_to_lanes(wave, enabled_lanes(wave, instruction), mask);
    blend(wave, wave->vgpr + offset, lanes, mask);
}

// Hardware before gfx12 ignores the output modifier when IEEE is on or denormal results are kept.
static unsigned output_modifier(const struct wave *wave, const struct instruction *instruction)
{
    bool f32 = instruction->destination[0].type == F32;
    unsigned denormals = f32 ? MODE_DENORM_F32(wave->mode) : MODE_DENORM_F64(wave->mode);
    return wave->mode & MODE_IEEE || denormals & 2 ? 0 : instruction->output_modifier;
}

static const double output_factor[] = {1, 2, 4, 0.5};

static void modify_f32(const struct wave *wave, const struct instruction *instruction,
                       uint32_t *lanes)
{
    float factor = (float)output_factor[output_modifier(wave, instruction)];
    float_lane *values = (float_lane *)lanes;
    if (factor != 1)
        FOR_LANES(wave, i)
    values[i] *= factor;
    if (!(instruction->flags & FLAG_CLAMP))
        return;
    uint32_t nan_mask = wave->mode & MODE_DX10_CLAMP ? 0 : ~0u;
    for (unsigned i = 0; i < wave->lanes; i++) {
        if (values[i] != values[i])
            lanes[i] &= nan_mask;
        else
            values[i] = values[i] > 0 ? (values[i] < 1 ? values[i] : 1) : 0;
    }
}

// Only where denormals are flushed, so that scaling is exact or gives zero or infinity.
static uint16_t scale_f16(uint16_t bits, unsigned modifier)
{
    static const int steps[] = {0, 1, 2, -1};
    int exponent = bits >> 10 & 31;
    if (exponent == 31 || !modifier)
        return bits;
    if (exponent == 0 || exponent + steps[modifier] < 1)
        return bits & 0x8000;
    exponent += steps[modifier];
    if (exponent >= 31)
        return (bits & 0x8000) | 0x7c00;
    return (uint16_t)((bits & 0x83ff) | exponent << 10);
}

static uint16_t clamp_f16(uint16_t bits, bool keep_nan)
{
    if ((bits & 0x7fff) > 0x7c00)
        return keep_nan ? bits : 0;
    if (bits & 0x8000)
        return 0;
    return bits > 0x3c00 ? 0x3c00 : bits;
}

static void modify_f16(const struct wave *wave, const struct instruction *instruction,
                       uint32_t *lanes)
{
    unsigned modifier = output_modifier(wave, instruction);
    for (unsigned i = 0; i < wave->lanes; i++) {
        lanes[i] = scale_f16((uint16_t)lanes[i], modifier);
        if (instruction->flags & FLAG_CLAMP)
            lanes[i] = clamp_f16((uint16_t)lanes[i], !(wave->mode & MODE_DX10_CLAMP));
    }
}

static void modify_f64(const struct wave *wave, const struct instruction *instruction,
                       uint32_t *low, uint32_t *high)
{
    double factor = output_factor[output_modifier(wave, instruction)];
    struct result64 result = {low, high};
    for (unsigned i = 0; i < wave->lanes; i++) {
        double value = lane_f64((struct lanes64){low, high}, i) * factor;
        if (instruction->flags & FLAG_CLAMP) {
            if (value != value)
                value = wave->mode & MODE_DX10_CLAMP ? 0 : value;
            else
                value = value > 0 ? (value < 1 ? value : 1) : 0;
        }
        set_lane_f64(result, i, value);
    }
}

// SDWA: put the result into the selected part of the destination; the rest is padded or kept.
static void place_part(const struct wave *wave, const struct instruction *instruction,
                       const uint32_t *old, uint32_t *lanes)
{
    if (instruction->destination_select == SELECT_DWORD)
        return;
    struct part part = part_of(instruction->destination_select);
    uint32_t low_mask = part.bits == 16 ? 0xffffu : 0xffu, mask = low_mask << part.shift;
    for (unsigned i = 0; i < wave->lanes; i++) {
        uint32_t value = lanes[i] & low_mask;
        if (instruction->destination_unused == 1 && value >> (part.bits - 1))
            value |= ~low_mask;
        uint32_t placed = value << part.shift;
        if (instruction->destination_unused == 2)
            placed = (placed & mask) | (old[i] & ~mask);
        lanes[i] = placed;
    }
}

void commit32_slow(struct wave *wave, const struct instruction *instruction, const uint32_t *result)
{
    const struct operand *destination = &instruction->destination[0];
    if (instruction->result_plain) {
        store_lanes(wave, instruction, destination->offset, result);
        return;
    }
    LANE_BUFFER(lanes);
    memcpy(lanes, result, wave->lanes * sizeof *lanes);
    if (destination->type == F32)
        modify_f32(wave, instruction, lanes);
    if (instruction->flags & FLAG_SDWA)
        place_part(wave, instruction, wave->vgpr + destination->offset, lanes);
    store_lanes(wave, instruction, destination->offset, lanes);
}

void commit16_slow(struct wave *wave, const struct instruction *instruction, const uint32_t *result)
{
    const struct operand *destination = &instruction->destination[0];
    const uint32_t *old = wave->vgpr + destination->offset;
    LANE_BUFFER(lanes);
    FOR_LANES(wave, i)
    lanes[i] = result[i] & 0xffff;
    if (destination->type == F16 &&
        (instruction->output_modifier || instruction->flags & FLAG_CLAMP))
        modify_f16(wave, instruction, lanes);
    if (instruction->flags & FLAG_SDWA)
        place_part(wave, instruction, old, lanes);
    else if (instruction->destination_select == SELECT_WORD_1)
        FOR_LANES(wave, i)
    lanes[i] = lanes[i] << 16 | (old[i] & 0xffff);
    else if (instruction->target_family != GFX9 || instruction->opcode->flags & KEEPS_HALF)
        FOR_LANES(wave, i) lanes[i] |= old[i] & 0xffff0000u;
    store_lanes(wave, instruction, destination->offset, lanes);
}

void commit64_slow(struct wave *wave, const struct instruction *instruction, const uint32_t *low,
                   const uint32_t *high)
{
    const struct operand *destination = &instruction->destination[0];
    LANE_BUFFER(low_lanes);
    LANE_BUFFER(high_lanes);
    if (destination->type == F64 &&
        (instruction->output_modifier || instruction->flags & FLAG_CLAMP)) {
        memcpy(low_lanes, low, sizeof low_lanes[0] * wave->lanes);
        memcpy(high_lanes, high, sizeof high_lanes[0] * wave->lanes);
        modify_f64(wave, instruction, low_lanes, high_lanes);
        low = low_lanes;
        high = high_lanes;
    }
    store_lanes(wave, instruction, destination->offset, low);
    store_lanes(wave, instruction, destination->offset + wave->lanes, high);
}
