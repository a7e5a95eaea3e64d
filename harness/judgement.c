#include "judgement.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// "[1, 0, 7]"
static void format_place(const struct plan_tensor *tensor, size_t index, char *text,
                         size_t capacity)
{
    int64_t places[MAX_RANK] = {0};
    size_t used = 0;
    for (size_t i = tensor->tensor->rank; i-- > 0;) {
        places[i] = tensor->shape[i] > 0 ? (int64_t)index % tensor->shape[i] : 0;
        index /= tensor->shape[i] > 0 ? (size_t)tensor->shape[i] : 1;
    }
    text[0] = '\0';
    for (size_t i = 0; i < tensor->tensor->rank && used < capacity; i++)
        used +=
            (size_t)snprintf(text + used, capacity - used, "%s%" PRId64 "%s", i > 0 ? ", " : "[",
                             places[i], i + 1 == tensor->tensor->rank ? "]" : "");
}

void judge_zeros(struct result *result, const struct plan_tensor *tensor,
                 const struct comparison *found, const char *pass, bool exact)
{
    const char *name = tensor->tensor->name;
    if (found->not_representable)
        result_fail(result, STATUS_ERROR,
                    "the exact pass expects answers that the output type cannot hold in '%s'; say "
                    "'check: {exact: false, ...}' when this kernel's answers are never exact",
                    name);
    if (found->all_zero)
        result_fail(result, STATUS_ERROR,
                    "'%s': the reference of the %s pass is zero everywhere, so this case could not "
                    "fail",
                    name, pass);
    if (found->undecided > tensor->count / 2 || (exact && found->undecided > 0))
        result_fail(result, STATUS_ERROR,
                    "'%s': more than one token would be right in %" PRIu64
                    " of %zu rows of the %s pass, so this case could hardly fail",
                    name, found->undecided, tensor->count, pass);
    if (found->wrong == 0)
        result_fail(result, STATUS_ERROR,
                    "'%s': zeros everywhere would pass in the %s pass, so this case could not fail",
                    name, pass);
}

// "batch=0, heads=1, ...": axes by the expression of their size, mostly a dimension's name.
static void format_coordinates(const struct plan_tensor *tensor, size_t index, char *text,
                               size_t capacity)
{
    size_t stride = tensor->count, used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < tensor->tensor->rank && used < capacity; i++) {
        size_t extent = tensor->shape[i] > 0 ? (size_t)tensor->shape[i] : 1;
        stride /= extent;
        size_t place = stride > 0 ? index / stride % extent : 0;
        used += (size_t)snprintf(text + used, capacity - used, "%s%s=%zu", i > 0 ? ", " : "",
                                 tensor->tensor->shape[i].text, place);
    }
}

static void judge_values(struct result *result, const struct plan_tensor *tensor,
                         const struct comparison *found, bool bitwise, double allowed)
{
    const char *name = tensor->tensor->name;
    int digits = 2 * (int)dtype_info(tensor->dtype)->size;
    char place[256], kinds[128] = "", coordinates[512];
    if (found->wrong == 0)
        return;
    format_place(tensor, found->worst_index, place, sizeof place);
    format_coordinates(tensor, found->worst_index, coordinates, sizeof coordinates);
    if (bitwise) {
        result_fail(result, STATUS_FAIL,
                    "'%s': %" PRIu64 " of %zu elements wrong, the first %s%s = 0x%0*" PRIx64
                    ", expected 0x%0*" PRIx64 "; that is at %s",
                    name, found->wrong, tensor->count, name, place, digits, found->got_bits, digits,
                    found->expected_bits, coordinates);
        return;
    }
    if (found->wrong_kind > 0)
        snprintf(kinds, sizeof kinds, ", %" PRIu64 " of them NaN or infinity on one side",
                 found->wrong_kind);
    result_fail(result, STATUS_FAIL,
                "'%s': %" PRIu64 " of %zu elements wrong%s, worst %s%s = %.9g, expected %.9g%s; "
                "off by %.3g, allowed %.3g; that is at %s",
                name, found->wrong, tensor->count, kinds, name, place, found->got, found->expected,
                allowed > 0 ? "" : " exactly", fabs(found->got - found->expected), allowed,
                coordinates);
}

