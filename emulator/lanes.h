// How vector instructions read operands and write results.
//
// A handler asks for pointers to lanes, loops over all lanes of the wave without looking at EXEC,
// and commits:
//
//     static void v_add_f32(struct wave *wave, const struct instruction *instruction)
//     {
//         LANE_BUFFER(buffer0); LANE_BUFFER(buffer1); LANE_BUFFER(result);
//         const float *a = source_f32(wave, instruction, 0, buffer0);
//         const float *b = source_f32(wave, instruction, 1, buffer1);
//         float *d = (float *)result32(wave, instruction, result);
//         FOR_LANES(wave, i) d[i] = a[i] + b[i];
//         commit32(wave, instruction, (uint32_t *)d);
//     }
//
// source32 returns the register itself, a ready-made constant, or the buffer after broadcast, DPP,
// SDWA and modifiers. result32 returns the destination register itself when every lane is active
// and nothing is to be done to the result, else the buffer; commit32 then applies clamp, output
// modifier, SDWA and EXEC. So d may be the same array as a source, but only lane for lane: a
// handler reads all sources of lane i before it writes lane i, and an operation that crosses lanes
// works on copies.
#ifndef WAVEGAUGE_LANES_H
#define WAVEGAUGE_LANES_H

#include "wave.h"

#include <stddef.h>
#include <string.h>

#define LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

#define LANE_BUFFER(name) uint32_t name[64] __attribute__((aligned(64)))

// Loop over the lanes of a wave; the body must not depend on other lanes. The inner loop has a
// constant count, so that it is vectorised without a remainder.
#ifdef __clang__
#define LANES_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define LANES_INDEPENDENT _Pragma("GCC ivdep")
#endif
#define FOR_LANES(wave, i)                                                                         \
    for (size_t half_ = 0; half_ < (wave)->lanes; half_ += 32)                                     \
    LANES_INDEPENDENT for (size_t i = half_, end_ = half_ + 32; i != end_; i++)

// Lanes as the type at hand; the attribute keeps reinterpretation defined.
typedef float float_lane __attribute__((may_alias));
typedef int32_t int_lane __attribute__((may_alias));

struct lanes64 {
    const uint32_t *low, *high;
};

// Built once per CPU level, like the handlers.
#define source32_slow    ISA_TABLE(source32_slow)
#define source64_slow    ISA_TABLE(source64_slow)
#define commit32_slow    ISA_TABLE(commit32_slow)
#define commit16_slow    ISA_TABLE(commit16_slow)
#define commit64_slow    ISA_TABLE(commit64_slow)
#define scalar32         ISA_TABLE(scalar32)
#define scalar64         ISA_TABLE(scalar64)
#define write_vgpr       ISA_TABLE(write_vgpr)
#define lane_mask_update ISA_TABLE(lane_mask_update)
#define lanes_to_mask    ISA_TABLE(lanes_to_mask)
#define mask_to_lanes    ISA_TABLE(mask_to_lanes)
#define dpp_lanes        ISA_TABLE(dpp_lanes)

// The rest of source32, in lanes.c.
const uint32_t *source32_slow(struct wave *wave, const struct instruction *instruction, unsigned k,
                              uint32_t *buffer);
struct lanes64 source64_slow(struct wave *wave, const struct instruction *instruction, unsigned k,
                             uint32_t *low, uint32_t *high);
void commit32_slow(struct wave *wave, const struct instruction *instruction,
                   const uint32_t *result);
void commit16_slow(struct wave *wave, const struct instruction *instruction,
                   const uint32_t *result);
void commit64_slow(struct wave *wave, const struct instruction *instruction, const uint32_t *low,
                   const uint32_t *high);

// 32 bits per lane of source k. 16-bit types: the selected half in the low 16 bits (high bits
// undefined unless a select or modifier moved it; mask them). MASK operands: use source_mask.
static inline const uint32_t *source32(struct wave *wave, const struct instruction *instruction,
                                       unsigned k, uint32_t *buffer)
{
    const struct operand *operand = &instruction->source[k];
    if (LIKELY(operand->plain))
        return operand->kind == OPERAND_VGPR ? wave->vgpr + operand->offset : operand->lanes;
    return source32_slow(wave, instruction, k, buffer);
}

static inline const float_lane *source_f32(struct wave *wave, const struct instruction *instruction,
                                           unsigned k, uint32_t *buffer)
{
    return (const float_lane *)source32(wave, instruction, k, buffer);
}

// 64 bits per lane of source k, as two halves.
static inline struct lanes64 source64(struct wave *wave, const struct instruction *instruction,
                                      unsigned k, uint32_t *low, uint32_t *high)
{
    const struct operand *operand = &instruction->source[k];
    if (LIKELY(operand->plain)) {
        const uint32_t *lanes =
            operand->kind == OPERAND_VGPR ? wave->vgpr + operand->offset : operand->lanes;
        return (struct lanes64){lanes, lanes + (operand->kind == OPERAND_VGPR ? wave->lanes : 64)};
    }
    return source64_slow(wave, instruction, k, low, high);
}

