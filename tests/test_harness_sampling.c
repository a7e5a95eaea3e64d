// links: scratch_folder
//
// Samplers: legal sets of rows made by hand, the fit of frequencies, and the rows that cases are
// made of.
#include "harness/comparison.h"
#include "harness/sampler_data.h"
#include "harness/statistics.h"
#include "reference/sampling.h"
#include "scratch_folder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct sampling_parameters plain = {1, 0, 1, 0.5};

// The legal tokens as text, "3 5 ".
static const char *legal(const double *logits, int64_t vocab, struct sampling_parameters parameters)
{
    static char text[512];
    struct legal_set set = {0};
    size_t used = 0;
    cr_assert(sampling_legal_set(logits, vocab, &parameters, &set));
    text[0] = '\0';
    for (size_t i = 0; i < set.count && used + 16 < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%d ", set.tokens[i]);
    free(set.tokens);
    return text;
}

static struct sampling_parameters with(double temperature, int64_t k, double p, double uniform)
{
    return (struct sampling_parameters){temperature, k, p, uniform};
}

#define LEGAL(expected, ...) cr_expect_str_eq(legal(__VA_ARGS__), expected)

// Weights 1/8, 1/2, 1/8, 1/4 at temperature 1 / ln 2.
static const double shares[] = {-3, -1, -3, -2};
static const double base_two = 1.4426950408889634;

Test(legal_set, the_draw_follows_the_running_sum)
{
    LEGAL("0 ", shares, 4, with(base_two, 0, 1, 0));
    LEGAL("0 ", shares, 4, with(base_two, 0, 1, 0.12));
    LEGAL("1 ", shares, 4, with(base_two, 0, 1, 0.13));
    LEGAL("1 ", shares, 4, with(base_two, 0, 1, 0.62));
    LEGAL("2 ", shares, 4, with(base_two, 0, 1, 0.63));
    LEGAL("3 ", shares, 4, with(base_two, 0, 1, 0.76));
    LEGAL("3 ", shares, 4, with(base_two, 0, 1, 1 - 0x1p-24));
}

Test(legal_set, a_uniform_at_a_boundary_leaves_two)
{
    LEGAL("0 1 ", shares, 4, with(base_two, 0, 1, 0.125));
    LEGAL("2 3 ", shares, 4, with(base_two, 0, 1, 0.75 + 1e-8));
    LEGAL("3 ", shares, 4, with(base_two, 0, 1, 0.75 + 1e-5));
}

Test(legal_set, temperature_counts)
{
    // Weights squared: 1/64, 1/4, 1/64, 1/16 of 22/64.
    LEGAL("1 ", shares, 4, with(base_two / 2, 0, 1, 17 / 22.0 - 0.01));
    LEGAL("2 ", shares, 4, with(base_two / 2, 0, 1, 17 / 22.0 + 0.01));
    LEGAL("1 ", shares, 4, with(1e-30, 0, 1, 0.99));
}

Test(legal_set, top_k_keeps_ties)
{
    LEGAL("1 ", shares, 4, with(base_two, 1, 1, 0.99));
    LEGAL("3 ", shares, 4, with(base_two, 2, 1, 0.67));
    LEGAL("1 ", shares, 4, with(base_two, 2, 1, 0.66));
    // The third largest stands there twice: all four stay.
    for (int k = 3; k < 6; k++)
        LEGAL("0 ", shares, 4, with(base_two, k, 1, 0.12));
    LEGAL("0 ", shares, 4, with(base_two, 0, 1, 0.12));
    LEGAL("0 ", shares, 4, with(base_two, -7, 1, 0.12));
}

Test(legal_set, top_p_takes_until_p_is_reached)
{
    LEGAL("1 ", shares, 4, with(base_two, 0, 0, 0.99));
    LEGAL("1 ", shares, 4, with(base_two, 0, 1e-30, 0.99));
    LEGAL("1 ", shares, 4, with(base_two, 0, 0.49, 0.99));
    LEGAL("3 ", shares, 4, with(base_two, 0, 0.51, 0.99));
    LEGAL("1 ", shares, 4, with(base_two, 0, 0.74, 0));
    LEGAL("0 ", shares, 4, with(base_two, 0, 0.76, 0));
    // At 1/2 itself it is undecided whether the first is enough.
    LEGAL("1 3 ", shares, 4, with(base_two, 0, 0.5, 0.99));
    LEGAL("1 ", shares, 4, with(base_two, 0, 0.5, 0.1));
}

Test(legal_set, top_p_comes_after_top_k_and_is_of_what_is_left)
{
    // Of 1/2 and 1/4 the first has 2/3: enough for 0.6, which it is not of all.
    LEGAL("1 ", shares, 4, with(base_two, 2, 0.6, 0.99));
    LEGAL("3 ", shares, 4, with(base_two, 0, 0.6, 0.99));
    LEGAL("3 ", shares, 4, with(base_two, 2, 0.7, 0.99));
}

Test(legal_set, rows_with_nothing_to_draw)
{
    const double with_nan[] = {1, NAN, 2}, none[] = {-INFINITY, -INFINITY}, infinite[] = {INFINITY};
    LEGAL("-1 ", with_nan, 3, plain);
    LEGAL("-1 ", with_nan, 3, with(0, 0, 1, 0.5));
    LEGAL("-1 ", none, 2, plain);
    LEGAL("-1 ", infinite, 1, plain);
    LEGAL("-1 ", shares, 4, with(-1, 0, 1, 0.5));
    LEGAL("-1 ", shares, 4, with(NAN, 0, 1, 0.5));
}

Test(legal_set, infinities)
{
    const double masked[] = {-INFINITY, 3, -INFINITY, 3, -INFINITY};
    const double certain[] = {5, INFINITY, 7, INFINITY};
    LEGAL("1 ", masked, 5, with(1, 0, 1, 0));
    LEGAL("3 ", masked, 5, with(1, 0, 1, 1 - 0x1p-24));
    LEGAL("3 ", masked, 5, with(1, 4, 0.9, 0.7));
    LEGAL("1 ", certain, 4, with(1, 0, 1, 0));
    LEGAL("3 ", certain, 4, with(2, 3, 0.5, 0.6));
    LEGAL("1 ", certain, 4, with(0, 3, 0.5, 0.6));
}

Test(legal_set, temperature_zero_is_the_first_of_the_largest)
{
    const double ties[] = {1, -0.0, 4, 4, 2}, zeros[] = {-1, -0.0, 0.0};
    LEGAL("2 ", ties, 5, with(0, 0, 1, 0.99));
    LEGAL("1 ", zeros, 3, with(0, 0, 1, 0.99));
}

// Weights that single precision cannot tell from zero are neither required nor impossible.
Test(legal_set, what_underflows_may_be_left_out)
{
    const double denormal[] = {-95, 0}, gone[] = {-300, 0}, small[] = {-80, 0};
    LEGAL("0 1 ", denormal, 2, with(1, 0, 1, 0));
    LEGAL("1 ", gone, 2, with(1, 0, 1, 0));
    LEGAL("0 ", small, 2, with(1, 0, 1, 0));
}

// The allowance is of the size of single precision's errors: neither 0 nor large.
Test(legal_set, the_allowance_is_small)
{
    enum { VOCAB = 1000 };
    static double logits[VOCAB];
    for (int i = 0; i < 40; i++) {
        double uniform = (500 + ldexp(1, -i)) / VOCAB;
        const char *set = legal(logits, VOCAB, with(1, 0, 1, uniform));
        cr_expect_str_eq(set, i < 1 ? "500 501 " : i < 3 ? "500 " : i > 9 ? "499 500 " : set);
    }
}

Test(statistics, incomplete_gamma_at_known_values)
{
    // Q(1, x) = exp(-x); Q(1/2, x) = erfc(sqrt x); Q(3, x) = exp(-x) (1 + x + x^2 / 2).
    for (double x = 0.01; x < 60; x *= 1.7) {
        cr_expect_float_eq(upper_incomplete_gamma(1, x) / exp(-x), 1, 1e-12);
        cr_expect_float_eq(upper_incomplete_gamma(0.5, x) / erfc(sqrt(x)), 1, 1e-11);
        cr_expect_float_eq(upper_incomplete_gamma(3, x) / (exp(-x) * (1 + x + x * x / 2)), 1,
                           1e-12);
    }
    cr_expect_eq(upper_incomplete_gamma(5, 0), 1);
    cr_expect_eq(upper_incomplete_gamma(5, INFINITY), 0);
}

Test(statistics, a_fit_has_the_p_value_of_its_chi_square)
{
    const uint64_t counts[] = {60, 40};
    const double halves[] = {0.5, 0.5};
    struct fit fit = goodness_of_fit(counts, halves, 2, 100);
    cr_expect_eq(fit.bins, 2);
    cr_expect_float_eq(fit.chi_square, 4, 1e-12);
    cr_expect_float_eq(fit.p_value, 0.04550026389635842, 1e-12);
}

Test(statistics, what_cannot_come_out_fails_the_fit)
{
    const uint64_t counts[] = {50, 49, 1};
    const double probabilities[] = {0.5, 0.5, 0};
    cr_expect_eq(goodness_of_fit(counts, probabilities, 3, 100).p_value, 0);
    cr_expect_eq(goodness_of_fit((uint64_t[]){100}, (double[]){1}, 1, 100).p_value, 1);
}

Test(statistics, rare_outcomes_are_taken_together)
{
    uint64_t counts[60];
    double probabilities[60];
    for (int i = 0; i < 60; i++) {
        counts[i] = i < 10 ? 80 : 4;
        probabilities[i] = i < 10 ? 0.08 : 0.004;
    }
    struct fit fit = goodness_of_fit(counts, probabilities, 60, 1000);
    cr_expect_eq(fit.bins, 11);
    cr_expect_float_eq(fit.chi_square, 0, 1e-9);
}

struct sampler_case {
    struct case_file file;
    struct test_case test;
    struct plan plan;
    struct tensor tensors[6];
};

enum { LOGITS, TEMPERATURE, TOP_K, TOP_P, UNIFORM, TOKENS };

static void plan_sampler(struct sampler_case *made, enum dtype dtype, int64_t batch, int64_t vocab,
                         int64_t edge, int64_t repeat)
{
    static const char *const names[] = {"logits", "temperature", "top_k",
                                        "top_p",  "uniform",     "tokens"};
    memset(made, 0, sizeof *made);
    made->file.dimension_count = 4;
    made->file.dimensions[0].name = "batch";
    made->file.dimensions[1].name = "vocab";
    made->file.dimensions[2].name = "edge";
    made->file.dimensions[3].name = "repeat";
    made->test = (struct test_case){.file = &made->file, .id = "case"};
    memcpy(made->test.dims, (int64_t[]){batch, vocab, edge, repeat}, 4 * sizeof(int64_t));
    made->plan.test = &made->test;
    made->plan.tensor_count = 6;
    for (int i = 0; i < 6; i++) {
        made->tensors[i].name = names[i];
        struct plan_tensor *tensor = &made->plan.tensors[i];
        tensor->tensor = &made->tensors[i];
        tensor->dtype = i == LOGITS ? dtype : i == TOP_K || i == TOKENS ? DTYPE_I32 : DTYPE_F32;
        tensor->count = (size_t)(i == LOGITS ? batch * vocab : batch);
        tensor->bytes = tensor->count * dtype_info(tensor->dtype)->size;
    }
}

static double *values_of(const struct sampler_case *made, size_t index, enum pass pass)
{
    const struct plan_tensor *tensor = &made->plan.tensors[index];
    void *data = calloc(tensor->count, 4);
    double *values = calloc(tensor->count, sizeof *values);
    cr_assert(data != NULL && values != NULL);
    sampler_data_fill(&made->plan, index, 1, pass, data);
    for (size_t i = 0; i < tensor->count; i++)
        values[i] = dtype_load(tensor->dtype, data, i);
    free(data);
    return values;
}

// What other samplers are timed on, and bench rows with them.
Test(sampling, usual_rows)
{
    enum { ROWS = 4, VOCAB = 5000 };
    struct sampler_case made;
    plan_sampler(&made, DTYPE_F32, ROWS, VOCAB, SAMPLER_USUAL, 1);
    double *logits = values_of(&made, LOGITS, PASS_RANDOM), sum = 0, squares = 0;
    for (size_t i = 0; i < (size_t)ROWS * VOCAB; i++) {
        sum += logits[i];
        squares += logits[i] * logits[i];
    }
    cr_expect(fabs(sum / (ROWS * VOCAB)) < 0.1);
    cr_expect(fabs(sqrt(squares / (ROWS * VOCAB)) - 3) < 0.1);
    static const struct {
        size_t tensor;
        double value;
    } expected[] = {{TEMPERATURE, 1}, {TOP_K, 50}, {TOP_P, (double)0.9f}};
    for (size_t i = 0; i < 3; i++) {
        double *values = values_of(&made, expected[i].tensor, PASS_RANDOM);
        for (size_t row = 0; row < ROWS; row++)
            cr_expect_eq(values[row], expected[i].value, "%g", values[row]);
        free(values);
    }
    free(logits);
}

struct reading {
    double *values[6];
    struct legal_set *legal;
    struct reference_tensor tensors[6];
    struct reference_dimension dimensions[2];
    struct reference_call call;
};

static void read_rows(struct reading *reading, const struct sampler_case *made, enum pass pass)
{
    *reading = (struct reading){0};
    size_t rows = made->plan.tensors[TOKENS].count;
    reading->legal = calloc(rows, sizeof *reading->legal);
    for (size_t i = 0; i < 6; i++) {
        if (i != TOKENS)
            reading->values[i] = values_of(made, i, pass);
        reading->tensors[i] =
            (struct reference_tensor){.name = made->tensors[i].name,
                                      .dtype = made->plan.tensors[i].dtype,
                                      .count = made->plan.tensors[i].count,
                                      .values = reading->values[i],
                                      .legal = i == TOKENS ? reading->legal : NULL};
    }
    reading->dimensions[0] = (struct reference_dimension){"batch", made->test.dims[0]};
    reading->dimensions[1] = (struct reference_dimension){"vocab", made->test.dims[1]};
    reading->call = (struct reference_call){6, reading->tensors, 2, reading->dimensions, 0, NULL};
}

static void free_rows(struct reading *reading, size_t rows)
{
    for (int i = 0; i < 6; i++)
        free(reading->values[i]);
    legal_sets_free(reading->legal, rows);
}

static const struct reference *const samplers[] = {&reference_topk, &reference_topp,
                                                   &reference_fused};

Test(sampler_data, exact_rows_are_decided_whatever_their_kind)
{
    static const int64_t vocabularies[] = {1, 2, 3, 24, 25, 31, 257, 1000, 5003};
    for (size_t v = 0; v < sizeof vocabularies / sizeof *vocabularies; v++) {
        for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_BF16; dtype++) {
            struct sampler_case made;
            struct reading reading;
            enum { ROWS = 3 * SAMPLER_ROW_KINDS };
            plan_sampler(&made, dtype, ROWS, vocabularies[v], -1, 1);
            read_rows(&reading, &made, PASS_EXACT);
            for (int s = 0; s < 3; s++) {
                struct error error;
                cr_assert(samplers[s]->compute(&reading.call, &error), "%s", error.text);
                for (int row = 0; row < ROWS; row++)
                    cr_expect_eq(reading.legal[row].count, 1, "vocab %d, kind %d: %zu",
                                 (int)vocabularies[v], row % SAMPLER_ROW_KINDS,
                                 reading.legal[row].count);
            }
            free_rows(&reading, ROWS);
        }
    }
}

