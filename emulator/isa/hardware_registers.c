// Hardware registers, MODE above all, and clocks: s_getreg, s_setreg, s_round_mode, s_memtime and
// their like.
#include "isa_tables.h"
#include "launch.h"
#include "scalar_operands.h"

#include <time.h>

// Numbers in hwreg().
enum hardware_register {
    HW_MODE = 1,
    HW_STATUS = 2,
    HW_TRAPSTS = 3,
    HW_ID_GFX9 = 4,
    HW_GPR_ALLOC = 5,
    HW_LDS_ALLOC = 6,
    HW_IB_STS = 7,
    HW_SH_MEM_BASES = 15,
    HW_FLAT_SCR_LO = 20,
    HW_FLAT_SCR_HI = 21,
    HW_XNACK_MASK = 22,
    HW_ID1 = 23,
    HW_ID2 = 24,
    HW_SHADER_CYCLES = 29,
};

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

// The constant clock counts at 100 MHz on all targets.
static uint64_t constant_clock(void)
{
    return nanoseconds() / 10;
}

static uint32_t status_register(const struct wave *wave)
{
    enum { EXECZ = 9, VCCZ = 10, IN_GROUP = 11, VALID = 16 };
    bool vccz = wave_read_mask(wave, VCC_LO) == 0;
    return wave->scc | (uint32_t)(wave->exec == 0) << EXECZ | (uint32_t)vccz << VCCZ |
           1u << IN_GROUP | 1u << VALID;
}

// Where the wave runs: made up from its workgroup's slot and its place in the group.
static uint32_t hardware_id_gfx9(const struct wave *wave)
{
    uint32_t simd = wave->index & 3, place = wave->index >> 2 & 15;
    uint32_t unit = wave->group->slot & 15, engine = wave->group->slot >> 4 & 7;
    return place | simd << 4 | unit << 8 | engine << 13;
}

static uint32_t hardware_id1(const struct wave *wave)
{
    uint32_t simd = wave->index & 3, place = wave->index >> 2 & 31;
    uint32_t processor = wave->group->slot & 15, engine = wave->group->slot >> 4 & 7;
    return place | simd << 8 | processor << 10 | engine << 18;
}

static uint32_t hardware_id2(const struct wave *wave)
{
    enum { COMPUTE_ENGINE = 1 };
    return COMPUTE_ENGINE << 8 | (wave->group->slot & 31) << 16;
}

// Sizes in the granules that the hardware allocates, less one.
static uint32_t register_allocation(const struct wave *wave)
{
    uint32_t vgprs = wave->launch->kernel->vgprs, sgprs = wave->launch->kernel->sgprs;
    return ((vgprs + 7) / 8 & 63) << 8 | ((sgprs + 15) / 16 & 15) << 24;
}

static uint32_t lds_allocation(const struct wave *wave)
{
    return ((wave->group->lds_size + 511) / 512 & 511) << 12;
}

// False: not known on this target.
static bool read_register(const struct wave *wave, const struct instruction *instruction,
                          unsigned id, uint32_t *value)
{
    bool gfx9 = instruction->target_family == GFX9;
    *value = 0;
    switch (id) {
    case HW_MODE:
        *value = wave->mode;
        return true;
    case HW_STATUS:
        *value = status_register(wave);
        return true;
    case HW_TRAPSTS: // no exception has ever been raised
    case HW_IB_STS:  // nothing is outstanding
        return true;
    case HW_ID_GFX9:
        *value = hardware_id_gfx9(wave);
        return gfx9;
    case HW_GPR_ALLOC:
        *value = register_allocation(wave);
        return true;
    case HW_LDS_ALLOC:
        *value = lds_allocation(wave);
        return true;
    case HW_SH_MEM_BASES:
        *value = (uint32_t)(PRIVATE_APERTURE >> 48 | SHARED_APERTURE >> 48 << 16);
        return true;
    case HW_FLAT_SCR_LO:
        *value = wave->sgpr[FLAT_SCRATCH_LO];
        return !gfx9;
    case HW_FLAT_SCR_HI:
        *value = wave->sgpr[FLAT_SCRATCH_HI];
        return !gfx9;
    case HW_XNACK_MASK:
        *value = wave->sgpr[XNACK_LO];
        return instruction->target_family == GFX10;
    case HW_ID1:
        *value = hardware_id1(wave);
        return !gfx9;
    case HW_ID2:
        *value = hardware_id2(wave);
        return !gfx9;
    case HW_SHADER_CYCLES:
        // 20 bits wrap around soon: a tick is about an instruction of ours, so that it takes 17 ms.
        *value = (uint32_t)(nanoseconds() / 16) & 0xfffff;
        return !gfx9;
    default:
        return false;
    }
}

