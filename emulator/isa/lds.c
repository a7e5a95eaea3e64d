// DS loads and stores, and the DS instructions that move data between lanes. LDS belongs to one
// workgroup and one host thread runs that, so plain accesses do.
#include "address.h"

ALWAYS_INLINE uint32_t *register_lanes(const struct wave *wave, const struct operand *operand)
{
    return wave->vgpr + operand->offset;
}

// Register k after the first of an operand.
ALWAYS_INLINE uint32_t *register_after(const struct wave *wave, const struct operand *operand,
                                       unsigned k)
{
    return wave->vgpr + operand->offset + k * wave->lanes;
}

#ifdef __AVX512F__
// A dword of each of 16 lanes: side by side, the same for all, or anywhere.
ALWAYS_INLINE __m512i load16(const uint8_t *lds, __m512i address, uint32_t first)
{
    const __m512i row =
        _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60);
    __m512i distance = _mm512_sub_epi32(address, _mm512_set1_epi32((int)first));
    if (!_mm512_cmpneq_epi32_mask(distance, row))
        return _mm512_loadu_si512(lds + first);
    if (!_mm512_test_epi32_mask(distance, distance))
        return _mm512_set1_epi32((int)read32(lds + first));
    return _mm512_i32gather_epi32(address, lds, 1);
}
#endif

// Load one element of every active lane; the address register may be among the targets.
ALWAYS_INLINE void lds_load_lanes(struct wave *wave, enum element element, const uint32_t *address,
                                  uint32_t offset, uint32_t *target)
{
    const uint8_t *lds = wave->group->lds + offset;
    if (UNLIKELY(!wave->exec_is_full)) {
        FOR_EACH_LANE(wave->exec, i)
        element_load(element, lds + address[i], target + i, wave->lanes);
        return;
    }
#ifdef __AVX512F__
    if (element == ELEMENT_B32) {
        for (unsigned i = 0; i < wave->lanes; i += 16)
            _mm512_storeu_si512(target + i,
                                load16(lds, _mm512_loadu_si512(address + i), address[i]));
        return;
    }
#endif
    for (unsigned i = 0; i < wave->lanes; i += 4) {
        const uint8_t *const from[4] = {lds + address[i], lds + address[i + 1],
                                        lds + address[i + 2], lds + address[i + 3]};
        element_load4(element, from, target + i, wave->lanes);
    }
}

ALWAYS_INLINE void lds_store_lanes(struct wave *wave, enum element element, const uint32_t *address,
                                   uint32_t offset, const uint32_t *source)
{
    uint8_t *lds = wave->group->lds + offset;
    if (element == ELEMENT_B32 && wave->exec_is_full && lanes_ascend(address, wave->lanes, 4)) {
        element_store_row(element, lds + address[0], source, wave->lanes);
        return;
    }
    FOR_EACH_LANE(wave->exec, i)
    element_store(element, lds + address[i], source + i, wave->lanes);
}

ALWAYS_INLINE void lds_load(struct wave *wave, const struct instruction *instruction,
                            enum element element)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    struct lds_lanes lanes;
    lds_lanes_set(&lanes, register_lanes(wave, &instruction->source[0]),
                  (uint32_t)instruction->offset);
    uint32_t *target = register_lanes(wave, &instruction->destination[0]);
    struct access access = element_access(wave, element, false, target);
    if (lds_check(wave, instruction, &lanes, &access))
        lds_load_lanes(wave, element, lanes.address, lanes.offset, target);
}

ALWAYS_INLINE void lds_store(struct wave *wave, const struct instruction *instruction,
                             enum element element)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    struct lds_lanes lanes;
    lds_lanes_set(&lanes, register_lanes(wave, &instruction->source[0]),
                  (uint32_t)instruction->offset);
    const uint32_t *source = register_lanes(wave, &instruction->source[1]);
    struct access access = element_access(wave, element, true, source);
    if (lds_check(wave, instruction, &lanes, &access))
        lds_store_lanes(wave, element, lanes.address, lanes.offset, source);
}

