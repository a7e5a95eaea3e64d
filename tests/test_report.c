// links: wavegauge_emu_static
//
// Reports of faults: what the handler gets and what people read.
#include "code_object_bytes.h"

#include "emulator/launch.h"
#include "emulator/memory.h"
#include "emulator/wavegauge_emu.h"

#include <criterion/redirect.h>
#include <stdarg.h>
#include <stdio.h>

static const char source[] =
    "#include <hip/hip_runtime.h>\n"
    "extern \"C\" __device__ int table[4] = {1, 2, 3, 4};\n"
    "template <class T> static __device__ __attribute__((always_inline)) void put(T *x) {\n"
    "    asm volatile(\"s_nop 11\");\n" // 4
    "    *x = 1;\n"
    "}\n"
    "template <class T> __global__ void fill(T *x) {\n"
    "    put<T>(x + threadIdx.x);\n" // 8
    "}\n"
    "template __global__ void fill<int>(int *);\n"
    "extern \"C\" __global__ void plain(int *x) { *x = 1; }\n";

static struct wavegauge_report last;
static char last_text[8192], last_file[256], last_function[64];
static unsigned reports;

static void keep(const struct wavegauge_report *report, void *user)
{
    cr_assert_str_eq((const char *)user, "for me");
    last = *report;
    snprintf(last_text, sizeof last_text, "%s", report->text);
    snprintf(last_file, sizeof last_file, "%s", report->file);
    snprintf(last_function, sizeof last_function, "%s", report->function);
    reports++;
}

static struct code_object *object;

static void load(const char *flags)
{
    size_t size;
    char message[256];
    uint8_t *elf = build_elf(source, flags, KERNEL_TARGET_GFX1030, &size);
    object = code_object_load(elf, size, message, sizeof message);
    cr_assert_not_null(object, "%s", message);
    free(elf);
}

static uint64_t find_nop(void)
{
    for (uint64_t at = object->code; at < object->code + object->code_bytes; at += 4)
        if (*(uint32_t *)at == 0xbf80000b)
            return at;
    cr_assert_fail("no s_nop 11");
    return 0;
}

static struct launch_request request_of(const char *kernel)
{
    struct launch_request request = {
        .kernel = code_object_kernel(object, kernel), .grid = {2, 1, 1}, .block = {64, 1, 1}};
    cr_assert_not_null(request.kernel);
    return request;
}

#define FILL "_Z4fillIiEvPT_"

// Report the fault at the marked instruction of the kernel fill.
static void report(struct fault fault)
{
    struct launch_request request = request_of(FILL);
    request.dynamic_lds = 100;
    fault.pc = find_nop();
    strcpy(fault.instruction, "\tglobal_store_dword v0, v1, s[0:1]");
    fault.block[0] = 1;
    fault.thread[0] = 63;
    reports = 0;
    wavegaugeSetReportHandler(keep, "for me");
    report_fault(&request, &fault);
    cr_assert_eq(reports, 1);
}

static void check_text(const char *expected, ...) __attribute__((format(printf, 1, 2)));

// The text has this somewhere.
static void check_text(const char *expected, ...)
{
    char wanted[512];
    va_list arguments;
    va_start(arguments, expected);
    vsnprintf(wanted, sizeof wanted, expected, arguments);
    va_end(arguments);
    cr_assert_not_null(strstr(last_text, wanted), "no \"%s\" in\n%s", wanted, last_text);
}

static struct fault access_fault(enum fault_kind kind, uint64_t address, uint32_t size, bool write)
{
    return (struct fault){
        .kind = kind, .is_access = true, .write = write, .address = address, .size = size};
}

