// Wrong accesses of compiled kernels: each is reported as what it is, with its address, size,
// thread and line; the call returns an error, and the next launch of the same process runs.
#include "kernel_fixture.h"
#include "wavegauge_emu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 256
#define BYTES   4096

struct seen {
    int reports;
    char kind[64], kernel[64], function[64], text[4096];
    int line;
    uint32_t block, thread, size;
    uint64_t address;
};

static struct seen seen;

static void remember(const struct wavegauge_report *report, void *user)
{
    (void)user;
    seen.reports++;
    snprintf(seen.kind, sizeof seen.kind, "%s", report->kind);
    snprintf(seen.kernel, sizeof seen.kernel, "%s", report->kernel);
    snprintf(seen.text, sizeof seen.text, "%s", report->text);
    seen.line = report->line;
    seen.block = report->block[0];
    seen.thread = report->thread[0];
    seen.size = report->size;
    seen.address = report->address;
}

static hipModule_t module;
static int *out;
static char *data; // BYTES of zeros

static void set_up(enum kernel_target target)
{
    module = kernel_load(
        &(struct kernel_call){.target = target, .file = "faults.hip", .flags = "-O2 -g"});
    wavegaugeSetReportHandler(remember, NULL);
    HIP_OK(hipMalloc((void **)&out, THREADS * sizeof *out));
    HIP_OK(hipMalloc((void **)&data, BYTES));
    HIP_OK(hipMemset(data, 0, BYTES));
}

static hipError_t launch(const char *name, const void *base, long offset, int who)
{
    hipFunction_t function;
    HIP_OK(hipModuleGetFunction(&function, module, name));
    void *parameters[] = {&base, &offset, &who, &out};
    hipError_t error =
        hipModuleLaunchKernel(function, 1, 1, 1, THREADS, 1, 1, 0, NULL, parameters, NULL);
    hipError_t waited = hipDeviceSynchronize();
    return error ? error : waited;
}

static void still_runs(void)
{
    int host[THREADS];
    HIP_OK(launch("well_behaved", data, 5, 10));
    HIP_OK(hipMemcpy(host, out, sizeof host, hipMemcpyDeviceToHost));
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(host[i], i + 15);
}

struct wrong {
    const char *kernel;
    const void *base;
    long offset;
    int who;
    const char *kind;  // part of the report's kind
    const char *words; // part of its text
    uint64_t address;
    uint32_t size;
};

static void check(const struct wrong *wrong)
{
    memset(&seen, 0, sizeof seen);
    hipError_t error = launch(wrong->kernel, wrong->base, wrong->offset, wrong->who);
    cr_assert_neq(error, hipSuccess, "%s at %ld must fail", wrong->kernel, wrong->offset);
    cr_assert_eq(seen.reports, 1, "%s: %d reports, %s", wrong->kernel, seen.reports,
                 hipGetErrorString(error));
    cr_assert_str_eq(seen.kind, wrong->kind, "%s at %ld: %s", wrong->kernel, wrong->offset,
                     seen.text);
    cr_assert_not_null(strstr(seen.text, wrong->words), "%s lacks '%s'", seen.text, wrong->words);
    cr_assert_str_eq(seen.kernel, wrong->kernel);
    cr_assert_not_null(strstr(seen.text, "faults.hip:"), "%s", seen.text);
    cr_assert_gt(seen.line, 8, "%s", seen.text);
    cr_assert_eq(seen.thread, (unsigned)wrong->who, "thread %u, not %d: %s", seen.thread,
                 wrong->who, seen.text);
    cr_assert_eq(seen.size, wrong->size, "%s", seen.text);
    if (wrong->address != UINT64_MAX)
        cr_assert_eq(seen.address, wrong->address, "address 0x%llx, not 0x%llx: %s",
                     (unsigned long long)seen.address, (unsigned long long)wrong->address,
                     seen.text);
    still_runs();
}

// An access of one thread at an offset from data, in bytes.
static void out_of_bounds(const char *kernel, long offset, int who, const char *words,
                          uint32_t size)
{
    check(&(struct wrong){kernel, data, offset, who, "out of bounds", words,
                          (uint64_t)(uintptr_t)data + (uint64_t)offset, size});
}

KernelTest(faults, global_out_of_bounds)
{
    set_up(*target);
    out_of_bounds("read_int", BYTES, 0, "read of 4 bytes from global memory", 4);
    out_of_bounds("read_int", BYTES, 77, "read of 4 bytes from global memory", 4);
    out_of_bounds("read_int", -4, 255, "read of 4 bytes from global memory", 4);
    out_of_bounds("read_byte", BYTES, 3, "read of 1 byte from global memory", 1);
    out_of_bounds("read_byte", -1, 3, "read of 1 byte from global memory", 1);
    out_of_bounds("read_short", BYTES, 130, "read of 2 bytes from global memory", 2);
    out_of_bounds("read_float4", BYTES - 8, 5, "read of 16 bytes from global memory", 16);
    out_of_bounds("write_int", BYTES, 64, "write of 4 bytes to global memory", 4);
    out_of_bounds("write_byte", BYTES, 31, "write of 1 byte to global memory", 1);
    out_of_bounds("write_double2", BYTES - 8, 31, "write of 16 bytes to global memory", 16);
    out_of_bounds("atomic_int", BYTES, 9, "4 bytes", 4);
    out_of_bounds("atomic_long", BYTES, 9, "8 bytes", 8);
    out_of_bounds("flat_read_int", BYTES, 200, "read of 4 bytes from global memory", 4);
    out_of_bounds("flat_write_int", -4, 201, "write of 4 bytes to global memory", 4);
}

