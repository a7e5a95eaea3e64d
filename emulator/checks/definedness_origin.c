// The origin of what an instruction makes undefined.
#include "definedness_propagate.h"
#include "initcheck_origin.h"

static uint32_t stored_origin(const struct definedness *definedness, unsigned index, unsigned lane)
{
    return definedness->fresh[index] ? 0 : definedness_origins(definedness, index)[lane];
}

// Lanes mostly come to the same instruction one after the other.
static uint32_t register_origin(const struct wave *wave, struct definedness *definedness,
                                unsigned lane, unsigned register_number)
{
    if (definedness->asked_by != definedness->place) {
        definedness->answer = origin_of_register(wave, definedness->place, lane, register_number);
        definedness->asked_by = definedness->place;
    }
    return definedness->answer;
}

uint32_t propagate_origin(struct wave *wave, struct definedness *definedness,
                          const struct definedness_plan *plan, unsigned lane)
{
    uint32_t computed = plan->moves ? 0 : ORIGIN_COMPUTED, origin = 0;
    unsigned number = 0;
    bool found = false;
    for (unsigned i = 0; i < plan->vector_sources && !found; i++) {
        lane_halves lanes = definedness->vector[plan->vector_source[i]];
        uint64_t undefined = (plan->source_halves[i] & LOW_HALF ? lanes[0] : 0) |
                             (plan->source_halves[i] & HIGH_HALF ? lanes[1] : 0);
        if (!(undefined >> lane & 1))
            continue;
        origin = stored_origin(definedness, plan->vector_source[i], lane);
        number = origin_vector_register(wave, plan->vector_source[i]);
        found = true;
    }
    for (unsigned i = 0; i < plan->scalar_sources && !found; i++)
        if (definedness->scalar[plan->scalar_source[i]]) {
            origin = definedness->scalar_origin[plan->scalar_source[i]];
            number = origin_scalar_register(plan->scalar_source[i]);
            found = true;
        }
    for (unsigned i = 0; i < plan->vector_sources && !found; i++) {
        lane_halves lanes = definedness->vector[plan->vector_source[i]];
        uint64_t undefined = lanes[0] | lanes[1];
        if (!undefined)
            continue;
        origin = stored_origin(definedness, plan->vector_source[i],
                               (unsigned)__builtin_ctzll(undefined));
        number = origin_vector_register(wave, plan->vector_source[i]);
        found = true;
    }
    if (!(origin & ~ORIGIN_COMPUTED))
        origin |= register_origin(wave, definedness, lane, number);
    return origin | computed;
}
