// initcheck on compiled kernels: each planted mistake is one report, on the line that is wrong, and
// correct kernels that look like it have none.
#include "kernel_fixture.h"
#include "support_file.h"
#include "wavegauge_emu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 64
#define BYTES   4096

static struct {
    int reports;
    char check[32], kind[64], text[4096];
} seen;

static void remember(const struct wavegauge_report *report, void *user)
{
    (void)user;
    if (getenv("SHOW"))
        fputs(report->text, stderr);
    if (seen.reports++)
        return;
    snprintf(seen.check, sizeof seen.check, "%s", report->check);
    snprintf(seen.kind, sizeof seen.kind, "%s", report->kind);
    snprintf(seen.text, sizeof seen.text, "%s", report->text);
}

// The number of the line of a kernel file that ends in this comment.
static int line_of(const char *file, const char *comment)
{
    char path[1024], wanted[128];
    snprintf(path, sizeof path, "%.*s/kernels/%s", (int)(strrchr(__FILE__, '/') - __FILE__),
             __FILE__, file);
    snprintf(wanted, sizeof wanted, " // %s\n", comment);
    void *text;
    size_t size;
    cr_assert(support_read_file(path, &text, &size), "%s", path);
    const char *found = strstr(text, wanted);
    cr_assert_not_null(found, "no %s in %s", comment, path);
    int line = 1;
    for (const char *at = text; at < found; at++)
        line += *at == '\n';
    free(text);
    return line;
}

struct buffers {
    void *undefined; // that nothing has written
    void *defined;   // small numbers
    void *out;
};

static struct buffers make_buffers(void)
{
    struct buffers buffers;
    HIP_OK(hipMalloc(&buffers.undefined, BYTES));
    HIP_OK(hipMalloc(&buffers.defined, BYTES));
    HIP_OK(hipMalloc(&buffers.out, BYTES));
    HIP_OK(hipMemset(buffers.defined, 1, BYTES));
    return buffers;
}

// u: the undefined buffer, d: the defined one, o: the output, i: the number 5
static void launch(hipModule_t module, const char *function_name, const char *arguments)
{
    struct buffers buffers = make_buffers();
    int number = 5;
    void *parameters[8] = {NULL};
    for (unsigned k = 0; arguments[k]; k++)
        parameters[k] = arguments[k] == 'u'   ? (void *)&buffers.undefined
                        : arguments[k] == 'd' ? (void *)&buffers.defined
                        : arguments[k] == 'o' ? (void *)&buffers.out
                                              : (void *)&number;
    hipFunction_t function;
    HIP_OK(hipModuleGetFunction(&function, module, function_name));
    memset(&seen, 0, sizeof seen);
    HIP_OK(hipModuleLaunchKernel(function, 2, 1, 1, THREADS, 1, 1, 0, NULL, parameters, NULL));
    HIP_OK(hipDeviceSynchronize());
    HIP_OK(hipFree(buffers.undefined));
    HIP_OK(hipFree(buffers.defined));
    HIP_OK(hipFree(buffers.out));
}

static hipModule_t load(enum kernel_target target, const char *file, const char *flags)
{
    hipModule_t module =
        kernel_load(&(struct kernel_call){.target = target, .file = file, .flags = flags});
    wavegaugeSetReportHandler(remember, NULL);
    cr_assert_eq(wavegaugeSetChecks("initcheck"), 0);
    return module;
}

static const struct {
    const char *kernel, *arguments, *kind;
    bool in_header; // a function of the HIP headers does it, which is a call of its own at -O0
} bugs[] = {
    {"global_read_and_stored", "uo", "stored", false},
    {"global_read_and_used", "uo", "stored", false},
    {"shared_past_what_was_filled", "do", "stored", false},
    {"shared_never_filled", "do", "stored", false},
    {"shared_atomic", "do", "atomic", true},
    {"global_atomic", "du", "atomic", true},
    {"wrong_index", "udo", "address", false},
    {"wrong_branch", "uo", "branch", false},
    {"uniform_branch", "uo", "branch", false},
    {"loop_count", "uo", "branch", false},
    {"structure_partly", "do", "stored", false},
    {"array_partly", "doi", "stored", false},
    {"one_branch_only", "do", "stored", false},
    {"shuffled", "do", "stored", false},
    {"half_sums", "uo", "stored", false},
    {"vector_sums", "uo", "stored", true},
    {"reduced", "do", "stored", false},
};

