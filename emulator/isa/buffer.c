// MUBUF and MTBUF: loads and stores through a buffer resource (V#).
#include "resource.h"

ALWAYS_INLINE struct access scratch_access(const struct wave *wave, enum element element,
                                           bool write, const uint32_t *data)
{
    struct access access = element_access(wave, element, write, data);
    access.alignment = access.bytes < 4 ? access.bytes : 4;
    access.strict = true;
    return access;
}

// Loads of lanes out of range give 0 (half registers keep the other half); stores of theirs vanish.
NEVER_INLINE void resource_load(struct wave *wave, const struct instruction *instruction,
                                enum element element)
{
    struct buffer_lanes lanes;
    buffer_addresses(wave, instruction, instruction->source, element_bytes(element), &lanes);
    uint32_t *target = wave->vgpr + instruction->destination[0].offset;
    struct access access = element_access(wave, element, false, target);
    access.lanes = lanes.in_range;
    if (!global_check(wave, instruction, lanes.address, &access))
        return;
    static const uint8_t zero[16];
    FOR_EACH_LANE(wave->exec, i)
    {
        bool in_range = lanes.in_range >> i & 1;
        element_load(element, in_range ? device_pointer(lanes.address[i]) : zero, target + i,
                     wave->lanes);
    }
}

NEVER_INLINE void resource_store(struct wave *wave, const struct instruction *instruction,
                                 enum element element)
{
    struct buffer_lanes lanes;
    buffer_addresses(wave, instruction, instruction->source + 1, element_bytes(element), &lanes);
    const uint32_t *source = wave->vgpr + instruction->source[0].offset;
    struct access access = element_access(wave, element, true, source);
    access.lanes = lanes.in_range;
    if (!global_check(wave, instruction, lanes.address, &access))
        return;
    FOR_EACH_LANE(lanes.in_range, i)
    element_store(element, device_pointer(lanes.address[i]), source + i, wave->lanes);
}

ALWAYS_INLINE void buffer_load(struct wave *wave, const struct instruction *instruction,
                               enum element element)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    const struct operand *operands = instruction->source;
    struct resource resource = read_resource(wave, &operands[BUFFER_RESOURCE]);
    if (UNLIKELY(!resource_is_scratch(&resource))) {
        resource_load(wave, instruction, element);
        return;
    }
    uint32_t *target = wave->vgpr + instruction->destination[0].offset;
    struct access access = scratch_access(wave, element, false, target);
    scratch_load(wave, instruction, element, buffer_scratch_place(wave, instruction, operands),
                 &access, target);
}

ALWAYS_INLINE void buffer_store(struct wave *wave, const struct instruction *instruction,
                                enum element element)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    const struct operand *operands = instruction->source + 1;
    struct resource resource = read_resource(wave, &operands[BUFFER_RESOURCE]);
    if (UNLIKELY(!resource_is_scratch(&resource))) {
        resource_store(wave, instruction, element);
        return;
    }
    const uint32_t *source = wave->vgpr + instruction->source[0].offset;
    struct access access = scratch_access(wave, element, true, source);
    scratch_store(wave, instruction, element, buffer_scratch_place(wave, instruction, operands),
                  &access, source);
}

// Caches: there are none.
static void cache_control(struct wave *wave, const struct instruction *instruction)
{
    (void)wave;
    (void)instruction;
}

#define LOAD_HANDLER(element)                                                                      \
    static void buffer_load_##element(struct wave *wave, const struct instruction *instruction)    \
    {                                                                                              \
        buffer_load(wave, instruction, ELEMENT_##element);                                         \
    }
ELEMENTS(LOAD_HANDLER)

#define STORE_HANDLER(element)                                                                     \
    static void buffer_store_##element(struct wave *wave, const struct instruction *instruction)   \
    {                                                                                              \
        buffer_store(wave, instruction, ELEMENT_##element);                                        \
    }
STORED_ELEMENTS(STORE_HANDLER)

// The names of gfx9 and gfx10, then of gfx11.
#define LOAD(old_name, new_name, element)                                                          \
    OPCODE("buffer_load_" old_name, buffer_load_##element, GFX9_GFX10, 1, 0, ANY, ANY, ANY, ANY),  \
        OPCODE("buffer_load_" new_name, buffer_load_##element, GFX11, 1, 0, ANY, ANY, ANY, ANY)
#define STORE(old_name, new_name, element)                                                         \
    OPCODE("buffer_store_" old_name, buffer_store_##element, GFX9_GFX10, 0, 0, ANY, ANY, ANY,      \
           ANY),                                                                                   \
        OPCODE("buffer_store_" new_name, buffer_store_##element, GFX11, 0, 0, ANY, ANY, ANY, ANY)

const struct opcode ISA_TABLE(buffer_opcodes)[] = {
    ELEMENT_LOADS(LOAD),
    ELEMENT_STORES(STORE),
    OPCODE("buffer_gl0_inv", cache_control, GFX10_UP, 0, 0, NONE),
    OPCODE("buffer_gl1_inv", cache_control, GFX10_UP, 0, 0, NONE),
    OPCODE("buffer_wbinvl1", cache_control, ALL_TARGETS, 0, 0, NONE),
    OPCODE("buffer_wbinvl1_vol", cache_control, GFX9, 0, 0, NONE),
    OPCODE("buffer_wbl2", cache_control, GFX9, 0, 0, NONE),
    OPCODE("buffer_invl2", cache_control, GFX9, 0, 0, NONE),
    OPCODE_END,
};
