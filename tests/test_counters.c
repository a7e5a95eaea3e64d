// links: wavegauge_emu_static
//
// What instructions did, counted: accesses whose cache lines, LDS conflicts and lanes one can work
// out by hand, on every target.
#include "kernel_fixture.h"
#include "wavegauge_emu.h"
#include "wavegauge_inspect.h"

#include <stdio.h>
#include <string.h>

static const char source[] =
    "#include <hip/hip_runtime.h>\n"
    "extern \"C\" __global__ void strided(const int *in, int *out, int stride, int first)\n"
    "{\n"
    "    out[threadIdx.x] = in[first + threadIdx.x * stride];\n"
    "}\n"
    "extern \"C\" __global__ void banks(int *out, int stride)\n"
    "{\n"
    "    __shared__ int lds[64 * 33];\n"
    "    lds[threadIdx.x * stride] = threadIdx.x;\n"
    "    __syncthreads();\n"
    "    out[threadIdx.x] = lds[(threadIdx.x ^ 1) * stride];\n"
    "}\n"
    "extern \"C\" __global__ void pairs(double *out, int stride)\n"
    "{\n"
    "    __shared__ double lds[64 * 33];\n"
    "    lds[threadIdx.x * stride] = threadIdx.x;\n"
    "    __syncthreads();\n"
    "    out[threadIdx.x] = lds[(threadIdx.x ^ 1) * stride];\n"
    "}\n"
    // The compiler leaves volatile accesses to FLAT instructions.
    "extern \"C\" __global__ void flat(int *out, int stride)\n"
    "{\n"
    "    __shared__ volatile int lds[64 * 33];\n"
    "    lds[threadIdx.x * stride] = threadIdx.x;\n"
    "    __syncthreads();\n"
    "    out[threadIdx.x] = lds[(threadIdx.x ^ 1) * stride];\n"
    "}\n"
    "extern \"C\" __global__ void half(int *out)\n"
    "{\n"
    "    if (threadIdx.x & 1)\n"
    "        out[threadIdx.x] = 1;\n"
    "}\n"
    "extern \"C\" __global__ void bump(int *out, int stride)\n"
    "{\n"
    "    __shared__ int lds[64 * 2];\n"
    "    lds[threadIdx.x] = 0;\n"
    "    lds[threadIdx.x + 64] = 0;\n"
    "    __syncthreads();\n"
    "    atomicAdd(&lds[threadIdx.x * stride], 1);\n"
    "    __syncthreads();\n"
    "    out[threadIdx.x] = lds[threadIdx.x];\n"
    "}\n";

// Sums by kind; of stores to global memory, their source line too.
struct seen {
    struct wavegauge_counters kinds[WAVEGAUGE_KIND_COUNT];
    int store_line;
    char store_function[64];
    unsigned calls;
    uint64_t last_address;
    bool in_order;
    struct wavegauge_counters lds_atomic;
};

static struct seen seen;

static void add(struct wavegauge_counters *sum, const struct wavegauge_counters *counts)
{
    uint64_t *to = (uint64_t *)sum;
    const uint64_t *from = (const uint64_t *)counts;
    for (size_t i = 0; i < sizeof *sum / sizeof *to; i++)
        to[i] += from[i];
}

static void take(const struct wavegauge_instruction *instruction,
                 const struct wavegauge_counters *counters, void *user)
{
    struct seen *into = user;
    cr_assert_lt(instruction->kind, WAVEGAUGE_KIND_COUNT);
    add(&into->kinds[instruction->kind], counters);
    if (strstr(instruction->text, "ds_add"))
        add(&into->lds_atomic, counters);
    into->in_order =
        into->calls == 0 || (into->in_order && instruction->address > into->last_address);
    into->last_address = instruction->address;
    into->calls++;
    if (instruction->kind == WAVEGAUGE_KIND_STORE && instruction->source_count > 0) {
        into->store_line = instruction->sources[0].line;
        snprintf(into->store_function, sizeof into->store_function, "%s",
                 instruction->sources[0].function);
    }
}

