// links: wavegauge_emu_static
// From the disassembler's text to struct instruction.
#include "isa_tables.h"
#include "isa_unknown.h"
#include "program.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static char reason[128];

static bool decode(const char *target, unsigned lanes, const char *text,
                   struct instruction *instruction)
{
    memset(instruction, 0, sizeof *instruction);
    reason[0] = 0;
    instruction->target_family = (uint8_t)target_by_name(target)->family;
    return decode_text(text, target_by_name(target), lanes, instruction, reason, sizeof reason);
}

static struct instruction decoded(const char *target, unsigned lanes, const char *text)
{
    struct instruction instruction;
    cr_assert(decode(target, lanes, text, &instruction), "%s: %s", text, reason);
    return instruction;
}

static void refuses(const char *text, const char *why)
{
    struct instruction instruction;
    cr_assert_not(decode("gfx1030", 32, text, &instruction), "%s", text);
    cr_assert_not_null(strstr(reason, why), "%s: '%s' lacks '%s'", text, reason, why);
}

Test(decode, plain_registers_are_read_in_place)
{
    struct instruction i = decoded("gfx1030", 32, "\tv_add_f32_e32 v1, v2, v255");
    cr_assert_eq(i.destinations, 1);
    cr_assert_eq(i.sources, 2);
    cr_assert_eq(i.destination[0].offset, 32);
    cr_assert_eq(i.source[0].offset, 64);
    cr_assert_eq(i.source[1].offset, 255 * 32);
    cr_assert(i.source[0].plain && i.source[1].plain && i.result_plain);
    i = decoded("gfx1030", 64, "\tv_add_f32_e32 v1, v2, v3");
    cr_assert_eq(i.source[1].offset, 192, "wave64 registers are twice as long");
}

Test(decode, modifiers_of_operands)
{
    struct instruction i = decoded("gfx1030", 32, "v_add_f32_e64 v1, -|v2|, neg(s3) clamp mul:2");
    cr_assert_eq(i.source[0].modifiers, MODIFIER_NEGATE | MODIFIER_ABSOLUTE);
    cr_assert_eq(i.source[1].modifiers, MODIFIER_NEGATE);
    cr_assert_eq(i.source[1].kind, OPERAND_SGPR);
    cr_assert_not(i.source[0].plain);
    cr_assert_not(i.result_plain);
    cr_assert_eq(i.output_modifier, 1);
    cr_assert(i.flags & FLAG_CLAMP);
    i = decoded("gfx1030", 32, "v_add_f32_e64 v1, |v2|, -v3 div:2");
    cr_assert_eq(i.source[0].modifiers, MODIFIER_ABSOLUTE);
    cr_assert_eq(i.output_modifier, 3);
}

Test(decode, constants_by_type)
{
    static const struct {
        const char *text;
        uint64_t value;
    } cases[] = {
        {"v_add_f32_e32 v1, 0.5, v2", 0x3f000000},
        {"v_add_f32_e32 v1, -4.0, v2", 0xc0800000},
        {"v_add_f32_e32 v1, 0.15915494, v2", 0x3e22f983},
        {"v_add_f32_e32 v1, -16, v2", 0xfffffff0},
        {"v_add_f32_e32 v1, 0x40490fdb, v2", 0x40490fdb},
        {"v_add_f64 v[1:2], 1.0, v[3:4]", UINT64_C(0x3ff0000000000000)},
        {"v_add_f64 v[1:2], 0x40080000, v[3:4]", UINT64_C(0x4008000000000000)},
        {"v_add_f64 v[1:2], -1, v[3:4]", UINT64_MAX},
        {"v_add_f64 v[1:2], 0.15915494309189532, v[3:4]", UINT64_C(0x3fc45f306dc9c882)},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct instruction i = decoded("gfx1030", 32, cases[k].text);
        cr_assert_eq(i.source[0].kind, OPERAND_CONSTANT, "%s", cases[k].text);
        cr_assert_eq(i.source[0].value, cases[k].value, "%s gives %llx", cases[k].text,
                     (unsigned long long)i.source[0].value);
        cr_assert_eq(i.source[0].lanes[63], (uint32_t)cases[k].value);
        cr_assert_eq(i.source[0].lanes[127], (uint32_t)(cases[k].value >> 32));
    }
}

