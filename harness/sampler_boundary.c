#include "sampler_boundary.h"

#include <math.h>
#include <stdlib.h>

struct row {
    const double *logits;
    int64_t vocab;
    double *probabilities;
    struct legal_set set; // of the last parameters tried
};

static bool is_decided(struct row *row, const struct sampling_parameters *parameters)
{
    return sampling_legal_set(row->logits, row->vocab, parameters, &row->set) &&
           row->set.count == 1;
}

// Puts *share, one of the parameters, beside the boundary.
static bool put_beside(struct row *row, double boundary, bool upwards,
                       const struct sampling_parameters *parameters, double *share)
{
    // Nearer to 1 there is no boundary that single precision could tell from it.
    if (boundary > 1 - 0x1p-20)
        return false;
    double distance = 0x1p-24;
    while (distance < 0x1p-9) {
        *share = (float)(upwards ? boundary + distance : boundary - distance);
        if (!(*share > 0 && *share < 1))
            return false;
        if (is_decided(row, parameters))
            return true;
        distance *= 1.25;
    }
    return false;
}

static bool row_create(struct row *row, const double *logits, int64_t vocab,
                       const struct sampling_parameters *parameters)
{
    *row = (struct row){
        .logits = logits,
        .vocab = vocab,
        .probabilities = malloc((size_t)vocab * sizeof *row->probabilities),
    };
    return row->probabilities != NULL &&
           sampling_probabilities(logits, vocab, parameters, row->probabilities);
}

static void row_free(struct row *row)
{
    free(row->probabilities);
    free(row->set.tokens);
}

// The start of the share that the uniform falls into; the end of the first token's. 1: there is
// none.
static double find_draw(const struct row *row, double uniform)
{
    double before = 0;
    for (int64_t i = 0; i < row->vocab; i++) {
        double after = before + row->probabilities[i];
        if (before > 0 && uniform < after)
            return before;
        if (uniform < after)
            return after;
        before = after;
    }
    return 1;
}

bool sampler_boundary_of_draw(const double *logits, int64_t vocab, bool upwards,
                              struct sampling_parameters *parameters)
{
    struct sampling_parameters moved = *parameters;
    struct row row;
    bool good = row_create(&row, logits, vocab, parameters);
    if (good)
        good =
            put_beside(&row, find_draw(&row, parameters->uniform), upwards, &moved, &moved.uniform);
    row_free(&row);
    if (good)
        *parameters = moved;
    return good;
}

// The probability of all that is larger than a token.
static double probability_above(const struct row *row, int64_t token)
{
    double sum = 0;
    for (int64_t i = 0; i < row->vocab; i++)
        sum += row->logits[i] > row->logits[token] ? row->probabilities[i] : 0;
    return sum;
}

// The token with the most above it that is less than p; the largest, which is always kept, is none.
static int64_t find_threshold(const struct row *row, double p)
{
    int64_t found = -1;
    double most = 0;
    for (int64_t i = 0; i < row->vocab; i++) {
        double above = row->probabilities[i] > 0 ? probability_above(row, i) : 0;
        if (above > most && above < p) {
            most = above;
            found = i;
        }
    }
    return found;
}

// The middle of a token's share when it and what is larger are kept.
static double middle_of(const struct row *row, int64_t token)
{
    double before = 0, all = 0;
    for (int64_t i = 0; i < row->vocab; i++) {
        if (row->logits[i] < row->logits[token])
            continue;
        before += i < token ? row->probabilities[i] : 0;
        all += row->probabilities[i];
    }
    return (before + row->probabilities[token] / 2) / all;
}

bool sampler_boundary_of_top_p(const double *logits, int64_t vocab, bool upwards,
                               struct sampling_parameters *parameters)
{
    struct sampling_parameters moved = *parameters;
    struct row row;
    moved.top_p = 1;
    bool good = row_create(&row, logits, vocab, &moved);
    int64_t token = good ? find_threshold(&row, parameters->top_p) : -1;
    if (token >= 0) {
        moved.uniform = (float)middle_of(&row, token);
        good = put_beside(&row, probability_above(&row, token), upwards, &moved, &moved.top_p);
    }
    row_free(&row);
    if (token < 0 || !good)
        return false;
    *parameters = moved;
    return true;
}