// A right sampler fails the fit less often than this.
static const double false_alarm_rate = 1e-9;

static void judge_draws(struct result *result, struct case_data *data, size_t index,
                        const struct comparison *found, bool exact)
{
    const struct plan_tensor *tensor = &data->plan->tensors[index];
    const char *name = tensor->tensor->name;
    struct error error;
    double p_value;
    if (found->wrong > 0) {
        const struct legal_set *legal = &data->legal[index][found->worst_index];
        char place[256], others[64] = "";
        format_place(tensor, found->worst_index, place, sizeof place);
        if (legal->count > 1)
            snprintf(others, sizeof others, " or one of %zu more", legal->count - 1);
        result_fail(result, STATUS_FAIL,
                    "'%s': %" PRIu64 " of %zu tokens wrong, the first %s%s = %.0f, expected %.0f%s",
                    name, found->wrong, tensor->count, name, place, found->got, found->expected,
                    others);
        return;
    }
    // The exact pass draws its uniforms from few values.
    if (exact)
        return;
    if (!case_data_fit(data, index, &p_value, &error))
        result_fail(result, STATUS_ERROR, "%s", error.text);
    else if (p_value < false_alarm_rate)
        result_fail(result, STATUS_FAIL,
                    "'%s': the tokens drawn do not have the right frequencies; a right sampler is "
                    "that far off with probability %.3g",
                    name, p_value);
}

// Runs that differ by more than what they found in the output before: once more over the first
// poison tells whether the answer depends on that or is a new one each time.
static void judge_unstable(struct result *result, struct device_run *run, struct case_data *data,
                           size_t index, const struct comparison *found)
{
    const struct plan_tensor *tensor = &data->plan->tensors[index];
    size_t bytes = tensor->bytes;
    char place[256];
    format_place(tensor, found->first_unstable, place, sizeof place);
    void *first = malloc(bytes > 0 ? bytes : 1);
    if (first == NULL) {
        result_fail(result, STATUS_ERROR, "out of memory");
        return;
    }
    memcpy(first, data->outputs[0][index], bytes);
    bool same =
        device_run_execute(run, (const void *const *)data->inputs, 0, data->outputs[0], result) &&
        memcmp(first, data->outputs[0][index], bytes) == 0;
    free(first);
    result_fail(result, STATUS_FAIL,
                "'%s': %" PRIu64
                " of %zu elements differ between two runs, the first %s%s, and %" PRIu64
                " are wrong: %s",
                tensor->tensor->name, found->unstable, tensor->count, tensor->tensor->name, place,
                found->wrong,
                same ? "the answer depends on what memory held before (an output read before it is "
                       "written, or a read outside a buffer)"
                     : "the kernel is not deterministic");
}

void judge_output(struct result *result, struct device_run *run, struct case_data *data,
                  size_t index, const struct comparison *found, bool exact)
{
    const struct plan_tensor *tensor = &data->plan->tensors[index];
    if (tensor->count == 0)
        return;
    if (found->never_written > 0) {
        char place[256];
        format_place(tensor, found->first_never_written, place, sizeof place);
        result_fail(
            result, STATUS_FAIL, "'%s': %" PRIu64 " of %zu elements never written, the first %s%s",
            tensor->tensor->name, found->never_written, tensor->count, tensor->tensor->name, place);
    }
    if (found->unstable > 0 && result->status == STATUS_PASS)
        judge_unstable(result, run, data, index, found);
    bool bitwise = data->plan->check.kind == CHECK_BITS;
    bool draws = data->plan->check.kind == CHECK_DRAWS;
    double allowed = 0;
    if (!bitwise && !draws && !exact && found->wrong > 0)
        allowed = comparison_tolerance(&data->plan->check, tensor->dtype, data->terms,
                                       found->expected, data->magnitude[index][found->worst_index]);
    if (draws)
        judge_draws(result, data, index, found, exact);
    else
        judge_values(result, tensor, found, bitwise, allowed);
}