static void each_bug(enum kernel_target target, const char *flags)
{
    hipModule_t module = load(target, "initcheck_bugs.hip", flags);
    for (size_t i = 0; i < sizeof bugs / sizeof bugs[0]; i++) {
        char place[64];
        snprintf(place, sizeof place,
                 "initcheck_bugs.hip:%d:", line_of("initcheck_bugs.hip", bugs[i].kernel));
        launch(module, bugs[i].kernel, bugs[i].arguments);
        cr_expect(seen.reports >= 1, "%s %s: no report", flags, bugs[i].kernel);
        if (!seen.reports)
            continue;
        cr_expect(strstr(seen.kind, bugs[i].kind), "%s %s: %s", flags, bugs[i].kernel, seen.text);
        cr_expect(strstr(seen.text, place) || (bugs[i].in_header && strstr(flags, "-O0")),
                  "%s %s: not at %s\n%s", flags, bugs[i].kernel, place, seen.text);
        cr_expect(seen.reports == 1, "%s %s: %d reports", flags, bugs[i].kernel, seen.reports);
    }
    HIP_OK(hipModuleUnload(module));
}

KernelTest(initcheck, finds_each_bug_unoptimised)
{
    each_bug(*target, "-O0 -g");
}

// Arrays are in registers only when optimised.
KernelTest(initcheck, registers_at_an_index)
{
    hipModule_t module = load(*target, "initcheck_bugs.hip", "-O3 -g");
    launch(module, "indexed_registers", "doi");
    cr_expect(seen.reports == 1 && strstr(seen.kind, "stored"), "%d reports: %s", seen.reports,
              seen.text);
}

// Optimised, the variable is what the branch gives it.
KernelTest(initcheck, bytes_from_two_words)
{
    hipModule_t module = load(*target, "initcheck_bugs.hip", "-O0 -g");
    launch(module, "bytes_from_two_words", "do");
    cr_expect(seen.reports == 1 && strstr(seen.kind, "stored"), "%d reports: %s", seen.reports,
              seen.text);
}

KernelTest(initcheck, finds_each_bug_optimised)
{
    each_bug(*target, "-O3 -g");
}

static const struct {
    const char *kernel, *arguments;
} correct[] = {
    {"copies_padding", "do"},
    {"copies_padding_again", "do"},
    {"bit_fields", "do"},
    {"bytes_into_word", "do"},
    {"does_not_matter", "duo"},
    {"checked_first", "duio"},
    {"calls", "do"},
    {"early_exit", "do"},
    {"halves", "doo"},
    {"filled_tile", "do"},
    {"printing", "d"},
    {"indexed_defined_registers", "doi"},
};

static void each_correct(enum kernel_target target, const char *flags)
{
    hipModule_t module = load(target, "initcheck_correct.hip", flags);
    for (size_t i = 0; i < sizeof correct / sizeof correct[0]; i++) {
        launch(module, correct[i].kernel, correct[i].arguments);
        cr_expect(seen.reports == 0, "%s %s: %s", flags, correct[i].kernel, seen.text);
    }
    HIP_OK(hipModuleUnload(module));
}

KernelTest(initcheck, silent_on_correct_kernels_unoptimised)
{
    each_correct(*target, "-O0 -g");
}

KernelTest(initcheck, silent_on_correct_kernels_optimised)
{
    each_correct(*target, "-O3 -g");
}

