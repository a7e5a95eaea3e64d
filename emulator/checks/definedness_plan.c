#include "definedness_plan.h"

#include "definedness.h"
#include "definedness_opcode.h"
#include "definedness_registers.h"
#include "opcode_name.h"

#include <stdlib.h>
#include <string.h>

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
        if (starts_with(name, names[i]))
            return true;
    return false;
}

static void plan_scalar(const struct instruction *instruction, struct definedness_plan *plan)
{
    const char *name = instruction->opcode->name;
    const struct opcode_rule *row = scalar_rule(name);
    plan->way = WAY_SCALAR;
    plan->rule = row->rule;
    plan->scc = row->scc;
    if (starts_with(name, "s_cbranch_cdbg") || starts_with(name, "s_cbranch_exec")) {
        plan->way = WAY_NOTHING;
        return;
    }
    if (starts_with(name, "s_cbranch_vcc")) {
        plan->way = WAY_BRANCH;
        plan_read_scalar(plan, VCC_LO);
        plan_read_scalar(plan, VCC_HI);
    } else if (starts_with(name, "s_cbranch_scc") || starts_with(name, "s_rfe")) {
        plan->way = WAY_BRANCH;
    } else if (starts_with(name, "s_setpc") || starts_with(name, "s_swappc")) {
        plan->way = WAY_CALL;
    } else if (strstr(name, "saveexec") || strstr(name, "wrexec")) {
        plan->way = WAY_SAVE_EXEC;
    } else if (starts_with(name, "s_movrel")) {
        plan->way = WAY_SCALAR_MOVE;
        plan_read_scalar(plan, M0);
    } else if (starts_with(name, "s_load") || starts_with(name, "s_buffer_load") ||
               starts_with(name, "s_set_gpr_idx")) {
        plan->way = WAY_MEMORY;
    }
    for (unsigned k = 0; k < instruction->sources; k++)
        plan_read(plan, &instruction->source[k]);
    if (scalar_reads_scc(name))
        plan_read_scalar(plan, SCALAR_SCC);
    // What a scalar load reads is said by the hook of its access.
    if (starts_with(name, "s_load"))
        return;
    for (unsigned k = 0; k < instruction->destinations; k++)
        plan_write(plan, instruction, &instruction->destination[k]);
    if (plan->scc != SCC_KEPT)
        plan_write_scalar(plan, SCALAR_SCC);
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
        {"v_mfma", WAY_MATRIX},
        {"v_wmma", WAY_MATRIX},
    };
    for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (starts_with(name, ways[i].beginning))
            return (enum plan_way)ways[i].way;
    return has_wide_operand(instruction) ? WAY_WHOLE : WAY_VECTOR;
}

static void plan_vector(const struct instruction *instruction, struct definedness_plan *plan)
{
    const char *name = instruction->opcode->name;
    plan->way = vector_way(instruction);
    plan->rule = vector_rule(name);
    plan->ignores_exec = plan->way == WAY_MATRIX;
    plan->every_lane = instruction->flags & FLAG_DPP || plan->way == WAY_READ_LANE ||
                       plan->ignores_exec || starts_with(name, "v_permlane");
    if (plan->way == WAY_COMPARE)
        plan->rule = compare_rule(name);
    if (plan->way == WAY_LANES || plan->way == WAY_INDEXED)
        plan->rule = RULE_COPY;
    if (instruction->flags & FLAG_CLAMP && plan->rule != RULE_DEFINED)
        plan->rule = RULE_ALL;
    if (plan->way == WAY_INDEXED)
        plan_read_scalar(plan, M0);
    for (unsigned k = 0; k < instruction->sources; k++)
        plan_read(plan, &instruction->source[k]);
    if (instruction->opcode->flags & READS_VCC) {
        plan_read_scalar(plan, VCC_LO);
        plan_read_scalar(plan, VCC_HI);
    }
    for (unsigned k = 0; k < instruction->destinations; k++)
        plan_write(plan, instruction, &instruction->destination[k]);
    if (starts_with(name, "v_swap"))
        for (unsigned k = 0; k < instruction->destinations; k++)
            plan_read(plan, &instruction->destination[k]);
    if (cancels(instruction) && plan->rule != RULE_ALL)
        plan->rule = RULE_DEFINED;
}

static void plan_dual(const struct instruction *instruction, struct definedness_plan *plan)
{
    const struct instruction *half = instruction->second;
    plan->way = WAY_DUAL;
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned k = 0; k < half[i].sources; k++)
            plan_read(plan, &half[i].source[k]);
        for (unsigned k = 0; k < half[i].destinations; k++)
            plan_write(plan, &half[i], &half[i].destination[k]);
    }
}

static void plan_lane_exchange(const struct instruction *instruction, struct definedness_plan *plan)
{
    plan->way = starts_with(instruction->opcode->name, "ds_swizzle") ? WAY_LANES : WAY_BPERMUTE;
    plan->rule = RULE_COPY;
    for (unsigned k = 0; k < instruction->sources; k++)
        plan_read(plan, &instruction->source[k]);
    for (unsigned k = 0; k < instruction->destinations; k++)
        plan_write(plan, instruction, &instruction->destination[k]);
}

