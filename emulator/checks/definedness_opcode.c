#include "definedness_opcode.h"

#include "opcode_name.h"

#include <stddef.h>

// The first row that fits the beginning of the name counts.
static const struct opcode_rule scalar_rules[] = {
    {"s_mov_b", RULE_COPY, SCC_KEPT},
    {"s_movk", RULE_DEFINED, SCC_KEPT},
    {"s_cmov", RULE_SELECT, SCC_KEPT},
    {"s_cselect", RULE_SELECT_REVERSED, SCC_KEPT},
    {"s_and_not1_b", RULE_AND_NOT, SCC_NOT_ZERO},
    {"s_or_not1_b", RULE_OR_NOT, SCC_NOT_ZERO},
    {"s_andn2_b", RULE_AND_NOT, SCC_NOT_ZERO},
    {"s_orn2_b", RULE_OR_NOT, SCC_NOT_ZERO},
    {"s_and_b", RULE_AND, SCC_NOT_ZERO},
    {"s_or_b", RULE_OR, SCC_NOT_ZERO},
    {"s_xor_b", RULE_XOR, SCC_NOT_ZERO},
    {"s_nand_b", RULE_NAND, SCC_NOT_ZERO},
    {"s_nor_b", RULE_NOR, SCC_NOT_ZERO},
    {"s_xnor_b", RULE_XNOR, SCC_NOT_ZERO},
    {"s_not_b", RULE_NOT, SCC_NOT_ZERO},
    {"s_and_saveexec", RULE_AND, SCC_NOT_ZERO},
    {"s_or_saveexec", RULE_OR, SCC_NOT_ZERO},
    {"s_xor_saveexec", RULE_XOR, SCC_NOT_ZERO},
    {"s_nand_saveexec", RULE_NAND, SCC_NOT_ZERO},
    {"s_nor_saveexec", RULE_NOR, SCC_NOT_ZERO},
    {"s_xnor_saveexec", RULE_XNOR, SCC_NOT_ZERO},
    {"s_andn2_saveexec", RULE_AND_NOT, SCC_NOT_ZERO},
    {"s_and_not1_saveexec", RULE_AND_NOT, SCC_NOT_ZERO},
    {"s_orn2_saveexec", RULE_OR_NOT, SCC_NOT_ZERO},
    {"s_or_not1_saveexec", RULE_OR_NOT, SCC_NOT_ZERO},
    {"s_andn1_saveexec", RULE_NOT_AND, SCC_NOT_ZERO},
    {"s_and_not0_saveexec", RULE_NOT_AND, SCC_NOT_ZERO},
    {"s_orn1_saveexec", RULE_NOT_OR, SCC_NOT_ZERO},
    {"s_or_not0_saveexec", RULE_NOT_OR, SCC_NOT_ZERO},
    {"s_andn1_wrexec", RULE_NOT_AND, SCC_NOT_ZERO},
    {"s_and_not0_wrexec", RULE_NOT_AND, SCC_NOT_ZERO},
    {"s_andn2_wrexec", RULE_AND_NOT, SCC_NOT_ZERO},
    {"s_and_not1_wrexec", RULE_AND_NOT, SCC_NOT_ZERO},
    {"s_lshl_b", RULE_SHIFT_LEFT, SCC_NOT_ZERO},
    {"s_lshr_b", RULE_SHIFT_RIGHT, SCC_NOT_ZERO},
    {"s_ashr_i", RULE_SHIFT_SIGNED, SCC_NOT_ZERO},
    {"s_bfe_u", RULE_SCALAR_EXTRACT, SCC_NOT_ZERO},
    {"s_bfe_i", RULE_SCALAR_EXTRACT_SIGNED, SCC_NOT_ZERO},
    {"s_absdiff", RULE_ALL, SCC_NOT_ZERO},
    {"s_abs_", RULE_ALL, SCC_NOT_ZERO},
    {"s_bcnt", RULE_ALL, SCC_NOT_ZERO},
    {"s_quadmask", RULE_ALL, SCC_NOT_ZERO},
    {"s_wqm", RULE_ALL, SCC_NOT_ZERO},
    {"s_addk", RULE_ADD, SCC_ANY},
    {"s_mulk", RULE_ADD, SCC_KEPT},
    {"s_add", RULE_ADD, SCC_ANY},
    {"s_sub_", RULE_ADD, SCC_ANY},
    {"s_subb_", RULE_ADD, SCC_ANY},
    {"s_lshl1_add", RULE_ADD, SCC_ANY},
    {"s_lshl2_add", RULE_ADD, SCC_ANY},
    {"s_lshl3_add", RULE_ADD, SCC_ANY},
    {"s_lshl4_add", RULE_ADD, SCC_ANY},
    {"s_min", RULE_ALL, SCC_ANY},
    {"s_max", RULE_ALL, SCC_ANY},
    {"s_mul_i32", RULE_MULTIPLY, SCC_KEPT},
    {"s_pack_ll", RULE_PACK_LOW_LOW, SCC_KEPT},
    {"s_pack_lh", RULE_PACK_LOW_HIGH, SCC_KEPT},
    {"s_pack_hh", RULE_PACK_HIGH_HIGH, SCC_KEPT},
    {"s_pack_hl", RULE_PACK_HIGH_LOW, SCC_KEPT},
    {"s_sext_i32_i8", RULE_SIGN_EXTEND8, SCC_KEPT},
    {"s_sext_i32_i16", RULE_SIGN_EXTEND16, SCC_KEPT},
    {"s_brev", RULE_REVERSE, SCC_KEPT},
    {"s_ff1_", RULE_FIRST_SET, SCC_KEPT},
    {"s_ctz_", RULE_FIRST_SET, SCC_KEPT},
    {"s_cmpk", RULE_ALL, SCC_IS_RESULT},
    {"s_cmp_eq", RULE_EQUAL, SCC_IS_RESULT},
    {"s_cmp_lg", RULE_DIFFERENT, SCC_IS_RESULT},
    {"s_cmp_lt_i", RULE_SIGNED_LESS, SCC_IS_RESULT},
    {"s_cmp_le_i", RULE_SIGNED_LESS_EQUAL, SCC_IS_RESULT},
    {"s_cmp_gt_i", RULE_SIGNED_GREATER, SCC_IS_RESULT},
    {"s_cmp_ge_i", RULE_SIGNED_GREATER_EQUAL, SCC_IS_RESULT},
    {"s_cmp_lt_u", RULE_LESS, SCC_IS_RESULT},
    {"s_cmp_le_u", RULE_LESS_EQUAL, SCC_IS_RESULT},
    {"s_cmp_gt_u", RULE_GREATER, SCC_IS_RESULT},
    {"s_cmp_ge_u", RULE_GREATER_EQUAL, SCC_IS_RESULT},
    {"s_bitcmp0", RULE_BIT_IS_CLEAR, SCC_IS_RESULT},
    {"s_bitcmp1", RULE_BIT_IS_SET, SCC_IS_RESULT},
    {"s_getreg", RULE_DEFINED, SCC_KEPT},
    {NULL, RULE_ALL, SCC_KEPT},
};