static void run(const struct kernel_call *call)
{
    memset(&seen, 0, sizeof seen);
    wavegaugeSetChecks("none");
    wavegaugeSetCounterHandler(take, &seen);
    kernel_run(call);
    wavegaugeSetCounterHandler(NULL, NULL);
    cr_assert(seen.in_order, "instructions come in order of addresses");
}

static unsigned line_bytes(enum kernel_target target)
{
    return target == KERNEL_TARGET_GFX90A ? 64 : 128;
}

static const struct wavegauge_counters *load_strided(enum kernel_target target, int stride,
                                                     int first)
{
    static int in[64 * 64 + 64], out[64];
    run(&(struct kernel_call){
        .target = target,
        .text = source,
        .flags = "-O3 -g",
        .function = "strided",
        .block = {64},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_VALUE(stride),
                      KERNEL_VALUE(first)},
    });
    return &seen.kinds[WAVEGAUGE_KIND_LOAD];
}

// The lines that 64 lanes touch which are `stride` dwords apart: both halves of 32 begin on a line
// of their own, so that the wave's size makes no difference.
KernelTest(counters, cache_lines_of_strided_loads, .timeout = 300)
{
    static const int strides[] = {1, 2, 16, 32, 64};
    for (size_t i = 0; i < sizeof strides / sizeof *strides; i++) {
        unsigned line = line_bytes(*target), apart = 4 * (unsigned)strides[i];
        uint64_t lines = apart >= line ? 64 : 64 * apart / line;
        const struct wavegauge_counters *load = load_strided(*target, strides[i], 0);
        cr_expect_eq(load->bytes, 256, "%llu", (unsigned long long)load->bytes);
        cr_expect_eq(load->lines, lines, "stride %d: %llu lines, not %llu", strides[i],
                     (unsigned long long)load->lines, (unsigned long long)lines);
        cr_expect_eq(load->active_lanes, 64);
        cr_expect_eq(load->lanes, 64);
    }
}

KernelTest(counters, cache_lines_of_shifted_and_equal_addresses, .timeout = 300)
{
    unsigned waves = *target == KERNEL_TARGET_GFX1030 || *target == KERNEL_TARGET_GFX1100 ? 2 : 1;
    // One dword further: each wave needs one line more.
    uint64_t lines = load_strided(*target, 1, 1)->lines;
    cr_expect_eq(lines, 256 / line_bytes(*target) + waves, "%llu", (unsigned long long)lines);
    // One address: one line, and the bytes that all lanes ask for.
    const struct wavegauge_counters *load = load_strided(*target, 0, 5);
    cr_expect_eq(load->lines, waves);
    cr_expect_eq(load->bytes, 256);
    cr_expect_eq(load->executed, waves);
    // Where it stands.
    cr_expect_eq(seen.store_line, 4);
    cr_expect_str_eq(seen.store_function, "strided");
}

static const struct wavegauge_counters *use_banks(enum kernel_target target, const char *function,
                                                  int stride)
{
    static double out[64];
    run(&(struct kernel_call){
        .target = target,
        .text = source,
        .flags = "-O3 -g",
        .function = function,
        .block = {64},
        .arguments = {KERNEL_ARRAY(out), KERNEL_VALUE(stride)},
    });
    return &seen.kinds[WAVEGAUGE_KIND_LDS];
}

