// Inputs read wrongly: the reference computed on inputs as a kernel with the mistake would see
// them.
#include "index_mistake.h"
#include "named_ratio.h"
#include "recomputation.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input_hypothesis {
    struct recomputation *recomputation;
    size_t tensor;
    const struct index_mistake *mistake;
    size_t other;            // another tensor, read in place of this one
    double factor, constant; // constant: NaN unless every element is taken as this
    double addend;
};

static struct tensor_view view_of(const struct inquiry *inquiry, size_t tensor)
{
    const struct plan *plan = inquiry->request->plan;
    return tensor_view_of(&plan->tensors[tensor], plan->reference->bitwise);
}

static bool predict_misread(struct inquiry *inquiry, const struct evidence *evidence,
                            const void *hypothesis)
{
    const struct input_hypothesis *input = hypothesis;
    const struct tensor_view view = view_of(inquiry, input->tensor);
    recomputation_restore(input->recomputation, evidence);
    for (size_t i = 0; i < view.count; i++)
        recomputation_take(input->recomputation, evidence, input->tensor, i,
                           index_mistake_apply(&view, input->mistake, i));
    return recomputation_match(inquiry, input->recomputation, evidence);
}

// Shifts beyond a few places are believed of outputs, but no reference is computed for each.
static bool is_likely(const struct index_mistake *mistake)
{
    bool shift = mistake->kind >= MISTAKE_SHIFT && mistake->kind <= MISTAKE_SHIFT_ZERO;
    return !shift || llabs(mistake->n) <= 4;
}

static void try_misreadings(struct inquiry *inquiry, struct recomputation *recomputation,
                            size_t tensor)
{
    char words[320];
    size_t count;
    const struct tensor_view view = view_of(inquiry, tensor);
    struct index_mistake *mistakes = index_mistakes_list(&view, inquiry->request->plan, &count);
    bool settled = false;
    for (size_t i = 0; mistakes != NULL && i < count && !settled; i++) {
        struct input_hypothesis hypothesis = {
            .recomputation = recomputation, .tensor = tensor, .mistake = &mistakes[i]};
        if (!is_likely(&mistakes[i]))
            continue;
        snprintf(words, sizeof words, "the reference with '%s' %s", view.name, mistakes[i].words);
        settled = inquiry_try(inquiry, mistakes[i].class_name, words, predict_misread, &hypothesis);
    }
    free(mistakes);
}

static bool predict_other(struct inquiry *inquiry, const struct evidence *evidence,
                          const void *hypothesis)
{
    const struct input_hypothesis *input = hypothesis;
    struct case_data *data = &input->recomputation->data;
    recomputation_restore(input->recomputation, evidence);
    memcpy(data->values[input->tensor], evidence->data.values[input->other],
           inquiry->request->plan->tensors[input->tensor].count * sizeof(double));
    return recomputation_match(inquiry, input->recomputation, evidence);
}

static void try_others(struct inquiry *inquiry, struct recomputation *recomputation, size_t tensor)
{
    const struct plan *plan = inquiry->request->plan;
    char words[256];
    for (size_t other = 0; other < plan->tensor_count; other++) {
        if (other == tensor || recomputation->data.values[other] == NULL ||
            recomputation->data.values[tensor] == NULL ||
            plan->tensors[other].dtype != plan->tensors[tensor].dtype ||
            plan->tensors[other].count != plan->tensors[tensor].count)
            continue;
        struct input_hypothesis hypothesis = {
            .recomputation = recomputation, .tensor = tensor, .other = other};
        snprintf(words, sizeof words, "the reference with '%s' read in place of '%s'",
                 plan->tensors[other].tensor->name, plan->tensors[tensor].tensor->name);
        if (inquiry_try(inquiry, "wrong operand", words, predict_other, &hypothesis))
            return;
    }
}

static bool predict_changed(struct inquiry *inquiry, const struct evidence *evidence,
                            const void *hypothesis)
{
    const struct input_hypothesis *input = hypothesis;
    double *values = input->recomputation->data.values[input->tensor];
    recomputation_restore(input->recomputation, evidence);
    for (size_t i = 0; i < inquiry->request->plan->tensors[input->tensor].count; i++) {
        values[i] = values[i] * input->factor + input->addend;
        if (!isnan(input->constant))
            values[i] = input->constant;
    }
    return recomputation_match(inquiry, input->recomputation, evidence);
}

static void try_factors(struct inquiry *inquiry, struct recomputation *recomputation, size_t tensor)
{
    const struct plan *plan = inquiry->request->plan;
    char name[96], words[256];
    double factor;
    for (size_t i = 0; named_ratio_at(plan, i, &factor, name, sizeof name); i++) {
        struct input_hypothesis hypothesis = {
            .recomputation = recomputation, .tensor = tensor, .factor = factor, .constant = NAN};
        if (factor == 1 || !isfinite(factor))
            continue;
        snprintf(words, sizeof words, "the reference with '%s' times %s (%.6g)",
                 plan->tensors[tensor].tensor->name, name, factor);
        if (inquiry_try(inquiry, factor == -1 ? "sign" : "wrong scale", words, predict_changed,
                        &hypothesis))
            return;
    }
}