Test(sampler_data, random_rows_are_mostly_decided)
{
    static const int64_t vocabularies[] = {33, 1000, 4099, 32000};
    for (size_t v = 0; v < 4; v++) {
        struct sampler_case made;
        struct reading reading;
        enum { ROWS = 40 };
        size_t decided = 0;
        plan_sampler(&made, DTYPE_F32, ROWS, vocabularies[v], 0, 1);
        read_rows(&reading, &made, PASS_RANDOM);
        cr_assert(reference_topp.compute(&reading.call, NULL));
        for (int row = 0; row < ROWS; row++)
            decided += reading.legal[row].count == 1;
        cr_expect_geq(decided, ROWS * 8 / 10, "vocab %d: %zu", (int)vocabularies[v], decided);
        free_rows(&reading, ROWS);
    }
}

Test(sampler_data, rows_are_what_their_kind_says)
{
    struct sampler_case made;
    struct reading reading;
    enum { VOCAB = 50 };
    plan_sampler(&made, DTYPE_F16, SAMPLER_ROW_KINDS, VOCAB, -1, 1);
    for (enum pass pass = PASS_EXACT; pass <= PASS_RANDOM; pass++) {
        int nans[SAMPLER_ROW_KINDS] = {0}, minus[SAMPLER_ROW_KINDS] = {0};
        int plus[SAMPLER_ROW_KINDS] = {0};
        read_rows(&reading, &made, pass);
        for (int i = 0; i < SAMPLER_ROW_KINDS * VOCAB; i++) {
            double logit = reading.values[LOGITS][i];
            nans[i / VOCAB] += isnan(logit) != 0;
            minus[i / VOCAB] += logit == -INFINITY;
            plus[i / VOCAB] += logit == INFINITY;
        }
        for (int kind = 0; kind < SAMPLER_ROW_KINDS; kind++) {
            bool has_nan = kind == SAMPLER_NAN || kind == SAMPLER_NAN_AT_ZERO;
            cr_expect_eq(nans[kind], has_nan, "%d", kind);
            cr_expect_eq(plus[kind], kind == SAMPLER_INFINITE, "%d", kind);
            cr_expect(kind == SAMPLER_NO_FINITE ? minus[kind] == VOCAB
                      : kind == SAMPLER_MASKED  ? minus[kind] > 10 && minus[kind] < VOCAB
                                                : minus[kind] == 0);
        }
        cr_expect_eq(reading.values[TOP_K][SAMPLER_K_ONE], 1);
        cr_expect_eq(reading.values[TOP_K][SAMPLER_K_VOCAB], VOCAB);
        cr_expect_gt(reading.values[TOP_K][SAMPLER_K_ABOVE_VOCAB], VOCAB);
        cr_expect_eq(reading.values[TOP_K][SAMPLER_K_ZERO], 0);
        cr_expect_lt(reading.values[TOP_K][SAMPLER_K_NEGATIVE], 0);
        cr_expect_eq(reading.values[TOP_P][SAMPLER_P_ZERO], 0);
        cr_expect_geq(reading.values[TOP_P][SAMPLER_P_ONE], 1);
        cr_expect_lt(reading.values[TOP_P][SAMPLER_P_TINY], 1e-20);
        cr_expect_eq(reading.values[UNIFORM][SAMPLER_UNIFORM_ZERO], 0);
        cr_expect_eq(reading.values[UNIFORM][SAMPLER_UNIFORM_LAST], 1 - 0x1p-24);
        cr_expect_eq(reading.values[TEMPERATURE][SAMPLER_TEMPERATURE_ZERO], 0);
        cr_expect_lt(reading.values[TEMPERATURE][SAMPLER_TEMPERATURE_BELOW], 0);
        cr_expect(isnan(reading.values[TEMPERATURE][SAMPLER_TEMPERATURE_NAN]));
        free_rows(&reading, SAMPLER_ROW_KINDS);
    }
}

