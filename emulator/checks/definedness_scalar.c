// Undefined bits through scalar instructions.
#include "definedness_propagate.h"
#include "definedness_source.h"
#include "initcheck_origin.h"
#include "lanes.h"
#include "opcode_name.h"
#include "operand_type.h"

static struct bits fetch(struct wave *wave, const struct definedness *definedness,
                         const struct operand *operand)
{
    bool wide = type_is_wide(operand->type);
    uint64_t value = wide ? scalar64(wave, operand) : scalar32(wave, operand);
    return (struct bits){value, undefined_scalar(definedness, operand, wide)};
}

static struct bits scc_of(const struct wave *wave, const struct definedness *definedness)
{
    return (struct bits){wave->scc, definedness->scalar[SCALAR_SCC]};
}

// The sources as the rule wants them, with SCC and the old destination where they count.
static void gather(struct wave *wave, const struct definedness *definedness,
                   const struct instruction *instruction, struct bits sources[3])
{
    const char *name = instruction->opcode->name;
    for (unsigned k = 0; k < instruction->sources && k < 3; k++)
        sources[k] = fetch(wave, definedness, &instruction->source[k]);
    if (starts_with(name, "s_cmov")) {
        sources[1] = sources[0];
        sources[0] = fetch(wave, definedness, &instruction->destination[0]);
        sources[2] = scc_of(wave, definedness);
    } else if (starts_with(name, "s_cselect") || starts_with(name, "s_addc") ||
               starts_with(name, "s_subb")) {
        sources[2] = scc_of(wave, definedness);
    } else if (instruction->opcode->flags & READS_RESULT && instruction->destinations) {
        sources[2] = fetch(wave, definedness, &instruction->destination[0]);
    }
}

static void set_scc(struct definedness *definedness, const struct definedness_plan *plan,
                    const struct bits sources[3], struct bits result, uint32_t origin)
{
    uint64_t any = sources[0].undefined | sources[1].undefined | sources[2].undefined;
    bool undefined = false;
    switch ((enum plan_scc)plan->scc) {
    case SCC_KEPT:
        return;
    case SCC_NOT_ZERO:
        // One bit that is known to be set decides.
        undefined = result.undefined && !(result.value & ~result.undefined);
        break;
    case SCC_ANY:
        undefined = any != 0;
        break;
    case SCC_IS_RESULT:
        undefined = result.undefined & 1;
        break;
    }
    definedness_set_scalar(definedness, SCALAR_SCC, undefined,
                           origin | (undefined ? ORIGIN_COMPUTED : 0));
}

static unsigned width_of(const struct instruction *instruction)
{
    bool wide = instruction->destinations ? type_is_wide(instruction->destination[0].type) : false;
    for (unsigned k = 0; k < instruction->sources && k < 1; k++)
        wide |= type_is_wide(instruction->source[k].type);
    return wide ? 64 : 32;
}

static void set_destination(struct definedness *definedness, const struct instruction *instruction,
                            uint64_t undefined, uint32_t origin)
{
    if (!instruction->destinations || instruction->destination[0].kind != OPERAND_SGPR)
        return;
    const struct operand *operand = &instruction->destination[0];
    unsigned registers = operand->registers ? operand->registers : 1;
    for (unsigned i = 0; i < registers; i++)
        definedness_set_scalar(definedness, operand->index + i,
                               (uint32_t)(i ? undefined >> 32 : undefined), origin);
}

// EXEC takes part as a source that is always defined.
static void save_exec(struct wave *wave, struct definedness *definedness,
                      const struct instruction *instruction, const struct definedness_plan *plan,
                      struct bits sources[3], uint32_t origin)
{
    unsigned width = width_of(instruction);
    sources[1] = (struct bits){wave->exec, 0};
    struct bits result = rule_apply((enum definedness_rule)plan->rule, width, sources);
    definedness->exec_undefined |= result.undefined;
    definedness->exec_origin = origin;
    result.undefined = 0;
    set_destination(definedness, instruction, 0, 0);
    set_scc(definedness, plan, sources, result, origin);
}

// Registers chosen by M0, known only now.
static void indexed_move(struct wave *wave, struct definedness *definedness,
                         const struct instruction *instruction, uint32_t origin)
{
    unsigned m0 = wave->sgpr[M0], from = m0, to = 0;
    const char *name = instruction->opcode->name;
    if (starts_with(name, "s_movreld"))
        from = 0, to = m0;
    else if (starts_with(name, "s_movrelsd_2"))
        from = m0 & 1023, to = m0 >> 16 & 1023;
    unsigned registers =
        instruction->destination[0].registers ? instruction->destination[0].registers : 1;
    unsigned read = instruction->source[0].index + from;
    unsigned written = instruction->destination[0].index + to;
    if (registers > 2 || read + registers > SGPR_LIMIT || written + registers > SGPR_LIMIT)
        return; // a fault
    uint32_t undefined[2] = {0, 0}, origins[2] = {0, 0};
    for (unsigned i = 0; i < registers; i++) {
        undefined[i] = definedness->scalar[read + i];
        origins[i] = definedness->scalar_origin[read + i];
    }
    for (unsigned i = 0; i < registers; i++)
        definedness_set_scalar(definedness, written + i, undefined[i],
                               origins[i] ? origins[i] : origin);
}

void propagate_scalar(struct wave *wave, struct definedness *definedness,
                      const struct instruction *instruction, const struct definedness_plan *plan)
{
    struct bits sources[3] = {{0, 0}, {0, 0}, {0, 0}};
    uint32_t origin = propagate_origin(wave, definedness, plan, 0);
    if (plan->way == WAY_SCALAR_MOVE) {
        indexed_move(wave, definedness, instruction, origin);
        return;
    }
    gather(wave, definedness, instruction, sources);
    if (plan->way == WAY_SAVE_EXEC) {
        save_exec(wave, definedness, instruction, plan, sources, origin);
        return;
    }
    struct bits result =
        rule_apply((enum definedness_rule)plan->rule, width_of(instruction), sources);
    set_destination(definedness, instruction, result.undefined, origin);
    if (definedness->exec_undefined)
        result.undefined = 0; // it is reported, and SCC counts as defined with it
    set_scc(definedness, plan, sources, result, origin);
}
