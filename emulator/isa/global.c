// GLOBAL, FLAT and SCRATCH loads and stores.
#include "scratch.h"

ALWAYS_INLINE const struct operand *only_source(const struct instruction *instruction, unsigned k)
{
    return instruction->sources > k ? &instruction->source[k] : NULL;
}

ALWAYS_INLINE uint32_t *operand_row(const struct wave *wave, const struct operand *operand)
{
    return wave->vgpr + operand->offset;
}

ALWAYS_INLINE void load_anywhere(struct wave *wave, enum element element, const uint64_t *address,
                                 uint32_t *target)
{
    if (wave->exec_is_full) {
        for (unsigned i = 0; i < wave->lanes; i += 4) {
            const uint8_t *const from[4] = {
                device_pointer(address[i]), device_pointer(address[i + 1]),
                device_pointer(address[i + 2]), device_pointer(address[i + 3])};
            element_load4(element, from, target + i, wave->lanes);
        }
        return;
    }
    FOR_EACH_LANE(wave->exec, i)
    element_load(element, device_pointer(address[i]), target + i, wave->lanes);
}

ALWAYS_INLINE void store_anywhere(struct wave *wave, enum element element, const uint64_t *address,
                                  const uint32_t *source)
{
    FOR_EACH_LANE(wave->exec, i)
    element_store(element, device_pointer(address[i]), source + i, wave->lanes);
}

// Lanes anywhere in global memory.
NEVER_INLINE void global_load_lanes(struct wave *wave, const struct instruction *instruction,
                                    enum element element, const uint64_t *address)
{
    uint32_t *target = operand_row(wave, &instruction->destination[0]);
    struct access access = element_access(wave, element, false, target);
    if (!global_check(wave, instruction, address, &access))
        return;
    switch (element) {
#define LOAD_CASE(name)                                                                            \
    case ELEMENT_##name:                                                                           \
        load_anywhere(wave, ELEMENT_##name, address, target);                                      \
        break;
        ELEMENTS(LOAD_CASE)
    }
}

NEVER_INLINE void global_store_lanes(struct wave *wave, const struct instruction *instruction,
                                     enum element element, const uint64_t *address,
                                     const uint32_t *source)
{
    struct access access = element_access(wave, element, true, source);
    if (!global_check(wave, instruction, address, &access))
        return;
    switch (element) {
#define STORE_CASE(name)                                                                           \
    case ELEMENT_##name:                                                                           \
        store_anywhere(wave, ELEMENT_##name, address, source);                                     \
        break;
        ELEMENTS(STORE_CASE)
    }
}

// May all lanes of a row that begins at first be accessed?
ALWAYS_INLINE bool row_check(struct wave *wave, const struct instruction *instruction,
                             enum element element, uint64_t first, bool write, const uint32_t *data)
{
    if (first % (element_bytes(element) < 4 ? 1 : 4) != 0 ||
        !memory_accessible(first, element_bytes(element) * wave->lanes, write))
        return false;
    if (UNLIKELY(wave->checks != NULL)) {
        struct access access = element_access(wave, element, write, data);
        checks_row(wave, instruction, first, &access);
    }
    return true;
}

ALWAYS_INLINE void global_load(struct wave *wave, const struct instruction *instruction,
                               enum element element)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    struct global_operands operands =
        global_operands(wave, instruction, &instruction->source[0], only_source(instruction, 1));
    uint32_t *target = operand_row(wave, &instruction->destination[0]);
    uint64_t first;
    if (LIKELY(global_is_row(wave, &operands, element_bytes(element), &first) &&
               row_check(wave, instruction, element, first, false, target))) {
        element_load_row(element, device_pointer(first), target, wave->lanes);
        return;
    }
    uint64_t address[64];
    global_addresses(wave, &operands, address);
    global_load_lanes(wave, instruction, element, address);
}

ALWAYS_INLINE void global_store(struct wave *wave, const struct instruction *instruction,
                                enum element element)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    struct global_operands operands =
        global_operands(wave, instruction, &instruction->source[0], only_source(instruction, 2));
    const uint32_t *source = operand_row(wave, &instruction->source[1]);
    uint64_t first;
    if (LIKELY(global_is_row(wave, &operands, element_bytes(element), &first) &&
               row_check(wave, instruction, element, first, true, source))) {
        element_store_row(element, device_pointer(first), source, wave->lanes);
        return;
    }
    uint64_t address[64];
    global_addresses(wave, &operands, address);
    global_store_lanes(wave, instruction, element, address, source);
}

// Is the high half of an active lane's address that of an aperture?
static bool touches_aperture(struct wave *wave, const uint64_t *address)
{
    FOR_EACH_LANE(wave->exec, i)
    {
        uint64_t high = address[i] & ~(uint64_t)APERTURE_MASK;
        if (high == SHARED_APERTURE || high == PRIVATE_APERTURE)
            return true;
    }
    return false;
}