static bool is_atomic(const char *name)
{
    static const char *const plain[] = {"ds_read_",  "ds_read2",  "ds_load_",
                                        "ds_write_", "ds_write2", "ds_store_"};
    if (!starts_with(name, "ds_"))
        return strstr(name, "atomic") != NULL;
    for (unsigned i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (starts_with(name, plain[i]))
            return false;
    return true;
}

// The sources that are data of a store, or of an atomic.
static uint8_t data_sources(const struct instruction *instruction, bool atomic)
{
    const char *name = instruction->opcode->name;
    if (starts_with(name, "buffer_"))
        return atomic || strstr(name, "store") ? 1 : 0;
    if (strstr(name, "addtid"))
        return strstr(name, "load") || strstr(name, "read") ? 0 : 1;
    if (starts_with(name, "ds_"))
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
            plan_read(plan, &instruction->source[k]);
    if (strstr(name, "addtid") || starts_with(name, "ds_append") || starts_with(name, "ds_consume"))
        if (starts_with(name, "ds_"))
            plan_read_scalar(plan, M0);
    for (unsigned k = 0; k < instruction->sources && atomic; k++)
        if (plan->data >> k & 1)
            plan_read(plan, &instruction->source[k]);
    // The hook of the access says which lanes load something undefined; lanes out of a buffer's
    // range do not get there.
    bool whole = !strstr(name, "d16");
    for (unsigned k = 0; k < instruction->destinations && whole; k++)
        if (atomic || starts_with(name, "buffer_"))
            plan_write(plan, instruction, &instruction->destination[k]);
}

static bool is_lane_exchange(const char *name)
{
    return starts_with(name, "ds_bpermute") || starts_with(name, "ds_permute") ||
           starts_with(name, "ds_swizzle");
}

// Fill up what the short form reads.
static void shorten(struct definedness_plan *plan)
{
    plan->nothing = plan->way == WAY_NOTHING ||
                    (!plan->always && !plan->vector_sources && !plan->vector_results &&
                     !plan->scalar_sources && !plan->scalar_results);
    plan->is_short = !plan->ignores_exec && plan->vector_sources <= SHORT_VECTOR_SOURCES &&
                     plan->scalar_sources <= SHORT_SCALAR_SOURCES &&
                     plan->vector_results <= SHORT_RESULTS && plan->scalar_results <= SHORT_RESULTS;
    for (unsigned i = plan->vector_sources; i < SHORT_VECTOR_SOURCES; i++)
        plan->vector_source[i] = NO_ROW;
    for (unsigned i = plan->vector_results; i < SHORT_RESULTS; i++)
        plan->vector_result[i] = NO_ROW;
    for (unsigned i = plan->scalar_sources; i < SHORT_SCALAR_SOURCES; i++)
        plan->scalar_source[i] = NO_SLOT;
    for (unsigned i = plan->scalar_results; i < SHORT_RESULTS; i++)
        plan->scalar_result[i] = NO_SLOT;
}

// A shift by what each lane has: programs do that to values, and compilers, which shift padding and
// bit fields about as well, by constants.
static bool shifts_by_lanes(const struct instruction *instruction)
{
    static const struct {
        const char *part;
        unsigned amount; // the source that says how far
    } shifts[] = {{"shlrev_", 0}, {"shrrev_", 0}, {"v_lshl_or", 1}, {"v_align", 2}};
    for (size_t i = 0; i < sizeof shifts / sizeof shifts[0]; i++)
        if (strstr(instruction->opcode->name, shifts[i].part))
            return shifts[i].amount < instruction->sources &&
                   instruction->source[shifts[i].amount].kind == OPERAND_VGPR;
    return false;
}

void definedness_plan_make(const struct instruction *instruction, struct definedness_plan *plan)
{
    memset(plan, 0, sizeof *plan);
    plan->nothing = true;
    const struct opcode *opcode = instruction->opcode;
    if (!opcode)
        return;
    const char *name = opcode->name;
    if (instruction->second)
        plan_dual(instruction, plan);
    else if (starts_with(name, "s_"))
        plan_scalar(instruction, plan);
    else if (starts_with(name, "v_"))
        plan_vector(instruction, plan);
    else if (is_lane_exchange(name))
        plan_lane_exchange(instruction, plan);
    else
        plan_memory(instruction, plan);
    plan->moves = rule_moves((enum definedness_rule)plan->rule) && !shifts_by_lanes(instruction);
    plan->always = plan->way == WAY_WRITE_LANE || plan->way == WAY_INDEXED ||
                   plan->way == WAY_SCALAR_MOVE || plan->way == WAY_CALL;
    shorten(plan);
}

const struct definedness_plan *definedness_plan_create(const struct instruction *instruction)
{
    const struct definedness_plan *known = NULL;
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
