// links: wavegauge_emu_static
//
// waitcheck against hand-written code, right and wrong, and against compiled kernels: nothing is
// said of them as they are, and of every wait that is taken out of them what a register needed it
// for.
#include "collected_reports.h"
#include "kernel_fixture.h"
#include "hip_check.h"

#include "checks/wait_kind.h"
#include "program.h"

#include <elf.h>

#define G9    (1u << KERNEL_TARGET_GFX90A)
#define G1030 (1u << KERNEL_TARGET_GFX1030 | 1u << KERNEL_TARGET_GFX1030_WAVE64)
#define G1100 (1u << KERNEL_TARGET_GFX1100)
#define G10UP (G1030 | G1100)
#define ALL   (G9 | G10UP)

// A kernel around some instructions. Before them s[4:5] is the address of an array and v0 four
// times the work-item's number.
struct code {
    const char *body;
    unsigned targets;
    const char *kind;   // of the only report; NULL: none
    const char *needed; // in its text, after "needs s_waitcnt "
};

#define READ      "read before its wait"
#define OVERWRITE "overwritten before its wait"
#define ADD       "v_add_f32 "

static const struct code codes[] = {
    {"global_load_dword v1, v0, s[4:5]\n s_waitcnt vmcnt(0)\n" ADD "v2, v1, v1", ALL, NULL, NULL},
    {"global_load_dword v1, v0, s[4:5]\n" ADD "v2, v1, v1", ALL, READ, "vmcnt(0) before"},
    {"global_load_dword v1, v0, s[4:5]\n s_waitcnt lgkmcnt(0)\n" ADD "v2, v1, v1", ALL, READ,
     "vmcnt(0) before"},
    {"global_load_dword v1, v0, s[4:5]\n v_mov_b32 v1, 0", ALL, OVERWRITE, "vmcnt(0) before"},
    // Another register is none of its business.
    {"global_load_dword v1, v0, s[4:5]\n v_mov_b32 v2, v3", ALL, NULL, NULL},
    {"global_load_dword v1, v0, s[4:5]\n v_mov_b32 v62, v63\n s_waitcnt vmcnt(0)", ALL, NULL, NULL},
    // In order: the older is back when one is left.
    {"global_load_dword v1, v0, s[4:5]\n global_load_dword v2, v0, s[4:5]\n s_waitcnt "
     "vmcnt(1)\n" ADD "v3, v1, v1",
     ALL, NULL, NULL},
    {"global_load_dword v1, v0, s[4:5]\n global_load_dword v2, v0, s[4:5]\n s_waitcnt "
     "vmcnt(1)\n" ADD "v3, v2, v1",
     ALL, READ, "vmcnt(0) before"},
    {"global_load_dword v1, v0, s[4:5]\n global_load_dword v2, v0, s[4:5]\n" ADD "v3, v1, v1\n" ADD
     "v3, v1, v1",
     ALL, READ, "vmcnt(1) before"},
    {"global_load_dword v1, v0, s[4:5]\n global_load_dword v2, v0, s[4:5]\n"
     "global_load_dword v3, v0, s[4:5]\n s_waitcnt vmcnt(2)\n" ADD "v4, v1, v2",
     ALL, READ, "vmcnt(1) before"},
    // A later load into the same register comes later; an address is read at once.
    {"global_load_dword v1, v0, s[4:5]\n global_load_dword v1, v0, s[4:5]\n s_waitcnt vmcnt(0)",
     ALL, NULL, NULL},
    {"global_load_dword v1, v0, s[4:5]\n global_load_dword v2, v1, s[4:5]", ALL, READ,
     "vmcnt(0) before"},
    {"global_load_dword v1, v0, s[4:5]\n ds_read_b32 v1, v0\n s_waitcnt vmcnt(0) lgkmcnt(0)", ALL,
     OVERWRITE, "vmcnt(0) before"},
    // The stored value is read when the store issues.
    {"v_mov_b32 v1, 1.0\n global_store_dword v0, v1, s[4:5]\n v_mov_b32 v1, 2.0", ALL, NULL, NULL},
    {"global_load_dword v1, v0, s[4:5]\n global_store_dword v0, v1, s[4:5]", ALL, READ,
     "vmcnt(0) before"},
    // Stores count in vmcnt on gfx9 and in vscnt later.
    {"global_load_dword v1, v0, s[4:5]\n global_store_dword v0, v2, s[4:5]\n s_waitcnt "
     "vmcnt(1)\n" ADD "v3, v1, v1",
     G9, NULL, NULL},
    {"global_load_dword v1, v0, s[4:5]\n global_store_dword v0, v2, s[4:5]\n s_waitcnt "
     "vmcnt(1)\n" ADD "v3, v1, v1",
     G10UP, READ, "vmcnt(0) before"},
    {"global_load_dword v1, v0, s[4:5]\n s_waitcnt_vscnt null, 0x0\n" ADD "v3, v1, v1", G10UP, READ,
     "vmcnt(0) before"},
    {"global_load_dword v1, v0, s[4:5]\n s_waitcnt_vmcnt null, 0x0\n" ADD "v3, v1, v1", G10UP, NULL,
     NULL},
    {"ds_read_b32 v1, v0\n s_waitcnt_lgkmcnt null, 0x0\n" ADD "v3, v1, v1", G10UP, NULL, NULL},
    {"ds_read_b32 v1, v0\n s_waitcnt_vmcnt null, 0x0\n" ADD "v3, v1, v1", G10UP, READ,
     "lgkmcnt(0) before"},
    // Atomics: with a result as a load, without as a store.
    {"v_mov_b32 v2, 0\n global_atomic_add v1, v0, v2, s[4:5] glc\n" ADD "v3, v1, v1", ALL, READ,
     "vmcnt(0) before"},
    {"v_mov_b32 v2, 0\n global_load_dword v1, v0, s[4:5]\n global_atomic_add v0, v2, s[4:5]\n"
     "s_waitcnt vmcnt(1)\n" ADD "v3, v1, v1",
     G10UP, READ, "vmcnt(0) before"},
    {"ds_add_rtn_u32 v1, v0, v0\n" ADD "v3, v1, v1", ALL, READ, "lgkmcnt(0) before"},
    // LDS operations are in order, those without a result count too.
    {"ds_read_b32 v1, v0\n ds_write_b32 v0, v3\n s_waitcnt lgkmcnt(1)\n" ADD "v3, v1, v1", ALL,
     NULL, NULL},
    {"ds_read_b32 v1, v0\n ds_write_b32 v0, v3\n s_waitcnt lgkmcnt(2)\n" ADD "v3, v1, v1", ALL,
     READ, "lgkmcnt(1) before"},
    {"ds_write_b32 v0, v3\n ds_read_b32 v1, v0\n s_waitcnt lgkmcnt(1)\n" ADD "v3, v1, v1", ALL,
     READ, "lgkmcnt(0) before"},
    {"ds_read2_b32 v[2:3], v0 offset1:1\n" ADD "v4, v3, v3", G9 | G1030, READ, "lgkmcnt(0) before"},
    {"ds_read_b64 v[2:3], v0\n" ADD "v4, v3, v3", ALL, READ, "lgkmcnt(0) before"},
    {"ds_bpermute_b32 v1, v0, v0\n" ADD "v4, v1, v1", ALL, READ, "lgkmcnt(0) before"},
    // Scalar loads come in any order: only a count of none tells.
    {"s_load_dword s6, s[4:5], 0x0\n s_add_u32 s7, s6, 1", ALL, READ, "lgkmcnt(0) before"},
    {"s_load_dword s6, s[4:5], 0x0\n v_mov_b32 v1, s6", ALL, READ, "lgkmcnt(0) before"},
    {"s_load_dword s6, s[4:5], 0x0\n s_mov_b32 s6, 0", ALL, OVERWRITE, "lgkmcnt(0) before"},
    {"s_load_dword s6, s[4:5], 0x0\n s_load_dword s7, s[4:5], 0x4\n s_waitcnt lgkmcnt(1)\n"
     "s_mov_b32 s8, s6",
     ALL, READ, "lgkmcnt(0) before"},
    {"s_load_dword s6, s[4:5], 0x0\n s_load_dword s7, s[4:5], 0x4\n s_waitcnt lgkmcnt(0)\n"
     "s_add_u32 s8, s6, s7",
     ALL, NULL, NULL},
    {"s_load_dwordx4 s[8:11], s[4:5], 0x0\n s_mov_b32 s12, s11", ALL, READ, "lgkmcnt(0) before"},
    {"s_load_dwordx4 s[8:11], s[4:5], 0x0\n s_mov_b32 s12, s7", ALL, NULL, NULL},
    {"s_load_dwordx2 vcc, s[4:5], 0x0\n s_cbranch_vccz 0", ALL, READ, "lgkmcnt(0) before"},
    {"s_load_dwordx2 vcc, s[4:5], 0x0\n v_div_fmas_f32 v1, v2, v3, v4", ALL, READ,
     "lgkmcnt(0) before"},
    // An LDS read among scalar loads is back when fewer operations are left than LDS reads came
    // after it, and not before.
    {"ds_read_b32 v1, v0\n s_load_dword s6, s[4:5], 0x0\n s_waitcnt lgkmcnt(1)\n" ADD "v3, v1, v1",
     ALL, READ, "lgkmcnt(0) before"},
    {"ds_read_b32 v1, v0\n s_load_dword s6, s[4:5], 0x0\n ds_read_b32 v2, v0\n"
     "s_waitcnt lgkmcnt(1)\n" ADD "v3, v1, v1",
     ALL, NULL, NULL},
    // FLAT counts in both counters.
    {"v_mov_b32 v2, s4\n v_mov_b32 v3, s5\n flat_load_dword v1, v[2:3]\n s_waitcnt vmcnt(0)\n" ADD
     "v4, v1, v1",
     ALL, READ, "lgkmcnt(0) before"},
    {"v_mov_b32 v2, s4\n v_mov_b32 v3, s5\n flat_load_dword v1, v[2:3]\n s_waitcnt lgkmcnt(0)\n" ADD
     "v4, v1, v1",
     ALL, READ, "vmcnt(0) before"},
    {"v_mov_b32 v2, s4\n v_mov_b32 v3, s5\n flat_load_dword v1, v[2:3]\n" ADD "v4, v1, v1", ALL,
     READ, "vmcnt(0) lgkmcnt(0) before"},
    {"v_mov_b32 v2, s4\n v_mov_b32 v3, s5\n flat_load_dword v1, v[2:3]\n"
     "s_waitcnt vmcnt(0) lgkmcnt(0)\n" ADD "v4, v1, v1",
     ALL, NULL, NULL},
    // On gfx9 in any order with other loads.
    {"v_mov_b32 v2, s4\n v_mov_b32 v3, s5\n flat_load_dword v1, v[2:3]\n"
     "global_load_dword v5, v0, s[4:5]\n s_waitcnt vmcnt(1) lgkmcnt(0)\n" ADD "v4, v1, v1",
     G9, READ, "vmcnt(0) before"},
    {"v_mov_b32 v2, s4\n v_mov_b32 v3, s5\n flat_load_dword v1, v[2:3]\n"
     "global_load_dword v5, v0, s[4:5]\n s_waitcnt vmcnt(1) lgkmcnt(0)\n" ADD "v4, v1, v1",
     G10UP, NULL, NULL},
    // Parts of wide operands.
    {"global_load_dwordx4 v[4:7], v0, s[4:5]\n v_mov_b32 v1, v7", ALL, READ, "vmcnt(0) before"},
    {"global_load_dwordx4 v[4:7], v0, s[4:5]\n v_mov_b32 v1, v8", ALL, NULL, NULL},
    {"global_load_dword v5, v0, s[4:5]\n global_store_dwordx2 v0, v[4:5], s[4:5]", ALL, READ,
     "vmcnt(0) before"},
    {"global_load_dword v5, v0, s[4:5]\n v_lshlrev_b64 v[4:5], 1, v[2:3]", ALL, OVERWRITE,
     "vmcnt(0) before"},
    {"global_load_dword v1, v0, s[4:5]\n ds_write2_b32 v0, v2, v1 offset1:1", G9 | G1030, READ,
     "vmcnt(0) before"},
    {"global_load_dword v1, v0, s[4:5]\n v_dual_mov_b32 v2, v4 :: v_dual_mov_b32 v3, v1", G1100,
     READ, "vmcnt(0) before"},
    {"global_load_dword v9, v0, s[4:5]\n s_mov_b32 m0, 2\n v_movrels_b32 v1, v7", G1030, READ,
     "vmcnt(0) before"},
    {"global_load_dword v9, v0, s[4:5]\n s_mov_b32 m0, 1\n v_movrels_b32 v1, v7", G1030, NULL,
     NULL},
    {"global_load_dword v1, v0, s[4:5]\n v_accvgpr_write_b32 a1, v2\n s_waitcnt vmcnt(0)", G9, NULL,
     NULL},
    {"global_load_dword a1, v0, s[4:5]\n v_accvgpr_read_b32 v2, a1", G9, READ, "vmcnt(0) before"},
    // All registers of matrices, whatever EXEC is.
    {"global_load_dword a17, v0, s[4:5]\n v_mfma_f32_32x32x2f32 a[0:15], v1, v2, a[16:31]", G9,
     READ, "vmcnt(0) before"},
    {"global_load_dword v3, v0, s[4:5]\n v_mfma_f32_16x16x16f16 a[0:3], v[2:3], v[4:5], a[0:3]", G9,
     READ, "vmcnt(0) before"},
    {"global_load_dword v47, v0, s[4:5]\n v_mfma_f32_32x32x1f32 v[16:47], v1, v2, 0", G9, OVERWRITE,
     "vmcnt(0) before"},
    {"global_load_dword v48, v0, s[4:5]\n v_mfma_f32_32x32x1f32 v[16:47], v1, v2, 0", G9, NULL,
     NULL},
    {"global_load_dword v15, v0, s[4:5]\n"
     "v_wmma_f32_16x16x16_f16 v[24:31], v[2:9], v[10:17], v[24:31]",
     G1100, READ, "vmcnt(0) before"},
    {"global_load_dword v31, v0, s[4:5]\n v_wmma_i32_16x16x16_iu8 v[24:31], v[2:5], v[6:9], 0",
     G1100, OVERWRITE, "vmcnt(0) before"},
    {"global_load_dword v10, v0, s[4:5]\n v_wmma_i32_16x16x16_iu8 v[24:31], v[2:5], v[6:9], 0",
     G1100, NULL, NULL},
    // A half that is loaded beside another in flight keeps the order, too.
    {"global_load_short_d16 v1, v0, s[4:5]\n global_load_short_d16_hi v1, v0, s[4:5]\n"
     "s_waitcnt vmcnt(0)\n v_mov_b32 v2, v1",
     G9 | G1030, NULL, NULL},
    // Nothing is active: the counters go on all the same, and the wait is needed.
    {"s_mov_b64 exec, 0\n global_load_dword v1, v0, s[4:5]\n s_mov_b64 exec, 1\n v_mov_b32 v2, v1",
     G9, READ, "vmcnt(0) before"},
    {"global_load_dword v1, v0, s[4:5]\n s_wait_idle\n v_mov_b32 v2, v1", G1030, NULL, NULL},
    // Two waits are missing: two reports.
    {"global_load_dword v1, v0, s[4:5]\n ds_read_b32 v2, v0\n v_mov_b32 v3, v1\n s_nop 0\n"
     "s_waitcnt lgkmcnt(0)",
     ALL, READ, "vmcnt(0) before"},
};