Test(report, fills_every_field)
{
    load("-O2 -g");
    const struct allocation *buffer = memory_allocate(512, 256, ALLOCATION_DEVICE);
    report(access_fault(FAULT_OUT_OF_BOUNDS, buffer->end + 3, 4, true));
    cr_assert_str_eq(last.check, "memcheck");
    cr_assert_str_eq(last.kind, "out of bounds");
    cr_assert_str_eq(last.kernel, FILL);
    cr_assert_not_null(strstr(last_file, "/kernel.hip"));
    cr_assert_str_eq(last_function, "put<int>");
    cr_assert_eq(last.line, 4);
    cr_assert_eq(last.block[0], 1);
    cr_assert_eq(last.thread[0], 63);
    cr_assert_eq(last.thread[1], 0);
    cr_assert_eq(last.address, buffer->end + 3);
    cr_assert_eq(last.size, 4);
}

Test(report, tells_the_whole_story)
{
    load("-O2 -g");
    const struct allocation *buffer = memory_allocate(512, 256, ALLOCATION_DEVICE);
    report(access_fault(FAULT_OUT_OF_BOUNDS, buffer->end + 3, 4, true));
    check_text("wavegauge: memcheck: out of bounds: write of 4 bytes to global memory\n");
    check_text("  in kernel void fill<int>(int*) [" FILL "], block (1,0,0), thread (63,0,0)\n");
    check_text("/kernel.hip:4:5 in put<int>\n    inlined at ");
    check_text("/kernel.hip:8:5 in fill<int>\n");
    check_text(
        "  address 0x%llx: 3 bytes after the 512-byte allocation at 0x%llx (hipMalloc, #%llu)\n",
        (unsigned long long)buffer->end + 3, (unsigned long long)buffer->begin,
        (unsigned long long)buffer->serial);
    check_text("  instruction global_store_dword v0, v1, s[0:1] at " FILL "+0x%llx\n",
               (unsigned long long)(find_nop() - code_object_kernel(object, FILL)->entry));
}

Test(report, says_where_an_address_is)
{
    load("-O2");
    struct allocation *buffer = memory_allocate(512, 256, ALLOCATION_DEVICE);
    report(access_fault(FAULT_OUT_OF_BOUNDS, buffer->begin - 1, 1, false));
    check_text("out of bounds: read of 1 byte from global memory\n");
    check_text(": 1 byte before the 512-byte allocation");
    report(access_fault(FAULT_OUT_OF_BOUNDS, buffer->end, 4, false));
    check_text(": right after the 512-byte allocation");
    report(access_fault(FAULT_OUT_OF_BOUNDS, buffer->end - 6, 8, false));
    check_text(": 2 bytes past the end of the 512-byte allocation");
    report(access_fault(FAULT_MISALIGNED, buffer->begin + 17, 4, false));
    check_text("misaligned: read of 4 bytes");
    check_text(": at byte 17 of the 512-byte allocation");
    buffer->begin += 100; // as wavegaugeMemorySetAccessible does
    report(access_fault(FAULT_OUT_OF_BOUNDS, buffer->begin - 4, 4, false));
    check_text(": 4 bytes before the 412-byte allocation");
    report(access_fault(FAULT_OUT_OF_BOUNDS, 8, 4, false));
    check_text("  address 0x8, a null pointer\n");
    report(access_fault(FAULT_OUT_OF_BOUNDS, UINT64_C(0x123456789abcdef0), 4, false));
    check_text("  address 0x123456789abcdef0: not near any allocation\n");
}

Test(report, knows_freed_memory)
{
    load("-O2");
    struct allocation *buffer = memory_allocate(64, 256, ALLOCATION_DEVICE);
    cr_assert(memory_free(buffer->base));
    report(access_fault(FAULT_USE_AFTER_FREE, buffer->base + 8, 4, true));
    cr_assert_str_eq(last.kind, "use after free");
    check_text(": at byte 8 of the 64-byte allocation");
    check_text(", which has been freed\n");
}

