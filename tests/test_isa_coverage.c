// links: wavegauge_emu_static
//
// Every instruction that LLVM knows for a target is either executed or on the list of those left
// out on purpose.
//
// The test goes through the opcode fields of all encodings with a few choices of operands, lets the
// disassembler say what each is, and looks whether the emulator can decode that text.
#include "kernel_fixture.h"
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ENCODINGS = 200000, STRIDE = 16 }; // bytes from one encoding to the next, zeros between

struct encodings {
    uint32_t *words;
    size_t count;
};

static void add(struct encodings *all, uint32_t first, uint32_t second)
{
    cr_assert_lt(all->count, MOST_ENCODINGS);
    all->words[all->count * STRIDE / 4] = first;
    all->words[all->count * STRIDE / 4 + 1] = second;
    all->count++;
}

// One encoding: where its opcode field is, and the words with operands that it is tried with. The
// disassembler insists on zeros in fields that an instruction does not use, so there is a choice
// for each number of operands.
struct family {
    unsigned targets;
    uint32_t base;
    unsigned shift, bits;
    uint32_t first[4], second[12];
    unsigned firsts, seconds;
};

#define COUNT(...) (sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))
#define LIST(...)  __VA_ARGS__
#define FAMILY(targets, base, shift, bits, first, second)                                          \
    {                                                                                              \
        targets, base, shift, bits, {LIST first}, {LIST second}, COUNT(LIST first),                \
            COUNT(LIST second)                                                                     \
    }

#define SDWA_AND_DPP (0x06060602, 0x06060002, 0xff015002, 0xff00e402)
#define VOP3_OPERANDS                                                                              \
    (0x04120d04, 0x00080404, 0x10120d04, 0x00020d04, 0x00000804, 0x00000904, 0x00000104)
#define VOP3P_OPERANDS (0x1c120d04, 0x18100804, 0x18020d04, 0x18000104)
#define DS_OPERANDS                                                                                \
    (0x0c080402, 0x08000002, 0x00000402, 0x00080402, 0x08000402, 0x08000000, 0x00000002, 0)
// Results and data with a scalar base, and with what says "no base" on each target.
#define FLAT_OPERANDS                                                                              \
    (0x00040402, 0x08040002, 0x08040402, 0x007f0402, 0x087f0002, 0x087f0402, 0x007d0402,           \
     0x087d0002, 0x087d0402, 0x007c0402, 0x087c0002, 0x087c0402)
#define PLAIN_FLAT_OPERANDS (0x00000402, 0x08000002, 0x08000402, 0x00040000, 0x08040000, 0x00040400)