// A store and a load, 32 lanes at a time: stride s uses 32 / gcd(s, 32) banks.
KernelTest(counters, bank_conflicts_of_strides, .timeout = 300)
{
    static const struct {
        int stride;
        uint64_t passes; // of 32 lanes
    } rows[] = {{0, 1}, {1, 1}, {2, 2}, {3, 1}, {4, 4}, {16, 16}, {32, 32}, {33, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct wavegauge_counters *lds = use_banks(*target, "banks", rows[i].stride);
        cr_expect_eq(lds->lds_bytes, 2 * 256);
        cr_expect_eq(lds->lds_passes, 4 * rows[i].passes, "stride %d: %llu", rows[i].stride,
                     (unsigned long long)lds->lds_passes);
        cr_expect_eq(lds->lds_conflicts, 4 * (rows[i].passes - 1), "stride %d: %llu",
                     rows[i].stride, (unsigned long long)lds->lds_conflicts);
        cr_expect_eq(lds->lines, 0);
    }
}

// Eight bytes: 16 lanes at a time. Stride s (of 8 bytes) takes them to 16 / gcd(s, 16) pairs of
// banks.
KernelTest(counters, bank_conflicts_of_wide_accesses, .timeout = 300)
{
    static const struct {
        int stride;
        uint64_t passes; // of 16 lanes
    } rows[] = {{1, 1}, {2, 2}, {8, 8}, {16, 16}, {17, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct wavegauge_counters *lds = use_banks(*target, "pairs", rows[i].stride);
        cr_expect_eq(lds->lds_bytes, 2 * 512);
        cr_expect_eq(lds->lds_passes, 8 * rows[i].passes, "stride %d: %llu", rows[i].stride,
                     (unsigned long long)lds->lds_passes);
        cr_expect_eq(lds->lds_conflicts, 8 * (rows[i].passes - 1));
    }
}

// The counts are those of the memory that the addresses lead to.
KernelTest(counters, flat_accesses_of_lds, .timeout = 300)
{
    use_banks(*target, "flat", 2);
    const struct wavegauge_counters *load = &seen.kinds[WAVEGAUGE_KIND_LOAD];
    cr_expect_eq(load->lds_bytes, 256);
    cr_expect_eq(load->lds_passes, 4);
    cr_expect_eq(load->bytes, 0);
    cr_expect_eq(load->lines, 0);
}

// All lanes add to one dword: a load would be served once, an atomic is not.
KernelTest(counters, atomics_on_one_dword_each_take_a_pass, .timeout = 300)
{
    use_banks(*target, "bump", 1);
    cr_expect_eq(seen.lds_atomic.lds_passes, 2);
    use_banks(*target, "bump", 2);
    cr_expect_eq(seen.lds_atomic.lds_passes, 4);
    use_banks(*target, "bump", 0);
    cr_expect_eq(seen.lds_atomic.lds_passes, 64);
}

KernelTest(counters, half_of_the_lanes_are_off, .timeout = 300)
{
    static int out[64];
    run(&(struct kernel_call){.target = *target,
                              .text = source,
                              .flags = "-O3 -g",
                              .function = "half",
                              .grid = {3},
                              .block = {64},
                              .arguments = {KERNEL_ARRAY(out)}});
    const struct wavegauge_counters *store = &seen.kinds[WAVEGAUGE_KIND_STORE];
    cr_expect_eq(store->active_lanes, 3 * 32);
    cr_expect_eq(store->lanes, 3 * 64);
    cr_expect_eq(store->bytes, 3 * 32 * 4);
    cr_expect_eq(store->lines, 3 * 256 / line_bytes(*target));
    cr_expect_eq(seen.kinds[WAVEGAUGE_KIND_BRANCH].executed > 0, true);
}

// Nothing is told when nobody asks, and the number of instructions is that of the emulator.
KernelTest(counters, sum_and_silence, .timeout = 300)
{
    uint64_t before = wavegaugeInstructionCount(), executed = 0;
    load_strided(*target, 1, 0);
    for (size_t i = 0; i < WAVEGAUGE_KIND_COUNT; i++)
        executed += seen.kinds[i].executed;
    cr_expect_eq(executed, wavegaugeInstructionCount() - before);
    cr_expect_gt(seen.kinds[WAVEGAUGE_KIND_SCALAR_LOAD].scalar_bytes, 0);
    unsigned calls = seen.calls;
    int stride = 1, first = 0, in[64] = {0}, out[64];
    kernel_run(&(struct kernel_call){
        .target = *target,
        .text = source,
        .flags = "-O3 -g",
        .function = "strided",
        .block = {64},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_VALUE(stride),
                      KERNEL_VALUE(first)},
    });
    cr_expect_eq(seen.calls, calls);
}