// Inputs with one value per row or matrix: parameters, which a kernel may ignore or be off by one
// with.
static void try_constants(struct inquiry *inquiry, struct recomputation *recomputation,
                          size_t tensor)
{
    static const double constants[] = {0, 1, 0.5, INT32_MAX};
    static const double addends[] = {1, -1};
    const struct plan_tensor *planned = &inquiry->request->plan->tensors[tensor];
    char words[256];
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        struct input_hypothesis hypothesis = {
            .recomputation = recomputation, .tensor = tensor, .constant = constants[i]};
        snprintf(words, sizeof words, "the reference with '%s' taken as %g everywhere",
                 planned->tensor->name, constants[i]);
        if (inquiry_try(inquiry, "parameter ignored", words, predict_changed, &hypothesis))
            return;
    }
    for (size_t i = 0; i < 2 && !dtype_info(planned->dtype)->is_float; i++) {
        struct input_hypothesis hypothesis = {.recomputation = recomputation,
                                              .tensor = tensor,
                                              .factor = 1,
                                              .addend = addends[i],
                                              .constant = NAN};
        snprintf(words, sizeof words, "the reference with '%s' %+g", planned->tensor->name,
                 addends[i]);
        if (inquiry_try(inquiry, "shifted by n", words, predict_changed, &hypothesis))
            return;
    }
    struct input_hypothesis hypothesis = {.recomputation = recomputation,
                                          .tensor = tensor,
                                          .factor = -1,
                                          .addend = 1,
                                          .constant = NAN};
    snprintf(words, sizeof words, "the reference with 1 - '%s' in place of it",
             planned->tensor->name);
    if (planned->tensor->fill.kind == FILL_SAMPLER || planned->tensor->fill.kind == FILL_UNIFORM)
        inquiry_try(inquiry, "permuted", words, predict_changed, &hypothesis);
}

// Dimensions that a kernel took for others: those that are parameters, not sizes of tensors.
static bool predict_dimension(struct inquiry *inquiry, const struct evidence *evidence,
                              const void *hypothesis)
{
    const struct input_hypothesis *input = hypothesis;
    recomputation_restore(input->recomputation, evidence);
    return recomputation_match(inquiry, input->recomputation, evidence);
}

static bool is_size(const struct plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->tensor_count; i++) {
        const struct tensor_view view = tensor_view_of(&plan->tensors[i], false);
        if ((tensor_view_find_axis(&view, name) != SIZE_MAX))
            return true;
    }
    return false;
}

static void try_dimension(struct inquiry *inquiry, size_t dimension, int64_t value,
                          const char *class_name)
{
    const struct plan *plan = inquiry->request->plan;
    const char *name = plan->test->file->dimensions[dimension].name;
    struct test_case test = *plan->test;
    struct plan other = *plan;
    struct recomputation recomputation;
    char words[256];
    if (value == plan->test->dims[dimension] || value < 0)
        return;
    test.dims[dimension] = value;
    other.test = &test;
    struct input_hypothesis hypothesis = {.recomputation = &recomputation};
    snprintf(words, sizeof words, "the reference with %s = %" PRId64 " in place of %" PRId64, name,
             value, plan->test->dims[dimension]);
    if (recomputation_create(&recomputation, &other))
        inquiry_try(inquiry, class_name, words, predict_dimension, &hypothesis);
    recomputation_free(&recomputation);
}

static void try_dimensions(struct inquiry *inquiry)
{
    static const int64_t tiles[] = {2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096};
    const struct plan *plan = inquiry->request->plan;
    for (size_t i = 0; i < plan->test->file->dimension_count; i++) {
        const int64_t value = plan->test->dims[i];
        if (is_size(plan, plan->test->file->dimensions[i].name))
            continue;
        // A length that is rounded is a tail; an offset that is rounded is a shift.
        const bool offset = strstr(plan->test->file->dimensions[i].name, "offset") != NULL;
        const char *class_name = plan->reference->bitwise ? "shifted by n" : "parameter ignored";
        try_dimension(inquiry, i, 0, class_name);
        try_dimension(inquiry, i, value - 1, class_name);
        try_dimension(inquiry, i, value + 1, class_name);
        for (size_t t = 0; t < sizeof tiles / sizeof *tiles && !inquiry_is_settled(inquiry); t++) {
            const char *tail = offset ? class_name : "tail tile";
            try_dimension(inquiry, i, value / tiles[t] * tiles[t], tail);
            try_dimension(inquiry, i, (value + tiles[t] - 1) / tiles[t] * tiles[t], tail);
        }
        for (int64_t step = 2; step <= 16 && !inquiry_is_settled(inquiry); step++) {
            try_dimension(inquiry, i, value - step, class_name);
            try_dimension(inquiry, i, value + step, class_name);
        }
    }
}

void inquire_inputs(struct inquiry *inquiry)
{
    const struct plan *plan = inquiry->request->plan;
    struct recomputation recomputation;
    bool good = recomputation_create(&recomputation, plan);
    const bool numeric = !plan->reference->bitwise;
    for (size_t i = 0; good && i < plan->tensor_count && !inquiry_is_settled(inquiry); i++) {
        if (recomputation.data.inputs[i] != NULL && plan->tensors[i].count > 1)
            try_misreadings(inquiry, &recomputation, i);
    }
    for (size_t i = 0; good && i < plan->tensor_count && !inquiry_is_settled(inquiry); i++) {
        if (recomputation.data.values[i] == NULL || !numeric)
            continue;
        if (plan->tensors[i].tensor->rank <= 1)
            try_constants(inquiry, &recomputation, i);
        if (!inquiry_is_settled(inquiry))
            try_others(inquiry, &recomputation, i);
        if (dtype_info(plan->tensors[i].dtype)->is_float && !inquiry_is_settled(inquiry))
            try_factors(inquiry, &recomputation, i);
    }
    if (!inquiry_is_settled(inquiry))
        try_dimensions(inquiry);
    recomputation_free(&recomputation);
}
