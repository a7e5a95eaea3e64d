#include "initcheck.h"

#include "checks.h"
#include "definedness_memory.h"
#include "definedness_propagate.h"
#include "initcheck_origin.h"
#include "opcode_name.h"

#include <string.h>

bool initcheck_launch_begin(struct launch *launch)
{
    static _Atomic uint64_t launches;
    launch->checks->serial = atomic_fetch_add(&launches, 1) + 1;
    return true;
}

void initcheck_launch_unwatched(void)
{
    global_trust_all();
}

bool initcheck_group_create(struct workgroup *group)
{
    const struct launch *launch = group->launch;
    struct group_definedness *created =
        definedness_create(group, launch->kernel->lanes, launch->scratch_bytes);
    group->checks->definedness = created;
    for (uint32_t i = 0; created && i < group->wave_count; i++)
        group->waves[i].checks->definedness = created->waves[i];
    return created != NULL;
}

void initcheck_group_destroy(struct workgroup *group)
{
    definedness_destroy(group->checks->definedness, group->wave_count);
}

void initcheck_group_start(struct workgroup *group)
{
    definedness_start(group->checks->definedness, group);
}

void initcheck_report(struct wave *wave, const struct instruction *instruction, const char *kind,
                      unsigned lane, uint64_t count, uint32_t origin, const struct finding *about)
{
    if (!wave->launch->checks || !origin_claim(origin, instruction, kind))
        return;
    struct finding finding = about ? *about : (struct finding){.severity = FINDING_ERROR};
    finding.check = CHECK_INIT;
    finding.kind = kind;
    finding.count = count;
    bool write = finding.here.write;
    finding_place_set(&finding.here, wave, lane, instruction);
    finding.here.write = write;
    origin_describe(origin, wave->launch, &finding);
    findings_add(wave->launch->checks->findings, &finding);
}

static const lane_halves half_masks[] = {
    [LOW_HALF] = {~UINT64_C(0), 0},
    [HIGH_HALF] = {0, ~UINT64_C(0)},
    [BOTH_HALVES] = {~UINT64_C(0), ~UINT64_C(0)},
};

// All sources defined? Then so are the results. In the short form without loops and branches.
static inline bool short_defined(struct definedness *definedness,
                                 const struct definedness_plan *plan, uint64_t exec)
{
    lane_halves *vector = definedness->vector;
    uint32_t *scalar = definedness->scalar;
    const lane_halves any = (vector[plan->vector_source[0]] & half_masks[plan->source_halves[0]]) |
                            (vector[plan->vector_source[1]] & half_masks[plan->source_halves[1]]) |
                            (vector[plan->vector_source[2]] & half_masks[plan->source_halves[2]]) |
                            (vector[plan->vector_source[3]] & half_masks[plan->source_halves[3]]);
    const uint32_t any_scalar = scalar[plan->scalar_source[0]] | scalar[plan->scalar_source[1]] |
                                scalar[plan->scalar_source[2]];
    if (((any[0] | any[1]) & (exec | -(uint64_t)plan->every_lane)) | any_scalar)
        return false;
    const lane_halves written = {exec, exec};
    vector[plan->vector_result[0]] &= ~(written & half_masks[plan->result_halves[0]]);
    vector[plan->vector_result[1]] &= ~(written & half_masks[plan->result_halves[1]]);
    scalar[plan->scalar_result[0]] = 0;
    scalar[plan->scalar_result[1]] = 0;
    return true;
}

static bool long_defined(struct definedness *definedness, const struct definedness_plan *plan,
                         uint64_t exec)
{
    lane_halves any = {0, 0};
    uint32_t scalar = 0;
    for (unsigned i = 0; i < plan->vector_sources; i++)
        any |= definedness->vector[plan->vector_source[i]] & half_masks[plan->source_halves[i]];
    for (unsigned i = 0; i < plan->scalar_sources; i++)
        scalar |= definedness->scalar[plan->scalar_source[i]];
    if (((any[0] | any[1]) & (exec | -(uint64_t)plan->every_lane)) | scalar)
        return false;
    const uint64_t lanes = plan->ignores_exec ? ~UINT64_C(0) : exec;
    const lane_halves written = {lanes, lanes};
    for (unsigned i = 0; i < plan->vector_results; i++)
        definedness->vector[plan->vector_result[i]] &=
            ~(written & half_masks[plan->result_halves[i]]);
    for (unsigned i = 0; i < plan->scalar_results; i++)
        definedness->scalar[plan->scalar_result[i]] = 0;
    return true;
}

