#include "definedness_plan.h"

#include "definedness.h"

#include <stdlib.h>
#include <string.h>

// The first row that fits the beginning of the name counts.
struct rule_row {
    const char *beginning;
    uint8_t rule, scc;
};

static const struct rule_row scalar_rules[] = {
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

static const struct rule_row vector_rules[] = {
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

static bool begins(const char *name, const char *beginning)
{
    return strncmp(name, beginning, strlen(beginning)) == 0;
}

static const struct rule_row *find_row(const struct rule_row *row, const char *name)
{
    while (row->beginning && !begins(name, row->beginning))
        row++;
    return row;
}

// v_cmp_OPERATION_TYPE and v_cmpx_OPERATION_TYPE
static enum definedness_rule compare_rule(const char *name)
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
    const char *operation = name + strlen(begins(name, "v_cmpx_") ? "v_cmpx_" : "v_cmp_");
    if (begins(operation, "f_") || begins(operation, "t_") || begins(operation, "tru_"))
        return RULE_DEFINED;
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (begins(operation, rows[i].operation)) {
            char type = operation[3];
            return type == 'u' ? rows[i].of_unsigned : type == 'i' ? rows[i].of_signed : RULE_ALL;
        }
    return RULE_ALL;
}

static void add_vector_source(struct definedness_plan *plan, unsigned index, uint8_t halves)
{
    if (plan->vector_sources == PLAN_VECTOR_SOURCES)
        return;
    plan->source_halves[plan->vector_sources] = halves;
    plan->vector_source[plan->vector_sources++] = (uint16_t)index;
}

static void add_vector_result(struct definedness_plan *plan, unsigned index, uint8_t halves)
{
    if (plan->vector_results == PLAN_VECTOR_RESULTS)
        return;
    plan->result_halves[plan->vector_results] = halves;
    plan->vector_result[plan->vector_results++] = (uint16_t)index;
}

static bool counts(unsigned slot)
{
    return slot != NULL_REGISTER && slot != EXEC_LO && slot != EXEC_HI && slot < SCALAR_SLOTS;
}

static void add_scalar_source(struct definedness_plan *plan, unsigned slot)
{
    if (counts(slot) && plan->scalar_sources < PLAN_SCALAR_SOURCES)
        plan->scalar_source[plan->scalar_sources++] = (uint8_t)slot;
}

static void add_scalar_result(struct definedness_plan *plan, unsigned slot)
{
    if (counts(slot) && plan->scalar_results < PLAN_SCALAR_RESULTS)
        plan->scalar_result[plan->scalar_results++] = (uint8_t)slot;
}

static bool is_half_type(uint8_t type)
{
    return type == B16 || type == F16;
}

static uint8_t halves_of(uint8_t select, bool half_type)
{
    switch (select) {
    case SELECT_DWORD:
        return half_type ? LOW_HALF : BOTH_HALVES;
    case SELECT_BYTE_2:
    case SELECT_BYTE_3:
    case SELECT_WORD_1:
        return HIGH_HALF;
    default:
        return LOW_HALF;
    }
}

static void add_source(struct definedness_plan *plan, const struct operand *operand)
{
    unsigned registers = operand->registers ? operand->registers : 1;
    switch (operand->kind) {
    case OPERAND_VGPR:
        for (unsigned i = 0; i < registers; i++)
            add_vector_source(plan, operand->index + i,
                              halves_of(operand->select, is_half_type(operand->type)));
        break;
    case OPERAND_SGPR:
        for (unsigned i = 0; i < registers; i++)
            add_scalar_source(plan, operand->index + i);
        break;
    case OPERAND_SCC:
        add_scalar_source(plan, SCALAR_SCC);
        break;
    case OPERAND_VCCZ:
        add_scalar_source(plan, VCC_LO);
        add_scalar_source(plan, VCC_HI);
        break;
    default:
        break;
    }
}

// DPP may leave active lanes of the destination as they are.
static bool dpp_is_partial(const struct instruction *instruction)
{
    const struct dpp *dpp = &instruction->dpp;
    return instruction->flags & FLAG_DPP && dpp->kind != DPP_8 &&
           !(dpp->bound_control && dpp->row_mask == 15 && dpp->bank_mask == 15);
}

static uint8_t result_halves(const struct instruction *instruction, const struct operand *operand)
{
    uint8_t select = instruction->destination_select;
    if (begins(instruction->opcode->name, "v_fma_mixhi"))
        return HIGH_HALF;
    if (instruction->flags & FLAG_SDWA) {
        if (select == SELECT_DWORD || instruction->destination_unused != 2)
            return BOTH_HALVES;
        return halves_of(select, false);
    }
    if (!is_half_type(operand->type))
        return BOTH_HALVES;
    if (select == SELECT_WORD_1)
        return HIGH_HALF;
    bool clears = instruction->target_family == GFX9 && !(instruction->opcode->flags & KEEPS_HALF);
    return clears ? BOTH_HALVES : LOW_HALF;
}

// Only a part of a half is written, or not in all lanes: what was there before counts.
static bool keeps_old(const struct instruction *instruction)
{
    bool byte = instruction->flags & FLAG_SDWA && instruction->destination_unused == 2 &&
                instruction->destination_select >= SELECT_BYTE_0 &&
                instruction->destination_select <= SELECT_BYTE_3;
    return byte || dpp_is_partial(instruction);
}

static void add_result(struct definedness_plan *plan, const struct instruction *instruction,
                       const struct operand *operand)
{
    unsigned registers = operand->registers ? operand->registers : 1;
    // v_permlane64 does nothing in wave32.
    bool reads = instruction->opcode->flags & READS_RESULT ||
                 begins(instruction->opcode->name, "v_permlane64");
    for (unsigned i = 0; i < registers; i++) {
        if (operand->kind == OPERAND_VGPR) {
            uint8_t halves = result_halves(instruction, operand);
            if (keeps_old(instruction) || (reads && operand == &instruction->destination[0]))
                add_vector_source(plan, operand->index + i, halves);
            add_vector_result(plan, operand->index + i, halves);
        } else if (operand->kind == OPERAND_SGPR) {
            if (reads)
                add_scalar_source(plan, operand->index + i);
            add_scalar_result(plan, operand->index + i);
        }
    }
}

static bool same_operand(const struct operand *a, const struct operand *b)
{
    return a->kind == b->kind && (a->kind == OPERAND_VGPR || a->kind == OPERAND_SGPR) &&
           a->index == b->index && a->select == b->select && a->modifiers == b->modifiers;
}

// x ^ x and x - x are 0 whatever x is.
static bool cancels(const struct instruction *instruction)
{
    const char *name = instruction->opcode->name;
    static const char *const names[] = {"v_xor_b",    "s_xor_b",       "v_sub_u", "v_sub_nc_u",
                                        "v_subrev_u", "v_subrev_nc_u", "s_sub_"};
    if (instruction->sources < 2 || instruction->flags & FLAG_DPP ||
        !same_operand(&instruction->source[0], &instruction->source[1]))
        return false;
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (begins(name, names[i]))
            return true;
    return false;
}

static void plan_scalar(const struct instruction *instruction, struct definedness_plan *plan)
{
    const char *name = instruction->opcode->name;
    const struct rule_row *row = find_row(scalar_rules, name);
    plan->way = WAY_SCALAR;
    plan->rule = row->rule;
    plan->scc = row->scc;
    if (begins(name, "s_cbranch_cdbg") || begins(name, "s_cbranch_exec")) {
        plan->way = WAY_NOTHING;
        return;
    }
    if (begins(name, "s_cbranch_scc")) {
        plan->way = WAY_BRANCH;
        add_scalar_source(plan, SCALAR_SCC);
    } else if (begins(name, "s_cbranch_vcc")) {
        plan->way = WAY_BRANCH;
        add_scalar_source(plan, VCC_LO);
        add_scalar_source(plan, VCC_HI);
    } else if (begins(name, "s_setpc") || begins(name, "s_swappc") || begins(name, "s_rfe")) {
        plan->way = WAY_BRANCH;
    } else if (strstr(name, "saveexec") || strstr(name, "wrexec")) {
        plan->way = WAY_SAVE_EXEC;
    } else if (begins(name, "s_movrel")) {
        plan->way = WAY_SCALAR_MOVE;
        add_scalar_source(plan, M0);
    } else if (begins(name, "s_load") || begins(name, "s_buffer_load")) {
        plan->way = WAY_MEMORY;
    }
    for (unsigned k = 0; k < instruction->sources; k++)
        add_source(plan, &instruction->source[k]);
    if (begins(name, "s_addc") || begins(name, "s_subb") || begins(name, "s_cselect") ||
        begins(name, "s_cmov"))
        add_scalar_source(plan, SCALAR_SCC);
    // What a scalar load reads is said by the hook of its access.
    if (begins(name, "s_load"))
        return;
    for (unsigned k = 0; k < instruction->destinations; k++)
        add_result(plan, instruction, &instruction->destination[k]);
    if (plan->scc != SCC_KEPT)
        add_scalar_result(plan, SCALAR_SCC);
    if (cancels(instruction))
        plan->rule = RULE_DEFINED;
}

static bool has_wide_operand(const struct instruction *instruction)
{
    for (unsigned k = 0; k < instruction->sources; k++)
        if (instruction->source[k].type == B128)
            return true;
    return false;
}

static enum plan_way vector_way(const struct instruction *instruction)
{
    const char *name = instruction->opcode->name;
    static const struct {
        const char *beginning;
        uint8_t way;
    } ways[] = {
        {"v_cmp", WAY_COMPARE},
        {"v_readlane", WAY_READ_LANE},
        {"v_readfirstlane", WAY_READ_LANE},
        {"v_writelane", WAY_WRITE_LANE},
        {"v_permlane", WAY_LANES},
        {"v_swap_", WAY_LANES},
        {"v_movrel", WAY_INDEXED},
        {"v_swaprel", WAY_INDEXED},
        {"v_fma_mix", WAY_MIXED},
        {"v_mad_mix", WAY_MIXED},
        {"v_pk_", WAY_PACKED},
        {"v_dual", WAY_DUAL},
    };
    for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (begins(name, ways[i].beginning))
            return (enum plan_way)ways[i].way;
    return has_wide_operand(instruction) ? WAY_WHOLE : WAY_VECTOR;
}

static void plan_vector(const struct instruction *instruction, struct definedness_plan *plan)
{
    const char *name = instruction->opcode->name;
    plan->way = vector_way(instruction);
    plan->rule = find_row(vector_rules, name)->rule;
    plan->every_lane =
        instruction->flags & FLAG_DPP || plan->way == WAY_READ_LANE || begins(name, "v_permlane");
    if (plan->way == WAY_COMPARE)
        plan->rule = compare_rule(name);
    if (plan->way == WAY_LANES || plan->way == WAY_INDEXED)
        plan->rule = RULE_COPY;
    if (instruction->flags & FLAG_CLAMP && plan->rule != RULE_DEFINED)
        plan->rule = RULE_ALL;
    if (plan->way == WAY_INDEXED)
        add_scalar_source(plan, M0);
    for (unsigned k = 0; k < instruction->sources; k++)
        add_source(plan, &instruction->source[k]);
    if (instruction->opcode->flags & READS_VCC) {
        add_scalar_source(plan, VCC_LO);
        add_scalar_source(plan, VCC_HI);
    }
    for (unsigned k = 0; k < instruction->destinations; k++)
        add_result(plan, instruction, &instruction->destination[k]);
    if (begins(name, "v_swap"))
        for (unsigned k = 0; k < instruction->destinations; k++)
            add_source(plan, &instruction->destination[k]);
    if (cancels(instruction) && plan->rule != RULE_ALL)
        plan->rule = RULE_DEFINED;
}

static void plan_dual(const struct instruction *instruction, struct definedness_plan *plan)
{
    const struct instruction *half = instruction->second;
    plan->way = WAY_DUAL;
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned k = 0; k < half[i].sources; k++)
            add_source(plan, &half[i].source[k]);
        for (unsigned k = 0; k < half[i].destinations; k++)
            add_result(plan, &half[i], &half[i].destination[k]);
    }
}