static void run(hipModule_t module, const char *name, void *first, void *second)
{
    hipFunction_t function;
    void *parameters[] = {&first, &second};
    HIP_OK(hipModuleGetFunction(&function, module, name));
    memset(&seen, 0, sizeof seen);
    HIP_OK(hipModuleLaunchKernel(function, 2, 1, 1, THREADS, 1, 1, 0, NULL, parameters, NULL));
    HIP_OK(hipDeviceSynchronize());
}

// What kernels and copies have written is defined; what they have moved is as it was.
KernelTest(initcheck, memory_across_launches_and_copies)
{
    hipModule_t module = load(*target, "initcheck_correct.hip", "-O3 -g");
    const size_t bytes = 2 * THREADS * sizeof(int);
    struct buffers buffers = make_buffers();
    void *copy;
    HIP_OK(hipMalloc(&copy, BYTES));
    HIP_OK(hipMemcpy(copy, buffers.undefined, BYTES, hipMemcpyDeviceToDevice));
    run(module, "reads", copy, buffers.out);
    cr_expect(seen.reports == 1, "a copy of what nothing has written");
    run(module, "writes", buffers.undefined, NULL);
    run(module, "reads", buffers.undefined, buffers.out);
    cr_expect(seen.reports == 0, "%s", seen.text);
    HIP_OK(hipMemcpy(copy, buffers.undefined, bytes, hipMemcpyDeviceToDevice));
    run(module, "reads", copy, buffers.out);
    cr_expect(seen.reports == 0, "%s", seen.text);
    HIP_OK(hipFree(buffers.undefined));
    HIP_OK(hipMalloc(&buffers.undefined, BYTES));
    run(module, "reads", buffers.undefined, buffers.out);
    cr_expect(seen.reports == 1, "memory that has been freed and allocated again");
    HIP_OK(hipMemset(buffers.undefined, 0, bytes - 4));
    run(module, "reads", buffers.undefined, buffers.out);
    cr_expect(seen.reports == 1, "all but the last element set");
    HIP_OK(hipMemset(buffers.undefined, 0, bytes));
    run(module, "reads", buffers.undefined, buffers.out);
    cr_expect(seen.reports == 0, "%s", seen.text);
}

// A launch without the check may have written anything.
KernelTest(initcheck, switched_on_later)
{
    hipModule_t module = load(*target, "initcheck_correct.hip", "-O3 -g");
    struct buffers buffers = make_buffers();
    wavegaugeSetChecks("memcheck");
    run(module, "writes", buffers.undefined, NULL);
    wavegaugeSetChecks("initcheck");
    run(module, "reads", buffers.undefined, buffers.out);
    cr_expect(seen.reports == 0, "%s", seen.text);
}

// The host may write these without a call.
KernelTest(initcheck, memory_of_the_host_is_defined)
{
    hipModule_t module = load(*target, "initcheck_correct.hip", "-O3 -g");
    struct buffers buffers = make_buffers();
    void *pinned, *managed;
    HIP_OK(hipHostMalloc(&pinned, BYTES, 0));
    HIP_OK(hipMallocManaged(&managed, BYTES, hipMemAttachGlobal));
    run(module, "reads", pinned, buffers.out);
    cr_expect(seen.reports == 0, "%s", seen.text);
    run(module, "reads", managed, buffers.out);
    cr_expect(seen.reports == 0, "%s", seen.text);
}