static inline bool all_defined(struct definedness *definedness, const struct definedness_plan *plan,
                               uint64_t exec)
{
    return __builtin_expect(plan->is_short, 1) ? short_defined(definedness, plan, exec)
                                               : long_defined(definedness, plan, exec);
}

static unsigned first_lane(uint64_t lanes)
{
    return lanes ? (unsigned)__builtin_ctzll(lanes) : 0;
}

static void define_all(struct definedness *definedness, const struct definedness_plan *plan,
                       uint64_t lanes)
{
    for (unsigned i = 0; i < plan->vector_sources; i++)
        definedness_define(definedness, plan->vector_source[i], lanes);
    for (unsigned i = 0; i < plan->scalar_sources; i++)
        definedness->scalar[plan->scalar_source[i]] = 0;
    for (unsigned i = 0; i < plan->vector_results; i++)
        definedness_define(definedness, plan->vector_result[i], lanes);
    for (unsigned i = 0; i < plan->scalar_results; i++)
        definedness->scalar[plan->scalar_result[i]] = 0;
}

static const char branch_kind[] = "undefined value decides a branch";

// VCC is known not to be zero when one of its defined bits is set.
static bool vcc_decided(const struct wave *wave, const struct definedness *definedness,
                        const struct instruction *instruction)
{
    if (strncmp(instruction->opcode->name, "s_cbranch_vcc", 13) != 0)
        return false;
    uint64_t undefined = definedness->scalar[VCC_LO];
    if (wave->lanes == 64)
        undefined |= (uint64_t)definedness->scalar[VCC_HI] << 32;
    return !undefined || wave_read_mask(wave, VCC_LO) & ~undefined;
}

static void branch(struct wave *wave, struct definedness *definedness,
                   const struct instruction *instruction, const struct definedness_plan *plan)
{
    if (vcc_decided(wave, definedness, instruction))
        return;
    uint32_t origin = propagate_origin(wave, definedness, plan, 0);
    initcheck_report(wave, instruction, branch_kind, first_lane(wave->exec), 1, origin, NULL);
    define_all(definedness, plan, 0);
}

enum { CALL_BYTES = 4 };

// Calls and returns, so that variables on the stack can be told by function.
static void note_call(const struct wave *wave, struct definedness *definedness,
                      const struct instruction *instruction)
{
    struct call_stack *stack = &definedness->calls;
    unsigned unit = instruction->target_family == GFX11 ? 1 : wave->lanes;
    if (starts_with(instruction->opcode->name, "s_swappc")) {
        if (stack->count < MOST_CALLS)
            stack->calls[stack->count++] = (struct call){instruction, wave->sgpr[FRAME_POINTER]};
        return;
    }
    unsigned from = instruction->source[0].index;
    uint64_t target = wave->sgpr[from] | (uint64_t)wave->sgpr[from + 1] << 32;
    for (unsigned i = stack->count; i-- > 0;)
        if (stack->calls[i].instruction->address + CALL_BYTES == target) {
            stack->count = i;
            scratch_forget(definedness, wave->sgpr[STACK_POINTER] / unit);
            return;
        }
}

// Lanes with an undefined address, or undefined data of an atomic.
static uint64_t undefined_lanes(const struct wave *wave, const struct definedness *definedness,
                                const struct definedness_plan *plan)
{
    uint64_t lanes = 0;
    for (unsigned i = 0; i < plan->vector_sources; i++)
        lanes |= definedness->vector[plan->vector_source[i]][0] |
                 definedness->vector[plan->vector_source[i]][1];
    return lanes & wave->exec;
}

static bool only_data(const struct wave *wave, const struct definedness *definedness,
                      const struct instruction *instruction, const struct definedness_plan *plan)
{
    for (unsigned i = 0; i < plan->scalar_sources; i++)
        if (definedness->scalar[plan->scalar_source[i]])
            return false;
    for (unsigned k = 0; k < instruction->sources; k++) {
        const struct operand *operand = &instruction->source[k];
        if (plan->data >> k & 1 || operand->kind != OPERAND_VGPR)
            continue;
        for (unsigned i = 0; i < operand->registers; i++)
            if ((definedness->vector[operand->index + i][0] |
                 definedness->vector[operand->index + i][1]) &
                wave->exec)
                return false;
    }
    return true;
}

static const char address_kind[] = "undefined value used as an address";

