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
    struct access access = element_access(wave, element, false);
    if (!global_check(wave, instruction, address, &access))
        return;
    uint32_t *target = operand_row(wave, &instruction->destination[0]);
    switch (element) {
#define LOAD_CASE(element)                                                                         \
    case element:                                                                                  \
        load_anywhere(wave, element, address, target);                                             \
        break;
        EACH_ELEMENT(LOAD_CASE)
    }
}

NEVER_INLINE void global_store_lanes(struct wave *wave, const struct instruction *instruction,
                                     enum element element, const uint64_t *address,
                                     const uint32_t *source)
{
    struct access access = element_access(wave, element, true);
    if (!global_check(wave, instruction, address, &access))
        return;
    switch (element) {
#define STORE_CASE(element)                                                                        \
    case element:                                                                                  \
        store_anywhere(wave, element, address, source);                                            \
        break;
        EACH_ELEMENT(STORE_CASE)
    }
}

// May all lanes of a row that begins at first be accessed?
ALWAYS_INLINE bool row_is_good(const struct wave *wave, enum element element, uint64_t first,
                               bool write)
{
    return first % (element_bytes(element) < 4 ? 1 : 4) == 0 &&
           memory_accessible(first, element_bytes(element) * wave->lanes, write);
}

ALWAYS_INLINE void global_load(struct wave *wave, const struct instruction *instruction,
                               enum element element)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    struct global_operands operands =
        global_operands(wave, instruction, &instruction->source[0], only_source(instruction, 1));
    uint64_t first;
    if (LIKELY(global_is_row(wave, &operands, element_bytes(element), &first) &&
               row_is_good(wave, element, first, false))) {
        element_load_row(element, device_pointer(first),
                         operand_row(wave, &instruction->destination[0]), wave->lanes);
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
               row_is_good(wave, element, first, true))) {
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
    uint64_t first;
    if (LIKELY(global_is_row(wave, &operands, element_bytes(element), &first) &&
               row_is_good(wave, element, first, false))) {
        element_load_row(element, device_pointer(first),
                         operand_row(wave, &instruction->destination[0]), wave->lanes);
        return;
    }
    uint64_t address[64];
    global_addresses(wave, &operands, address);
    if (!touches_aperture(wave, address)) {
        global_load_lanes(wave, instruction, element, address);
        return;
    }
    struct access access = element_access(wave, element, false);
    if (!access_check_flat(wave, instruction, address, &access))
        return;
    uint32_t *target = operand_row(wave, &instruction->destination[0]);
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
               row_is_good(wave, element, first, true))) {
        element_store_row(element, device_pointer(first), source, wave->lanes);
        return;
    }
    uint64_t address[64];
    global_addresses(wave, &operands, address);
    if (!touches_aperture(wave, address)) {
        global_store_lanes(wave, instruction, element, address, source);
        return;
    }
    struct access access = element_access(wave, element, true);
    if (!access_check_flat(wave, instruction, address, &access))
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
                                           struct scratch_place place, bool write)
{
    struct access access = element_access(wave, element, write);
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
    struct access access = scratch_access(wave, element, place, false);
    scratch_load(wave, instruction, element, place, &access,
                 operand_row(wave, &instruction->destination[0]));
}

ALWAYS_INLINE void scratch_instruction_store(struct wave *wave,
                                             const struct instruction *instruction,
                                             enum element element)
{
    if (UNLIKELY(!wave->exec) || unsupported_modifier(wave, instruction))
        return;
    struct scratch_place place =
        scratch_operands(wave, instruction, &instruction->source[0], only_source(instruction, 2));
    struct access access = scratch_access(wave, element, place, true);
    scratch_store(wave, instruction, element, place, &access,
                  operand_row(wave, &instruction->source[1]));
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
#define ELEMENTS(X)                                                                                \
    X(U8)                                                                                          \
    X(I8)                                                                                          \
    X(U16)                                                                                         \
    X(I16)                                                                                         \
    X(U8_LOW)                                                                                      \
    X(U8_HIGH)                                                                                     \
    X(I8_LOW)                                                                                      \
    X(I8_HIGH)                                                                                     \
    X(B16_LOW)                                                                                     \
    X(B16_HIGH)                                                                                    \
    X(B32)                                                                                         \
    X(B64)                                                                                         \
    X(B96)                                                                                         \
    X(B128)

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

#define STORE_ELEMENTS(X)                                                                          \
    X(U8)                                                                                          \
    X(U8_HIGH)                                                                                     \
    X(U16)                                                                                         \
    X(B16_HIGH)                                                                                    \
    X(B32)                                                                                         \
    X(B64)                                                                                         \
    X(B96)                                                                                         \
    X(B128)

STORE_ELEMENTS(STORE_HANDLERS)

#define GFX9_GFX10 (GFX9 | GFX10)

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
    LOAD("ubyte", "u8", U8),
    LOAD("sbyte", "i8", I8),
    LOAD("ushort", "u16", U16),
    LOAD("sshort", "i16", I16),
    LOAD("ubyte_d16", "d16_u8", U8_LOW),
    LOAD("ubyte_d16_hi", "d16_hi_u8", U8_HIGH),
    LOAD("sbyte_d16", "d16_i8", I8_LOW),
    LOAD("sbyte_d16_hi", "d16_hi_i8", I8_HIGH),
    LOAD("short_d16", "d16_b16", B16_LOW),
    LOAD("short_d16_hi", "d16_hi_b16", B16_HIGH),
    LOAD("dword", "b32", B32),
    LOAD("dwordx2", "b64", B64),
    LOAD("dwordx3", "b96", B96),
    LOAD("dwordx4", "b128", B128),
    STORE("byte", "b8", U8),
    STORE("byte_d16_hi", "d16_hi_b8", U8_HIGH),
    STORE("short", "b16", U16),
    STORE("short_d16_hi", "d16_hi_b16", B16_HIGH),
    STORE("dword", "b32", B32),
    STORE("dwordx2", "b64", B64),
    STORE("dwordx3", "b96", B96),
    STORE("dwordx4", "b128", B128),
    OPCODE("global_load_dword_addtid", global_load_addtid, GFX10, 1, 0, ANY, ANY),
    OPCODE("global_load_addtid_b32", global_load_addtid, GFX11, 1, 0, ANY, ANY),
    OPCODE("global_store_dword_addtid", global_store_addtid, GFX10, 0, 0, ANY, ANY),
    OPCODE("global_store_addtid_b32", global_store_addtid, GFX11, 0, 0, ANY, ANY),
    OPCODE_END,
};