// Weights of half precision, which a kernel must not have: how many rows tell.
static int count_told(const struct reading *reading, const struct sampler_case *made,
                      bool has_top_k, bool has_top_p)
{
    const int64_t rows = made->test.dims[0], vocab = made->test.dims[1];
    double *logits = calloc((size_t)vocab, sizeof *logits);
    int told = 0;
    cr_assert_not_null(logits);
    for (int64_t row = 0; row < rows; row++) {
        const double *values = reading->values[LOGITS] + row * vocab;
        double max = -INFINITY, temperature = reading->values[TEMPERATURE][row];
        struct legal_set set = {0};
        for (int64_t i = 0; i < vocab; i++)
            max = fmax(max, values[i]);
        for (int64_t i = 0; i < vocab; i++)
            logits[i] =
                log(dtype_round(DTYPE_F16, exp((values[i] - max) / temperature))) * temperature;
        struct sampling_parameters parameters = {
            temperature, has_top_k ? (int64_t)reading->values[TOP_K][row] : 0,
            has_top_p ? reading->values[TOP_P][row] : 1, reading->values[UNIFORM][row]};
        cr_assert(sampling_legal_set(logits, vocab, &parameters, &set));
        told += set.count == 1 && set.tokens[0] != reading->legal[row].tokens[0];
        free(set.tokens);
    }
    free(logits);
    return told;
}

