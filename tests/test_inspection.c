// links: wavegauge_emu_static
//
// Code objects looked into without running them.
#include "kernel_fixture.h"
#include "wavegauge_inspect.h"

#include <stdlib.h>
#include <string.h>

static const char source[] =
    "#include <hip/hip_runtime.h>\n"
    "extern \"C\" __global__ __launch_bounds__(128) void tile(float *out, const float *in)\n"
    "{\n"
    "    __shared__ float lds[384];\n"
    "    lds[threadIdx.x] = in[threadIdx.x];\n"
    "    __syncthreads();\n"
    "    out[threadIdx.x] = __builtin_sqrtf(lds[127 - threadIdx.x]);\n"
    "}\n"
    "extern \"C\" __global__ void nothing()\n"
    "{\n"
    "}\n";

struct listing {
    unsigned count, kinds[WAVEGAUGE_KIND_COUNT];
    uint64_t bytes, next;
    bool ends; // with s_endpgm
    int lds_lines[2];
};

static void take(const struct wavegauge_instruction *instruction, void *user)
{
    struct listing *listing = user;
    if (listing->count > 0)
        cr_expect_eq(instruction->address, listing->next);
    listing->next = instruction->address + instruction->bytes;
    listing->bytes += instruction->bytes;
    listing->count++;
    listing->kinds[instruction->kind]++;
    listing->ends = strncmp(instruction->text, "s_endpgm", 8) == 0;
    if (instruction->kind == WAVEGAUGE_KIND_LDS && instruction->source_count > 0)
        listing->lds_lines[strstr(instruction->text, "read") || strstr(instruction->text, "load")] =
            instruction->sources[instruction->source_count - 1].line;
}

static const char *arch_of(enum kernel_target target)
{
    return target == KERNEL_TARGET_GFX90A    ? "gfx90a"
           : target == KERNEL_TARGET_GFX1100 ? "gfx1100"
                                             : "gfx1030";
}

KernelTest(inspection, facts_and_instructions, .timeout = 300)
{
    char message[1024] = "";
    struct device_code code = kernel_fixture_build(
        &(struct kernel_call){.target = *target, .text = source, .flags = "-O3 -g"});
    struct wavegauge_inspection *inspection =
        wavegaugeInspect(code.data, code.size, arch_of(*target), message, sizeof message);
    cr_assert_not_null(inspection, "%s", message);
    cr_assert_eq(wavegaugeInspectKernelCount(inspection), 2);
    for (size_t i = 0; i < 2; i++) {
        struct wavegauge_kernel kernel;
        struct listing listing = {0};
        wavegaugeInspectKernel(inspection, i, &kernel);
        cr_assert_eq(wavegaugeInspectInstructions(inspection, i, take, &listing), 0);
        cr_expect_eq(kernel.code_bytes, listing.bytes);
        cr_expect(listing.ends);
        if (strcmp(kernel.name, "nothing") == 0) {
            cr_expect_eq(listing.count, 1);
            continue;
        }
        cr_expect_str_eq(kernel.name, "tile");
        cr_expect_eq(kernel.lds_bytes, 1536);
        cr_expect_eq(kernel.max_threads, 128);
        cr_expect_gt(kernel.vgprs, 0);
        cr_expect_gt(kernel.sgprs, 0);
        cr_expect_eq(listing.kinds[WAVEGAUGE_KIND_LOAD], 1);
        cr_expect_eq(listing.kinds[WAVEGAUGE_KIND_STORE], 1);
        cr_expect_eq(listing.kinds[WAVEGAUGE_KIND_LDS], 2);
        cr_expect_eq(listing.kinds[WAVEGAUGE_KIND_BARRIER], 1);
        cr_expect_eq(listing.kinds[WAVEGAUGE_KIND_TRANSCENDENTAL], 1);
        cr_expect_eq(listing.lds_lines[0], 5);
        cr_expect_eq(listing.lds_lines[1], 7);
    }
    wavegaugeInspectEnd(inspection);
    device_code_free(&code);
}

// Every byte of a code object changed, one at a time, and every shorter file.
Test(inspection, hostile_code_objects, .timeout = 300)
{
    char message[1024] = "";
    struct device_code code = kernel_fixture_build(
        &(struct kernel_call){.target = KERNEL_TARGET_GFX1030, .text = source, .flags = "-O3 -g"});
    unsigned char *copy = malloc(code.size);
    cr_assert_not_null(copy);
    for (size_t i = 0; i < code.size; i += 7) {
        memcpy(copy, code.data, code.size);
        copy[i] ^= (unsigned char)(1u << i % 8);
        size_t size = i % 3 == 0 ? code.size : code.size - i;
        struct wavegauge_inspection *inspection =
            wavegaugeInspect(copy, size, "gfx1030", message, sizeof message);
        if (inspection == NULL)
            continue;
        for (size_t k = 0; k < wavegaugeInspectKernelCount(inspection); k++) {
            struct listing listing = {0};
            struct wavegauge_occupancy occupancy;
            wavegaugeInspectOccupancy(inspection, k, 256, 0, &occupancy);
            wavegaugeInspectInstructions(inspection, k, take, &listing);
        }
        wavegaugeInspectEnd(inspection);
    }
    free(copy);
    cr_expect_null(wavegaugeInspect("no code object, but long enough", 31, "gfx1030", message,
                                    sizeof message));
    cr_expect_null(wavegaugeInspect(code.data, code.size, "gfx90a", message, sizeof message));
    cr_expect_not_null(strstr(message, "gfx1030"), "%s", message);
    device_code_free(&code);
}
