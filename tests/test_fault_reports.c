// Faults of real kernels, from the launch to the report, for every target.
#include "kernel_fixture.h"
#include "support_file.h"

#include "emulator/wavegauge_emu.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    unsigned count;
    struct wavegauge_report report;
    char check[32], kind[64], kernel[64], file[512], function[64], text[4096];
} seen;

static void keep(const struct wavegauge_report *report, void *user)
{
    (void)user;
    seen.count++;
    seen.report = *report;
    snprintf(seen.check, sizeof seen.check, "%s", report->check);
    snprintf(seen.kind, sizeof seen.kind, "%s", report->kind);
    snprintf(seen.kernel, sizeof seen.kernel, "%s", report->kernel);
    snprintf(seen.file, sizeof seen.file, "%s", report->file);
    snprintf(seen.function, sizeof seen.function, "%s", report->function);
    snprintf(seen.text, sizeof seen.text, "%s", report->text);
}

// The number of the line in faulty.hip that has this comment.
static int line_of(const char *comment)
{
    char path[1024], wanted[128];
    snprintf(path, sizeof path, "%.*s/kernels/faulty.hip", (int)(strrchr(__FILE__, '/') - __FILE__),
             __FILE__);
    snprintf(wanted, sizeof wanted, "// %s\n", comment);
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

struct faulty_launch {
    const char *function;
    unsigned dynamic_lds;
    hipError_t error; // that the launch or the wait must return
};

// Two blocks of 64; the argument is a pointer.
static void launch(enum kernel_target target, const struct faulty_launch *launch, void *argument)
{
    wavegaugeSetReportHandler(keep, NULL);
    hipModule_t module = kernel_load(
        &(struct kernel_call){.target = target, .file = "faulty.hip", .flags = "-O2 -g"});
    hipFunction_t function;
    HIP_OK(hipModuleGetFunction(&function, module, launch->function));
    void *arguments[] = {&argument};
    seen.count = 0;
    hipError_t error = hipModuleLaunchKernel(function, 2, 1, 1, 64, 1, 1, launch->dynamic_lds, NULL,
                                             arguments, NULL);
    if (error == hipSuccess)
        error = hipDeviceSynchronize();
    cr_assert_eq(error, launch->error, "%s: %d %s", launch->function, (int)error,
                 hipGetErrorString(error));
    cr_assert_eq(seen.count, 1, "%s: %u reports", launch->function, seen.count);
    cr_assert_str_eq(seen.kernel, launch->function);
}

static void check_kind(const char *check, const char *kind)
{
    cr_assert_str_eq(seen.check, check, "%s", seen.text);
    cr_assert_str_eq(seen.kind, kind, "%s", seen.text);
}

static void check_line(const char *comment)
{
    const char *name = strrchr(seen.file, '/');
    cr_assert_str_eq(name ? name + 1 : seen.file, "faulty.hip", "%s", seen.text);
    cr_assert_eq(seen.report.line, line_of(comment), "%s", seen.text);
}

static void check_place(unsigned block, unsigned thread)
{
    cr_assert_eq(seen.report.block[0], block, "%s", seen.text);
    cr_assert_eq(seen.report.thread[0], thread, "%s", seen.text);
    cr_assert_eq(seen.report.block[1] + seen.report.block[2], 0);
    cr_assert_eq(seen.report.thread[1] + seen.report.thread[2], 0);
}

static void check_text(const char *expected)
{
    cr_assert_not_null(strstr(seen.text, expected), "no \"%s\" in\n%s", expected, seen.text);
}

static void check_declaration(const char *comment, const char *name)
{
    char expected[128];
    snprintf(expected, sizeof expected, "faulty.hip:%d as '%s'\n", line_of(comment), name);
    const char *declared = strstr(seen.text, "  declared at ");
    cr_assert(declared && strstr(declared, expected), "no %s in\n%s", expected, seen.text);
}

static int *zeroed(size_t bytes)
{
    int *memory;
    HIP_OK(hipMalloc((void **)&memory, bytes));
    HIP_OK(hipMemset(memory, 0, bytes));
    return memory;
}

#define ILLEGAL(name)                                                                              \
    &(struct faulty_launch)                                                                        \
    {                                                                                              \
        .function = name, .error = hipErrorIllegalAddress                                          \
    }

KernelTest(fault_reports, read_past_the_end)
{
    kernel_choose_device(*target);
    int *values = zeroed(512);
    launch(*target, ILLEGAL("read_past_end"), values);
    check_kind("memcheck", "out of bounds");
    check_line("read past the end");
    check_place(1, 63);
    cr_assert_str_eq(seen.function, "fetch");
    cr_assert_eq(seen.report.address, (uint64_t)values + 512);
    cr_assert_eq(seen.report.size, 4);
    check_text("read of 4 bytes from global memory");
    check_text("right after the 512-byte allocation");
    char caller[64];
    snprintf(caller, sizeof caller, "faulty.hip:%d", line_of("calls fetch"));
    check_text(caller);
    check_text(" in read_past_end\n");
}

KernelTest(fault_reports, write_before_the_begin)
{
    kernel_choose_device(*target);
    launch(*target, ILLEGAL("write_before"), zeroed(256));
    check_kind("memcheck", "out of bounds");
    check_line("write before");
    cr_assert_eq(seen.report.thread[0], 0);
    check_text("write of 4 bytes to global memory");
    check_text("4 bytes before the 256-byte allocation");
}

KernelTest(fault_reports, null_pointer)
{
    launch(*target, ILLEGAL("write_null"), NULL);
    check_line("write null");
    check_text("a null pointer");
}

KernelTest(fault_reports, use_after_free)
{
    kernel_choose_device(*target);
    int *values = zeroed(512);
    HIP_OK(hipFree(values));
    launch(*target, ILLEGAL("write_freed"), values);
    check_kind("memcheck", "use after free");
    check_line("write freed");
    check_text("which has been freed");
}

KernelTest(fault_reports, lds)
{
    kernel_choose_device(*target);
    launch(*target, ILLEGAL("lds_past_end"), zeroed(512));
    check_kind("memcheck", "out of bounds");
    check_line("LDS past the end");
    cr_assert_eq(seen.report.thread[0], 16);
    check_text("right after the 128 bytes of LDS");
    check_declaration("a tile", "tile");
}

// An array that is a member of a structure is named by its own line.
KernelTest(fault_reports, lds_member)
{
    kernel_choose_device(*target);
    launch(*target, ILLEGAL("lds_member_past_end"), zeroed(512));
    check_kind("memcheck", "out of bounds");
    check_line("past the last part");
    cr_assert_eq(seen.report.thread[0], 16);
    check_text("right after __shared__ parts (128 bytes)");
    check_declaration("the last part", "parts.last");
}

KernelTest(fault_reports, dynamic_lds)
{
    kernel_choose_device(*target);
    launch(*target,
           &(struct faulty_launch){.function = "dynamic_lds_past_end",
                                   .dynamic_lds = 256,
                                   .error = hipErrorIllegalAddress},
           zeroed(512));
    check_line("dynamic LDS");
    cr_assert_eq(seen.report.thread[0], 63);
    check_text("right after the 256 bytes of LDS of the block (0 static, 256 dynamic)");
    cr_assert_null(strstr(seen.text, "declared at"), "%s", seen.text);
}

KernelTest(fault_reports, device_variable)
{
    kernel_choose_device(*target);
    int *values = zeroed(512), index = 100;
    HIP_OK(hipMemcpy(values, &index, sizeof index, hipMemcpyHostToDevice));
    launch(*target, ILLEGAL("variable_past_end"), values);
    check_kind("memcheck", "out of bounds");
    check_line("past the variable");
    check_place(seen.report.block[0], 0);
}

KernelTest(fault_reports, constant)
{
    kernel_choose_device(*target);
    launch(*target, ILLEGAL("write_constant"), zeroed(512));
    check_kind("memcheck", "write to read-only memory");
    check_line("write constant");
    check_text("variable fixed of 16 bytes");
}

KernelTest(fault_reports, atomic)
{
    kernel_choose_device(*target);
    launch(*target, ILLEGAL("atomic_past_end"), zeroed(512));
    check_kind("memcheck", "out of bounds");
    cr_assert_eq(seen.report.thread[0], 3);
    char caller[64];
    snprintf(caller, sizeof caller, "faulty.hip:%d", line_of("atomic"));
    check_text(caller);
}

KernelTest(fault_reports, trap)
{
    kernel_choose_device(*target);
    launch(*target, &(struct faulty_launch){.function = "trap", .error = hipErrorAssert},
           zeroed(512));
    cr_assert_str_eq(seen.check, "trap");
    check_line("trap");
    cr_assert_eq(seen.report.thread[0], 7);
}

KernelTest(fault_reports, time_out)
{
    kernel_choose_device(*target);
    setenv("WAVEGAUGE_TIMEOUT", "0.3", 1);
    launch(*target, &(struct faulty_launch){.function = "endless", .error = hipErrorLaunchTimeOut},
           zeroed(512));
    cr_assert_str_eq(seen.check, "timeout");
    check_line("endless");
    check_text("still running after the time limit");
}

KernelTest(fault_reports, recursion)
{
    kernel_choose_device(*target);
    launch(*target, ILLEGAL("too_deep"), zeroed(512));
    check_kind("memcheck", "out of bounds");
    cr_assert_str_eq(seen.function, "recurse");
    check_text("scratch");
}