// False: not known on this target, or not to be written by a kernel.
static bool write_register(struct wave *wave, const struct instruction *instruction, unsigned id,
                           uint32_t value)
{
    bool gfx9 = instruction->target_family == GFX9;
    switch (id) {
    case HW_MODE:
        wave_set_mode(wave, value);
        return true;
    case HW_TRAPSTS: // clearing is all that can be done when nothing is ever raised
        return value == 0;
    case HW_FLAT_SCR_LO:
        wave->sgpr[FLAT_SCRATCH_LO] = value;
        return !gfx9;
    case HW_FLAT_SCR_HI:
        wave->sgpr[FLAT_SCRATCH_HI] = value;
        return !gfx9;
    case HW_XNACK_MASK:
        wave->sgpr[XNACK_LO] = value;
        return instruction->target_family == GFX10;
    default:
        return false;
    }
}

// The operand hwreg(id, offset, size) is the instruction's 16-bit constant.
struct register_field {
    unsigned id, offset;
    uint32_t mask; // before the shift by offset
};

static struct register_field register_field(const struct instruction *instruction)
{
    unsigned size = (instruction->immediate >> 11) + 1u;
    return (struct register_field){
        .id = instruction->immediate & 63,
        .offset = instruction->immediate >> 6 & 31,
        .mask = size > 31 ? UINT32_MAX : (1u << size) - 1,
    };
}

static void s_getreg_b32(struct wave *wave, const struct instruction *instruction)
{
    struct register_field field = register_field(instruction);
    uint32_t value;
    if (read_register(wave, instruction, field.id, &value))
        scalar_result32(wave, instruction, value >> field.offset & field.mask);
    else
        wave_fault(wave, instruction, FAULT_UNSUPPORTED, -1,
                   "reading hardware register %u is not emulated", field.id);
}

static void set_field(struct wave *wave, const struct instruction *instruction, uint32_t value)
{
    struct register_field field = register_field(instruction);
    uint32_t old, mask = field.mask << field.offset;
    if (!read_register(wave, instruction, field.id, &old) ||
        !write_register(wave, instruction, field.id,
                        (old & ~mask) | (value << field.offset & mask)))
        wave_fault(wave, instruction, FAULT_UNSUPPORTED, -1,
                   "writing 0x%x to hardware register %u is not emulated", value, field.id);
}

static void s_setreg(struct wave *wave, const struct instruction *instruction)
{
    set_field(wave, instruction, scalar_source32(wave, instruction, 1));
}

static void s_round_mode(struct wave *wave, const struct instruction *instruction)
{
    wave_set_mode(wave, (wave->mode & ~0xfu) | (instruction->immediate & 0xf));
}

static void s_denorm_mode(struct wave *wave, const struct instruction *instruction)
{
    wave_set_mode(wave, (wave->mode & ~0xf0u) | (instruction->immediate & 0xfu) << 4);
}

static void s_memtime(struct wave *wave, const struct instruction *instruction)
{
    scalar_result64(wave, instruction, nanoseconds());
}

static void s_memrealtime(struct wave *wave, const struct instruction *instruction)
{
    scalar_result64(wave, instruction, constant_clock());
}

// Messages that answer. The operand sits where SOP1 has its source.
enum returning_message { MESSAGE_GET_REALTIME = 0x83 };

static void s_sendmsg_rtn(struct wave *wave, const struct instruction *instruction)
{
    unsigned message = instruction->immediate & 0xff;
    if (message != MESSAGE_GET_REALTIME)
        wave_fault(wave, instruction, FAULT_UNSUPPORTED, -1, "message %u is not emulated", message);
    else if (instruction->destination[0].type == B32)
        scalar_result32(wave, instruction, (uint32_t)constant_clock());
    else
        scalar_result64(wave, instruction, constant_clock());
}

const struct opcode ISA_TABLE(hardware_register_opcodes)[] = {
    OPCODE("s_getreg_b32", s_getreg_b32, ALL_TARGETS, 1, 0, B32, ANY),
    OPCODE("s_setreg_b32", s_setreg, ALL_TARGETS, 0, 0, ANY, B32),
    OPCODE("s_setreg_imm32_b32", s_setreg, ALL_TARGETS, 0, 0, ANY, B32),
    OPCODE("s_round_mode", s_round_mode, GFX10_UP, 0, 0, NONE),
    OPCODE("s_denorm_mode", s_denorm_mode, GFX10_UP, 0, 0, NONE),
    OPCODE("s_memtime", s_memtime, GFX9 | GFX10, 1, 0, B64),
    OPCODE("s_memrealtime", s_memrealtime, GFX9 | GFX10, 1, 0, B64),
    OPCODE("s_sendmsg_rtn_b32", s_sendmsg_rtn, GFX11, 1, 0, B32, ANY),
    OPCODE("s_sendmsg_rtn_b64", s_sendmsg_rtn, GFX11, 1, 0, B64, ANY),
    OPCODE_END,
};
