#include "interpreter.h"
#include "checks/checks.h"
#include "launch.h"
#include "program.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

// Look up where execution goes on, and let the instruction that led there remember it.
static const struct instruction *look_up(struct wave *wave, const struct instruction *from)
{
    const struct instruction *found = program_at(wave->launch->program, wave->next_address);
    if (!found) {
        wave_fault(wave, from, FAULT_ILLEGAL, -1,
                   "execution goes on at 0x%llx, which is outside the code object's code",
                   (unsigned long long)wave->next_address);
        return NULL;
    }
    if (from && from->opcode && from->opcode->flags & BRANCH) {
        struct instruction *branch = (struct instruction *)from;
        uint64_t target = from->address + 4 + (uint64_t)((int64_t)(int16_t)from->immediate * 4);
        if (target == wave->next_address)
            __atomic_store_n(&branch->target, found, __ATOMIC_RELEASE);
    }
    return found;
}

static const struct instruction *fall_through(struct wave *wave, const struct instruction *from)
{
    const struct instruction *found = program_at(wave->launch->program, from->address + from->size);
    if (found)
        __atomic_store_n(&((struct instruction *)from)->next, found, __ATOMIC_RELEASE);
    else
        wave->next_address = from->address + from->size;
    return found;
}

// Run one instruction under the wave's rounding and denormal modes, which the host's are set to
// meanwhile.
static void execute_in_mode(struct wave *wave, const struct instruction *instruction)
{
#ifdef __SSE2__
    static const unsigned host_rounding[] = {0, 2, 1, 3}; // MODE: nearest, +inf, -inf, zero
    unsigned flags = instruction->opcode ? instruction->opcode->flags : 0;
    if (flags & (ROUND_F32 | ROUND_F64)) {
        bool f32 = flags & ROUND_F32;
        unsigned round = f32 ? MODE_ROUND_F32(wave->mode) : MODE_ROUND_F64(wave->mode);
        unsigned denormals = f32 ? MODE_DENORM_F32(wave->mode) : MODE_DENORM_F64(wave->mode);
        unsigned saved = _mm_getcsr();
        _mm_setcsr((saved & ~0xe040u) | host_rounding[round] << 13 | (denormals & 2 ? 0 : 0x8000u) |
                   (denormals & 1 ? 0 : 0x40u));
        instruction->execute(wave, instruction);
        _mm_setcsr(saved);
        return;
    }
#endif
    instruction->execute(wave, instruction);
}

unsigned wave_run(struct wave *wave, unsigned budget)
{
    const struct instruction *instruction = wave->next, *previous = NULL;
    unsigned executed = 0;
    while (executed < budget) {
        if (UNLIKELY(!instruction)) {
            instruction = look_up(wave, previous);
            if (!instruction)
                return executed;
        }
        const struct instruction *next = __atomic_load_n(&instruction->next, __ATOMIC_ACQUIRE);
        wave->next = next ? next : fall_through(wave, instruction);
        if (UNLIKELY(wave->checks != NULL))
            checks_before(wave, instruction);
        if (UNLIKELY(!wave->mode_is_default))
            execute_in_mode(wave, instruction);
        else
            instruction->execute(wave, instruction);
        executed++;
        if (UNLIKELY(wave->state != WAVE_RUNNING))
            break;
        previous = instruction;
        instruction = wave->next;
    }
    return executed;
}
