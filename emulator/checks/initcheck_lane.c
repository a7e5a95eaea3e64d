#include "initcheck_lane.h"

#include "checks.h"
#include "definedness_memory.h"
#include "initcheck.h"
#include "initcheck_origin.h"
#include "memory.h"

#include <string.h>

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
    if (spot.space == SPACE_SCRATCH)
        scratch_note_store(definedness, spot.address + bytes);
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
                      struct spot spot, const struct access *access,
                      struct access_registers registers)
{
    struct definedness *definedness = wave->checks->definedness;
    uint8_t undefined[16] = {0};
    uint32_t origin;
    get_bytes(definedness, lane, spot, access->bytes, undefined, &origin);
    if (!any_set(undefined, access->bytes)) {
        registers_define(definedness, registers, UINT64_C(1) << lane);
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
                              unsigned lane, struct access_registers registers)
{
    struct definedness *definedness = wave->checks->definedness;
    uint32_t origin = 0;
    unsigned k = 0;
    while (k + 1 < registers.count && !definedness_row(definedness, registers.first + k)[lane])
        k++;
    if (definedness_row(definedness, registers.first + k)[lane])
        origin = definedness_origins(definedness, registers.first + k)[lane];
    if (!(origin & ~ORIGIN_COMPUTED))
        origin |= origin_of_register(wave, instruction, lane,
                                     origin_vector_register(wave, registers.first + k));
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
                       struct spot spot, const struct access *access,
                       struct access_registers registers)
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

void initcheck_lane(struct wave *wave, const struct instruction *instruction, unsigned lane,
                    struct spot spot, const struct access *access,
                    struct access_registers registers)
{
    if (access->atomic)
        atomic_lane(wave, instruction, lane, spot, access);
    else if (access->write)
        store_lane(wave, instruction, lane, spot, access, registers);
    else
        load_lane(wave, instruction, lane, spot, access, registers);
}

void initcheck_prepare(struct wave *wave, const struct access *access,
                       struct access_registers registers)
{
    for (unsigned k = 0; k < registers.count && access->write && !access->atomic; k++)
        definedness_prepare(wave->checks->definedness, registers.first + k);
}