// Two elements per lane; the offsets count in units of bytes.
ALWAYS_INLINE void lds_load2(struct wave *wave, const struct instruction *instruction,
                             enum element element, uint32_t unit)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    const uint32_t *address = register_lanes(wave, &instruction->source[0]);
    uint32_t offset0 = (uint32_t)instruction->offset * unit;
    uint32_t offset1 = (uint32_t)instruction->offset1 * unit;
    uint32_t greater = offset0 > offset1 ? offset0 : offset1;
    const struct operand *operand = &instruction->destination[0];
    uint32_t *target = register_lanes(wave, operand);
    uint32_t *second = register_after(wave, operand, element_registers(element));
    struct access access = element_access(wave, element, false, target);
    struct lds_lanes first, next;
    lds_lanes_set(&first, address, offset0);
    lds_lanes_set(&next, address, offset1);
    if (!lds_check(wave, instruction, &first, &access))
        return;
    // The nearer one is in range when the farther one is, without wrapping around.
    access.data = second;
    if ((greater != offset0 || wave->checks || first.address != address) &&
        !lds_check(wave, instruction, &next, &access))
        return;
    // The results of the first may overwrite the addresses.
    if (next.address == address && target <= address && address < second) {
        memcpy(next.wrapped, address, wave->lanes * 4);
        next.address = next.wrapped;
    }
    lds_load_lanes(wave, element, first.address, first.offset, target);
    lds_load_lanes(wave, element, next.address, next.offset, second);
}

ALWAYS_INLINE void lds_store2(struct wave *wave, const struct instruction *instruction,
                              enum element element, uint32_t unit)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    const uint32_t *address = register_lanes(wave, &instruction->source[0]);
    uint32_t offset0 = (uint32_t)instruction->offset * unit;
    uint32_t offset1 = (uint32_t)instruction->offset1 * unit;
    const uint32_t *first = register_lanes(wave, &instruction->source[1]);
    const uint32_t *second = register_lanes(wave, &instruction->source[2]);
    struct access access = element_access(wave, element, true, first);
    struct lds_lanes here, next;
    lds_lanes_set(&here, address, offset0);
    lds_lanes_set(&next, address, offset1);
    if (!lds_check(wave, instruction, &here, &access))
        return;
    access.data = second;
    if (!lds_check(wave, instruction, &next, &access))
        return;
    lds_store_lanes(wave, element, here.address, here.offset, first);
    lds_store_lanes(wave, element, next.address, next.offset, second);
}

// Lane i at dword i after M0 and the offset.
static void addtid_addresses(const struct wave *wave, uint32_t *address)
{
    uint32_t base = wave->sgpr[M0] & 0xffff;
    FOR_LANES(wave, i) address[i] = base + 4 * (uint32_t)i;
}

static void ds_read_addtid_b32(struct wave *wave, const struct instruction *instruction)
{
    if (!wave->exec || unsupported_modifier(wave, instruction))
        return;
    LANE_BUFFER(address);
    addtid_addresses(wave, address);
    uint32_t offset = (uint32_t)instruction->offset;
    uint32_t *target = register_lanes(wave, &instruction->destination[0]);
    struct access access = element_access(wave, ELEMENT_B32, false, target);
    if (bounded_check(wave, instruction, SPACE_LDS, address, offset, wave->group->lds_size,
                      &access))
        lds_load_lanes(wave, ELEMENT_B32, address, offset, target);
}

