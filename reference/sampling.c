// Legal sets by interval arithmetic on the weights: each token's weight lies between low and high,
// and low is 0 where it is undecided whether the token is kept.
#include "sampling.h"

#include "harness/statistics.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static const double roundoff = 0x1p-24;

struct token {
    double x;
    double low, high; // weight; high 0: never drawn
};

struct row {
    int64_t vocab;
    struct token *tokens;
    struct token *sorted; // by x, descending
    double sum_error;     // relative
};

static double exponent_error(double x, double max)
{
    return roundoff * (fabs(x) + fabs(max) + 4 * fabs(x - max) + 4);
}

static void weigh(struct token *token, double max)
{
    if (token->x == max) {
        token->low = token->high = 1;
        return;
    }
    double exponent = token->x - max;
    if (isinf(exponent)) {
        token->low = token->high = 0;
        return;
    }
    double error = exponent_error(token->x, max);
    // Single precision may make a zero of what is below its normal range, and makes one of what is
    // below half of its smallest value.
    token->low = exp(exponent - error);
    token->low = token->low < 0x1p-125 ? 0 : token->low;
    token->high = exp(fmin(exponent + error, 0));
    token->high = token->high < 0x1p-151 ? 0 : token->high;
}

static int compare_descending(const void *left, const void *right)
{
    double a = ((const struct token *)left)->x, b = ((const struct token *)right)->x;
    return (a < b) - (a > b);
}

static void set_sum_error(struct row *row)
{
    double count = 0;
    for (int64_t i = 0; i < row->vocab; i++)
        count += row->tokens[i].high > 0;
    row->sum_error = roundoff * (fmin(count, 8 * sqrt(count)) + 4);
}

// Tokens below `lowest` are out; those from it to below `undecided` may be.
static void keep(struct row *row, double lowest, double undecided)
{
    for (int64_t i = 0; i < row->vocab; i++) {
        struct token *token = &row->tokens[i];
        if (token->x < undecided)
            token->low = 0;
        if (token->x < lowest)
            token->high = 0;
    }
    set_sum_error(row);
}

static double just_below(double x)
{
    return isfinite(x) ? x - 2 * roundoff * fabs(x) : x;
}

static void sort(struct row *row)
{
    for (int64_t i = 0; i < row->vocab; i++)
        row->sorted[i] = row->tokens[i];
    qsort(row->sorted, (size_t)row->vocab, sizeof *row->sorted, compare_descending);
}

static void keep_top_k(struct row *row, int64_t k)
{
    if (k <= 0 || k >= row->vocab)
        return;
    sort(row);
    double threshold = row->sorted[k - 1].x;
    keep(row, just_below(threshold), threshold);
}

static double middle(const struct token *token)
{
    return (token->low + token->high) / 2;
}

// The sum of weights and, in *half_width, of what they may be off.
static double total(const struct row *row, double *half_width)
{
    double sum = 0;
    *half_width = 0;
    for (int64_t i = 0; i < row->vocab; i++) {
        sum += middle(&row->tokens[i]);
        *half_width += (row->tokens[i].high - row->tokens[i].low) / 2;
    }
    return sum;
}

// How far off sum - share * total may come out.
static double difference_error(const struct row *row, double sum, double share, double total,
                               double half_width)
{
    return half_width + row->sum_error * (sum + share * total) + 2 * roundoff * share * total;
}

static void keep_top_p(struct row *row, double p)
{
    double half_width, all = total(row, &half_width), sum = 0;
    double highest = INFINITY, lowest = -INFINITY; // where the threshold may be
    if (!(p < 1))
        return;
    p = fmax(p, 0);
    sort(row);
    for (int64_t i = 0; i < row->vocab; i++) {
        sum += middle(&row->sorted[i]);
        // Equal values are taken together.
        if (i + 1 < row->vocab && row->sorted[i + 1].x == row->sorted[i].x)
            continue;
        double difference = sum - p * all, error = difference_error(row, sum, p, all, half_width);
        if (difference + error >= 0 && isinf(highest) && sum > 0)
            highest = row->sorted[i].x;
        lowest = row->sorted[i].x;
        if (difference - error >= 0 || row->sorted[i].high == 0)
            break;
    }
    // The largest stays, even an infinite one.
    highest = fmin(highest, row->sorted[0].x);
    keep(row, just_below(lowest), highest);
}

