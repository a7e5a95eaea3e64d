#include "definedness_result.h"

#include "definedness_propagate.h"
#include "lanes.h"
#include "opcode_name.h"
#include "operand_type.h"

void result_set_origins(struct wave *wave, struct definedness *definedness,
                        const struct definedness_plan *plan, struct undefined_result *result)
{
    for (unsigned i = 0; i < wave->lanes; i++) {
        if (!(wave->exec >> i & 1))
            result->undefined[i] = 0;
        if (result->undefined[i])
            result->origin[i] = propagate_origin(wave, definedness, plan, i);
    }
}

void result_finish(struct definedness *definedness, unsigned index,
                   const struct undefined_result *result)
{
    const uint32_t *row = definedness_row(definedness, index);
    uint32_t *origins = definedness_origins(definedness, index);
    uint64_t exec = definedness->rows.exec;
    definedness_refresh(definedness, index);
    for (unsigned i = 0; i < definedness->rows.lanes; i++)
        if (row[i] && exec >> i & 1 && result->undefined[i])
            origins[i] = result->origin[i];
}

void result_set_mask(struct definedness *definedness, const struct operand *operand,
                     const struct wave *wave, uint64_t bits, uint32_t origin)
{
    if (operand->kind != OPERAND_SGPR || operand->index == NULL_REGISTER)
        return;
    for (unsigned i = 0; i < wave->lanes / 32; i++)
        definedness_set_scalar(definedness, operand->index + i, (uint32_t)(bits >> 32 * i), origin);
}

uint64_t result_lanes(const struct undefined_result *result, unsigned lanes, uint32_t *origin)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < lanes; i++)
        if (result->undefined[i])
            mask |= UINT64_C(1) << i;
    if (mask)
        *origin = result->origin[__builtin_ctzll(mask)];
    return mask;
}

void result_commit(struct wave *wave, struct definedness *definedness,
                   const struct instruction *plain, const struct definedness_plan *plan,
                   const struct undefined_result *result)
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    struct wave *rows = &definedness->rows;
    const struct operand *destination = &plain->destination[0];
    for (unsigned i = 0; i < wave->lanes; i++) {
        low[i] = (uint32_t)result->undefined[i];
        high[i] = (uint32_t)(result->undefined[i] >> 32);
    }
    if (type_is_wide(destination->type))
        commit64(rows, plain, (struct result64){low, high});
    else if (type_is_half(destination->type) && starts_with(plain->opcode->name, "v_fma_mixhi"))
        commit32(rows, plain, low);
    else if (type_is_half(destination->type))
        commit16(rows, plain, low);
    else
        commit32(rows, plain, low);
    for (unsigned i = 0; i < plan->vector_results; i++)
        result_finish(definedness, plan->vector_result[i], result);
    if (plain->destinations > 1 && plain->destination[1].type == MASK) {
        uint32_t origin = 0;
        uint64_t lanes = result_lanes(result, wave->lanes, &origin);
        result_set_mask(definedness, &plain->destination[1], wave, lanes & wave->exec, origin);
    }
}