ALWAYS_INLINE bool is_private(uint64_t address)
{
    return (address & ~(uint64_t)APERTURE_MASK) == PRIVATE_APERTURE;
}

// LDS or global memory.
ALWAYS_INLINE uint8_t *flat_pointer(const struct wave *wave, uint64_t address)
{
    if ((address & ~(uint64_t)APERTURE_MASK) == SHARED_APERTURE)
        return wave->group->lds + (address & APERTURE_MASK);
    return device_pointer(address);
}

NEVER_INLINE void flat_load(struct wave *wave, const struct instruction *instruction,
                            enum element element)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    struct global_operands operands =
        global_operands(wave, instruction, &instruction->source[0], NULL);
    uint32_t *target = operand_row(wave, &instruction->destination[0]);
    uint64_t first;
    if (LIKELY(global_is_row(wave, &operands, element_bytes(element), &first) &&
               row_check(wave, instruction, element, first, false, target))) {
        element_load_row(element, device_pointer(first), target, wave->lanes);
        return;
    }
    uint64_t address[64];
    global_addresses(wave, &operands, address);
    if (!touches_aperture(wave, address)) {
        global_load_lanes(wave, instruction, element, address);
        return;
    }
    struct access access = element_access(wave, element, false, target);
    if (!flat_check(wave, instruction, address, &access))
        return;
    FOR_EACH_LANE(wave->exec, i)
    {
        if (is_private(address[i]))
            scratch_load_lane(wave, element, i, (uint32_t)address[i], target + i);
        else
            element_load(element, flat_pointer(wave, address[i]), target + i, wave->lanes);
    }
}

NEVER_INLINE void flat_store(struct wave *wave, const struct instruction *instruction,
                             enum element element)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    struct global_operands operands =
        global_operands(wave, instruction, &instruction->source[0], NULL);
    const uint32_t *source = operand_row(wave, &instruction->source[1]);
    uint64_t first;
    if (LIKELY(global_is_row(wave, &operands, element_bytes(element), &first) &&
               row_check(wave, instruction, element, first, true, source))) {
        element_store_row(element, device_pointer(first), source, wave->lanes);
        return;
    }
    uint64_t address[64];
    global_addresses(wave, &operands, address);
    if (!touches_aperture(wave, address)) {
        global_store_lanes(wave, instruction, element, address, source);
        return;
    }
    struct access access = element_access(wave, element, true, source);
    if (!flat_check(wave, instruction, address, &access))
        return;
    FOR_EACH_LANE(wave->exec, i)
    {
        if (is_private(address[i]))
            scratch_store_lane(wave, element, i, (uint32_t)address[i], source + i);
        else
            element_store(element, flat_pointer(wave, address[i]), source + i, wave->lanes);
    }
}

// SCRATCH: a VGPR, a scalar and the offset, all in bytes of the lane's own scratch; both may be
// "off".
ALWAYS_INLINE struct scratch_place scratch_operands(struct wave *wave,
                                                    const struct instruction *instruction,
                                                    const struct operand *vector,
                                                    const struct operand *scalar)
{
    struct scratch_place place = {.base = (uint32_t)instruction->offset};
    if (vector->kind == OPERAND_VGPR)
        place.varying = operand_row(wave, vector);
    if (scalar && scalar->kind != OPERAND_OFF)
        place.base += scalar32(wave, scalar);
    return place;
}

ALWAYS_INLINE struct access scratch_access(const struct wave *wave, enum element element,
                                           struct scratch_place place, bool write,
                                           const uint32_t *data)
{
    struct access access = element_access(wave, element, write, data);
    if (!place.varying)
        access.alignment = 1;
    return access;
}

ALWAYS_INLINE void scratch_instruction_load(struct wave *wave,
                                            const struct instruction *instruction,
                                            enum element element)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    struct scratch_place place =
        scratch_operands(wave, instruction, &instruction->source[0], only_source(instruction, 1));
    uint32_t *target = operand_row(wave, &instruction->destination[0]);
    struct access access = scratch_access(wave, element, place, false, target);
    scratch_load(wave, instruction, element, place, &access, target);
}

ALWAYS_INLINE void scratch_instruction_store(struct wave *wave,
                                             const struct instruction *instruction,
                                             enum element element)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    struct scratch_place place =
        scratch_operands(wave, instruction, &instruction->source[0], only_source(instruction, 2));
    const uint32_t *source = operand_row(wave, &instruction->source[1]);
    struct access access = scratch_access(wave, element, place, true, source);
    scratch_store(wave, instruction, element, place, &access, source);
}