KernelTest(faults, far_out_of_bounds)
{
    set_up(*target);
    static const long offsets[] = {1L << 31,    -(1L << 31), 1L << 32, 1L << 40,
                                   -(1L << 40), 1L << 46,    1L << 62};
    for (unsigned i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        out_of_bounds("read_int", offsets[i], 40, "global memory", 4);
        out_of_bounds("write_int", offsets[i], 41, "global memory", 4);
    }
}

// The first thread outside is named, whichever lane of whichever wave it is.
KernelTest(faults, row_crosses_the_end)
{
    set_up(*target);
    for (int inside = 0; inside < THREADS; inside += 37) {
        struct wrong wrong = {"read_row",
                              data,
                              BYTES - 4L * inside,
                              inside,
                              "out of bounds",
                              "0 bytes after",
                              (uint64_t)(uintptr_t)data + BYTES,
                              4};
        wrong.words = "read of 4 bytes";
        check(&wrong);
        wrong.kernel = "write_row";
        wrong.words = "write of 4 bytes";
        check(&wrong);
    }
    // And just inside nothing is reported.
    HIP_OK(launch("read_row", data, BYTES - 4 * THREADS, 0));
    HIP_OK(launch("write_row", data, BYTES - 4 * THREADS, 0));
    still_runs();
}

KernelTest(faults, null_pointers)
{
    set_up(*target);
    check(&(struct wrong){"read_row", NULL, 0, 0, "out of bounds", "global memory", 0, 4});
    check(&(struct wrong){"write_row", NULL, 16, 0, "out of bounds", "global memory", 16, 4});
}

KernelTest(faults, use_after_free)
{
    set_up(*target);
    char *freed;
    HIP_OK(hipMalloc((void **)&freed, BYTES));
    HIP_OK(hipFree(freed));
    check(&(struct wrong){"read_row", freed, 8, 0, "use after free", "read of 4 bytes",
                          (uint64_t)(uintptr_t)freed + 8, 4});
    check(&(struct wrong){"write_row", freed, 8, 0, "use after free", "write of 4 bytes",
                          (uint64_t)(uintptr_t)freed + 8, 4});
    check(&(struct wrong){"atomic_int", freed, 0, 0, "use after free", "4 bytes",
                          (uint64_t)(uintptr_t)freed, 4});
}

KernelTest(faults, lds_out_of_bounds)
{
    set_up(*target);
    check(&(struct wrong){"lds_read", data, 1024, 50, "out of bounds", "read of 4 bytes from LDS",
                          1024, 4});
    check(&(struct wrong){"lds_write", data, 1024, 51, "out of bounds", "write of 4 bytes to LDS",
                          1024, 4});
    check(&(struct wrong){"lds_read", data, 100000, 52, "out of bounds", "LDS", 100000, 4});
    check(&(struct wrong){"lds_read", data, -4, 53, "out of bounds", "LDS", UINT64_MAX, 4});
    check(&(struct wrong){"lds_atomic", data, 1024, 54, "out of bounds", "LDS", 1024, 4});
    check(&(struct wrong){"flat_lds_read", data, 1024, 55, "out of bounds", "LDS", 1024, 4});
    check(&(struct wrong){"lds_row", data, 4, 255, "out of bounds", "LDS", 1024, 4});
}

KernelTest(faults, scratch_out_of_bounds)
{
    set_up(*target);
    HIP_OK(hipMemset(data, 1, BYTES));
    check(&(struct wrong){"scratch_read", data, 1 << 20, 50, "out of bounds",
                          "read of 4 bytes from scratch", UINT64_MAX, 4});
    check(&(struct wrong){"scratch_write", data, 1 << 20, 51, "out of bounds",
                          "write of 4 bytes to scratch", UINT64_MAX, 4});
    check(&(struct wrong){"scratch_write", data, -4096, 52, "out of bounds", "scratch", UINT64_MAX,
                          4});
}

KernelTest(faults, misaligned)
{
    set_up(*target);
    uint64_t base = (uint64_t)(uintptr_t)data;
    check(&(struct wrong){"read_row", data, 1, 0, "misaligned", "read of 4 bytes", base + 1, 4});
    check(&(struct wrong){"read_row", data, 2, 0, "misaligned", "read of 4 bytes", base + 2, 4});
    check(&(struct wrong){"write_row", data, 3, 0, "misaligned", "write of 4 bytes", base + 3, 4});
    check(&(struct wrong){"lds_row", data, 1, 0, "misaligned", "LDS", 1, 4});
    check(&(struct wrong){"atomic_int", data, 2, 8, "misaligned", "4 bytes", base + 2, 4});
    check(&(struct wrong){"atomic_long", data, 4, 9, "misaligned", "8 bytes", base + 4, 8});
    check(&(struct wrong){"lds_atomic", data, 1, 10, "misaligned", "LDS", 1, 4});
    // The launch runs when the environment says so; atomics stay errors.
    setenv("WAVEGAUGE_MISALIGNED", "allow", 1);
    HIP_OK(launch("read_row", data, 1, 0));
    check(&(struct wrong){"atomic_int", data, 2, 8, "misaligned", "4 bytes", base + 2, 4});
}

// gfx9 and gfx10 cannot access dwords of scratch across dwords; compiled code never tries.
KernelTest(faults, misaligned_scratch)
{
    set_up(*target);
    HIP_OK(hipMemset(data, 1, BYTES));
    if (*target == KERNEL_TARGET_GFX1100)
        return;
    check(&(struct wrong){"scratch_read", data, 1, 50, "misaligned", "read of 4 bytes from scratch",
                          UINT64_MAX, 4});
}

KernelTest(faults, code_is_read_only)
{
    set_up(*target);
    check(&(struct wrong){"write_code", data, 0, 12, "write to read-only memory",
                          "write of 4 bytes", UINT64_MAX, 4});
}