static const struct opcode_rule vector_rules[] = {
    {"v_mov_b", RULE_COPY, 0},
    {"v_accvgpr", RULE_COPY, 0},
    {"v_and_or", RULE_AND_OR, 0},
    {"v_and_b", RULE_AND, 0},
    {"v_or3", RULE_OR3, 0},
    {"v_or_b", RULE_OR, 0},
    {"v_xor3", RULE_XOR3, 0},
    {"v_xor_b", RULE_XOR, 0},
    {"v_xnor", RULE_XNOR, 0},
    {"v_not_b", RULE_NOT, 0},
    {"v_xad", RULE_XOR_ADD, 0},
    {"v_lshl_or", RULE_SHIFT_OR, 0},
    {"v_lshl_add", RULE_SHIFT_ADD, 0},
    {"v_add_lshl", RULE_ADD_SHIFT, 0},
    {"v_lshlrev", RULE_SHIFT_LEFT_REVERSED, 0},
    {"v_lshrrev", RULE_SHIFT_RIGHT_REVERSED, 0},
    {"v_ashrrev", RULE_SHIFT_SIGNED_REVERSED, 0},
    {"v_bfe_u", RULE_EXTRACT, 0},
    {"v_bfe_i", RULE_EXTRACT_SIGNED, 0},
    {"v_bfi", RULE_BITFIELD_INSERT, 0},
    {"v_bfrev", RULE_REVERSE, 0},
    {"v_alignbit", RULE_ALIGN_BITS, 0},
    {"v_alignbyte", RULE_ALIGN_BYTES, 0},
    {"v_perm_b32", RULE_PERMUTE_BYTES, 0},
    {"v_bcnt", RULE_COUNT_ADD, 0},
    {"v_mbcnt", RULE_COUNT_ADD, 0},
    {"v_ffbl", RULE_FIRST_SET, 0},
    {"v_ctz", RULE_FIRST_SET, 0},
    {"v_add_u", RULE_ADD, 0},
    {"v_add_i", RULE_ADD, 0},
    {"v_add_nc", RULE_ADD, 0},
    {"v_add3", RULE_ADD, 0},
    {"v_add_co", RULE_ADD, 0},
    {"v_addc_co", RULE_ADD, 0},
    {"v_sub_u", RULE_ADD, 0},
    {"v_sub_i", RULE_ADD, 0},
    {"v_sub_nc", RULE_ADD, 0},
    {"v_sub_co", RULE_ADD, 0},
    {"v_subb", RULE_ADD, 0},
    {"v_subrev_u", RULE_ADD, 0},
    {"v_subrev_nc", RULE_ADD, 0},
    {"v_subrev_co", RULE_ADD, 0},
    {"v_mul_lo_u", RULE_MULTIPLY, 0},
    {"v_mad_u16", RULE_MULTIPLY, 0},
    {"v_mad_i16", RULE_MULTIPLY, 0},
    {"v_mad_legacy_u16", RULE_MULTIPLY, 0},
    {"v_mad_legacy_i16", RULE_MULTIPLY, 0},
    {"v_mad_u64_u32", RULE_MULTIPLY, 0},
    {"v_mul_u32_u24", RULE_MULTIPLY24, 0},
    {"v_mul_i32_i24", RULE_MULTIPLY24, 0},
    {"v_mad_u32_u24", RULE_MULTIPLY_ADD24, 0},
    {"v_mad_i32_i24", RULE_MULTIPLY_ADD24, 0},
    {"v_cndmask", RULE_SELECT, 0},
    {"v_cvt_f32_ubyte0", RULE_BYTE0, 0},
    {"v_cvt_f32_ubyte1", RULE_BYTE1, 0},
    {"v_cvt_f32_ubyte2", RULE_BYTE2, 0},
    {"v_cvt_f32_ubyte3", RULE_BYTE3, 0},
    {"v_cvt_i32_i16", RULE_SIGN_EXTEND16, 0},
    {"v_cvt_u32_u16", RULE_COPY, 0},
    {"v_pack_b32", RULE_PACK_LOW_LOW, 0},
    {"v_cvt_pkrtz", RULE_PACK_CONVERTED, 0},
    {"v_cvt_pk_rtz", RULE_PACK_CONVERTED, 0},
    {"v_cvt_pknorm", RULE_PACK_CONVERTED, 0},
    {"v_cvt_pk_norm", RULE_PACK_CONVERTED, 0},
    {"v_cvt_pk_i16", RULE_PACK_CONVERTED, 0},
    {"v_cvt_pk_u16", RULE_PACK_CONVERTED, 0},
    {NULL, RULE_ALL, 0},
};