// Rows beside a boundary are decided, and weights that are less exact show.
Test(sampler_data, rows_beside_a_boundary_tell_weights_of_half_precision)
{
    enum { ROWS = 64 };
    static const int64_t vocabularies[] = {64, 1000, 5003};
    for (size_t v = 0; v < 3; v++) {
        struct sampler_case made;
        struct reading reading;
        plan_sampler(&made, DTYPE_F32, ROWS, vocabularies[v], SAMPLER_BESIDE, 1);
        for (int s = 0; s < 3; s++) {
            bool has_top_k = s != 1, has_top_p = s != 0;
            size_t decided = 0;
            // The kernel has the tensors that it takes, and no others.
            made.tensors[TOP_K].name = has_top_k ? "top_k" : "unused";
            made.tensors[TOP_P].name = has_top_p ? "top_p" : "unused";
            read_rows(&reading, &made, PASS_RANDOM);
            cr_assert(samplers[s]->compute(&reading.call, NULL));
            for (int row = 0; row < ROWS; row++)
                decided += reading.legal[row].count == 1;
            cr_expect_geq(decided, ROWS * 9 / 10, "%d %zu: %zu", s, v, decided);
            int told = count_told(&reading, &made, has_top_k, has_top_p);
            cr_expect_geq(told, ROWS / 8, "%d %zu: %d", s, v, told);
            free_rows(&reading, ROWS);
        }
    }
}

