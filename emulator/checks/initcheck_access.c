// Undefined bits between registers and memory: the hooks of the accesses.
#include "checks.h"
#include "definedness_memory.h"
#include "initcheck.h"
#include "initcheck_lane.h"
#include "initcheck_origin.h"
#include "memory.h"

#include <string.h>

static struct access_registers registers_of(const struct wave *wave, const struct access *access)
{
    const lane_halves low = {~UINT64_C(0), 0}, high = {0, ~UINT64_C(0)};
    struct access_registers registers = {
        .first = (unsigned)(access->data - wave->vgpr) / wave->lanes,
        .count = access->atomic ? access->bytes / 4 : element_registers(access->element),
        .halves = low | high,
    };
    if (access->atomic)
        return registers;
    switch (access->element) {
    case ELEMENT_U8_LOW:
    case ELEMENT_I8_LOW:
    case ELEMENT_B16_LOW:
        registers.halves = low;
        break;
    case ELEMENT_U8_HIGH:
    case ELEMENT_I8_HIGH:
    case ELEMENT_B16_HIGH:
        registers.halves = high;
        break;
    case ELEMENT_U8:
    case ELEMENT_I8:
    case ELEMENT_U16:
    case ELEMENT_I16:
        if (access->write)
            registers.halves = low;
        break;
    default:
        break;
    }
    return registers;
}

void initcheck_row(struct wave *wave, const struct instruction *instruction, uint64_t first,
                   const struct access *access)
{
    struct definedness *definedness = wave->checks->definedness;
    struct access_registers registers = registers_of(wave, access);
    uint64_t bytes = (uint64_t)access->bytes * wave->lanes;
    if (access->write && registers_defined(definedness, registers, access->lanes)) {
        global_set_defined(first, bytes);
        return;
    }
    if (!access->write && global_defined(first, bytes)) {
        registers_define(definedness, registers, access->lanes);
        return;
    }
    initcheck_prepare(wave, access, registers);
    for (unsigned lane = 0; lane < wave->lanes; lane++)
        initcheck_lane(wave, instruction, lane,
                       (struct spot){SPACE_GLOBAL, first + (uint64_t)lane * access->bytes}, access,
                       registers);
}

static bool lanes_defined(const uint64_t *address, const struct access *access)
{
    uint64_t lowest = UINT64_MAX, highest = 0;
    FOR_EACH_LANE(access->lanes, lane)
    {
        lowest = address[lane] < lowest ? address[lane] : lowest;
        highest = address[lane] > highest ? address[lane] : highest;
    }
    const struct allocation *owner = memory_owner(lowest);
    uint64_t bytes = highest - lowest + access->bytes;
    if (owner && (owner->always_defined || owner->all_defined || bytes <= 4096) &&
        highest < owner->end && global_defined(lowest, bytes))
        return true;
    FOR_EACH_LANE(access->lanes, lane)
    if (!global_defined(address[lane], access->bytes))
        return false;
    return true;
}

void initcheck_global(struct wave *wave, const struct instruction *instruction,
                      const uint64_t *address, const struct access *access)
{
    struct definedness *definedness = wave->checks->definedness;
    struct access_registers registers = registers_of(wave, access);
    if (!access->lanes)
        return;
    if (access->write && !access->atomic &&
        registers_defined(definedness, registers, access->lanes)) {
        FOR_EACH_LANE(access->lanes, lane)
        global_set_defined(address[lane], access->bytes);
        return;
    }
    if ((!access->write || access->atomic) && lanes_defined(address, access)) {
        if (!access->atomic)
            registers_define(definedness, registers, access->lanes);
        return;
    }
    initcheck_prepare(wave, access, registers);
    FOR_EACH_LANE(access->lanes, lane)
    initcheck_lane(wave, instruction, lane, (struct spot){SPACE_GLOBAL, address[lane]}, access,
                   registers);
}

static struct spot flat_spot(uint64_t address)
{
    uint64_t aperture = address & ~(uint64_t)APERTURE_MASK;
    if (aperture == SHARED_APERTURE)
        return (struct spot){SPACE_LDS, address & APERTURE_MASK};
    if (aperture == PRIVATE_APERTURE)
        return (struct spot){SPACE_SCRATCH, address & APERTURE_MASK};
    return (struct spot){SPACE_GLOBAL, address};
}

void initcheck_flat(struct wave *wave, const struct instruction *instruction,
                    const uint64_t *address, const struct access *access)
{
    struct access_registers registers = registers_of(wave, access);
    initcheck_prepare(wave, access, registers);
    FOR_EACH_LANE(access->lanes, lane)
    initcheck_lane(wave, instruction, lane, flat_spot(address[lane]), access, registers);
}

