// Undefined bits between registers and memory.
#include "checks.h"
#include "definedness_memory.h"
#include "initcheck.h"
#include "initcheck_origin.h"
#include "memory.h"

#include "isa/element.h"

#include <string.h>

// The registers that an access moves, and which halves of them.
struct registers {
    unsigned first, count;
    lane_halves halves; // of lanes: ~0 or 0
};

static struct registers registers_of(const struct wave *wave, const struct access *access)
{
    const lane_halves low = {~UINT64_C(0), 0}, high = {0, ~UINT64_C(0)};
    struct registers registers = {
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

static void define_registers(struct definedness *definedness, struct registers registers,
                             uint64_t lanes)
{
    const lane_halves written = {lanes, lanes};
    for (unsigned k = 0; k < registers.count; k++)
        definedness->vector[registers.first + k] &= ~(written & registers.halves);
}

static bool registers_defined(const struct definedness *definedness, struct registers registers,
                              uint64_t lanes)
{
    lane_halves any = {0, 0};
    for (unsigned k = 0; k < registers.count; k++)
        any |= definedness->vector[registers.first + k] & registers.halves;
    return !((any[0] | any[1]) & lanes);
}

// One lane's bytes in some memory.
struct spot {
    enum memory_space space;
    uint64_t address;
};

static uint8_t *scratch_shadow(const struct definedness *definedness, unsigned lane,
                               uint64_t address)
{
    return definedness->scratch + (address / 4 * definedness->rows.lanes + lane) * 4 + address % 4;
}

static uint32_t *scratch_origin(const struct definedness *definedness, unsigned lane,
                                uint64_t address)
{
    return definedness->scratch_origin + address / 4 * definedness->rows.lanes + lane;
}

static void get_bytes(const struct definedness *definedness, unsigned lane, struct spot spot,
                      unsigned bytes, uint8_t *undefined, uint32_t *origin)
{
    if (spot.space == SPACE_GLOBAL) {
        global_get(spot.address, bytes, undefined, origin);
        return;
    }
    *origin = 0;
    bool found = false;
    for (unsigned i = 0; i < bytes; i++) {
        uint64_t address = spot.address + i;
        bool lds = spot.space == SPACE_LDS;
        undefined[i] =
            lds ? definedness->lds[address] : *scratch_shadow(definedness, lane, address);
        if (undefined[i] && !found)
            *origin = lds ? definedness->lds_origin[address / 4]
                          : *scratch_origin(definedness, lane, address);
        found |= undefined[i] != 0;
    }
}

static void set_bytes(struct definedness *definedness, unsigned lane, struct spot spot,
                      unsigned bytes, const uint8_t *undefined, uint32_t origin)
{
    if (spot.space == SPACE_GLOBAL) {
        global_set(spot.address, bytes, undefined, origin);
        return;
    }
    for (unsigned i = 0; i < bytes; i++) {
        uint64_t address = spot.address + i;
        bool lds = spot.space == SPACE_LDS;
        *(lds ? &definedness->lds[address] : scratch_shadow(definedness, lane, address)) =
            undefined[i];
        if (undefined[i])
            *(lds ? &definedness->lds_origin[address / 4]
                  : scratch_origin(definedness, lane, address)) = origin;
    }
}

static bool any_set(const uint8_t *bytes, unsigned count)
{
    uint8_t any = 0;
    for (unsigned i = 0; i < count; i++)
        any |= bytes[i];
    return any != 0;
}

static bool all_set(const uint8_t *bytes, unsigned count)
{
    uint8_t all = 0xff;
    for (unsigned i = 0; i < count; i++)
        all &= bytes[i];
    return all == 0xff;
}

// Where the first undefined byte is.
static struct spot first_undefined(struct spot spot, const uint8_t *undefined, unsigned bytes)
{
    for (unsigned i = 0; i < bytes && !undefined[i]; i++)
        spot.address++;
    return spot;
}

static void load_lane(struct wave *wave, const struct instruction *instruction, unsigned lane,
                      struct spot spot, const struct access *access, struct registers registers)
{
    struct definedness *definedness = wave->checks->definedness;
    uint8_t undefined[16] = {0};
    uint32_t origin;
    get_bytes(definedness, lane, spot, access->bytes, undefined, &origin);
    if (!any_set(undefined, access->bytes)) {
        define_registers(definedness, registers, UINT64_C(1) << lane);
        return;
    }
    if (!(origin & ~ORIGIN_COMPUTED)) {
        spot = first_undefined(spot, undefined, access->bytes);
        origin |= origin_of_memory(wave, instruction, lane, spot.space, spot.address);
    }
    for (unsigned k = 0; k < registers.count; k++)
        definedness_prepare(definedness, registers.first + k);
    element_load(access->element, undefined, definedness_row(definedness, registers.first) + lane,
                 wave->lanes);
    for (unsigned k = 0; k < registers.count; k++) {
        definedness_origins(definedness, registers.first + k)[lane] = origin;
        definedness_refresh(definedness, registers.first + k);
    }
}

// Global memory that hosts and other groups see; the runtime's own buffers are filled with whole
// words of which a part is used.
static bool is_visible(struct spot spot)
{
    if (spot.space != SPACE_GLOBAL)
        return false;
    const struct allocation *owner = memory_owner(spot.address);
    return owner && owner->kind != ALLOCATION_INTERNAL;
}

static uint32_t stored_origin(struct wave *wave, const struct instruction *instruction,
                              unsigned lane, struct registers registers)
{
    struct definedness *definedness = wave->checks->definedness;
    uint32_t origin = 0;
    for (unsigned k = 0; k < registers.count; k++)
        if (definedness_row(definedness, registers.first + k)[lane]) {
            origin = definedness_origins(definedness, registers.first + k)[lane];
            break;
        }
    if (!(origin & ~ORIGIN_COMPUTED))
        origin |= origin_of_register(wave, instruction, lane);
    return origin;
}

static void report_store(struct wave *wave, const struct instruction *instruction, unsigned lane,
                         struct spot spot, const struct access *access, uint32_t origin)
{
    struct finding about = {.severity = FINDING_ERROR,
                            .here.write = true,
                            .has_address = true,
                            .space = SPACE_GLOBAL,
                            .address = spot.address,
                            .size = access->bytes};
    initcheck_report(wave, instruction, "undefined value stored", lane, 1, origin, &about);
}

// A lane's store of something that is not all defined. A value that has been computed, or of which
// nothing is defined, is a mistake; padding is stored as a part of wider values.
static void store_lane(struct wave *wave, const struct instruction *instruction, unsigned lane,
                       struct spot spot, const struct access *access, struct registers registers)
{
    static const uint8_t none[16];
    struct definedness *definedness = wave->checks->definedness;
    uint8_t undefined[16] = {0};
    element_store(access->element, undefined, definedness_row(definedness, registers.first) + lane,
                  wave->lanes);
    if (!any_set(undefined, access->bytes)) {
        set_bytes(definedness, lane, spot, access->bytes, none, 0);
        return;
    }
    uint32_t origin = stored_origin(wave, instruction, lane, registers);
    if (is_visible(spot) && (origin & ORIGIN_COMPUTED || all_set(undefined, access->bytes))) {
        report_store(wave, instruction, lane, spot, access, origin);
        set_bytes(definedness, lane, spot, access->bytes, none, 0);
        return;
    }
    set_bytes(definedness, lane, spot, access->bytes, undefined, origin);
}

static bool exchanges(const struct instruction *instruction)
{
    const char *name = instruction->opcode->name;
    return (strstr(name, "swap") && !strstr(name, "cmpswap")) || strstr(name, "wrxchg") ||
           strstr(name, "storexchg");
}

// The operands were looked at before; here it is what they meet in memory.
static void atomic_lane(struct wave *wave, const struct instruction *instruction, unsigned lane,
                        struct spot spot, const struct access *access)
{
    static const uint8_t none[16];
    struct definedness *definedness = wave->checks->definedness;
    uint8_t undefined[16] = {0};
    uint32_t origin;
    get_bytes(definedness, lane, spot, access->bytes, undefined, &origin);
    if (!any_set(undefined, access->bytes))
        return;
    if (!(origin & ~ORIGIN_COMPUTED)) {
        struct spot first = first_undefined(spot, undefined, access->bytes);
        origin |= origin_of_memory(wave, instruction, lane, first.space, first.address);
    }
    set_bytes(definedness, lane, spot, access->bytes, none, 0);
    if (!exchanges(instruction)) {
        struct finding about = {.severity = FINDING_ERROR,
                                .here.write = true,
                                .has_address = true,
                                .space = spot.space,
                                .address = spot.address,
                                .size = access->bytes};
        initcheck_report(wave, instruction, "atomic operation on an undefined value", lane, 1,
                         origin & ~ORIGIN_COMPUTED, &about);
    }
}

static void any_lane(struct wave *wave, const struct instruction *instruction, unsigned lane,
                     struct spot spot, const struct access *access, struct registers registers)
{
    if (access->atomic)
        atomic_lane(wave, instruction, lane, spot, access);
    else if (access->write)
        store_lane(wave, instruction, lane, spot, access, registers);
    else
        load_lane(wave, instruction, lane, spot, access, registers);
}

// The data of a store: make its rows valid.
static void prepare_data(struct wave *wave, const struct access *access, struct registers registers)
{
    for (unsigned k = 0; k < registers.count && access->write && !access->atomic; k++)
        definedness_prepare(wave->checks->definedness, registers.first + k);
}

void initcheck_row(struct wave *wave, const struct instruction *instruction, uint64_t first,
                   const struct access *access)
{
    struct definedness *definedness = wave->checks->definedness;
    struct registers registers = registers_of(wave, access);
    uint64_t bytes = (uint64_t)access->bytes * wave->lanes;
    if (access->write && registers_defined(definedness, registers, access->lanes)) {
        global_set_defined(first, bytes);
        return;
    }
    if (!access->write && global_defined(first, bytes)) {
        define_registers(definedness, registers, access->lanes);
        return;
    }
    prepare_data(wave, access, registers);
    for (unsigned lane = 0; lane < wave->lanes; lane++)
        any_lane(wave, instruction, lane,
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
    struct registers registers = registers_of(wave, access);
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
            define_registers(definedness, registers, access->lanes);
        return;
    }
    prepare_data(wave, access, registers);
    FOR_EACH_LANE(access->lanes, lane)
    any_lane(wave, instruction, lane, (struct spot){SPACE_GLOBAL, address[lane]}, access,
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
    struct registers registers = registers_of(wave, access);
    prepare_data(wave, access, registers);
    FOR_EACH_LANE(access->lanes, lane)
    any_lane(wave, instruction, lane, flat_spot(address[lane]), access, registers);
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
    struct registers registers = {.first = 0};
    bool store = access->write && !access->atomic;
    if (access->data)
        registers = registers_of(wave, access);
    if (space == SPACE_LDS && store && registers_defined(definedness, registers, access->lanes)) {
        lds_define(definedness, address, offset, access);
        return;
    }
    if (space == SPACE_LDS && !store && lds_defined(definedness, address, offset, access)) {
        if (!access->atomic)
            define_registers(definedness, registers, access->lanes);
        return;
    }
    prepare_data(wave, access, registers);
    FOR_EACH_LANE(access->lanes, lane)
    any_lane(wave, instruction, lane, (struct spot){space, (uint64_t)address[lane] + offset},
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
    struct registers registers = registers_of(wave, access);
    uint32_t *shadow = (uint32_t *)(void *)definedness->scratch + (size_t)base / 4 * wave->lanes;
    if (!access->write && !row_undefined(shadow, wave->lanes, registers.count)) {
        define_registers(definedness, registers, access->lanes);
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
    prepare_data(wave, access, registers);
    FOR_EACH_LANE(access->lanes, lane)
    any_lane(wave, instruction, lane, (struct spot){SPACE_SCRATCH, base}, access, registers);
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
