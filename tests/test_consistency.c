// The same programs as device code, at several levels of optimisation, and as plain C: every bit of
// the answers must agree. The programs are tests/kernels/consistency_*.
#include "support/kernel_fixture.h"

#include "tests/kernels/consistency_integer.hip"
#include "tests/kernels/consistency_control.hip"
#include "tests/kernels/consistency_memory.hip"
#include "tests/kernels/consistency_float.hip"
#include "tests/kernels/consistency_fast.hip"
#include "tests/kernels/consistency_flush.hip"

#include <stdio.h>
#include <string.h>

#define WORK_ITEMS 200 // not a multiple of a wave
#define BLOCK      80  // the last wave of a block is partial, and the last block

struct consistency_case {
    const char *name;
    void (*run)(const uint32_t *in, uint32_t *out);
};

#define TABLE_ENTRY(name) {#name, name##_case},
static const struct consistency_case integer_cases[] = {CONSISTENCY_INTEGER(TABLE_ENTRY)};
static const struct consistency_case control_cases[] = {CONSISTENCY_CONTROL(TABLE_ENTRY)};
static const struct consistency_case memory_cases[] = {CONSISTENCY_MEMORY(TABLE_ENTRY)};
static const struct consistency_case float_cases[] = {CONSISTENCY_FLOAT(TABLE_ENTRY)};
static const struct consistency_case fast_cases[] = {CONSISTENCY_FAST(TABLE_ENTRY)};
static const struct consistency_case flush_cases[] = {CONSISTENCY_FLUSH(TABLE_ENTRY)};

#define COUNT(array) (sizeof(array) / sizeof *(array))

// Words on which arithmetic has edges, as integers of each width and as floating-point numbers.
static const uint32_t edge_words[] = {
    0x00000000, 0x00000001, 0xffffffff, 0x7fffffff, 0x80000000, 0x80000001, 0x0000ffff, 0x00010000,
    0x00007fff, 0x00008000, 0x80008000, 0x7fff7fff, 0x0000007f, 0x00000080, 0x80808080, 0x00ffffff,
    0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0x00800000, 0x007fffff,
    0x7f7fffff, 0x33800000, 0x4b000000, 0x4f000000, 0x3c003c00, 0x7bff7c00, 0x04000001, 0x7ff00000};

static uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 32);
}

static void fill_input(uint32_t *in)
{
    uint64_t state = 20;
    for (int i = 0; i < WORK_ITEMS * CASE_INPUTS; i++) {
        uint32_t word = next_random(&state), kind = next_random(&state) >> 29;
        if (kind == 0)
            word = edge_words[word % COUNT(edge_words)];
        else if (kind == 1)
            word >>= next_random(&state) >> 27;
        in[i] = word;
    }
}

static bool same_word(uint32_t got, uint32_t expected)
{
    return got == expected;
}

// Floats: some operations of single precision on numbers up to 8 in size, each good to a few units
// in the last place.
static bool close_float(uint32_t got, uint32_t expected)
{
    float a = float_of(got), b = float_of(expected);
    return fabsf(a - b) <= 1e-5f * fmaxf(1, fabsf(b));
}

// Counts the words that differ and describes the first of them.
static unsigned compare(const struct consistency_case *the_case, const uint32_t *in,
                        const uint32_t *out, bool (*agree)(uint32_t got, uint32_t expected))
{
    unsigned wrong = 0;
    for (int i = 0; i < WORK_ITEMS; i++) {
        uint32_t expected[CASE_OUTPUTS] = {0};
        the_case->run(in + i * CASE_INPUTS, expected);
        for (int word = 0; word < CASE_OUTPUTS; word++) {
            uint32_t got = out[i * CASE_OUTPUTS + word];
            if (!agree(got, expected[word]) && wrong++ == 0)
                fprintf(stderr, "%s: work-item %d, out[%d] is 0x%08x, must be 0x%08x\n",
                        the_case->name, i, word, got, expected[word]);
        }
    }
    return wrong;
}