// Is what the lanes read of LDS defined?
static bool lds_defined(const struct definedness *definedness, const uint32_t *address,
                        uint32_t offset, const struct access *access)
{
    const uint8_t *lds = definedness->lds + offset;
    uint64_t any = 0;
    FOR_EACH_LANE(access->lanes, lane)
    {
        uint64_t bits[2] = {0, 0};
        switch (access->bytes) {
        case 4:
            any |= read32(lds + address[lane]);
            break;
        case 8:
            memcpy(bits, lds + address[lane], 8);
            break;
        case 16:
            memcpy(bits, lds + address[lane], 16);
            break;
        default:
            memcpy(bits, lds + address[lane], access->bytes);
        }
        any |= bits[0] | bits[1];
    }
    return !any;
}

static void lds_define(struct definedness *definedness, const uint32_t *address, uint32_t offset,
                       const struct access *access)
{
    uint8_t *lds = definedness->lds + offset;
    FOR_EACH_LANE(access->lanes, lane)
    {
        switch (access->bytes) {
        case 4:
            memset(lds + address[lane], 0, 4);
            break;
        case 8:
            memset(lds + address[lane], 0, 8);
            break;
        case 16:
            memset(lds + address[lane], 0, 16);
            break;
        default:
            memset(lds + address[lane], 0, access->bytes);
        }
    }
}

void initcheck_bounded(struct wave *wave, const struct instruction *instruction,
                       enum memory_space space, const uint32_t *address, uint32_t offset,
                       const struct access *access)
{
    struct definedness *definedness = wave->checks->definedness;
    struct access_registers registers = {.first = 0};
    bool store = access->write && !access->atomic;
    if (access->data)
        registers = registers_of(wave, access);
    if (space == SPACE_LDS && store && registers_defined(definedness, registers, access->lanes)) {
        lds_define(definedness, address, offset, access);
        return;
    }
    if (space == SPACE_LDS && !store && lds_defined(definedness, address, offset, access)) {
        if (!access->atomic)
            registers_define(definedness, registers, access->lanes);
        return;
    }
    initcheck_prepare(wave, access, registers);
    FOR_EACH_LANE(access->lanes, lane)
    initcheck_lane(wave, instruction, lane, (struct spot){space, (uint64_t)address[lane] + offset},
                   access, registers);
}

// Whole registers of lanes that lie like registers in scratch: 0 where all bits are defined.
static uint32_t row_undefined(const uint32_t *row, unsigned lanes, unsigned rows)
{
    uint32_t any = 0;
    for (size_t i = 0; i < (size_t)lanes * rows; i++)
        any |= row[i];
    return any;
}

void initcheck_scratch_row(struct wave *wave, const struct instruction *instruction, uint32_t base,
                           const struct access *access)
{
    struct definedness *definedness = wave->checks->definedness;
    struct access_registers registers = registers_of(wave, access);
    uint32_t *shadow = (uint32_t *)(void *)definedness->scratch + (size_t)base / 4 * wave->lanes;
    if (access->write)
        scratch_note_store(definedness, (uint64_t)base + 4 * registers.count);
    if (!access->write && !row_undefined(shadow, wave->lanes, registers.count)) {
        registers_define(definedness, registers, access->lanes);
        return;
    }
    if (access->write && registers_defined(definedness, registers, access->lanes)) {
        if (wave->exec_is_full)
            memset(shadow, 0, (size_t)registers.count * wave->lanes * 4);
        else
            for (unsigned k = 0; k < registers.count; k++)
                FOR_EACH_LANE(access->lanes, lane)
        shadow[k * wave->lanes + lane] = 0;
        return;
    }
    initcheck_prepare(wave, access, registers);
    FOR_EACH_LANE(access->lanes, lane)
    initcheck_lane(wave, instruction, lane, (struct spot){SPACE_SCRATCH, base}, access, registers);
}

void initcheck_scalar(struct wave *wave, const struct instruction *instruction, uint64_t address,
                      uint32_t bytes, unsigned destination)
{
    struct definedness *definedness = wave->checks->definedness;
    unsigned registers = instruction->destination[0].registers;
    unsigned last = instruction->destination[0].index + (registers ? registers : 1);
    bool whole = global_defined(address, bytes);
    for (unsigned slot = destination; slot < last && slot < SCALAR_REGISTERS; slot++) {
        uint32_t undefined = 0, origin = 0, offset = 4 * (slot - destination);
        if (slot == NULL_REGISTER || slot == EXEC_LO || slot == EXEC_HI)
            continue;
        if (offset >= bytes)
            undefined = UINT32_MAX; // behind the end of the allocation
        else if (!whole)
            global_get(address + offset, bytes - offset < 4 ? bytes - offset : 4,
                       (uint8_t *)&undefined, &origin);
        if (undefined && !(origin & ~ORIGIN_COMPUTED))
            origin |= origin_of_memory(wave, instruction, 0, SPACE_GLOBAL, address + offset);
        definedness->scalar[slot] = undefined;
        definedness->scalar_origin[slot] = origin;
        if (instruction->opcode->name[2] == 'b')
            break; // s_buffer_load comes once for each register
    }
}