Test(report, names_variables_of_the_code_object)
{
    load("-O2");
    const struct variable *table = code_object_variable(object, "table");
    report(access_fault(FAULT_OUT_OF_BOUNDS, table->address + 24, 4, true));
    check_text(": 8 bytes after variable table of 16 bytes\n");
    report(access_fault(FAULT_READ_ONLY, object->code + 8, 4, true));
    check_text("write to read-only memory: write of 4 bytes to global memory\n");
    check_text(": in the code of the kernels\n");
    report(access_fault(FAULT_READ_ONLY, object->memory->begin + 8, 4, true));
    check_text(": at byte 8 of the ");
    check_text("(code object, #");
}

Test(report, measures_lds_and_scratch)
{
    load("-O2");
    struct fault fault = access_fault(FAULT_OUT_OF_BOUNDS, 104, 4, true);
    fault.space = SPACE_LDS;
    report(fault);
    check_text("write of 4 bytes to LDS\n");
    check_text("LDS address 0x68: 4 bytes after the 100 bytes of LDS of the block (0 static, 100 "
               "dynamic)\n");
    fault.space = SPACE_SCRATCH;
    report(fault);
    check_text("scratch address 0x68: the kernel has no scratch\n");
    object->kernels[0].scratch_bytes = object->kernels[1].scratch_bytes = 96;
    report(fault);
    check_text("scratch address 0x68: 8 bytes after the 96 bytes of scratch of the thread\n");
}

Test(report, names_every_kind)
{
    static const struct {
        enum fault_kind kind;
        const char *check, *head;
    } kinds[] = {
        {FAULT_UNSUPPORTED, "unsupported", "wavegauge: unsupported: because\n"},
        {FAULT_ILLEGAL, "unsupported", "wavegauge: unsupported: illegal instruction: because\n"},
        {FAULT_TRAP, "trap", "wavegauge: trap: because\n"},
        {FAULT_TIMEOUT, "timeout", "wavegauge: timeout: because\n"},
        {FAULT_BARRIER, "synccheck", "wavegauge: synccheck: barrier deadlock: because\n"},
    };
    load("-O2 -g");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        report((struct fault){.kind = kinds[i].kind, .text = "because"});
        cr_assert_str_eq(last.check, kinds[i].check);
        cr_assert_neq(last.kind[0], 0);
        cr_assert_eq(last.line, 4);
        check_text("%s", kinds[i].head);
        cr_assert_null(strstr(last_text, "address"), "no access:\n%s", last_text);
    }
}

Test(report, advises_debug_information)
{
    load("-O2");
    report((struct fault){.kind = FAULT_TRAP});
    cr_assert_eq(last.line, 0);
    cr_assert_str_eq(last_file, "");
    cr_assert_str_eq(last_function, "");
    check_text("compile with -g");
}

Test(report, survives_an_address_outside_any_code)
{
    load("-O2 -g");
    struct launch_request request = request_of("plain");
    struct fault fault = {.kind = FAULT_ILLEGAL, .pc = 0x1234, .text = "a branch out of the code"};
    wavegaugeSetReportHandler(keep, "for me");
    report_fault(&request, &fault);
    check_text("in kernel plain, block (0,0,0)");
    check_text("at 0x1234, outside any code\n");
    cr_assert_eq(last.line, 0);
}

Test(report, prints_without_a_handler, .init = cr_redirect_stderr)
{
    wavegaugeSetReportHandler(keep, "for me");
    report_text("code object", "corrupt", "k", "it is broken");
    cr_assert_eq(reports, 1);
    cr_assert_str_eq(last.check, "code object");
    cr_assert_str_eq(last.kernel, "k");
    wavegaugeSetReportHandler(NULL, NULL);
    report_text("code object", "corrupt", "k", "it is broken");
    report_text("code object", "corrupt", "", "again");
    cr_assert_eq(reports, 1);
    fflush(stderr);
    cr_assert_stderr_eq_str("wavegauge: code object: corrupt: it is broken\n  in kernel k\n"
                            "wavegauge: code object: corrupt: again\n");
}
