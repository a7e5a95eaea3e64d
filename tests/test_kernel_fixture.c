// The way from a source to its results: build, load, launch, copy back, for every target.
#include "kernel_fixture.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void check_add_one(enum kernel_target target, const char *flags)
{
    enum { SIZE = 200 };
    float values[SIZE];
    for (int i = 0; i < SIZE; i++)
        values[i] = 0.5f * (float)i;
    int count = SIZE - 7; // the last wave is partial, and the last elements are nobody's
    kernel_run(&(struct kernel_call){
        .target = target,
        .file = "add_one.hip",
        .flags = flags,
        .function = "add_one",
        .grid = {4},
        .block = {50},
        .arguments = {KERNEL_ARRAY(values), KERNEL_VALUE(count)},
    });
    for (int i = 0; i < SIZE; i++)
        cr_assert_eq(values[i], 0.5f * (float)i + (i < count ? 1.0f : 0.0f), "%s: element %d is %g",
                     flags, i, (double)values[i]);
}

KernelTest(kernel_fixture, add_one_at_every_optimisation)
{
    static const char *const levels[] = {"-O0", "-O1", "-O2", "-O3", "-O0 -g", "-O3 -g"};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        check_add_one(*target, levels[i]);
}

KernelTest(kernel_fixture, assembly)
{
    uint32_t values[96];
    for (unsigned i = 0; i < 96; i++)
        values[i] = 7;
    char *text = kernel_assembly(*target, "numbers", "p",
                                 "s_load_dwordx2 s[4:5], s[0:1], 0x0\n"
                                 "v_lshlrev_b32 v1, 2, v0\n"
                                 "v_add_nc_u32 v2, 100, v0\n"
                                 "s_waitcnt lgkmcnt(0)\n"
                                 "global_store_dword v1, v2, s[4:5]\n"
                                 "s_endpgm\n");
    if (*target == KERNEL_TARGET_GFX90A) { // has another name for the addition
        char *add = strstr(text, "v_add_nc_u32");
        memcpy(add, "v_add_u32   ", 12);
    }
    kernel_run(&(struct kernel_call){
        .target = *target,
        .language = KERNEL_ASSEMBLY,
        .text = text,
        .function = "numbers",
        .block = {90},
        .arguments = {KERNEL_ARRAY(values)},
    });
    free(text);
    for (unsigned i = 0; i < 96; i++)
        cr_assert_eq(values[i], i < 90 ? 100 + i : 7, "element %u is %u", i, values[i]);
}