static void run_code(enum kernel_target target, const struct code *code)
{
    char body[1024];
    static int array[1024];
    snprintf(body, sizeof body,
             "s_load_dwordx2 s[4:5], s[0:1], 0x0\n v_lshlrev_b32 v0, 2, v0\n"
             "s_waitcnt lgkmcnt(0)\n %s\n s_endpgm",
             code->body);
    char *text = kernel_assembly(target, "waits", "p", body);
    collect_reports("waitcheck");
    kernel_run(&(struct kernel_call){
        .target = target,
        .language = KERNEL_ASSEMBLY,
        .text = text,
        .function = "waits",
        .block = {64},
        .arguments = {KERNEL_ARRAY(array)},
    });
    free(text);
}

KernelTest(waitcheck, hand_written_code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        const struct code *code = &codes[i];
        if (!(code->targets >> *target & 1))
            continue;
        run_code(*target, code);
        if (!code->kind) {
            cr_assert_eq(collected.count, 0, "%s\n%s", code->body, collected_text());
            continue;
        }
        char needed[64];
        snprintf(needed, sizeof needed, "needs s_waitcnt %s", code->needed);
        cr_assert_eq(collected.count, 1, "%s\n%u reports\n%s", code->body, collected.count,
                     collected_text());
        const struct collected_report *seen = &collected.reports[0];
        cr_assert_str_eq(seen->check, "waitcheck");
        cr_assert_str_eq(seen->severity, "error");
        cr_assert_str_eq(seen->kind, code->kind, "%s\n%s", code->body, seen->text);
        cr_assert_not_null(strstr(seen->text, needed), "%s\nwants %s\n%s", code->body, needed,
                           seen->text);
    }
}

