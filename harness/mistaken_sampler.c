#include "mistaken_sampler.h"

#include <math.h>
#include <stdlib.h>

static const struct sampler_rule_info table[RULE_COUNT] = {
    [RULE_ARGMAX] = {"parameter ignored", "the largest logit's token, as if nothing were drawn,"},
    [RULE_ARGMAX_LAST] = {"wrong tie rule", "the last of the largest at temperature 0"},
    [RULE_MULTIPLY] = {"wrong scale", "a draw from logits times the temperature"},
    [RULE_K_EXACTLY] = {"wrong tie rule",
                        "a draw from exactly k tokens, the first of those tied at the threshold"},
    [RULE_K_EXACTLY_LAST] = {"wrong tie rule",
                             "a draw from exactly k tokens, the last of those tied"},
    [RULE_K_STRICTLY] = {"wrong tie rule", "a draw from the tokens above the k-th largest only"},
    [RULE_P_WITHOUT_LAST] = {"wrong threshold", "a draw without the token that reaches top_p"},
    [RULE_P_ONE_MORE] = {"wrong threshold", "a draw with one token more than reach top_p"},
    [RULE_P_STRICTLY] = {"wrong threshold", "a draw from the tokens until their sum exceeds top_p"},
    [RULE_P_UNNORMALISED] = {"wrong scale",
                             "a draw with top_p against sums that are not normalised"},
    [RULE_P_OF_ALL] = {"wrong scale",
                       "a draw with top_p of all tokens, not of those that top_k keeps"},
    [RULE_P_BEFORE_K] = {"wrong threshold", "a draw with top_p before top_k"},
    [RULE_P_TIES_CUT] = {"wrong tie rule", "a draw without tokens tied with the last of top_p"},
    [RULE_DRAW_DESCENDING] = {"permuted",
                              "a draw over the tokens in descending order, not by number"},
    [RULE_DRAW_BACKWARDS] = {"permuted", "a draw over the tokens from the last to the first"},
    [RULE_DRAW_UNNORMALISED] = {"wrong scale",
                                "a draw with the uniform against sums that are not normalised"},
    [RULE_DRAW_OF_ALL] = {"wrong scale",
                          "a draw with the uniform times the total of all tokens, not of those "
                          "kept"},
    [RULE_DRAW_NOT_BELOW] = {"wrong threshold",
                             "the first token whose running sum reaches (not exceeds) the uniform"},
    [RULE_DRAW_NEXT] = {"shifted by n", "the kept token after the right one"},
    [RULE_DRAW_PREVIOUS] = {"shifted by n", "the kept token before the right one"},
    [RULE_PLACE_IN_KEPT] = {"permuted", "the token's place among those kept, not its number,"},
    [RULE_PLACE_IN_SORTED] = {"permuted", "the token's place in descending order, not its number,"},
    [RULE_NAN_IS_LOWEST] = {"special values", "a draw from rows with a NaN as if it were -inf"},
    [RULE_NOTHING_IS_ZERO] = {"special values", "0 in place of -1 where there is nothing to draw"},
    [RULE_MASKED_DRAWN] = {"special values",
                           "a draw in which -inf weighs like the lowest finite logit"},
};

const struct sampler_rule_info *sampler_rule_info(enum sampler_rule rule)
{
    return &table[rule];
}

// One row while it is worked on.
struct row {
    const double *logits;
    int64_t vocab;
    enum sampler_rule rule;
    double *weights; // 0: not kept
    int64_t *order;  // tokens by logit, descending; equal ones by number
    double all;      // the total before anything was left out
};

static const double *sorted_logits;

static int compare_places(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    if (sorted_logits[a] != sorted_logits[b])
        return sorted_logits[a] < sorted_logits[b] || isnan(sorted_logits[a]) ? 1 : -1;
    return (a > b) - (a < b);
}

static void sort(struct row *row)
{
    for (int64_t i = 0; i < row->vocab; i++)
        row->order[i] = i;
    sorted_logits = row->logits;
    qsort(row->order, (size_t)row->vocab, sizeof *row->order, compare_places);
}

static double total(const struct row *row)
{
    double sum = 0;
    for (int64_t i = 0; i < row->vocab; i++)
        sum += row->weights[i];
    return sum;
}

static void keep_top_k(struct row *row, int64_t k)
{
    if (k <= 0 || k >= row->vocab)
        return;
    sort(row);
    const double threshold = row->logits[row->order[k - 1]];
    int64_t left = 0; // of those tied that may stay
    for (int64_t i = 0; i < k; i++)
        left += row->logits[row->order[i]] == threshold;
    for (int64_t n = 0; n < row->vocab; n++) {
        int64_t i = row->rule == RULE_K_EXACTLY_LAST ? row->vocab - 1 - n : n;
        bool tied = row->logits[i] == threshold;
        bool cut = row->rule == RULE_K_EXACTLY || row->rule == RULE_K_EXACTLY_LAST;
        if (row->logits[i] < threshold || (tied && row->rule == RULE_K_STRICTLY) ||
            (tied && cut && left-- <= 0))
            row->weights[i] = 0;
    }
}