static void ds_write_addtid_b32(struct wave *wave, const struct instruction *instruction)
{
    if (!wave->exec || unsupported_modifier(wave, instruction))
        return;
    LANE_BUFFER(address);
    addtid_addresses(wave, address);
    uint32_t offset = (uint32_t)instruction->offset;
    const uint32_t *source = register_lanes(wave, &instruction->source[0]);
    struct access access = element_access(wave, ELEMENT_B32, true, source);
    if (bounded_check(wave, instruction, SPACE_LDS, address, offset, wave->group->lds_size,
                      &access))
        lds_store_lanes(wave, ELEMENT_B32, address, offset, source);
}

// The counter at M0 plus the offset goes up or down by the number of active lanes; all get the old
// value.
static void count_lanes(struct wave *wave, const struct instruction *instruction, bool up)
{
    if (!wave->exec || unsupported_modifier(wave, instruction))
        return;
    LANE_BUFFER(address);
    uint32_t base = wave->sgpr[M0] & 0xffff, offset = (uint32_t)instruction->offset;
    FOR_LANES(wave, i) address[i] = base;
    struct access access = {.bytes = 4,
                            .alignment = 4,
                            .write = true,
                            .atomic = true,
                            .strict = true,
                            .lanes = wave->exec};
    if (!bounded_check(wave, instruction, SPACE_LDS, address, offset, wave->group->lds_size,
                       &access))
        return;
    uint8_t *counter = wave->group->lds + base + offset;
    uint32_t count = (uint32_t)__builtin_popcountll(wave->exec), old = read32(counter);
    memcpy(counter, &(uint32_t){up ? old + count : old - count}, 4);
    LANE_BUFFER(result);
    FOR_LANES(wave, i) result[i] = old;
    write_vgpr(wave, instruction->destination[0].offset, result);
}

static void ds_append(struct wave *wave, const struct instruction *instruction)
{
    count_lanes(wave, instruction, true);
}

static void ds_consume(struct wave *wave, const struct instruction *instruction)
{
    count_lanes(wave, instruction, false);
}

// How many lanes the permutes work on: the whole wave on gfx9. On gfx10 and later the manual takes
// the lane number modulo 32 even in wave64; here each half of 32 lanes reads itself, as compilers
// assume.
ALWAYS_INLINE unsigned permute_lanes(const struct wave *wave, const struct instruction *instruction)
{
    return instruction->target_family == GFX9 ? wave->lanes : 32;
}

static void ds_bpermute_b32(struct wave *wave, const struct instruction *instruction)
{
    const uint32_t *address = register_lanes(wave, &instruction->source[0]);
    const uint32_t *data = register_lanes(wave, &instruction->source[1]);
    uint32_t lanes = permute_lanes(wave, instruction), offset = (uint32_t)instruction->offset;
    LANE_BUFFER(active);
    const uint32_t *mask = lane_mask(wave);
    FOR_LANES(wave, i) active[i] = data[i] & mask[i];
    LANE_BUFFER(result);
    FOR_LANES(wave, i)
    {
        uint32_t from = (address[i] + offset) / 4 % lanes;
        result[i] = active[(i & ~(lanes - 1)) + from];
    }
    write_vgpr(wave, instruction->destination[0].offset, result);
}

// Lanes that nobody sends to get 0; of several senders the highest lane wins.
static void ds_permute_b32(struct wave *wave, const struct instruction *instruction)
{
    const uint32_t *address = register_lanes(wave, &instruction->source[0]);
    const uint32_t *data = register_lanes(wave, &instruction->source[1]);
    uint32_t lanes = permute_lanes(wave, instruction), offset = (uint32_t)instruction->offset;
    LANE_BUFFER(result);
    memset(result, 0, sizeof result);
    FOR_EACH_LANE(wave->exec, i)
    result[(i & ~(lanes - 1)) + (address[i] + offset) / 4 % lanes] = data[i];
    write_vgpr(wave, instruction->destination[0].offset, result);
}

