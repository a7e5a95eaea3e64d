// links: isa_fixture wavegauge_emu_static
//
// Every instruction that LLVM knows for a target is either executed or on the list of those left
// out on purpose.
//
// The test goes through the opcode fields of all encodings with a few choices of operands, lets the
// disassembler say what each is, and looks whether the emulator can decode that text.
#include "isa_encodings.h"
#include "kernel_fixture.h"
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    // Matrices are in vector registers only, and not all have blocks to broadcast.
    bool matrix = !strncmp(text, "v_mfma_", 7) || !strncmp(text, "v_wmma_", 7);
    if (matrix && (strstr(text, ", s") || strstr(text, " cbsz:")))
        return true;
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
    struct isa_encodings all = isa_encodings_create(device->family);
    uint64_t code = (uint64_t)(uintptr_t)all.words;
    struct program *program = program_create(device, code, all.count * ISA_STRIDE, lanes);
    cr_assert_not_null(program);

    size_t known = 0, unknown = 0;
    char last[64] = "";
    for (size_t i = 0; i < all.count; i++) {
        const struct instruction *instruction = program_at(program, code + i * ISA_STRIDE);
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
    isa_encodings_free(&all);
}