Test(sampler_data, what_counts_beside_a_boundary_is_side_by_side_in_some_rows)
{
    enum { ROWS = 24, VOCAB = 3000 };
    struct sampler_case made;
    struct reading reading;
    int together = 0;
    plan_sampler(&made, DTYPE_BF16, ROWS, VOCAB, SAMPLER_BESIDE, 1);
    read_rows(&reading, &made, PASS_RANDOM);
    for (int row = 0; row < ROWS; row++) {
        int count = 0, first = -1, last = -1;
        for (int i = 0; i < VOCAB; i++) {
            if (reading.values[LOGITS][row * VOCAB + i] < -500)
                continue;
            count++;
            last = i;
            first = first < 0 ? i : first;
        }
        cr_expect_eq(count, 64, "row %d: %d", row, count);
        together += last - first == 63;
    }
    cr_expect(together > 8 && together < 24, "%d", together);
    free_rows(&reading, ROWS);
}

Test(sampler_data, repeated_rows_differ_in_the_uniform_only)
{
    struct sampler_case made;
    struct reading reading;
    plan_sampler(&made, DTYPE_F32, 8, 20, 0, 4);
    read_rows(&reading, &made, PASS_RANDOM);
    for (int row = 0; row < 8; row++) {
        size_t bytes = 20 * sizeof(double);
        const double *logits = reading.values[LOGITS];
        cr_expect_eq(memcmp(logits + row * 20, logits + row / 4 * 80, bytes), 0);
        cr_expect_eq(reading.values[TOP_P][row], reading.values[TOP_P][row / 4 * 4]);
        for (int other = 0; other < row; other++)
            cr_expect_neq(reading.values[UNIFORM][row], reading.values[UNIFORM][other]);
    }
    cr_expect_neq(memcmp(reading.values[LOGITS], reading.values[LOGITS] + 80, 160), 0);
    free_rows(&reading, 8);
}