static bool add_drawn(const struct row *row, double uniform, struct legal_set *set)
{
    double half_width, all = total(row, &half_width), sum = 0;
    uniform = uniform > 0 ? fmin(uniform, 1 - 0x1p-24) : 0;
    bool may_be_before = true; // the running sum so far may be at most its target
    for (int64_t i = 0; i < row->vocab && may_be_before; i++) {
        const struct token *token = &row->tokens[i];
        if (token->high == 0)
            continue;
        sum += middle(token);
        double difference = sum - uniform * all;
        double error = difference_error(row, sum, uniform, all, half_width);
        // At 0 the target is exact, and any kept weight exceeds it.
        if (uniform == 0) {
            difference = token->low > 0 ? 1 : 0;
            error = 0.5;
        }
        if (difference + error > 0 && !legal_set_add(set, (int32_t)i))
            return false;
        may_be_before = difference - error <= 0;
    }
    return true;
}

// The first place of the largest logit; -1 when the row has none to draw.
static int64_t survey(const double *logits, int64_t vocab)
{
    int64_t largest = 0;
    bool has_finite = false;
    for (int64_t i = 0; i < vocab; i++) {
        if (isnan(logits[i]))
            return -1;
        has_finite |= isfinite(logits[i]) != 0;
        if (logits[i] > logits[largest])
            largest = i;
    }
    return has_finite ? largest : -1;
}

static bool row_create(struct row *row, const double *logits, int64_t vocab, int64_t largest,
                       const struct sampling_parameters *parameters)
{
    *row = (struct row){.vocab = vocab};
    row->tokens = malloc((size_t)vocab * sizeof *row->tokens);
    row->sorted = malloc((size_t)vocab * sizeof *row->sorted);
    if (row->tokens == NULL || row->sorted == NULL)
        return false;
    for (int64_t i = 0; i < vocab; i++) {
        row->tokens[i].x = logits[i] / parameters->temperature;
        weigh(&row->tokens[i], logits[largest] / parameters->temperature);
    }
    set_sum_error(row);
    keep_top_k(row, parameters->top_k);
    keep_top_p(row, parameters->top_p);
    return true;
}

static void row_free(struct row *row)
{
    free(row->tokens);
    free(row->sorted);
}

bool sampling_legal_set(const double *logits, int64_t vocab,
                        const struct sampling_parameters *parameters, struct legal_set *set)
{
    int64_t largest = survey(logits, vocab);
    struct row row;
    legal_set_clear(set);
    if (largest < 0 || !(parameters->temperature >= 0))
        return legal_set_add(set, -1);
    if (parameters->temperature == 0)
        return legal_set_add(set, (int32_t)largest);
    bool good = row_create(&row, logits, vocab, largest, parameters) &&
                add_drawn(&row, parameters->uniform, set);
    row_free(&row);
    return good;
}

bool sampling_probabilities(const double *logits, int64_t vocab,
                            const struct sampling_parameters *parameters, double *probabilities)
{
    int64_t largest = survey(logits, vocab);
    struct row row;
    double all = 0;
    for (int64_t i = 0; i < vocab; i++)
        probabilities[i] = 0;
    if (largest < 0 || !(parameters->temperature >= 0))
        return true;
    if (parameters->temperature == 0) {
        probabilities[largest] = 1;
        return true;
    }
    bool good = row_create(&row, logits, vocab, largest, parameters);
    for (int64_t i = 0; good && i < vocab; i++)
        all += row.tokens[i].high;
    for (int64_t i = 0; good && i < vocab; i++)
        probabilities[i] = row.tokens[i].high / all;
    row_free(&row);
    return good;
}

struct batch {
    int64_t rows, vocab;
    const double *logits, *temperature, *top_k, *top_p, *uniform;
    struct legal_set *legal;
};

bool sampling_fits(struct reference_call *call, bool has_top_k, bool has_top_p, struct error *error)
{
    const struct reference_tensor *tokens = reference_tensor(call, "tokens");
    const int64_t rows = reference_dimension(call, "batch");
    const int64_t vocab = reference_dimension(call, "vocab"), logits[] = {rows, vocab};
    static const char name[] = "of a sampler";
    if (rows < 0 || vocab < 1 || vocab > INT32_MAX)
        return error_set(error, EXIT_USAGE,
                         "a sampler needs batch >= 0 and vocab from 1 to 2^31 - 1");
    call->unfit = tokens;
    if (tokens->dtype != DTYPE_I32)
        return error_set(error, EXIT_USAGE,
                         "the reference of a sampler expects 'tokens' with dtype: i32");
    call->unfit = NULL;
    return reference_tensor_fits(call, name, "tokens", false, rows, error) &&
           reference_tensor_fits(call, name, "logits", true, reference_product(logits, 2), error) &&
           reference_tensor_fits(call, name, "temperature", true, rows, error) &&
           reference_tensor_fits(call, name, "uniform", true, rows, error) &&
           (!has_top_k || reference_tensor_fits(call, name, "top_k", true, rows, error)) &&
           (!has_top_p || reference_tensor_fits(call, name, "top_p", true, rows, error));
}