// The waits of compiled code.

enum { MOST_WAITS = 4000 };

struct wait_place {
    size_t offset;   // in the bundle
    bool for_memory; // beside a barrier, a fence, a call or a return: no register needs it
    struct wait_counts counts;
};

struct waits {
    size_t count;
    struct wait_place places[MOST_WAITS];
};

static bool is_filler(const struct instruction *instruction)
{
    const char *name = instruction->opcode ? instruction->opcode->name : "";
    return strncmp(name, "s_waitcnt", 9) == 0 || strcmp(name, "s_delay_alu") == 0 ||
           strcmp(name, "s_nop") == 0 || strcmp(name, "s_clause") == 0;
}

static bool orders_memory(const struct instruction *instruction)
{
    static const char *const names[] = {"s_barrier", "buffer_gl0_inv", "buffer_gl1_inv",
                                        "buffer_wb", "buffer_inv",     "s_setpc_b64",
                                        "s_swappc",  "s_endpgm",       "s_sendmsg"};
    const char *name = instruction->opcode ? instruction->opcode->name : "s_endpgm";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(name, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static void find_waits(struct program *program, size_t begin, uint64_t address, uint64_t bytes,
                       struct waits *waits)
{
    const struct instruction *before = NULL; // the last one that is no filler
    for (uint64_t at = 0; at < bytes;) {
        const struct instruction *instruction = program_at(program, address + at);
        size_t offset = begin + at;
        at += instruction->size;
        if (instruction->opcode && strcmp(instruction->opcode->name, "s_waitcnt") == 0) {
            const struct instruction *after = instruction;
            uint64_t next = at;
            while (next < bytes && is_filler(after)) {
                after = program_at(program, address + next);
                next += after->size;
            }
            cr_assert_lt(waits->count, MOST_WAITS);
            waits->places[waits->count++] = (struct wait_place){
                offset, !before || orders_memory(before) || orders_memory(after),
                wait_counts_of(instruction, WAIT_INSTRUCTION)};
        }
        if (!is_filler(instruction))
            before = instruction;
    }
}

// Returns where in the bundle the code begins.
static size_t list_waits(enum kernel_target target, const struct device_code *bundle,
                         struct waits *waits)
{
    size_t begin, size;
    cr_assert(device_code_text(bundle, &begin, &size), "no code in the bundle");
    uint64_t address = (uint64_t)(uintptr_t)bundle->data + begin;
    struct program *program = program_create(target_by_name(kernel_target_processor(target)),
                                             address, size, kernel_target_wave_size(target));
    cr_assert_not_null(program);
    find_waits(program, begin, address, size, waits);
    program_destroy(program);
    return begin;
}

// The function that an offset in the bundle belongs to.
static void function_at(const struct device_code *bundle, size_t text_begin, size_t offset,
                        char *name, size_t size)
{
    const char *data = bundle->data;
    size_t at = 0;
    Elf64_Ehdr header;
    for (;; at += 8) {
        memcpy(&header, data + at, sizeof header);
        if (memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 && header.e_machine == EM_AMDGPU)
            break;
    }
    Elf64_Shdr sections[64];
    cr_assert_leq(header.e_shnum, 64);
    memcpy(sections, data + at + header.e_shoff, header.e_shnum * sizeof sections[0]);
    uint64_t address = 0;
    for (unsigned i = 0; i < header.e_shnum; i++)
        if (at + sections[i].sh_offset == text_begin && sections[i].sh_flags & SHF_EXECINSTR)
            address = sections[i].sh_addr + offset - text_begin;
    name[0] = 0;
    for (unsigned i = 0; i < header.e_shnum; i++) {
        if (sections[i].sh_type != SHT_SYMTAB)
            continue;
        for (size_t k = 0; k < sections[i].sh_size; k += sizeof(Elf64_Sym)) {
            Elf64_Sym symbol;
            memcpy(&symbol, data + at + sections[i].sh_offset + k, sizeof symbol);
            if (ELF64_ST_TYPE(symbol.st_info) == STT_FUNC &&
                address - symbol.st_value < symbol.st_size)
                snprintf(name, size, "%s",
                         data + at + sections[sections[i].sh_link].sh_offset + symbol.st_name);
        }
    }
}

static hipError_t launch(const void *image, const char *function, int *x)
{
    int *second = x + 512;
    hipModule_t module;
    hipFunction_t kernel;
    OK(hipModuleLoadData(&module, image));
    OK(hipModuleGetFunction(&kernel, module, function));
    int n = 3;
    struct {
        int a, b, c, d, e, f, g, h;
    } many = {3, 1, 4, 1, 5, 9, 2, 6};
    bool scalars = strcmp(function, "scalars") == 0;
    bool number = strcmp(function, "shared") == 0 || strcmp(function, "flat") == 0 ||
                  strcmp(function, "spilled") == 0;
    void *with_number[] = {&x, &n}, *with_array[] = {&x, &second},
         *with_many[] = {&x, &many, &second};
    collected.count = 0;
    hipError_t error = hipModuleLaunchKernel(kernel, 2, 1, 1, 64, 1, 1, 0, NULL,
                                             scalars  ? with_many
                                             : number ? with_number
                                                      : with_array,
                                             NULL);
    if (error == hipSuccess)
        error = hipDeviceSynchronize();
    OK(hipModuleUnload(module));
    return error;
}

static const char *const kernels[] = {"pipelined", "wide",   "shared", "scalars", "flat",
                                      "atomics",   "halves", "calls",  "lanes",   "spilled"};

struct tally {
    unsigned waits, for_memory, reported;
};

static uint32_t without_wait(uint32_t word)
{
    (void)word;
    return 0xbf800000; // s_nop 0
}

// One count of the wait goes up by one, if it is there and not the greatest.
static uint32_t raised(uint32_t word, unsigned shift, unsigned bits)
{
    uint32_t all = (1u << bits) - 1, value = word >> shift & all;
    return value == all ? word : word + (1u << shift);
}

static uint32_t vmcnt_raised(enum kernel_target target, uint32_t word)
{
    return target == KERNEL_TARGET_GFX1100 ? raised(word, 10, 6) : raised(word, 0, 4);
}

static uint32_t lgkmcnt_raised(enum kernel_target target, uint32_t word)
{
    return target == KERNEL_TARGET_GFX1100 ? raised(word, 4, 6) : raised(word, 8, 4);
}

static void mutate(enum kernel_target target, const struct device_code *bundle, size_t text_begin,
                   const struct wait_place *place, unsigned kind, int *x, struct tally *tally)
{
    uint32_t *at = (uint32_t *)((char *)bundle->data + place->offset), word = *at;
    uint32_t mutated = kind == 0   ? without_wait(word)
                       : kind == 1 ? vmcnt_raised(target, word)
                                   : lgkmcnt_raised(target, word);
    if (mutated == word)
        return;
    char function[128];
    function_at(bundle, text_begin, place->offset, function, sizeof function);
    bool is_kernel = false;
    for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++)
        is_kernel |= strcmp(kernels[i], function) == 0;
    tally->waits++;
    *at = mutated;
    OK(launch(bundle->data, is_kernel ? function : "calls", x));
    *at = word;
    tally->reported += collected.count != 0;
    tally->for_memory += !collected.count && place->for_memory;
    cr_assert(collected.count || place->for_memory,
              "%s: nothing is said of mutation %u of the wait at .text+0x%zx in %s",
              kernel_target_name(target), kind, place->offset - text_begin, function);
}

// Nothing is reported of the kernels as they are. With mutants: each wait is taken out, and its
// counts are raised by one.
static void check_compiled(enum kernel_target target, const char *flags, bool mutants)
{
    static struct waits waits;
    struct kernel_call call = {.target = target, .file = "waits.hip", .flags = flags};
    kernel_choose_device(target);
    struct device_code bundle = kernel_fixture_build(&call);
    int *x;
    OK(hipMalloc((void **)&x, 32768));
    OK(hipMemset(x, 0, 32768));
    collect_reports("waitcheck");
    for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
        hipError_t error = launch(bundle.data, kernels[i], x);
        cr_assert_eq(error, hipSuccess, "%s %s: %s\n%s", flags, kernels[i],
                     hipGetErrorString(error), collected_text());
        cr_assert_eq(collected.count, 0, "%s %s\n%s", flags, kernels[i], collected_text());
    }
    size_t begin = 0;
    waits.count = 0;
    if (mutants)
        begin = list_waits(target, &bundle, &waits);
    for (unsigned kind = 0; kind < 3 && mutants; kind++) {
        struct tally tally = {0};
        for (size_t i = 0; i < waits.count; i++)
            mutate(target, &bundle, begin, &waits.places[i], kind, x, &tally);
        cr_log_info("%s %s, mutation %u: %u waits, %u reported, %u order memory only",
                    kernel_target_name(target), flags, kind, tally.waits, tally.reported,
                    tally.for_memory);
        cr_assert_gt(tally.reported, 12);
    }
    OK(hipFree(x));
    device_code_free(&bundle);
}

KernelTest(waitcheck, waits_of_compiled_code)
{
    check_compiled(*target, "-O3 -g", true);
    check_compiled(*target, "-O1 -g", true);
    check_compiled(*target, "-O0 -g", false);
}