// Frequencies are judged of rows that repeat, so their uniforms are any.
Test(sampler_data, repeated_rows_are_not_put_beside_a_boundary)
{
    struct sampler_case made;
    struct reading reading;
    plan_sampler(&made, DTYPE_F32, 8, 100, SAMPLER_BESIDE, 4);
    read_rows(&reading, &made, PASS_RANDOM);
    for (int row = 0; row < 8; row++) {
        for (int other = 0; other < row; other++)
            cr_expect_gt(fabs(reading.values[UNIFORM][row] - reading.values[UNIFORM][other]), 1e-4);
        cr_expect_eq(reading.values[TOP_P][row], reading.values[TOP_P][row / 4 * 4]);
    }
    free_rows(&reading, 8);
}

// Draws by the definition fit; a sampler that draws a little wrong does not.
Test(sampler_fit, tells_right_frequencies_from_wrong_ones)
{
    enum { ROWS = 2000, VOCAB = 12 };
    struct sampler_case made;
    struct reading reading;
    static int32_t drawn[ROWS], shifted[ROWS];
    double p_value;
    plan_sampler(&made, DTYPE_F32, ROWS, VOCAB, 0, ROWS);
    read_rows(&reading, &made, PASS_RANDOM);
    cr_assert(reference_topk.compute(&reading.call, NULL));
    for (int row = 0; row < ROWS; row++) {
        drawn[row] = reading.legal[row].tokens[0];
        shifted[row] = row % 10 == 0 ? reading.legal[0].tokens[0] : drawn[row];
    }
    cr_assert(reference_topk.fit(&reading.call, drawn, &p_value, NULL));
    cr_expect(p_value > 1e-6 && p_value < 1, "%g", p_value);
    cr_assert(reference_topk.fit(&reading.call, shifted, &p_value, NULL));
    cr_expect_lt(p_value, 1e-9, "%g", p_value);
    free_rows(&reading, ROWS);
}