Test(decode, dpp)
{
    struct instruction i = decoded(
        "gfx1030", 32, "v_add_f32_dpp v1, v2, v3 quad_perm:[3,2,1,0] row_mask:0xa bank_mask:0x5");
    cr_assert_eq(i.dpp.kind, DPP_QUAD_PERM);
    cr_assert_eq(i.dpp.select[0], 3);
    cr_assert_eq(i.dpp.select[3], 0);
    cr_assert_eq(i.dpp.row_mask, 10);
    cr_assert_eq(i.dpp.bank_mask, 5);
    cr_assert_not(i.dpp.bound_control);
    cr_assert_not(i.source[0].plain);
    cr_assert(i.source[1].plain);
    i = decoded("gfx90a", 64,
                "v_add_f32_dpp v1, v2, v3 row_bcast:31 row_mask:0xc bank_mask:0xf "
                "bound_ctrl:0");
    cr_assert_eq(i.dpp.kind, DPP_ROW_BCAST31);
    cr_assert(i.dpp.bound_control);
    i = decoded("gfx1030", 32, "v_add_f32_dpp v1, v2, v3 dpp8:[7,6,5,4,3,2,1,0] fi:1");
    cr_assert_eq(i.dpp.kind, DPP_8);
    cr_assert_eq(i.dpp.select[7], 0);
    cr_assert(i.dpp.fetch_inactive);
}

Test(decode, sdwa)
{
    struct instruction i =
        decoded("gfx90a", 64,
                "v_add_f32_sdwa v1, -v2, |v3| dst_sel:WORD_1 dst_unused:UNUSED_PRESERVE "
                "src0_sel:BYTE_3 src1_sel:DWORD");
    cr_assert_eq(i.destination_select, SELECT_WORD_1);
    cr_assert_eq(i.destination_unused, 2);
    cr_assert_eq(i.source[0].select, SELECT_BYTE_3);
    cr_assert_eq(i.source[1].select, SELECT_DWORD);
    cr_assert_eq(i.source[0].modifiers, MODIFIER_NEGATE);
    cr_assert_not(i.result_plain);
}

static const struct instruction *second_half(const struct instruction *whole)
{
    return whole->second + 1; // struct dual: first, second
}

Test(decode, dual_issue_reads_before_it_writes)
{
    struct instruction i =
        decoded("gfx1100", 32, "v_dual_add_f32 v0, v1, v2 :: v_dual_mul_f32 v3, v0, v4");
    cr_assert_eq(i.second->destination[0].index, 0);
    cr_assert_eq(second_half(&i)->destination[0].index, 3);
    cr_assert_eq(second_half(&i)->source[0].offset, 512 * 32, "v0 must be kept aside");
    decode_release(&i);
    i = decoded("gfx1100", 32, "v_dual_add_f32 v0, v1, v2 :: v_dual_mul_f32 v3, v1, v4");
    cr_assert_eq(second_half(&i)->source[0].offset, 32);
    decode_release(&i);
}

Test(decode, what_it_does_not_know_is_named)
{
    refuses("v_frobnicate_f32 v1, v2", "v_frobnicate_f32");
    refuses("v_add_f32_e32 v1, v2", "number of operands");
    refuses("v_add_f32_e32 v1, v2, v3, v4", "number of operands");
    refuses("v_add_f32_e32 v1, v2, v256", "v256");
    refuses("v_add_f32_e32 v1, v2, q3", "q3");
    refuses("v_add_f64 v[1:2], v3, v[4:5]", "v3");
    refuses("v_add_f32_e64 v1, v2, v3 frob:1", "frob");
    refuses("", "");
}

