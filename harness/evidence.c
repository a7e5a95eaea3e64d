#include "evidence.h"

#include "comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool evidence_value_matches(double got, double value, double tolerance)
{
    if (isnan(got) || isnan(value))
        return isnan(got) && isnan(value);
    return got == value || (isfinite(got) && fabs(got - value) <= tolerance);
}

void evidence_read_reference(const struct case_data *data, size_t output,
                             const struct tensor_view *view, double *value, double *tolerance)
{
    const struct plan *plan = data->plan;
    const enum dtype dtype = plan->tensors[output].dtype;
    for (size_t i = 0; i < view->count; i++) {
        tolerance[i] = 0;
        if (data->legal[output] != NULL) {
            const struct legal_set *legal = &data->legal[output][i];
            value[i] = legal->count > 0 ? (double)legal->tokens[0] : (double)NAN;
        } else if (data->expected_bytes[output] != NULL) {
            value[i] = ((const unsigned char *)data->expected_bytes[output])[i];
        } else {
            double expected = data->expected[output][i];
            // What the type overflows on is an infinity of it; only large values are rounded to
            // see.
            bool large = fabs(expected) > (dtype == DTYPE_F16 ? 65000 : 0x1.fep127);
            double rounded = large ? dtype_round(dtype, expected) : expected;
            value[i] = isinf(rounded) ? rounded : expected;
            tolerance[i] = comparison_tolerance(&plan->check, dtype, data->terms, expected,
                                                data->magnitude[output][i]);
        }
    }
}

double evidence_rounding(const struct evidence *evidence, double value)
{
    return dtype_info(evidence->view.dtype)->unit_roundoff * fabs(value);
}

static bool allocate(struct evidence *evidence)
{
    size_t count = evidence->view.count > 0 ? evidence->view.count : 1;
    evidence->got = calloc(count, sizeof(double));
    evidence->expected = calloc(count, sizeof(double));
    evidence->tolerance = calloc(count, sizeof(double));
    evidence->wrong = calloc(count, 1);
    evidence->unwritten = calloc(count, 1);
    return evidence->got != NULL && evidence->expected != NULL && evidence->tolerance != NULL &&
           evidence->wrong != NULL && evidence->unwritten != NULL;
}

static void free_view(struct evidence *evidence)
{
    free(evidence->got);
    free(evidence->expected);
    free(evidence->tolerance);
    free(evidence->wrong);
    free(evidence->unwritten);
    evidence->got = evidence->expected = evidence->tolerance = NULL;
    evidence->wrong = evidence->unwritten = NULL;
    evidence->wrong_count = evidence->unwritten_count = evidence->unstable_count = 0;
}

static bool is_wrong(const struct evidence *evidence, size_t i)
{
    const struct legal_set *legal = evidence->data.legal[evidence->output];
    const enum dtype dtype = evidence->view.dtype;
    if (legal != NULL)
        return !legal_set_contains(&legal[i], (int32_t)evidence->got[i]);
    bool exact = evidence->pass == PASS_EXACT && dtype_info(dtype)->is_float;
    return !evidence_value_matches(evidence->got[i], evidence->expected[i],
                                   exact ? 0 : evidence->tolerance[i]);
}

// Where the output held data before, what is still there and wrong was not written.
static bool is_unwritten(const struct evidence *evidence, size_t i)
{
    const struct case_data *data = &evidence->data;
    const enum dtype dtype = evidence->view.dtype;
    const struct dtype_info *info = dtype_info(dtype);
    const size_t output = evidence->output;
    uint64_t first = dtype_load_bits(dtype, data->outputs[0][output], i);
    uint64_t second = dtype_load_bits(dtype, data->outputs[1][output], i);
    if (data->inputs[output] != NULL)
        return evidence->wrong[i] && first == second &&
               first == dtype_load_bits(dtype, data->inputs[output], i);
    if (data->plan->tensors[output].dtype == dtype)
        return first == info->poison[0] && second == info->poison[1];
    // Bytes of a wider type.
    const struct dtype_info *wide = dtype_info(data->plan->tensors[output].dtype);
    size_t shift = 8 * (i % wide->size);
    return first == (wide->poison[0] >> shift & 0xff) &&
           second == (wide->poison[1] >> shift & 0xff);
}

bool evidence_look_at(struct evidence *evidence, size_t output)
{
    const struct case_data *data = &evidence->data;
    const struct plan *plan = data->plan;
    free_view(evidence);
    evidence->output = output;
    evidence->poisoned = data->inputs[output] == NULL;
    evidence->view = tensor_view_of(&plan->tensors[output], plan->reference->bitwise);
    if (!allocate(evidence))
        return false;
    evidence_read_reference(data, output, &evidence->view, evidence->expected, evidence->tolerance);
    for (size_t i = 0; i < evidence->view.count; i++) {
        const enum dtype dtype = evidence->view.dtype;
        evidence->got[i] = dtype_load(dtype, data->outputs[0][output], i);
        evidence->wrong[i] = is_wrong(evidence, i);
        evidence->unwritten[i] = is_unwritten(evidence, i);
        evidence->wrong[i] |= evidence->unwritten[i];
        evidence->wrong_count += evidence->wrong[i];
        evidence->unwritten_count += evidence->unwritten[i];
        evidence->unstable_count +=
            !evidence->unwritten[i] && dtype_load_bits(dtype, data->outputs[0][output], i) !=
                                           dtype_load_bits(dtype, data->outputs[1][output], i);
    }
    return true;
}

bool evidence_gather(const struct diagnosis_request *request, enum pass pass, uint64_t seed,
                     struct evidence *evidence)
{
    struct error error;
    const struct diagnosis_kernel *kernel = &request->kernel;
    *evidence = (struct evidence){.pass = pass, .seed = seed};
    if (!case_data_allocate(&evidence->data, request->plan))
        return false;
    case_data_fill(&evidence->data, seed, pass);
    if (!case_data_compute_reference(&evidence->data, &error))
        return false;
    for (int poison = 0; poison < 2; poison++) {
        if (!kernel->run(kernel->user, (const void *const *)evidence->data.inputs, poison,
                         evidence->data.outputs[poison]))
            return false;
    }
    return true;
}

void evidence_free(struct evidence *evidence)
{
    free_view(evidence);
    if (evidence->data.plan != NULL)
        case_data_free(&evidence->data);
    *evidence = (struct evidence){0};
}