Test(sampler_reference, refuses_other_sizes)
{
    for (int wrong = 0; wrong < 6; wrong++) {
        struct sampler_case made;
        struct reading reading;
        struct error error = {0};
        plan_sampler(&made, DTYPE_F32, 3, 5, 0, 1);
        read_rows(&reading, &made, PASS_RANDOM);
        reading.tensors[wrong].count--;
        cr_expect_not(reference_fused.compute(&reading.call, &error), "%d", wrong);
        cr_expect(strstr(error.text, reading.tensors[wrong].name) != NULL, "%s", error.text);
        reading.tensors[wrong].count++;
        reading.tensors[wrong].values = NULL;
        reading.tensors[wrong].legal = NULL;
        cr_expect_not(reference_fused.compute(&reading.call, &error), "%d", wrong);
        free_rows(&reading, 3);
    }
}

Test(sampler_reference, refuses_a_vocabulary_of_nothing)
{
    struct sampler_case made;
    struct reading reading;
    plan_sampler(&made, DTYPE_F32, 3, 5, 0, 1);
    read_rows(&reading, &made, PASS_RANDOM);
    reading.dimensions[1].value = 0;
    cr_expect_not(reference_topk.compute(&reading.call, NULL));
    reading.dimensions[1].value = INT64_MAX / 2;
    cr_expect_not(reference_topk.compute(&reading.call, NULL));
    free_rows(&reading, 3);
}

