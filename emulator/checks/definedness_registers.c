#include "definedness_registers.h"

#include "definedness.h"
#include "opcode_name.h"
#include "operand_type.h"

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

void plan_read_scalar(struct definedness_plan *plan, unsigned slot)
{
    if (counts(slot) && plan->scalar_sources < PLAN_SCALAR_SOURCES)
        plan->scalar_source[plan->scalar_sources++] = (uint8_t)slot;
}

void plan_write_scalar(struct definedness_plan *plan, unsigned slot)
{
    if (counts(slot) && plan->scalar_results < PLAN_SCALAR_RESULTS)
        plan->scalar_result[plan->scalar_results++] = (uint8_t)slot;
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

void plan_read(struct definedness_plan *plan, const struct operand *operand)
{
    unsigned registers = operand->registers ? operand->registers : 1;
    switch (operand->kind) {
    case OPERAND_VGPR:
        for (unsigned i = 0; i < registers; i++)
            add_vector_source(plan, operand->index + i,
                              halves_of(operand->select, type_is_half(operand->type)));
        break;
    case OPERAND_SGPR:
        for (unsigned i = 0; i < registers; i++)
            plan_read_scalar(plan, operand->index + i);
        break;
    case OPERAND_SCC:
        plan_read_scalar(plan, SCALAR_SCC);
        break;
    case OPERAND_VCCZ:
        plan_read_scalar(plan, VCC_LO);
        plan_read_scalar(plan, VCC_HI);
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
    if (starts_with(instruction->opcode->name, "v_fma_mixhi"))
        return HIGH_HALF;
    if (instruction->flags & FLAG_SDWA) {
        if (select == SELECT_DWORD || instruction->destination_unused != 2)
            return BOTH_HALVES;
        return halves_of(select, false);
    }
    if (!type_is_half(operand->type))
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

void plan_write(struct definedness_plan *plan, const struct instruction *instruction,
                const struct operand *operand)
{
    unsigned registers = operand->registers ? operand->registers : 1;
    // v_permlane64 does nothing in wave32.
    bool reads = instruction->opcode->flags & READS_RESULT ||
                 starts_with(instruction->opcode->name, "v_permlane64");
    for (unsigned i = 0; i < registers; i++) {
        if (operand->kind == OPERAND_VGPR) {
            uint8_t halves = result_halves(instruction, operand);
            if (keeps_old(instruction) || (reads && operand == &instruction->destination[0]))
                add_vector_source(plan, operand->index + i, halves);
            add_vector_result(plan, operand->index + i, halves);
        } else if (operand->kind == OPERAND_SGPR) {
            if (reads)
                plan_read_scalar(plan, operand->index + i);
            plan_write_scalar(plan, operand->index + i);
        }
    }
}
