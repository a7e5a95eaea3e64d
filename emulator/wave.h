// The state of one wave, its workgroup and its launch.
#ifndef WAVEGAUGE_WAVE_H
#define WAVEGAUGE_WAVE_H

#include "instruction.h"

#include <stdatomic.h>

enum wave_state {
    WAVE_RUNNING,
    WAVE_YIELDED,    // s_sleep and the like: let others run, then go on
    WAVE_AT_BARRIER, // parked until every wave that has not ended is there
    WAVE_ENDED,
    WAVE_FAULTED,
};

#define VGPRS            512   // 256 VGPRs and, from 256 on, 256 AGPRs
#define VGPR_SPARE       VGPRS // one more register for the dual-issue decoder
#define SHARED_APERTURE  (UINT64_C(1) << 48)
#define PRIVATE_APERTURE (UINT64_C(2) << 48)
#define APERTURE_MASK    0xffffffffu
// Base of the swizzled scratch that is handed out in V# and FLAT_SCRATCH; no memory is there: an
// access that comes to it goes to the wave's own scratch.
#define SCRATCH_WINDOW (UINT64_C(3) << 44)

// MODE register bits.
#define MODE_ROUND_F32(mode)  ((mode)&3)
#define MODE_ROUND_F64(mode)  ((mode) >> 2 & 3)
#define MODE_DENORM_F32(mode) ((mode) >> 4 & 3)
#define MODE_DENORM_F64(mode) ((mode) >> 6 & 3)
#define MODE_DX10_CLAMP       (1u << 8)
#define MODE_IEEE             (1u << 9)
#define MODE_FP16_OVFL        (1u << 23)

struct wave {
    const struct instruction *next; // what runs next; NULL: look next_address up
    uint64_t next_address;
    uint32_t state; // enum wave_state
    uint32_t lanes; // 32 or 64
    uint32_t scc;
    uint32_t mode;        // MODE register
    bool mode_is_default; // round to nearest, denormals kept: handlers run as they are
    bool exec_is_full;    // every lane of the wave is active
    bool lane_mask_valid;
    uint64_t exec; // active lanes; only through wave_write_sgpr or wave_set_exec
    uint64_t full; // all lanes
    uint32_t sgpr[SCALAR_REGISTERS];
    uint32_t *vgpr;         // [VGPRS + 1][lanes]
    uint8_t *scratch;       // see scratch_bytes
    uint32_t scratch_bytes; // per lane; byte a of a lane is at (a / 4 * lanes + lane) * 4 + a % 4
    uint32_t index;         // within the workgroup
    uint32_t status_priv;   // trap id and the like
    uint64_t instructions;  // executed
    struct workgroup *group;
    struct launch *launch;
    struct wave_checks *checks;                          // NULL: none
    const struct instruction *barrier;                   // where it is parked
    uint32_t lane_mask[64] __attribute__((aligned(64))); // ~0 for an active lane; see lane_mask()
};

struct workgroup {
    uint32_t id[3];
    uint32_t wave_count;
    uint32_t lds_size; // bytes that may be touched
    uint8_t *lds;
    struct wave *waves;
    uint32_t *workitem_ids; // [wave_count][3][lanes]: what v0, v1 and v2 of each wave start with
    struct launch *launch;
    struct group_checks *checks; // NULL: none
    uint32_t slot;               // hardware slot, for HW_ID
    uint32_t budget;             // instructions of its next turn
};

// Set by the instruction before it returns; the interpreter stops the launch.
enum fault_kind {
    FAULT_OUT_OF_BOUNDS,
    FAULT_MISALIGNED,
    FAULT_USE_AFTER_FREE,
    FAULT_READ_ONLY,
    FAULT_UNSUPPORTED, // instruction, register or message that the emulator does not know
    FAULT_ILLEGAL,     // bytes that are no instruction, a branch out of the code
    FAULT_TRAP,        // s_trap: assert, __builtin_trap
    FAULT_TIMEOUT,
    FAULT_BARRIER, // deadlock
};

enum memory_space { SPACE_GLOBAL, SPACE_LDS, SPACE_SCRATCH, SPACE_SCALAR, SPACE_CODE };

// Stop this wave and the launch. lane < 0: the first active lane. text: what is wrong, in printf
// form, without kernel, place and thread, which the report adds.
void wave_fault(struct wave *wave, const struct instruction *instruction, enum fault_kind kind,
                int lane, const char *text, ...) __attribute__((format(printf, 5, 6), cold));

// The same for an access: says which space, address and size, and where the nearest allocation is.
void wave_access_fault(struct wave *wave, const struct instruction *instruction,
                       enum fault_kind kind, enum memory_space space, bool write, int lane,
                       uint64_t address, uint32_t size) __attribute__((cold));

// Scalar registers. Writes to EXEC keep the cached forms right; index is checked by the decoder.
void wave_set_exec(struct wave *wave, uint64_t exec);

static inline void wave_write_sgpr(struct wave *wave, unsigned index, uint32_t value)
{
    if (__builtin_expect(index - NULL_REGISTER < 3, 0)) {
        if (index == EXEC_LO)
            wave_set_exec(wave, (uint64_t)wave->sgpr[EXEC_HI] << 32 | value);
        else if (index == EXEC_HI)
            wave_set_exec(wave, (uint64_t)value << 32 | wave->sgpr[EXEC_LO]);
        return;
    }
    wave->sgpr[index] = value;
}

static inline uint64_t wave_read_sgpr64(const struct wave *wave, unsigned index)
{
    if (index == NULL_REGISTER)
        return 0;
    return (uint64_t)wave->sgpr[index + 1] << 32 | wave->sgpr[index];
}

static inline void wave_write_sgpr64(struct wave *wave, unsigned index, uint64_t value)
{
    if (index == EXEC_LO) {
        wave_set_exec(wave, value);
        return;
    }
    if (index == NULL_REGISTER)
        return;
    wave_write_sgpr(wave, index, (uint32_t)value);
    wave_write_sgpr(wave, index + 1, (uint32_t)(value >> 32));
}

// One bit per lane: an SGPR in wave32, a pair in wave64.
static inline uint64_t wave_read_mask(const struct wave *wave, unsigned index)
{
    return wave->lanes == 32 ? wave->sgpr[index] : wave_read_sgpr64(wave, index);
}

static inline void wave_write_mask(struct wave *wave, unsigned index, uint64_t mask)
{
    if (wave->lanes == 32)
        wave_write_sgpr(wave, index, (uint32_t)mask);
    else
        wave_write_sgpr64(wave, index, mask);
}

// Called for s_sendmsg(MSG_INTERRUPT), when set: a wave has rung the doorbell of the hostcall
// buffer.
extern void (*wave_interrupt_hook)(struct wave *wave);

// Change MODE; keeps mode_is_default right.
void wave_set_mode(struct wave *wave, uint32_t mode);

#endif
