// links: device_code
//
// The support library itself: what it builds, what it finds again, what it says when it cannot.
#include "support_file.h"
#include "kernel_fixture.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char add_one[] =
    "#include <hip/hip_runtime.h>\n"
    "extern \"C\" __global__ void add_one(float *x) { x[threadIdx.x] += 1; }\n";

// The low byte of e_flags names the processor (EF_AMDGPU_MACH in LLVM's AMDGPUUsage).
static unsigned machine_flag(enum kernel_target target)
{
    static const unsigned flags[KERNEL_TARGET_COUNT] = {0x36, 0x36, 0x41, 0x3f};
    return flags[target];
}

static void check_code_object(const unsigned char *data, size_t size, enum kernel_target target)
{
    Elf64_Ehdr header;
    cr_assert_geq(size, sizeof header);
    memcpy(&header, data, sizeof header);
    cr_assert_eq(memcmp(header.e_ident, ELFMAG, SELFMAG), 0);
    cr_assert_eq(header.e_flags & 0xff, machine_flag(target), "e_flags 0x%x", header.e_flags);
}

ParameterizedTestParameters(device_code, builds_hip_for)
{
    return kernel_target_parameters();
}

ParameterizedTest(enum kernel_target *target, device_code, builds_hip_for)
{
    struct device_code_source build = {.text = add_one, .flags = "-O1", .target = *target};
    struct device_code image;
    struct device_code_error error = {{0}};
    cr_assert(device_code_build(&build, &image, &error), "%s", error.text);
    cr_assert_eq(memcmp(image.data, "__CLANG_OFFLOAD_BUNDLE__", 24), 0);
    // hipcc aligns each entry of the bundle to a page; the first, for the host, is empty.
    cr_assert_gt(image.size, 4096);
    check_code_object((const unsigned char *)image.data + 4096, image.size - 4096, *target);
    device_code_free(&image);
}

ParameterizedTestParameters(device_code, assembles_for)
{
    return kernel_target_parameters();
}

ParameterizedTest(enum kernel_target *target, device_code, assembles_for)
{
    char *text = kernel_assembly(*target, "nothing", "pil", "s_endpgm");
    struct device_code image = kernel_fixture_assemble(text, *target, NULL);
    check_code_object(image.data, image.size, *target);
    device_code_free(&image);
    free(text);
}

Test(device_code, names_the_error_in_the_source)
{
    struct device_code_source build = {.text = "#error planted by the test\n"};
    struct device_code image;
    struct device_code_error error = {{0}};
    cr_assert_not(device_code_build(&build, &image, &error));
    cr_assert_not_null(strstr(error.text, "kernel.hip:1:2: error: planted by the test"), "%s",
                       error.text);
    cr_assert_null(image.data);
}

Test(device_code, names_a_missing_file)
{
    struct device_code_source build = {.file = "not_there.hip"};
    struct device_code image;
    struct device_code_error error = {{0}};
    cr_assert_not(device_code_build(&build, &image, &error));
    cr_assert_not_null(strstr(error.text, "not_there.hip"), "%s", error.text);
}

static int entries_in(const char *folder)
{
    DIR *stream = opendir(folder);
    cr_assert_not_null(stream, "%s", folder);
    int count = 0;
    for (const struct dirent *entry = readdir(stream); entry; entry = readdir(stream))
        count += entry->d_name[0] != '.';
    closedir(stream);
    return count;
}

static void build_assembly(const char *text, const char *flags)
{
    struct device_code image = kernel_fixture_assemble(text, KERNEL_TARGET_GFX1030, flags);
    device_code_free(&image);
}

Test(device_code, keeps_one_entry_for_each_build)
{
    char folder[] = "/tmp/wavegauge-test-XXXXXX";
    cr_assert_not_null(mkdtemp(folder));
    setenv("WAVEGAUGE_TEST_KERNEL_CACHE", folder, 1);
    build_assembly("s_nop 0\n", NULL);
    cr_assert_eq(entries_in(folder), 1);
    build_assembly("s_nop 0\n", NULL);
    cr_assert_eq(entries_in(folder), 1, "the same build again must be found");
    build_assembly("s_nop 1\n", NULL);
    cr_assert_eq(entries_in(folder), 2, "another source is another entry");
    build_assembly("s_nop 1\n", "-g");
    cr_assert_eq(entries_in(folder), 3, "other flags are another entry");

    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}