// Whatever the text, decoding ends with an instruction or a reason.
Test(decode, broken_texts_are_refused)
{
    static const char whole[] = "v_add_f32_dpp v1, -|v2|, v[3:3] quad_perm:[3,2,1,0] clamp";
    char text[sizeof whole];
    struct instruction instruction;
    for (size_t length = 0; length < sizeof whole; length++) {
        snprintf(text, sizeof text, "%.*s", (int)length, whole);
        decode("gfx1030", 32, text, &instruction);
        for (size_t at = 0; at < length; at++) {
            snprintf(text, sizeof text, "%.*s", (int)length, whole);
            text[at] = ",:[]|(- "[(at + length) % 8];
            decode("gfx1030", 32, text, &instruction);
        }
    }
}

Test(decode, matrix_operands)
{
    static const struct {
        const char *target, *text, *why;
        unsigned lanes;
    } cases[] = {
        {"gfx90a", "v_mfma_f32_32x32x2f32 a[0:14], v0, v1, a[0:15]", "D is not", 64},
        {"gfx90a", "v_mfma_f32_32x32x2f32 a[0:15], v0, v1, a[0:31]", "C is neither", 64},
        {"gfx90a", "v_mfma_f32_32x32x2f32 a[0:15], v[0:1], v1, a[0:15]", "A or B is not", 64},
        {"gfx90a", "v_mfma_f32_32x32x2f32 a[0:15], v0, s1, a[0:15]", "A or B is not", 64},
        {"gfx90a", "v_mfma_f32_32x32x2f32 a[0:15], 1.0, v1, a[0:15]", "A or B is not", 64},
        {"gfx90a", "v_mfma_f32_32x32x2f32 a[0:15], v0, v1, s[0:15]", "C is neither", 64},
        {"gfx90a", "v_mfma_f32_32x32x2f32 s[0:15], v0, v1, 0", "D is not", 64},
        {"gfx90a", "v_mfma_f32_32x32x1f32 a[240:271], v0, v1, 0", "a[240:271]", 64},
        {"gfx90a", "v_mfma_f32_32x32x1f32 a[0:31], v0, v256, 0", "v256", 64},
        {"gfx90a", "v_mfma_f32_32x32x2f32 a[0:15], v0, v1", "number of operands", 64},
        {"gfx90a", "v_mfma_f32_32x32x1f32 a[0:31], v0, v1, 0 cbsz:2", "cbsz asks", 64},
        {"gfx90a", "v_mfma_f32_16x16x1f32 a[0:15], v0, v1, 0 cbsz:1 abid:2", "abid is no", 64},
        {"gfx90a", "v_mfma_f32_16x16x1f32 a[0:15], v0, v1, 0 abid:1", "abid is no", 64},
        {"gfx90a", "v_mfma_f64_4x4x4f64 a[0:1], v[0:1], v[2:3], 0 blgp:1", "mean nothing", 64},
        {"gfx90a", "v_mfma_f32_4x4x1f32 a[0:3], v0, v1, 0", "waves of 64", 32},
        {"gfx1100", "v_wmma_f32_16x16x16_f16 v[0:3], v[8:15], v[16:23], 0", "D is not", 32},
        {"gfx1100", "v_wmma_f32_16x16x16_f16 v[0:7], v[8:15], v[16:23], 0", "D is not", 64},
        {"gfx1100", "v_wmma_f32_16x16x16_f16 v[0:7], v[8:15], v[250:257], 0", "v[250:257]", 32},
        {"gfx1100", "v_wmma_bf16_16x16x16_bf16 v[0:7], v[8:15], v[16:23], 1.0", "constants of", 32},
        {"gfx1100", "v_wmma_i32_16x16x16_iu8 v[0:7], v[8:11], v[16:19], 0 neg_lo:[0,0,1]",
         "say only", 32},
        {"gfx1030", "v_wmma_f32_16x16x16_f16 v[0:7], v[8:15], v[16:23], 0", "not supported", 32},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct instruction instruction;
        cr_assert_not(decode(cases[k].target, cases[k].lanes, cases[k].text, &instruction), "%s",
                      cases[k].text);
        cr_assert_not_null(strstr(reason, cases[k].why), "%s: '%s' lacks '%s'", cases[k].text,
                           reason, cases[k].why);
    }
}