static void check(const char *file, const char *flags, enum kernel_target target,
                  const struct consistency_case *cases, size_t count,
                  bool (*agree)(uint32_t got, uint32_t expected))
{
    static uint32_t in[WORK_ITEMS * CASE_INPUTS], out[WORK_ITEMS * CASE_OUTPUTS];
    fill_input(in);
    hipModule_t module =
        kernel_load(&(struct kernel_call){.target = target, .file = file, .flags = flags});
    void *device_in, *device_out;
    HIP_OK(hipMalloc(&device_in, sizeof in));
    HIP_OK(hipMalloc(&device_out, sizeof out));
    HIP_OK(hipMemcpy(device_in, in, sizeof in, hipMemcpyHostToDevice));
    uint32_t work_items = WORK_ITEMS;
    unsigned wrong_cases = 0;
    for (size_t i = 0; i < count; i++) {
        hipFunction_t function;
        HIP_OK(hipModuleGetFunction(&function, module, cases[i].name));
        HIP_OK(hipMemset(device_out, 0, sizeof out));
        void *arguments[] = {&device_in, &device_out, &work_items};
        hipError_t launched = hipModuleLaunchKernel(function, (WORK_ITEMS + BLOCK - 1) / BLOCK, 1,
                                                    1, BLOCK, 1, 1, 0, NULL, arguments, NULL);
        if (launched == hipSuccess)
            launched = hipDeviceSynchronize();
        if (launched != hipSuccess) {
            fprintf(stderr, "%s: %s\n", cases[i].name, hipGetErrorString(launched));
            wrong_cases++;
            continue;
        }
        HIP_OK(hipMemcpy(out, device_out, sizeof out, hipMemcpyDeviceToHost));
        wrong_cases += compare(&cases[i], in, out, agree) != 0;
    }
    cr_assert_eq(wrong_cases, 0, "%s %s for %s: %u of %zu cases", file, flags,
                 kernel_target_name(target), wrong_cases, count);
}

#define CHECK(file, flags, cases) check(file, flags, *target, cases, COUNT(cases), same_word)

KernelTest(consistency, integer_not_optimised)
{
    CHECK("consistency_integer.hip", "-O0 -g", integer_cases);
}

KernelTest(consistency, integer_optimised)
{
    CHECK("consistency_integer.hip", "-O3", integer_cases);
}

KernelTest(consistency, control_not_optimised)
{
    CHECK("consistency_control.hip", "-O0 -g", control_cases);
}

KernelTest(consistency, control_a_little_optimised)
{
    CHECK("consistency_control.hip", "-O1", control_cases);
}

KernelTest(consistency, control_optimised_for_debugging)
{
    CHECK("consistency_control.hip", "-O2 -g", control_cases);
}

KernelTest(consistency, control_optimised)
{
    CHECK("consistency_control.hip", "-O3", control_cases);
}

KernelTest(consistency, memory_not_optimised)
{
    CHECK("consistency_memory.hip", "-O0 -g", memory_cases);
}

KernelTest(consistency, memory_optimised)
{
    CHECK("consistency_memory.hip", "-O3", memory_cases);
}

KernelTest(consistency, float_not_optimised)
{
    CHECK("consistency_float.hip", "-O0 -g -ffp-contract=off", float_cases);
}

KernelTest(consistency, float_optimised)
{
    CHECK("consistency_float.hip", "-O3 -ffp-contract=off", float_cases);
}

KernelTest(consistency, float_flushing_denormals)
{
    CHECK("consistency_flush.hip", "-O3 -ffp-contract=off -fgpu-flush-denormals-to-zero",
          flush_cases);
}

KernelTest(consistency, float_contracted)
{
    check("consistency_fast.hip", "-O3", *target, fast_cases, COUNT(fast_cases), close_float);
}

KernelTest(consistency, float_fast)
{
    check("consistency_fast.hip", "-O3 -ffast-math", *target, fast_cases, COUNT(fast_cases),
          close_float);
}
