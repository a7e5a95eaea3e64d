// Runs single instructions, given as the disassembler's text, on a wave whose registers and memory
// the test sets: for tests that compare with a model of their own over many addresses and masks.
// The test links wavegauge_emu_static.
//
//     struct wave_bench *bench = wave_bench_create(*target);
//     bench->wave.vgpr[...] = ...;
//     wave_set_exec(&bench->wave, mask);
//     cr_assert(wave_bench_run(bench, "ds_read_b32 v1, v2 offset:4"));
#ifndef WAVE_BENCH_H
#define WAVE_BENCH_H

#include "kernel_target.h"
#include "launch.h"
#include "lanes.h"
#include "memory.h"
#include "program.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A test for every target, which the body finds in *target.
#define WaveTest(suite, name)                                                                      \
    ParameterizedTestParameters(suite, name)                                                       \
    {                                                                                              \
        return kernel_target_parameters();                                                         \
    }                                                                                              \
    ParameterizedTest(enum kernel_target *target, suite, name)

struct criterion_test_params kernel_target_parameters(void);

#define WAVE_BENCH_LDS     8192
#define WAVE_BENCH_SCRATCH 512
#define WAVE_BENCH_GLOBAL  65536

struct wave_bench {
    enum kernel_target kind;
    const struct target *target;
    unsigned lanes;
    struct wave wave;
    struct workgroup group;
    struct launch launch;
    struct launch_request request;
    struct allocation *global; // WAVE_BENCH_GLOBAL bytes
    struct allocation *code;   // where instructions are said to be
    uint32_t vgpr[(VGPRS + 1) * 64] __attribute__((aligned(64)));
    uint8_t lds[WAVE_BENCH_LDS] __attribute__((aligned(64)));
    uint8_t scratch[WAVE_BENCH_SCRATCH * 64] __attribute__((aligned(64)));
    const char *text;
    uint16_t immediate; // the low half of the next instruction's first word; then 0 again
};

static inline struct wave_bench *wave_bench_create(enum kernel_target kind)
{
    struct wave_bench *bench = aligned_alloc(64, (sizeof *bench + 63) / 64 * 64);
    cr_assert_not_null(bench);
    memset(bench, 0, sizeof *bench);
    bench->kind = kind;
    bench->target = target_by_name(kernel_target_processor(kind));
    bench->lanes = kernel_target_wave_size(kind);
    cr_assert(memory_initialise());
    bench->global = memory_allocate(WAVE_BENCH_GLOBAL, 256, ALLOCATION_DEVICE);
    bench->code = memory_allocate(256, 256, ALLOCATION_INTERNAL);
    cr_assert(bench->global && bench->code);
    bench->request.block[0] = 1024;
    bench->request.block[1] = bench->request.block[2] = 1;
    bench->launch.request = &bench->request;
    bench->launch.program = program_create(bench->target, bench->code->begin, 256, bench->lanes);
    cr_assert_not_null(bench->launch.program);
    pthread_mutex_init(&bench->launch.fault_mutex, NULL);
    bench->group.lds = bench->lds;
    bench->group.lds_size = WAVE_BENCH_LDS;
    bench->group.launch = &bench->launch;
    bench->group.waves = &bench->wave;
    bench->group.wave_count = 1;
    bench->wave.lanes = bench->lanes;
    bench->wave.full = bench->lanes == 64 ? UINT64_MAX : UINT32_MAX;
    bench->wave.vgpr = bench->vgpr;
    bench->wave.scratch = bench->scratch;
    bench->wave.scratch_bytes = WAVE_BENCH_SCRATCH;
    bench->wave.group = &bench->group;
    bench->wave.launch = &bench->launch;
    wave_set_mode(&bench->wave, 0x3f0);
    wave_set_exec(&bench->wave, bench->wave.full);
    return bench;
}

// The wave size is a property of the code on gfx10 and later; the decoder is told it.
static inline bool wave_bench_try(struct wave_bench *bench, const char *text)
{
    struct instruction instruction;
    char reason[256] = "";
    memset(&instruction, 0, sizeof instruction);
    instruction.target_family = (uint8_t)bench->target->family;
    bench->text = text;
    cr_assert(decode_text(text, bench->target, bench->lanes, &instruction, reason, sizeof reason),
              "%s on %s: %s", text, kernel_target_name(bench->kind), reason);
    cr_assert_not_null(instruction.execute, "%s", text);
    instruction.address = bench->code->begin;
    instruction.immediate = bench->immediate;
    bench->immediate = 0;
    bench->wave.state = WAVE_RUNNING;
    bench->launch.has_fault = false;
    memset(&bench->launch.fault, 0, sizeof bench->launch.fault);
    instruction.execute(&bench->wave, &instruction);
    return bench->wave.state == WAVE_RUNNING;
}

// Must not fault.
static inline void wave_bench_run(struct wave_bench *bench, const char *text)
{
    cr_assert(wave_bench_try(bench, text),
              "%s on %s faulted: kind %d, space %d, lane %u, 0x%llx %s", text,
              kernel_target_name(bench->kind), bench->launch.fault.kind, bench->launch.fault.space,
              bench->launch.fault.lane, (unsigned long long)bench->launch.fault.address,
              bench->launch.fault.text);
}

static inline uint32_t *wave_bench_register(struct wave_bench *bench, unsigned index)
{
    return bench->vgpr + index * bench->lanes;
}

// A generator whose sequence is the same everywhere.
static inline uint32_t bench_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) ^ (uint32_t)(*state >> 13) << 16;
}

#endif