// What a case file may get wrong about rows and checks is refused before anything runs.
static void refuse(const char *what, const char *with_this, const char *message)
{
    char path[4096], source[16384];
    snprintf(path, sizeof path, "%s/cases/topk.yaml", TEST_SOURCE_FOLDER);
    struct text text = scratch_read(path);
    char *found = strstr(text_get(&text), what);
    cr_assert_not_null(found, "%s", what);
    snprintf(source, sizeof source, "%.*s%s%s", (int)(found - text.data), text.data, with_this,
             found + strlen(what));
    text_free(&text);
    char *relative = strstr(source, "../kernels/topk.hip");
    memcpy(relative, "/dev/null          ", strlen("../kernels/topk.hip"));
    struct error error = {0};
    struct case_list list = {0};
    struct scratch scratch = scratch_create();
    scratch_write(&scratch, "mine.yaml", source);
    struct case_file *file = case_file_load(scratch_path(&scratch, "mine.yaml"), &error);
    bool good = file != NULL && case_list_add(&list, file, file->sweeps, file->sweep_count, &error);
    cr_expect_not(good, "%s", with_this);
    cr_expect(strstr(error.text, message) != NULL, "no '%s' in '%s'", message, error.text);
    case_list_free(&list);
    case_file_free(file);
    scratch_remove(&scratch);
}

Test(sampler_case_file, mistakes_are_refused)
{
    refuse("edge: -1", "edge: -2", "edge is -2, expected -1 for a mix or 0 to 23");
    refuse("edge: -1", "edge: 24", "edge is 24, expected");
    refuse("check: draws", "check: bits", "gives legal sets, expected 'check: draws'");
    refuse("check: draws", "check: {bound: 1}", "gives legal sets, expected 'check: draws'");
    refuse("check: draws", "check: dice", "found 'dice', expected");
    refuse("fill: sampler", "fill: samplers", "found 'samplers', expected");
    refuse("  temperature:", "  temperatures:",
           "found 'temperature', which is no tensor of this file");
}

Test(comparison_of_draws, wrong_undecided_and_never_written)
{
    static const struct check draws = {.kind = CHECK_DRAWS};
    int32_t one[] = {5}, two[] = {3, 4}, none[] = {-1};
    struct legal_set sets[] = {{1, 1, one}, {2, 2, two}, {1, 1, none}};
    int32_t first[] = {5, 4, -1}, second[] = {5, 4, -1};
    struct comparison_input input = {.dtype = DTYPE_I32,
                                     .count = 3,
                                     .check = &draws,
                                     .first = first,
                                     .second = second,
                                     .poisoned = true,
                                     .legal = sets};
    struct comparison found;
    compare_output(&input, &found);
    cr_expect(found.wrong == 0 && found.undecided == 1 && found.unstable == 0);
    first[2] = second[2] = 0;
    compare_output(&input, &found);
    cr_expect(found.wrong == 1 && found.worst_index == 2 && found.expected == -1);
    first[1] = 3;
    compare_output(&input, &found);
    cr_expect(found.unstable == 1 && found.first_unstable == 1);
    first[0] = (int32_t)dtype_info(DTYPE_I32)->poison[0];
    second[0] = (int32_t)dtype_info(DTYPE_I32)->poison[1];
    compare_output(&input, &found);
    cr_expect(found.never_written == 1 && found.wrong == 2);
    one[0] = two[0] = none[0] = 0;
    memset(first, 0, sizeof first);
    compare_output(&input, &found);
    cr_expect(found.wrong == 0);
}