static bool find_batch(struct reference_call *call, bool has_top_k, bool has_top_p,
                       struct batch *batch, struct error *error)
{
    if (!sampling_fits(call, has_top_k, has_top_p, error))
        return false;
    *batch = (struct batch){
        .rows = reference_dimension(call, "batch"),
        .vocab = reference_dimension(call, "vocab"),
        .logits = reference_tensor(call, "logits")->values,
        .temperature = reference_tensor(call, "temperature")->values,
        .uniform = reference_tensor(call, "uniform")->values,
        .top_k = has_top_k ? reference_tensor(call, "top_k")->values : NULL,
        .top_p = has_top_p ? reference_tensor(call, "top_p")->values : NULL,
        .legal = reference_tensor(call, "tokens")->legal,
    };
    return true;
}

static struct sampling_parameters parameters_of(const struct batch *batch, int64_t row)
{
    return (struct sampling_parameters){
        .temperature = batch->temperature[row],
        .top_k = batch->top_k != NULL ? (int64_t)batch->top_k[row] : 0,
        .top_p = batch->top_p != NULL ? batch->top_p[row] : 1,
        .uniform = batch->uniform[row],
    };
}

bool sampling_compute(struct reference_call *call, bool has_top_k, bool has_top_p,
                      struct error *error)
{
    struct batch batch;
    if (!find_batch(call, has_top_k, has_top_p, &batch, error))
        return false;
    for (int64_t row = 0; row < batch.rows; row++) {
        struct sampling_parameters parameters = parameters_of(&batch, row);
        if (!sampling_legal_set(batch.logits + row * batch.vocab, batch.vocab, &parameters,
                                &batch.legal[row]))
            return error_out_of_memory(error);
    }
    return true;
}

// Rows from `first` on that differ in nothing but the uniform.
static int64_t count_repeats(const struct batch *batch, int64_t first)
{
    int64_t row = first + 1;
    for (; row < batch->rows; row++) {
        struct sampling_parameters a = parameters_of(batch, first), b = parameters_of(batch, row);
        if (a.temperature != b.temperature || a.top_k != b.top_k || a.top_p != b.top_p)
            break;
        int64_t i = 0;
        while (i < batch->vocab &&
               batch->logits[first * batch->vocab + i] == batch->logits[row * batch->vocab + i])
            i++;
        if (i < batch->vocab)
            break;
    }
    return row - first;
}

static bool fit_rows(const struct batch *batch, int64_t first, int64_t rows, const int32_t *drawn,
                     double *p_value)
{
    struct sampling_parameters parameters = parameters_of(batch, first);
    double *probabilities = malloc((size_t)batch->vocab * sizeof *probabilities);
    uint64_t *counts = calloc((size_t)batch->vocab, sizeof *counts);
    bool good = probabilities != NULL && counts != NULL &&
                sampling_probabilities(batch->logits + first * batch->vocab, batch->vocab,
                                       &parameters, probabilities);
    for (int64_t i = first; good && i < first + rows; i++) {
        if (drawn[i] >= 0 && drawn[i] < batch->vocab)
            counts[drawn[i]]++;
    }
    if (good) {
        struct fit fit =
            goodness_of_fit(counts, probabilities, (size_t)batch->vocab, (uint64_t)rows);
        *p_value = fmin(*p_value, fit.p_value);
    }
    free(probabilities);
    free(counts);
    return good;
}

bool sampling_fit(struct reference_call *call, bool has_top_k, bool has_top_p, const int32_t *drawn,
                  double *p_value, struct error *error)
{
    enum { FEWEST_DRAWS = 100 };
    struct batch batch;
    *p_value = 1;
    if (!find_batch(call, has_top_k, has_top_p, &batch, error))
        return false;
    for (int64_t row = 0, repeats; row < batch.rows; row += repeats) {
        repeats = count_repeats(&batch, row);
        if (repeats >= FEWEST_DRAWS && !fit_rows(&batch, row, repeats, drawn, p_value))
            return error_out_of_memory(error);
    }
    return true;
}