static inline uint64_t lane64(struct lanes64 lanes, size_t i)
{
    return (uint64_t)lanes.high[i] << 32 | lanes.low[i];
}

static inline double lane_f64(struct lanes64 lanes, size_t i)
{
    uint64_t bits = lane64(lanes, i);
    double value;
    memcpy(&value, &bits, 8);
    return value;
}

// A scalar operand's value (SGPR, constant, SCC, aperture...).
uint32_t scalar32(struct wave *wave, const struct operand *operand);
uint64_t scalar64(struct wave *wave, const struct operand *operand);

// A MASK source: one bit per lane.
static inline uint64_t source_mask(struct wave *wave, const struct instruction *instruction,
                                   unsigned k)
{
    const struct operand *operand = &instruction->source[k];
    uint64_t mask = wave->lanes == 32 ? scalar32(wave, operand) : scalar64(wave, operand);
    return mask;
}

// Where to put results: see the top.
static inline uint32_t *result32(struct wave *wave, const struct instruction *instruction,
                                 uint32_t *buffer)
{
    if (LIKELY(wave->exec_is_full && instruction->result_plain))
        return wave->vgpr + instruction->destination[0].offset;
    return buffer;
}

static inline void commit32(struct wave *wave, const struct instruction *instruction,
                            const uint32_t *result)
{
    if (UNLIKELY(result != wave->vgpr + instruction->destination[0].offset))
        commit32_slow(wave, instruction, result);
}

// 16-bit results are the low halves of result; never written in place. gfx90a clears the other half
// of the register unless the opcode has KEEPS_HALF, later targets keep it; op_sel and SDWA choose
// the half.
static inline void commit16(struct wave *wave, const struct instruction *instruction,
                            const uint32_t *result)
{
    commit16_slow(wave, instruction, result);
}

struct result64 {
    uint32_t *low, *high;
};

static inline struct result64 result64(struct wave *wave, const struct instruction *instruction,
                                       uint32_t *low, uint32_t *high)
{
    if (LIKELY(wave->exec_is_full && instruction->result_plain)) {
        uint32_t *lanes = wave->vgpr + instruction->destination[0].offset;
        return (struct result64){lanes, lanes + wave->lanes};
    }
    return (struct result64){low, high};
}

static inline void commit64(struct wave *wave, const struct instruction *instruction,
                            struct result64 result)
{
    if (UNLIKELY(result.low != wave->vgpr + instruction->destination[0].offset))
        commit64_slow(wave, instruction, result.low, result.high);
}

static inline void set_lane64(struct result64 result, size_t i, uint64_t value)
{
    result.low[i] = (uint32_t)value;
    result.high[i] = (uint32_t)(value >> 32);
}

static inline void set_lane_f64(struct result64 result, size_t i, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, 8);
    set_lane64(result, i, bits);
}

// The destination register of a READS_RESULT instruction as a source (fmac and the like): its old
// lanes.
static inline uint32_t *destination_lanes(struct wave *wave, const struct instruction *instruction)
{
    return wave->vgpr + instruction->destination[0].offset;
}

// Write one register under EXEC, without modifiers: for handlers with several or unusual results.
void write_vgpr(struct wave *wave, uint32_t offset, const uint32_t *lanes);

// ~0 for active lanes, 0 for others.
const uint32_t *lane_mask_update(struct wave *wave);

static inline const uint32_t *lane_mask(struct wave *wave)
{
    return LIKELY(wave->lane_mask_valid) ? wave->lane_mask : lane_mask_update(wave);
}

// The result of a compare or carry: one bit per lane from lanes that are all ones or all zero (bit
// 31 counts), inactive lanes 0 after masking with EXEC by the caller or write_mask_result.
uint64_t lanes_to_mask(const struct wave *wave, const uint32_t *lanes);
// lanes[i] = bit i of mask ? ~0 : 0
void mask_to_lanes(const struct wave *wave, uint64_t mask, uint32_t *lanes);

// The lanes that DPP lets an instruction work on, whatever EXEC says: row and bank masks, and
// sources that exist.
uint64_t dpp_lanes(const struct wave *wave, const struct instruction *instruction);

// The lanes that an instruction works on.
static inline uint64_t enabled_lanes(const struct wave *wave, const struct instruction *instruction)
{
    if (UNLIKELY(instruction->flags & FLAG_DPP))
        return wave->exec & dpp_lanes(wave, instruction);
    return wave->exec;
}

// Write a MASK destination; bits of inactive lanes become 0. Compares that may be DPP: mask with
// enabled_lanes.
static inline void write_mask_result(struct wave *wave, const struct operand *destination,
                                     uint64_t mask)
{
    wave_write_mask(wave, destination->index, mask & wave->exec);
}

#endif