static void memory(struct wave *wave, struct definedness *definedness,
                   const struct instruction *instruction, const struct definedness_plan *plan)
{
    uint64_t lanes = undefined_lanes(wave, definedness, plan);
    bool vector = instruction->opcode->name[0] != 's' || instruction->opcode->name[1] != '_';
    if (vector && !wave->exec)
        return;
    unsigned lane = first_lane(lanes ? lanes : wave->exec);
    uint32_t origin = propagate_origin(wave, definedness, plan, lane);
    bool data = only_data(wave, definedness, instruction, plan);
    initcheck_report(wave, instruction,
                     data ? "undefined value given to an atomic operation" : address_kind, lane,
                     lanes ? (uint64_t)__builtin_popcountll(lanes) : 1,
                     data ? origin : origin & ~ORIGIN_COMPUTED, NULL);
    define_all(definedness, plan, wave->exec);
}

// M0 chooses registers.
static void index_of_registers(struct wave *wave, struct definedness *definedness,
                               const struct instruction *instruction)
{
    initcheck_report(wave, instruction, address_kind, first_lane(wave->exec), 1,
                     definedness->scalar_origin[M0], NULL);
    definedness->scalar[M0] = 0;
}

// EXEC counts as defined once it is reported.
static void exec_written(struct wave *wave, struct definedness *definedness,
                         const struct instruction *instruction)
{
    uint64_t lanes = definedness->exec_undefined & wave->full;
    definedness->exec_undefined = 0;
    if (lanes)
        initcheck_report(wave, instruction, branch_kind, first_lane(lanes),
                         (uint64_t)__builtin_popcountll(lanes), definedness->exec_origin, NULL);
}

static void compare(struct wave *wave, struct definedness *definedness,
                    const struct instruction *instruction, const struct definedness_plan *plan)
{
    uint32_t origin = 0;
    uint64_t lanes = propagate_compare(wave, definedness, instruction, plan, &origin);
    if (!(instruction->opcode->flags & WRITES_EXEC))
        return;
    definedness->exec_undefined = lanes;
    definedness->exec_origin = origin;
    for (unsigned i = 0; i < plan->scalar_results; i++)
        definedness->scalar[plan->scalar_result[i]] = 0;
}

// Something undefined is read.
__attribute__((noinline)) static void follow(struct wave *wave, struct definedness *definedness,
                                             const struct instruction *instruction,
                                             const struct definedness_plan *plan)
{
    if ((plan->way == WAY_INDEXED || plan->way == WAY_SCALAR_MOVE) && definedness->scalar[M0])
        index_of_registers(wave, definedness, instruction);
    switch ((enum plan_way)plan->way) {
    case WAY_NOTHING:
        break;
    case WAY_SCALAR:
    case WAY_SCALAR_MOVE:
    case WAY_SAVE_EXEC:
        propagate_scalar(wave, definedness, instruction, plan);
        break;
    case WAY_BRANCH:
        branch(wave, definedness, instruction, plan);
        break;
    case WAY_CALL:
        if (!all_defined(definedness, plan, wave->exec))
            branch(wave, definedness, instruction, plan);
        note_call(wave, definedness, instruction);
        break;
    case WAY_MEMORY:
        memory(wave, definedness, instruction, plan);
        break;
    case WAY_COMPARE:
        compare(wave, definedness, instruction, plan);
        break;
    default:
        propagate_vector(wave, definedness, instruction, plan);
    }
    exec_written(wave, definedness, instruction);
}

void initcheck_before(struct wave *wave, const struct instruction *instruction)
{
    const struct definedness_plan *plan = definedness_plan_of(instruction);
    struct definedness *definedness = wave->checks->definedness;
    if (!plan || plan->nothing)
        return;
    if (__builtin_expect(plan->always || !all_defined(definedness, plan, wave->exec), 0)) {
        definedness->place = instruction;
        follow(wave, definedness, instruction, plan);
    }
}

void initcheck_indexed(struct wave *wave, const struct instruction *instruction,
                       const struct instruction *moved)
{
    struct definedness *definedness = wave->checks->definedness;
    struct definedness_plan plan;
    definedness_plan_make(moved, &plan);
    // Reports and origins name the instruction, which outlives its copy; compilers index moves.
    if (plan.nothing || moved->opcode->flags & WRITES_EXEC)
        return;
    definedness->place = instruction;
    if (plan.always || !all_defined(definedness, &plan, wave->exec))
        follow(wave, definedness, moved, &plan);
}
