// links: wavegauge_emu_static
//
// The places of __shared__ variables are those that the compiled code has, and reports name them.
#include "collected_reports.h"
#include "code_object_bytes.h"
#include "describe_address.h"
#include "lds_variables.h"
#include "launch.h"
#include "memory.h"

static struct code_object *load(enum kernel_target target, const char *flags)
{
    struct device_code_source build = {
        .file = "lds_variables.hip", .flags = flags, .target = target};
    struct device_code image;
    struct device_code_error failure = {{0}};
    cr_assert(device_code_build(&build, &image, &failure), "%s", failure.text);
    const void *elf;
    void *owned;
    size_t size;
    char message[512];
    cr_assert(memory_initialise());
    cr_assert(bundle_select(image.data, image.size, kernel_target_processor(target), &elf, &size,
                            &owned, message, sizeof message),
              "%s", message);
    struct code_object *object = code_object_load(elf, size, message, sizeof message);
    cr_assert_not_null(object, "%s", message);
    free(owned);
    device_code_free(&image);
    return object;
}

// Runs a kernel with one work-item; what it wrote.
static enum launch_status run(struct kernel *kernel, int index, int *out)
{
    struct allocation *memory = memory_allocate(4096, 64, ALLOCATION_DEVICE);
    struct {
        uint64_t out;
        int index;
    } arguments = {memory->base, index};
    struct launch_request request = {.kernel = kernel,
                                     .grid = {1, 1, 1},
                                     .block = {1, 1, 1},
                                     .dynamic_lds = 64,
                                     .kernarg = &arguments,
                                     .kernarg_bytes = 12};
    struct launch_result result;
    launch_run(&request, &result);
    if (result.status == LAUNCH_FAULTED)
        report_fault(&request, &result.fault);
    memcpy(out, (const void *)(uintptr_t)memory->base, 64);
    memory_free(memory->base);
    return result.status;
}

// called: a variable that is there, too.
static void check_places(struct code_object *object, const char *called, const char *name,
                         const char *const *names, unsigned count)
{
    int out[16];
    struct lds_variable variables[MOST_LDS_VARIABLES];
    struct kernel *kernel = code_object_kernel(object, name);
    cr_assert_not_null(kernel, "%s", name);
    cr_assert_eq(run(kernel, 1, out), LAUNCH_OK, "%s", name);
    unsigned found = lds_variables_find(kernel, variables);
    cr_assert_eq(found, count + (called != NULL), "%s: %u", name, found);
    for (unsigned i = 0; i < count; i++) {
        unsigned k = 0;
        while (k < found && strcmp(variables[k].name, names[i]) != 0)
            k++;
        cr_assert_lt(k, found, "%s: no %s", name, names[i]);
        cr_assert_eq(variables[k].offset, (unsigned)out[i], "%s: %s is at %d, not %u", name,
                     names[i], out[i], variables[k].offset);
    }
}

#define PLACES(object, called, name, ...)                                                          \
    check_places(object, called, name, (const char *const[]){__VA_ARGS__},                         \
                 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

#define TargetTest(suite, name)                                                                    \
    static void name(enum kernel_target target);                                                   \
    Test(suite, name)                                                                              \
    {                                                                                              \
        for (int target = 0; target < KERNEL_TARGET_COUNT; target++)                               \
            name((enum kernel_target)target);                                                      \
    }                                                                                              \
    static void name(enum kernel_target target)

TargetTest(lds_variables, are_where_the_code_has_them)
{
    static const char *const levels[] = {"-O3 -g", "-O1 -g", "-O0 -g"};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        struct code_object *object = load(target, levels[i]);
        // At -O0 the function is called, and its variable is in all kernels.
        const char *called = i == 2 ? "inlined" : NULL;
        PLACES(object, called, "one", "alone");
        PLACES(object, called, "several", "bytes", "flag", "sums", "tile", "two");
        PLACES(object, called, "alike", "a", "b", "c");
        PLACES(object, called, "scattered", "after", "at_file_scope");
        PLACES(object, NULL, "with_inlined", "inlined", "outer");
        code_object_unload(object);
    }
}

TargetTest(lds_variables, are_named_in_reports)
{
    int out[16];
    struct code_object *object = load(target, "-O3 -g");
    collect_reports("memcheck");
    cr_assert_eq(run(code_object_kernel(object, "several"), 5000, out), LAUNCH_FAULTED);
    cr_assert_eq(collected.count, 1);
    cr_assert_not_null(strstr(collected.reports[0].text, "bytes after "), "%s", collected_text());
    collected.count = 0;
    cr_assert_eq(run(code_object_kernel(object, "one"), 120, out), LAUNCH_FAULTED);
    cr_assert_not_null(
        strstr(collected.reports[0].text, "16 bytes after the 64 bytes of dynamic LDS"), "%s",
        collected_text());
    code_object_unload(object);
}

TargetTest(lds_variables, are_named_with_the_byte)
{
    struct code_object *object = load(target, "-O3 -g");
    struct kernel *kernel = code_object_kernel(object, "several");
    struct lds_variable variables[MOST_LDS_VARIABLES];
    unsigned count = lds_variables_find(kernel, variables);
    struct launch_request request = {.kernel = kernel};
    for (unsigned i = 0; i < count; i++) {
        struct fault access = {
            .space = SPACE_LDS, .address = variables[i].offset + variables[i].bytes / 2, .size = 1};
        char *text = NULL, expected[128];
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        cr_assert_not_null(out);
        describe_address(out, &request, &access);
        fclose(out);
        snprintf(expected, sizeof expected, "at byte %u of __shared__ %.63s (%u bytes); at byte ",
                 variables[i].bytes / 2, variables[i].name, variables[i].bytes);
        cr_assert_not_null(strstr(text, expected), "no \"%s\" in %s", expected, text);
        free(text);
    }
    code_object_unload(object);
}

TargetTest(lds_variables, are_unknown_without_debug_information)
{
    struct lds_variable variables[MOST_LDS_VARIABLES];
    struct code_object *object = load(target, "-O3");
    cr_assert_eq(lds_variables_find(code_object_kernel(object, "one"), variables), 0);
    code_object_unload(object);
}
