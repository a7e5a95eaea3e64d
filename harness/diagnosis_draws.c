// Rules of sampling that a kernel got wrong: what a sampler with the mistake would draw.
#include "inquiry.h"
#include "mistaken_sampler.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double *values_of(const struct evidence *evidence, const char *name)
{
    const size_t tensor = case_file_find_tensor(evidence->data.plan->test->file, name);
    return tensor != SIZE_MAX ? evidence->data.values[tensor] : NULL;
}

static int64_t vocabulary_of(const struct evidence *evidence)
{
    const struct test_case *test = evidence->data.plan->test;
    const size_t dimension = case_file_find_dimension(test->file, "vocab");
    return dimension != SIZE_MAX ? test->dims[dimension] : 0;
}

static struct sampling_parameters parameters_of(const struct evidence *evidence, size_t row)
{
    const double *temperature = values_of(evidence, "temperature");
    const double *top_k = values_of(evidence, "top_k"), *top_p = values_of(evidence, "top_p");
    const double *uniform = values_of(evidence, "uniform");
    return (struct sampling_parameters){
        .temperature = temperature != NULL ? temperature[row] : 1,
        .top_k = top_k != NULL ? (int64_t)top_k[row] : 0,
        .top_p = top_p != NULL ? top_p[row] : 1,
        .uniform = uniform != NULL ? uniform[row] : 0,
    };
}

static bool predict_rule(struct inquiry *inquiry, const struct evidence *evidence,
                         const void *hypothesis)
{
    const enum sampler_rule rule = *(const enum sampler_rule *)hypothesis;
    const double *logits = values_of(evidence, "logits");
    const int64_t vocab = vocabulary_of(evidence);
    double *weights = calloc((size_t)vocab + 1, sizeof *weights);
    int64_t *order = calloc((size_t)vocab + 1, sizeof *order);
    bool good = weights != NULL && order != NULL && logits != NULL && vocab > 0;
    for (size_t row = 0; good && row < evidence->view.count; row++) {
        const struct sampling_parameters parameters = parameters_of(evidence, row);
        int64_t token = mistaken_sampler_draw(logits + (int64_t)row * vocab, vocab, &parameters,
                                              rule, weights, order);
        inquiry->matched[row] =
            !evidence_is_poison(evidence, row) && (double)token == evidence->got[row];
    }
    free(weights);
    free(order);
    return good;
}

// Tokens that are counted from another number.
static bool predict_offset(struct inquiry *inquiry, const struct evidence *evidence,
                           const void *hypothesis)
{
    const int offset = *(const int *)hypothesis;
    const struct legal_set *legal = evidence->data.legal[evidence->output];
    for (size_t i = 0; i < evidence->view.count; i++)
        inquiry->matched[i] = !evidence_is_poison(evidence, i) &&
                              legal_set_contains(&legal[i], (int32_t)evidence->got[i] - offset);
    return true;
}

// Rows that are special in one way or another.
enum special { SPECIAL_NOTHING, SPECIAL_TEMPERATURE, SPECIAL_UNIFORM, SPECIAL_P, SPECIAL_COUNT };

static bool is_special(const struct evidence *evidence, size_t row, enum special special)
{
    const struct sampling_parameters parameters = parameters_of(evidence, row);
    switch (special) {
    case SPECIAL_NOTHING:
        return evidence->expected[row] == -1;
    case SPECIAL_TEMPERATURE:
        return parameters.temperature == 0;
    case SPECIAL_UNIFORM:
        return parameters.uniform == 0;
    case SPECIAL_P:
        return parameters.top_p <= 0;
    case SPECIAL_COUNT:
        break;
    }
    return false;
}

// All that is wrong are such rows, and some others are right.
static void inquire_special_rows(struct inquiry *inquiry)
{
    static const char *const details[SPECIAL_COUNT] = {
        "100% of the wrong rows have no token to give, where -1 is right",
        "100% of the wrong rows have a temperature of 0",
        "100% of the wrong rows have a uniform of 0",
        "100% of the wrong rows have a p of 0 or less",
    };
    size_t wrong = 0, right[SPECIAL_COUNT] = {0}, of[SPECIAL_COUNT] = {0};
    for (size_t e = 0; e < inquiry->count; e++) {
        const struct evidence *evidence = &inquiry->evidence[e];
        for (size_t i = 0; i < evidence->view.count; i++) {
            wrong += evidence->wrong[i];
            for (int s = 0; s < SPECIAL_COUNT; s++) {
                const bool special = is_special(evidence, i, (enum special)s);
                of[s] += evidence->wrong[i] && special;
                right[s] += !evidence->wrong[i] && !special;
            }
        }
    }
    if (wrong == 0 || inquiry->best.strength >= STRENGTH_WRONG)
        return;
    for (int s = 0; s < SPECIAL_COUNT; s++) {
        if (of[s] == wrong && right[s] > 0) {
            inquiry_conclude(inquiry, "special values", details[s], false, 1);
            return;
        }
    }
}

void inquire_draws(struct inquiry *inquiry)
{
    char words[128];
    if (!inquiry->request->plan->reference->draws)
        return;
    for (int offset = 1; offset <= 2 && !inquiry_is_settled(inquiry); offset++) {
        for (int sign = 1; sign >= -1; sign -= 2) {
            const int shift = sign * offset;
            snprintf(words, sizeof words, "the right token %+d", shift);
            inquiry_try(inquiry, "shifted by n", words, predict_offset, &shift);
        }
    }
    for (int i = 0; i < RULE_COUNT && !inquiry_is_settled(inquiry); i++) {
        const enum sampler_rule rule = (enum sampler_rule)i;
        const struct sampler_rule_info *info = sampler_rule_info(rule);
        inquiry_try(inquiry, info->class_name, info->words, predict_rule, &rule);
    }
    inquire_special_rows(inquiry);
}