static const struct opcode_rule *find_row(const struct opcode_rule *row, const char *name)
{
    while (row->beginning && !starts_with(name, row->beginning))
        row++;
    return row;
}

enum definedness_rule compare_rule(const char *name)
{
    static const struct {
        const char *operation;
        uint8_t of_unsigned, of_signed;
    } rows[] = {
        {"eq_", RULE_EQUAL, RULE_EQUAL},
        {"ne_", RULE_DIFFERENT, RULE_DIFFERENT},
        {"lt_", RULE_LESS, RULE_SIGNED_LESS},
        {"le_", RULE_LESS_EQUAL, RULE_SIGNED_LESS_EQUAL},
        {"gt_", RULE_GREATER, RULE_SIGNED_GREATER},
        {"ge_", RULE_GREATER_EQUAL, RULE_SIGNED_GREATER_EQUAL},
    };
    const char *operation = name + strlen(starts_with(name, "v_cmpx_") ? "v_cmpx_" : "v_cmp_");
    if (starts_with(operation, "f_") || starts_with(operation, "t_") ||
        starts_with(operation, "tru_"))
        return RULE_DEFINED;
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (starts_with(operation, rows[i].operation)) {
            char type = operation[3];
            return type == 'u' ? rows[i].of_unsigned : type == 'i' ? rows[i].of_signed : RULE_ALL;
        }
    return RULE_ALL;
}

const struct opcode_rule *scalar_rule(const char *name)
{
    return find_row(scalar_rules, name);
}

enum definedness_rule vector_rule(const char *name)
{
    return (enum definedness_rule)find_row(vector_rules, name)->rule;
}

bool scalar_reads_scc(const char *name)
{
    static const char *const readers[] = {"s_addc", "s_subb", "s_cselect", "s_cmov",
                                          "s_cbranch_scc"};
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
        if (starts_with(name, readers[i]))
            return true;
    return false;
}
