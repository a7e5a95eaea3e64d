// Recording the first fault of a launch.
#include "launch.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static uint32_t fault_lane(const struct wave *wave, int lane)
{
    if (lane >= 0)
        return (uint32_t)lane;
    return wave->exec ? (uint32_t)__builtin_ctzll(wave->exec) : 0;
}

static void fill_place(struct fault *fault, const struct wave *wave,
                       const struct instruction *instruction, int lane)
{
    const uint32_t *block = wave->launch->request->block;
    fault->lane = fault_lane(wave, lane);
    fault->wave = wave->index;
    uint32_t thread = wave->index * wave->lanes + fault->lane;
    fault->thread[0] = thread % block[0];
    fault->thread[1] = thread / block[0] % block[1];
    fault->thread[2] = thread / block[0] / block[1];
    memcpy(fault->block, wave->group->id, sizeof fault->block);
    fault->pc = instruction ? instruction->address : wave->next_address;
    if (instruction)
        program_text(wave->launch->program, instruction, fault->instruction,
                     sizeof fault->instruction);
}

static void record(struct wave *wave, const struct instruction *instruction, int lane,
                   struct fault *fault)
{
    struct launch *launch = wave->launch;
    wave->state = WAVE_FAULTED;
    pthread_mutex_lock(&launch->fault_mutex);
    if (!launch->has_fault) {
        fill_place(fault, wave, instruction, lane);
        launch->fault = *fault;
        launch->has_fault = true;
    }
    pthread_mutex_unlock(&launch->fault_mutex);
    atomic_store(&launch->stop, true);
}

void wave_fault(struct wave *wave, const struct instruction *instruction, enum fault_kind kind,
                int lane, const char *text, ...)
{
    struct fault fault = {.kind = kind};
    va_list arguments;
    va_start(arguments, text);
    vsnprintf(fault.text, sizeof fault.text, text, arguments);
    va_end(arguments);
    record(wave, instruction, lane, &fault);
}

void wave_access_fault(struct wave *wave, const struct instruction *instruction,
                       enum fault_kind kind, enum memory_space space, bool write, int lane,
                       uint64_t address, uint32_t size)
{
    struct fault fault = {
        .kind = kind,
        .is_access = true,
        .space = space,
        .write = write,
        .address = address,
        .size = size,
    };
    record(wave, instruction, lane, &fault);
}