static void plan_lane_exchange(const struct instruction *instruction, struct definedness_plan *plan)
{
    plan->way = begins(instruction->opcode->name, "ds_swizzle") ? WAY_LANES : WAY_BPERMUTE;
    plan->rule = RULE_COPY;
    for (unsigned k = 0; k < instruction->sources; k++)
        add_source(plan, &instruction->source[k]);
    for (unsigned k = 0; k < instruction->destinations; k++)
        add_result(plan, instruction, &instruction->destination[k]);
}

static bool is_atomic(const char *name)
{
    static const char *const plain[] = {"ds_read_",  "ds_read2",  "ds_load_",
                                        "ds_write_", "ds_write2", "ds_store_"};
    if (!begins(name, "ds_"))
        return strstr(name, "atomic") != NULL;
    for (unsigned i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (begins(name, plain[i]))
            return false;
    return true;
}

// The sources that are data of a store, or of an atomic.
static uint8_t data_sources(const struct instruction *instruction, bool atomic)
{
    const char *name = instruction->opcode->name;
    if (begins(name, "buffer_"))
        return atomic || strstr(name, "store") ? 1 : 0;
    if (strstr(name, "addtid"))
        return strstr(name, "load") || strstr(name, "read") ? 0 : 1;
    if (begins(name, "ds_"))
        return atomic || strstr(name, "write") || strstr(name, "store") ? 6 : 0;
    return atomic || strstr(name, "store") ? 2 : 0;
}

static void plan_memory(const struct instruction *instruction, struct definedness_plan *plan)
{
    const char *name = instruction->opcode->name;
    bool atomic = is_atomic(name);
    plan->way = WAY_MEMORY;
    plan->data = data_sources(instruction, atomic);
    for (unsigned k = 0; k < instruction->sources; k++)
        if (!(plan->data >> k & 1))
            add_source(plan, &instruction->source[k]);
    if (strstr(name, "addtid") || begins(name, "ds_append") || begins(name, "ds_consume"))
        if (begins(name, "ds_"))
            add_scalar_source(plan, M0);
    for (unsigned k = 0; k < instruction->sources && atomic; k++)
        if (plan->data >> k & 1)
            add_source(plan, &instruction->source[k]);
    // The hook of the access says which lanes load something undefined; lanes out of a buffer's
    // range do not get there.
    bool whole = !strstr(name, "d16");
    for (unsigned k = 0; k < instruction->destinations && whole; k++)
        if (atomic || begins(name, "buffer_"))
            add_result(plan, instruction, &instruction->destination[k]);
}

static bool is_lane_exchange(const char *name)
{
    return begins(name, "ds_bpermute") || begins(name, "ds_permute") || begins(name, "ds_swizzle");
}

void definedness_plan_make(const struct instruction *instruction, struct definedness_plan *plan)
{
    memset(plan, 0, sizeof *plan);
    const struct opcode *opcode = instruction->opcode;
    if (!opcode)
        return;
    const char *name = opcode->name;
    if (instruction->second)
        plan_dual(instruction, plan);
    else if (begins(name, "s_"))
        plan_scalar(instruction, plan);
    else if (begins(name, "v_"))
        plan_vector(instruction, plan);
    else if (is_lane_exchange(name))
        plan_lane_exchange(instruction, plan);
    else
        plan_memory(instruction, plan);
    plan->moves = rule_moves((enum definedness_rule)plan->rule);
    plan->always =
        plan->way == WAY_WRITE_LANE || plan->way == WAY_INDEXED || plan->way == WAY_SCALAR_MOVE;
}

const struct definedness_plan *definedness_plan_of(const struct instruction *instruction)
{
    const struct definedness_plan *known =
        __atomic_load_n(&instruction->definedness, __ATOMIC_ACQUIRE);
    if (__builtin_expect(known != NULL, 1))
        return known;
    struct definedness_plan *plan = malloc(sizeof *plan);
    if (!plan)
        return NULL;
    definedness_plan_make(instruction, plan);
    // Another thread may have been faster; the field is no part of what decoding says.
    if (__atomic_compare_exchange_n(&((struct instruction *)instruction)->definedness, &known, plan,
                                    false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return plan;
    free(plan);
    return known;
}