// Registers are even numbers below 16, for instructions that want pairs and quads.
static const struct family families[] = {
    // SOP2, SOPK, SOP1, SOPC, SOPP
    FAMILY(ALL_TARGETS, 0x80000000, 23, 7, (0x00080402, 0x00087e02), (0)),
    FAMILY(ALL_TARGETS, 0xb0000000, 23, 5, (0x00040010, 0x00047801), (8)),
    FAMILY(ALL_TARGETS, 0xbe800000, 8, 8, (0x00040002, 0x00040083), (0)),
    FAMILY(ALL_TARGETS, 0xbf000000, 16, 7, (0x0402), (0)),
    FAMILY(ALL_TARGETS, 0xbf800000, 16, 7, (0, 1), (0)),
    // SMEM
    FAMILY(GFX9, 0xc0000000, 18, 8, (0x00020202, 0x00000202, 0x00030202, 0x00024202), (8)),
    FAMILY(GFX10_UP, 0xf4000000, 18, 8, (0x202), (0xfa000008, 0x08000010, 0xfa1fffff)),
    // VOP2, VOP1, VOPC; each again with SDWA (0xf9), DPP (0xfa) and DPP8 (0xe9)
    FAMILY(ALL_TARGETS, 0, 25, 6, (0x00040502, 0x00040402), (0x12345678)),
    FAMILY(ALL_TARGETS, 0, 25, 6, (0x000404f9, 0x000404fa, 0x000404e9), SDWA_AND_DPP),
    FAMILY(ALL_TARGETS, 0x7e000000, 9, 8, (0x00040102, 0x00040002, 0), (0)),
    FAMILY(ALL_TARGETS, 0x7e000000, 9, 8, (0x000400f9, 0x000400fa, 0x000400e9), SDWA_AND_DPP),
    FAMILY(ALL_TARGETS, 0x7c000000, 17, 8, (0x00000502, 0x00000402), (0)),
    FAMILY(ALL_TARGETS, 0x7c000000, 17, 8, (0x000004f9, 0x000004fa, 0x000004e9), SDWA_AND_DPP),
    // VOP3, with DPP too; VOP3P; VOPD
    FAMILY(GFX9, 0xd0000000, 16, 10, (0x8, 0x0408, 0), VOP3_OPERANDS),
    FAMILY(GFX10_UP, 0xd4000000, 16, 10, (0x8, 0x0408, 0x8008, 0), VOP3_OPERANDS),
    FAMILY(GFX11, 0xd4000000, 16, 10, (0x8), (0x04120cfa, 0x04120ce9, 0x00020cfa, 0x000000fa)),
    FAMILY(GFX9, 0xd3800000, 16, 7, (0x8, 0x4008), VOP3P_OPERANDS),
    FAMILY(GFX10_UP, 0xcc000000, 16, 7, (0x8, 0x4008), VOP3P_OPERANDS),
    FAMILY(GFX11, 0xc8000000, 17, 9, (0x00000d02, 0x00000102), (0x08080c03, 0x08080103)),
    // DS, FLAT (without and with glc), MUBUF, MTBUF
    FAMILY(GFX9, 0xd8000000, 17, 8, (0, 0x10), DS_OPERANDS),
    FAMILY(GFX10_UP, 0xd8000000, 18, 8, (0, 0x10), DS_OPERANDS),
    FAMILY(ALL_TARGETS, 0xdc000000, 18, 7, (0, 0x4000, 0x8000, 0x10000), FLAT_OPERANDS),
    FAMILY(ALL_TARGETS, 0xdc010000, 18, 7, (0, 0x4000, 0x8000), FLAT_OPERANDS),
    FAMILY(ALL_TARGETS, 0xdc000000, 18, 7, (0, 0x10000, 0x8000, 0x18000), PLAIN_FLAT_OPERANDS),
    FAMILY(GFX11, 0xdc000000, 18, 7, (0x10000, 0x14000, 0x20000, 0x24000), FLAT_OPERANDS),
    FAMILY(ALL_TARGETS, 0xe0000000, 18, 8, (0x10, 0x1010, 0x4010),
           (0x80020402, 0x80820402, 0x80420402)),
    FAMILY(ALL_TARGETS, 0xe8000000, 15, 11, (0x10), (0x80020402, 0x80820402)),
};

static void enumerate(struct encodings *all, enum target_family target)
{
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        const struct family *family = &families[i];
        if (!(family->targets & target))
            continue;
        for (uint32_t opcode = 0; opcode < 1u << family->bits; opcode++)
            for (unsigned f = 0; f < family->firsts; f++)
                for (unsigned s = 0; s < family->seconds; s++)
                    add(all, family->base | opcode << family->shift | family->first[f],
                        family->second[s]);
    }
}