// Instructions that write EXEC are branches; v5, s20 and s21 hold nothing.
enum { G9 = 1 << KERNEL_TARGET_GFX90A, G10 = 1 << KERNEL_TARGET_GFX1030 };
static const struct {
    const char *body;
    unsigned targets;
} exec_writes[] = {
    {"v_cmp_eq_u32_e64 exec_lo, v5, v0", G10},
    {"v_cmp_eq_u32_e64 exec, v5, v0", G9},
    {"v_cmpx_eq_u32_e64 exec, v5, v0", G9},
    {"v_cmpx_eq_u32_e64 s[8:9], v5, v0", G9},
    {"v_cmpx_eq_u32_e32 v5, v0", G10},
    {"v_readfirstlane_b32 exec_lo, v5", G9 | G10},
    {"v_readlane_b32 exec_lo, v5, 3", G9 | G10},
    {"v_add_co_u32 v6, exec_lo, v5, v0", G10},
    {"v_add_co_u32_e64 v6, exec, v5, v0", G9},
    {"s_mov_b32 exec_lo, s20", G9 | G10},
    {"s_mov_b32 exec_hi, s20", G9},
    {"s_and_saveexec_b32 s8, s20", G10},
    {"s_and_b64 exec, exec, s[20:21]", G9},
};

static void run_body(enum kernel_target target, const char *body)
{
    char *text = kernel_assembly(target, "writes_exec", "p", body);
    static int array[64];
    memset(&seen, 0, sizeof seen);
    wavegaugeSetReportHandler(remember, NULL);
    cr_assert_eq(wavegaugeSetChecks("initcheck"), 0);
    kernel_run(&(struct kernel_call){.target = target,
                                     .language = KERNEL_ASSEMBLY,
                                     .text = text,
                                     .function = "writes_exec",
                                     .block = {64},
                                     .arguments = {KERNEL_ARRAY(array)}});
    free(text);
}

KernelTest(initcheck, exec_written)
{
    for (size_t i = 0; i < sizeof exec_writes / sizeof exec_writes[0]; i++) {
        char body[256];
        if (!(exec_writes[i].targets >> *target & 1))
            continue;
        // What is computed from EXEC afterwards is as defined as EXEC, which has been reported.
        snprintf(body, sizeof body,
                 "s_load_dwordx2 s[4:5], s[0:1], 0x0\n s_waitcnt lgkmcnt(0)\n %s\n"
                 "s_mov_b32 exec_lo, 1\n s_or_b32 s12, exec_lo, s2\n v_mov_b32 v1, 0\n"
                 "v_mov_b32 v2, s12\n global_store_dword v1, v2, s[4:5]\n s_endpgm",
                 exec_writes[i].body);
        run_body(*target, body);
        cr_expect_eq(seen.reports, 1, "%s: %d reports\n%s", exec_writes[i].body, seen.reports,
                     seen.text);
        cr_expect_str_eq(seen.kind, "undefined value decides a branch", "%s: %s",
                         exec_writes[i].body, seen.text);
    }
}

static const struct {
    const char *kernel, *variable;
    bool optimised; // in a register, or in LDS
} variables[] = {
    {"of_the_kernel", "sum", true},       {"of_a_function", "total", false},
    {"of_a_caller", "value", false},      {"of_a_member", "values.second", false},
    {"of_the_block", "tile.right", true}, {"of_the_second_call", "value", false},
};

static void each_variable(enum kernel_target target, const char *flags, bool optimised)
{
    hipModule_t module = load(target, "initcheck_variables.hip", flags);
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        char place[128];
        if (optimised && !variables[i].optimised)
            continue;
        snprintf(place, sizeof place, "initcheck_variables.hip:%d as '%s'\n",
                 line_of("initcheck_variables.hip", variables[i].kernel), variables[i].variable);
        launch(module, variables[i].kernel, "do");
        cr_expect_eq(seen.reports, 1, "%s %s: %d reports\n%s", flags, variables[i].kernel,
                     seen.reports, seen.text);
        const char *declared = strstr(seen.text, "  declared at ");
        cr_expect(declared && strstr(declared, place), "%s %s: not %s%s", flags,
                  variables[i].kernel, place, seen.text);
    }
    HIP_OK(hipModuleUnload(module));
}

KernelTest(initcheck, names_the_variable_unoptimised)
{
    each_variable(*target, "-O0 -g", false);
}

KernelTest(initcheck, names_the_variable_optimised)
{
    each_variable(*target, "-O3 -g", true);
}