// How many tokens, in descending order, reach p.
static int64_t count_to_p(const struct row *row, double p, double whole)
{
    double sum = 0;
    int64_t taken = 0;
    while (taken < row->vocab) {
        sum += row->weights[row->order[taken++]];
        if (row->rule == RULE_P_STRICTLY ? sum > p * whole : sum >= p * whole)
            break;
    }
    return taken;
}

static void keep_top_p(struct row *row, double p)
{
    if (!(p < 1))
        return;
    double whole = row->rule == RULE_P_UNNORMALISED ? 1
                   : row->rule == RULE_P_OF_ALL     ? row->all
                                                    : total(row);
    sort(row);
    int64_t taken = count_to_p(row, fmax(p, 0), whole);
    if (row->rule == RULE_P_WITHOUT_LAST && taken > 1)
        taken--;
    if (row->rule == RULE_P_ONE_MORE && taken < row->vocab)
        taken++;
    const double lowest = row->logits[row->order[taken - 1]];
    for (int64_t n = 0; n < row->vocab; n++) {
        int64_t i = row->order[n];
        if (row->logits[i] < lowest || (row->rule == RULE_P_TIES_CUT && n >= taken))
            row->weights[i] = 0;
    }
}

static int64_t place_of(const struct row *row, int64_t token)
{
    int64_t place = 0;
    if (row->rule == RULE_PLACE_IN_KEPT) {
        for (int64_t i = 0; i < token; i++)
            place += row->weights[i] > 0;
        return place;
    }
    while (row->rule == RULE_PLACE_IN_SORTED && row->order[place] != token)
        place++;
    return row->rule == RULE_PLACE_IN_SORTED ? place : token;
}

static int64_t neighbour(const struct row *row, int64_t token, int64_t step)
{
    for (int64_t i = token + step; i >= 0 && i < row->vocab; i += step) {
        if (row->weights[i] > 0)
            return i;
    }
    return token;
}

static int64_t draw(struct row *row, double uniform)
{
    double whole = row->rule == RULE_DRAW_UNNORMALISED ? 1
                   : row->rule == RULE_DRAW_OF_ALL     ? row->all
                                                       : total(row);
    double target = uniform * whole, sum = 0;
    int64_t last = -1;
    if (row->rule == RULE_DRAW_DESCENDING || row->rule == RULE_PLACE_IN_SORTED)
        sort(row);
    for (int64_t n = 0; n < row->vocab; n++) {
        int64_t i = row->rule == RULE_DRAW_DESCENDING  ? row->order[n]
                    : row->rule == RULE_DRAW_BACKWARDS ? row->vocab - 1 - n
                                                       : n;
        sum += row->weights[i];
        if (row->weights[i] > 0)
            last = i;
        if (row->rule == RULE_DRAW_NOT_BELOW ? sum >= target : sum > target)
            return row->rule == RULE_DRAW_NOT_BELOW  ? i
                   : row->rule == RULE_DRAW_NEXT     ? neighbour(row, i, 1)
                   : row->rule == RULE_DRAW_PREVIOUS ? neighbour(row, i, -1)
                                                     : place_of(row, i);
    }
    return last;
}

// -1 when there is nothing to draw.
static int64_t find_largest(const double *logits, int64_t vocab, enum sampler_rule rule)
{
    int64_t largest = -1;
    bool has_finite = false;
    for (int64_t i = 0; i < vocab; i++) {
        if (isnan(logits[i])) {
            if (rule != RULE_NAN_IS_LOWEST)
                return -1;
            continue;
        }
        has_finite |= isfinite(logits[i]) != 0;
        if (largest < 0 || logits[i] > logits[largest] ||
            (logits[i] == logits[largest] && rule == RULE_ARGMAX_LAST))
            largest = i;
    }
    return has_finite ? largest : -1;
}

int64_t mistaken_sampler_draw(const double *logits, int64_t vocab,
                              const struct sampling_parameters *parameters, enum sampler_rule rule,
                              double *weights, int64_t *order)
{
    struct row row = {logits, vocab, rule, weights, order, 0};
    const double temperature = parameters->temperature;
    const int64_t largest = find_largest(logits, vocab, rule);
    double lowest = INFINITY;
    if (largest < 0 || !(temperature >= 0))
        return rule == RULE_NOTHING_IS_ZERO ? 0 : -1;
    if (temperature == 0 || rule == RULE_ARGMAX)
        return largest;
    for (int64_t i = 0; i < vocab; i++) {
        double x = rule == RULE_MULTIPLY ? (logits[i] - logits[largest]) * temperature
                                         : (logits[i] - logits[largest]) / temperature;
        weights[i] = i == largest || logits[i] == logits[largest] ? 1 : isnan(x) ? 0 : exp(x);
        if (isfinite(logits[i]) && weights[i] < lowest)
            lowest = weights[i];
    }
    for (int64_t i = 0; i < vocab && rule == RULE_MASKED_DRAWN; i++)
        weights[i] = isinf(logits[i]) && logits[i] < 0 ? lowest : weights[i];
    row.all = total(&row);
    if (rule == RULE_P_BEFORE_K)
        keep_top_p(&row, parameters->top_p);
    keep_top_k(&row, parameters->top_k);
    if (rule != RULE_P_BEFORE_K)
        keep_top_p(&row, parameters->top_p);
    return draw(&row, parameters->uniform);
}