// Beginnings of mnemonics that are left out, and why.
static const struct {
    const char *beginning, *reason;
} left_out[] = {
    {"image_", "texture units"},
    {"exp ", "exports of pixel shaders"},
    {"v_interp_", "interpolation in pixel shaders"},
    {"lds_param_load", "interpolation in pixel shaders"},
    {"lds_direct_load", "interpolation in pixel shaders"},
    {"s_endpgm_ordered_ps_done", "pixel shaders"},
    {"ds_gws_", "global wave sync: no compiler emits it"},
    {"ds_ordered_count", "ordered append of graphics"},
    {"ds_add_gs_reg_rtn", "geometry shaders"},
    {"ds_sub_gs_reg_rtn", "geometry shaders"},
    {"buffer_store_lds_", "stores from LDS to buffers: no compiler emits them"},
    {"v_screen_partition", "pixel shaders"},
    {"buffer_load_format_", "typed buffers of graphics"},
    {"buffer_store_format_", "typed buffers of graphics"},
    {"buffer_load_d16_format_", "typed buffers of graphics"},
    {"buffer_store_d16_format_", "typed buffers of graphics"},
    {"buffer_load_d16_hi_format_", "typed buffers of graphics"},
    {"buffer_store_d16_hi_format_", "typed buffers of graphics"},
    {"tbuffer_", "typed buffers of graphics"},
    {"buffer_load_lds_", "loads from buffers into LDS on gfx11: no compiler emits them"},
    {"v_mfma_", "matrix units, not yet"},
    {"v_wmma_", "matrix units, not yet"},
    {"s_cbranch_g_fork", "hardware branch stack: no compiler for these targets emits it"},
    {"s_cbranch_i_fork", "hardware branch stack: no compiler for these targets emits it"},
    {"s_cbranch_join", "hardware branch stack: no compiler for these targets emits it"},
    {"s_setvskip", "skipping vector instructions: no compiler emits it"},
    {"s_store_", "scalar stores: no compiler emits them"},
    {"s_buffer_store_", "scalar stores: no compiler emits them"},
    {"s_scratch_", "scalar scratch: no compiler emits it"},
    {"s_atomic_", "scalar atomics: no compiler emits them"},
    {"s_buffer_atomic_", "scalar atomics: no compiler emits them"},
};

static bool is_left_out(const char *text)
{
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
        if (!strncmp(text, left_out[i].beginning, strlen(left_out[i].beginning)))
            return true;
    return false;
}

// Texts of bytes that only look like an instruction, or that the disassembler itself complains
// about.
static bool is_no_instruction(const char *text)
{
    return strstr(text, "not an instruction") || strstr(text, "invalid") || strstr(text, "/*") ||
           strstr(text, "Warning") || text[strcspn(text, " ,")] == ','; // an operand is lost
}

static void report(const char *text, const struct target *target, unsigned lanes, char *last,
                   size_t size)
{
    char mnemonic[64], reason[160] = "";
    struct instruction again = {.target_family = (uint8_t)target->family};
    snprintf(mnemonic, sizeof mnemonic, "%.*s", (int)strcspn(text, " "), text);
    if (!strcmp(mnemonic, last))
        return;
    snprintf(last, size, "%s", mnemonic);
    decode_text(text, target, lanes, &again, reason, sizeof reason);
    fprintf(stderr, "%s: '%s': %s\n", target->name, text, reason);
}

KernelTest(isa_coverage, all_that_the_disassembler_knows)
{
    const struct target *device = target_by_name(kernel_target_processor(*target));
    unsigned lanes = kernel_target_wave_size(*target);
    struct encodings all = {.words = calloc(MOST_ENCODINGS, STRIDE)};
    cr_assert_not_null(all.words);
    enumerate(&all, device->family);
    uint64_t code = (uint64_t)(uintptr_t)all.words;
    struct program *program = program_create(device, code, all.count * STRIDE, lanes);
    cr_assert_not_null(program);

    size_t known = 0, unknown = 0;
    char last[64] = "";
    for (size_t i = 0; i < all.count; i++) {
        const struct instruction *instruction = program_at(program, code + i * STRIDE);
        cr_assert_not_null(instruction);
        if (instruction->opcode) {
            known++;
            continue;
        }
        char text[256];
        program_text(program, instruction, text, sizeof text);
        if (is_no_instruction(text) || is_left_out(text))
            continue;
        unknown++;
        report(text, device, lanes, last, sizeof last);
    }
    cr_assert_gt(known, 3000, "only %zu encodings are known: the test looks in the wrong places",
                 known);
    cr_assert_eq(unknown, 0, "%zu encodings are not understood", unknown);
    program_destroy(program);
    free(all.words);
}