// gfx10 and later: lane i accesses dword i after a scalar address.
static void addtid_addresses(struct wave *wave, const struct instruction *instruction,
                             const struct operand *scalar, uint64_t *address)
{
    uint64_t base = (uint64_t)(int64_t)instruction->offset;
    if (scalar->kind != OPERAND_OFF)
        base += scalar64(wave, scalar);
    FOR_LANES(wave, i) address[i] = base + 4 * i;
}

static void global_load_addtid(struct wave *wave, const struct instruction *instruction)
{
    uint64_t address[64];
    addtid_addresses(wave, instruction, &instruction->source[0], address);
    if (wave->exec)
        global_load_lanes(wave, instruction, ELEMENT_B32, address);
}

static void global_store_addtid(struct wave *wave, const struct instruction *instruction)
{
    uint64_t address[64];
    addtid_addresses(wave, instruction, &instruction->source[1], address);
    if (wave->exec)
        global_store_lanes(wave, instruction, ELEMENT_B32, address,
                           operand_row(wave, &instruction->source[0]));
}

// One handler of each kind of instruction for each element.
#define LOAD_HANDLERS(element)                                                                     \
    static void global_load_##element(struct wave *wave, const struct instruction *instruction)    \
    {                                                                                              \
        global_load(wave, instruction, ELEMENT_##element);                                         \
    }                                                                                              \
    static void flat_load_##element(struct wave *wave, const struct instruction *instruction)      \
    {                                                                                              \
        flat_load(wave, instruction, ELEMENT_##element);                                           \
    }                                                                                              \
    static void scratch_load_##element(struct wave *wave, const struct instruction *instruction)   \
    {                                                                                              \
        scratch_instruction_load(wave, instruction, ELEMENT_##element);                            \
    }

#define STORE_HANDLERS(element)                                                                    \
    static void global_store_##element(struct wave *wave, const struct instruction *instruction)   \
    {                                                                                              \
        global_store(wave, instruction, ELEMENT_##element);                                        \
    }                                                                                              \
    static void flat_store_##element(struct wave *wave, const struct instruction *instruction)     \
    {                                                                                              \
        flat_store(wave, instruction, ELEMENT_##element);                                          \
    }                                                                                              \
    static void scratch_store_##element(struct wave *wave, const struct instruction *instruction)  \
    {                                                                                              \
        scratch_instruction_store(wave, instruction, ELEMENT_##element);                           \
    }

ELEMENTS(LOAD_HANDLERS)

STORED_ELEMENTS(STORE_HANDLERS)

// The names of gfx9 and gfx10, then of gfx11.
#define LOAD(old_name, new_name, element)                                                          \
    OPCODE("global_load_" old_name, global_load_##element, GFX9_GFX10, 1, 0, ANY, ANY, ANY),       \
        OPCODE("flat_load_" old_name, flat_load_##element, GFX9_GFX10, 1, 0, ANY, ANY),            \
        OPCODE("scratch_load_" old_name, scratch_load_##element, GFX9_GFX10, 1, 0, ANY, ANY, ANY), \
        OPCODE("global_load_" new_name, global_load_##element, GFX11, 1, 0, ANY, ANY, ANY),        \
        OPCODE("flat_load_" new_name, flat_load_##element, GFX11, 1, 0, ANY, ANY),                 \
        OPCODE("scratch_load_" new_name, scratch_load_##element, GFX11, 1, 0, ANY, ANY, ANY)

#define STORE(old_name, new_name, element)                                                         \
    OPCODE("global_store_" old_name, global_store_##element, GFX9_GFX10, 0, 0, ANY, ANY, ANY),     \
        OPCODE("flat_store_" old_name, flat_store_##element, GFX9_GFX10, 0, 0, ANY, ANY),          \
        OPCODE("scratch_store_" old_name, scratch_store_##element, GFX9_GFX10, 0, 0, ANY, ANY,     \
               ANY),                                                                               \
        OPCODE("global_store_" new_name, global_store_##element, GFX11, 0, 0, ANY, ANY, ANY),      \
        OPCODE("flat_store_" new_name, flat_store_##element, GFX11, 0, 0, ANY, ANY),               \
        OPCODE("scratch_store_" new_name, scratch_store_##element, GFX11, 0, 0, ANY, ANY, ANY)

const struct opcode ISA_TABLE(global_opcodes)[] = {
    ELEMENT_LOADS(LOAD),
    ELEMENT_STORES(STORE),
    OPCODE("global_load_dword_addtid", global_load_addtid, GFX10, 1, 0, ANY, ANY),
    OPCODE("global_load_addtid_b32", global_load_addtid, GFX11, 1, 0, ANY, ANY),
    OPCODE("global_store_dword_addtid", global_store_addtid, GFX10, 0, 0, ANY, ANY),
    OPCODE("global_store_addtid_b32", global_store_addtid, GFX11, 0, 0, ANY, ANY),
    OPCODE_END,
};