// The lane within 32 that lane i of a swizzle reads.
static unsigned swizzle_source(unsigned pattern, unsigned i)
{
    if (pattern < 0x8000)
        return (((i & (pattern & 31)) | (pattern >> 5 & 31)) ^ (pattern >> 10 & 31)) & 31;
    if (pattern < 0xc000)
        return (i & ~3u) | (pattern >> (2 * (i & 3)) & 3);
    // Rotate: bits outside the mask stay, bit 10 is the direction.
    unsigned mask = pattern & 31, amount = pattern >> 5 & 31;
    unsigned turned = pattern >> 10 & 1 ? i - amount : i + amount;
    return (i & mask) | (turned & ~mask & 31);
}

// 0xe000 and up, the orders of a Fourier transform: bits in the mask stay, the others are reversed.
static unsigned fourier_source(unsigned pattern, unsigned i)
{
    unsigned mask = pattern & 31, reversed = 0;
    for (unsigned bit = 0; bit < 5; bit++)
        reversed |= (i >> bit & 1) << (4 - bit);
    return reversed >> __builtin_popcount(mask) | (i & mask);
}

static void ds_swizzle_b32(struct wave *wave, const struct instruction *instruction)
{
    if (unsupported_modifier(wave, instruction))
        return;
    const uint32_t *data = register_lanes(wave, &instruction->source[0]);
    const uint32_t *mask = lane_mask(wave);
    unsigned pattern = instruction->immediate;
    LANE_BUFFER(result);
    for (unsigned i = 0; i < wave->lanes; i++) {
        unsigned lane = i & 31;
        unsigned from =
            pattern >= 0xe000 ? fourier_source(pattern, lane) : swizzle_source(pattern, lane);
        from += i & 32;
        result[i] = data[from] & mask[from];
    }
    write_vgpr(wave, instruction->destination[0].offset, result);
}

static void ds_nop(struct wave *wave, const struct instruction *instruction)
{
    (void)wave;
    (void)instruction;
}

#define LOAD_HANDLER(element)                                                                      \
    static void lds_load_##element(struct wave *wave, const struct instruction *instruction)       \
    {                                                                                              \
        lds_load(wave, instruction, ELEMENT_##element);                                            \
    }
ELEMENTS(LOAD_HANDLER)

#define STORE_HANDLER(element)                                                                     \
    static void lds_store_##element(struct wave *wave, const struct instruction *instruction)      \
    {                                                                                              \
        lds_store(wave, instruction, ELEMENT_##element);                                           \
    }
STORED_ELEMENTS(STORE_HANDLER)

#define TWO_ADDRESS_HANDLERS(element, suffix, unit)                                                \
    static void lds_load2_##suffix(struct wave *wave, const struct instruction *instruction)       \
    {                                                                                              \
        lds_load2(wave, instruction, ELEMENT_##element, unit);                                     \
    }                                                                                              \
    static void lds_store2_##suffix(struct wave *wave, const struct instruction *instruction)      \
    {                                                                                              \
        lds_store2(wave, instruction, ELEMENT_##element, unit);                                    \
    }
TWO_ADDRESS_HANDLERS(B32, b32, 4)
TWO_ADDRESS_HANDLERS(B64, b64, 8)
TWO_ADDRESS_HANDLERS(B32, stride64_b32, 4 * 64)
TWO_ADDRESS_HANDLERS(B64, stride64_b64, 8 * 64)

// The names of gfx9 and gfx10, then of gfx11.
#define LOAD(old_name, new_name, function)                                                         \
    OPCODE("ds_read_" old_name, function, GFX9_GFX10, 1, 0, ANY, ANY),                             \
        OPCODE("ds_load_" new_name, function, GFX11, 1, 0, ANY, ANY)
#define STORE(name, function)                                                                      \
    OPCODE("ds_write_" name, function, GFX9_GFX10, 0, 0, ANY, ANY),                                \
        OPCODE("ds_store_" name, function, GFX11, 0, 0, ANY, ANY)
#define LOAD2(old_name, new_name, function)                                                        \
    OPCODE("ds_" old_name, function, GFX9_GFX10, 1, 0, ANY, ANY),                                  \
        OPCODE("ds_load_" new_name, function, GFX11, 1, 0, ANY, ANY)
#define STORE2(old_name, new_name, function)                                                       \
    OPCODE("ds_" old_name, function, GFX9_GFX10, 0, 0, ANY, ANY, ANY),                             \
        OPCODE("ds_store_" new_name, function, GFX11, 0, 0, ANY, ANY, ANY)

const struct opcode ISA_TABLE(lds_opcodes)[] = {
    LOAD("u8", "u8", lds_load_U8),
    LOAD("i8", "i8", lds_load_I8),
    LOAD("u16", "u16", lds_load_U16),
    LOAD("i16", "i16", lds_load_I16),
    LOAD("u8_d16", "u8_d16", lds_load_U8_LOW),
    LOAD("u8_d16_hi", "u8_d16_hi", lds_load_U8_HIGH),
    LOAD("i8_d16", "i8_d16", lds_load_I8_LOW),
    LOAD("i8_d16_hi", "i8_d16_hi", lds_load_I8_HIGH),
    LOAD("u16_d16", "u16_d16", lds_load_B16_LOW),
    LOAD("u16_d16_hi", "u16_d16_hi", lds_load_B16_HIGH),
    LOAD("b32", "b32", lds_load_B32),
    LOAD("b64", "b64", lds_load_B64),
    LOAD("b96", "b96", lds_load_B96),
    LOAD("b128", "b128", lds_load_B128),
    STORE("b8", lds_store_U8),
    STORE("b8_d16_hi", lds_store_U8_HIGH),
    STORE("b16", lds_store_U16),
    STORE("b16_d16_hi", lds_store_B16_HIGH),
    STORE("b32", lds_store_B32),
    STORE("b64", lds_store_B64),
    STORE("b96", lds_store_B96),
    STORE("b128", lds_store_B128),
    LOAD2("read2_b32", "2addr_b32", lds_load2_b32),
    LOAD2("read2_b64", "2addr_b64", lds_load2_b64),
    LOAD2("read2st64_b32", "2addr_stride64_b32", lds_load2_stride64_b32),
    LOAD2("read2st64_b64", "2addr_stride64_b64", lds_load2_stride64_b64),
    STORE2("write2_b32", "2addr_b32", lds_store2_b32),
    STORE2("write2_b64", "2addr_b64", lds_store2_b64),
    STORE2("write2st64_b32", "2addr_stride64_b32", lds_store2_stride64_b32),
    STORE2("write2st64_b64", "2addr_stride64_b64", lds_store2_stride64_b64),
    OPCODE("ds_read_addtid_b32", ds_read_addtid_b32, GFX9_GFX10, 1, 0, ANY),
    OPCODE("ds_load_addtid_b32", ds_read_addtid_b32, GFX11, 1, 0, ANY),
    OPCODE("ds_write_addtid_b32", ds_write_addtid_b32, GFX9_GFX10, 0, 0, ANY),
    OPCODE("ds_store_addtid_b32", ds_write_addtid_b32, GFX11, 0, 0, ANY),
    OPCODE("ds_append", ds_append, ALL_TARGETS, 1, 0, ANY),
    OPCODE("ds_consume", ds_consume, ALL_TARGETS, 1, 0, ANY),
    OPCODE("ds_bpermute_b32", ds_bpermute_b32, ALL_TARGETS, 1, 0, ANY, ANY, ANY),
    OPCODE("ds_permute_b32", ds_permute_b32, ALL_TARGETS, 1, 0, ANY, ANY, ANY),
    OPCODE("ds_swizzle_b32", ds_swizzle_b32, ALL_TARGETS, 1, 0, ANY, ANY),
    OPCODE("ds_nop", ds_nop, ALL_TARGETS, 0, 0, NONE),
    OPCODE_END,
};
