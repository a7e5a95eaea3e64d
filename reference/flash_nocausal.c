// flash_nocausal: out[b,h,q,d] = sum over k of P[k] v[b,h,k,d], P = softmax of s, and
// s[k] = scale * sum over d of q[b,h,q,d] k[b,h,k,d], where scale is the f32 nearest to 1 /
// divisor, or to 1 / sqrt(head_dim) when the dimension `divisor` is 0 or not there. An output
// called `separate`, where there is one, is the same once more: for other kernels for the same
// answer.
//
// Products are OpenBLAS's dgemm; a sample of elements is computed again by plain loops, since a
// BLAS is a program like any other.
//
// The magnitude is sum over k of P[k] (|v[k]| + |out|) (1 + A[k] + |s[k] - m|), with m the largest
// score and A[k] = scale * sum |q| |k|. Times (terms + 2) u it bounds the error to first order, for
// sums in any order (Higham, Accuracy and Stability of Numerical Algorithms, chapter 3) and a
// softmax online, with tiles of 64 keys or more, or not:
// - a score of n = head_dim products and a factor is off by at most (n + 1) u A[k], and
//   that is a relative error of exp(s[k] - m);
// - the differences in the exponents, s[k] - m or, online, s[k] - m1, m1 - m2, ..., are each off
//   by u times themselves and have one sign, so together by u |s[k] - m|; an m that is off is off
//   for all keys and cancels;
// - exp itself is off by one ULP, 2 u; rescaling takes another exp and a product, 3 u, once per
//   tile; a sum of seq_k terms is off by seq_k u times each, products or fma's included, and
//   dividing by the sum of exponentials (before or after the product with v) takes u.
// Together each exponential in the numerator and, not in the same way, each in the denominator is
// off by a relative e[k] <= (seq_k + head_dim + 3 tiles + 4) u (1 + A[k] + |s[k] - m|), and
// the quotient by at most sum P[k] (|v[k]| + |out|) e[k].
#include "reference.h"

#include <cblas.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { TILE = 64, ROWS_AT_ONCE = 64, SAMPLE = 97 };

struct sizes {
    int64_t matrices, seq_q, seq_k, head_dim;
    double scale;
};

// One matrix of each tensor, from row `row` of the queries on.
struct matrix {
    const double *q, *k, *v, *k_absolute, *v_absolute;
    double *out, *magnitude;
    int64_t rows;
};

struct workspace {
    double *q_absolute, *k_absolute, *v_absolute;
    double *scores;  // ROWS_AT_ONCE x seq_k, then the probabilities
    double *weights; // the same, |q| |k|, then what |v| is weighted with
};

static double *absolute_values(const double *values, size_t count)
{
    double *result = malloc((count > 0 ? count : 1) * sizeof *result);
    for (size_t i = 0; result != NULL && i < count; i++)
        result[i] = fabs(values[i]);
    return result;
}

// The expression of cases/flash_nocausal.yaml, as the kernel gets it.
static double rounded_scale(int64_t head_dim, int64_t divisor)
{
    double usual = (double)head_dim * (1 - fmin((double)divisor, 1));
    return (float)(1 / sqrt(fmax(usual, (double)divisor * (double)divisor)));
}

static void multiply_by_keys(const struct sizes *sizes, int64_t rows, const double *q,
                             const double *k, double *scores)
{
    const blasint terms = (blasint)sizes->head_dim, columns = (blasint)sizes->seq_k;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)rows, columns, terms,
                sizes->scale, q, terms, k, terms, 0.0, scores, columns);
}

static void multiply_by_values(const struct sizes *sizes, int64_t rows, const double *weights,
                               const double *v, double *out)
{
    const blasint terms = (blasint)sizes->seq_k, columns = (blasint)sizes->head_dim;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)rows, columns, terms, 1.0,
                weights, terms, v, columns, 0.0, out, columns);
}

// Scores become probabilities, |q| |k| the weights P (1 + A + |s - m|), whose sum is the result.
static double softmax(double *scores, double *weights, int64_t count)
{
    double maximum = -INFINITY, sum = 0, weight_sum = 0;
    for (int64_t k = 0; k < count; k++)
        maximum = fmax(maximum, scores[k]);
    for (int64_t k = 0; k < count; k++) {
        weights[k] += 1 + (maximum - scores[k]);
        scores[k] = exp(scores[k] - maximum);
        sum += scores[k];
    }
    for (int64_t k = 0; k < count; k++) {
        scores[k] /= sum;
        // Not 0 * infinity where a score is so low that its probability is zero.
        weights[k] = scores[k] > 0 || isnan(scores[k]) ? weights[k] * scores[k] : 0;
        weight_sum += weights[k];
    }
    return weight_sum;
}

static void attend(const struct sizes *sizes, const struct matrix *matrix,
                   const struct workspace *work)
{
    double weight_sums[ROWS_AT_ONCE];
    multiply_by_keys(sizes, matrix->rows, matrix->q, matrix->k, work->scores);
    for (int64_t i = 0; i < matrix->rows * sizes->head_dim; i++)
        work->q_absolute[i] = fabs(matrix->q[i]);
    multiply_by_keys(sizes, matrix->rows, work->q_absolute, matrix->k_absolute, work->weights);
    for (int64_t row = 0; row < matrix->rows; row++)
        weight_sums[row] = softmax(work->scores + row * sizes->seq_k,
                                   work->weights + row * sizes->seq_k, sizes->seq_k);
    multiply_by_values(sizes, matrix->rows, work->scores, matrix->v, matrix->out);
    multiply_by_values(sizes, matrix->rows, work->weights, matrix->v_absolute, matrix->magnitude);
    for (int64_t i = 0; i < matrix->rows * sizes->head_dim; i++)
        matrix->magnitude[i] += weight_sums[i / sizes->head_dim] * fabs(matrix->out[i]);
}

static void attend_everywhere(const struct sizes *sizes, const struct reference_tensor *tensors[3],
                              const struct reference_tensor *out, const struct workspace *work)
{
    for (int64_t i = 0; i < sizes->matrices; i++) {
        for (int64_t row = 0; row < sizes->seq_q; row += ROWS_AT_ONCE) {
            const int64_t queries = (i * sizes->seq_q + row) * sizes->head_dim;
            const int64_t keys = i * sizes->seq_k * sizes->head_dim, left = sizes->seq_q - row;
            const struct matrix matrix = {
                .q = tensors[0]->values + queries,
                .k = tensors[1]->values + keys,
                .v = tensors[2]->values + keys,
                .k_absolute = work->k_absolute + keys,
                .v_absolute = work->v_absolute + keys,
                .out = out->expected + queries,
                .magnitude = out->magnitude + queries,
                .rows = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE,
            };
            attend(sizes, &matrix, work);
        }
    }
}

static double plain_score(const struct sizes *sizes, const double *q, const double *k)
{
    double sum = 0;
    for (int64_t d = 0; d < sizes->head_dim; d++)
        sum += q[d] * k[d];
    return sizes->scale * sum;
}

static double plain_element(const struct sizes *sizes, const struct reference_tensor *tensors[3],
                            int64_t element)
{
    const int64_t d = element % sizes->head_dim, row = element / sizes->head_dim;
    const int64_t first_key = row / sizes->seq_q * sizes->seq_k;
    const double *q = tensors[0]->values + row * sizes->head_dim;
    const double *k = tensors[1]->values + first_key * sizes->head_dim;
    const double *v = tensors[2]->values + first_key * sizes->head_dim + d;
    double maximum = -INFINITY, sum = 0, weighted = 0;
    for (int64_t i = 0; i < sizes->seq_k; i++)
        maximum = fmax(maximum, plain_score(sizes, q, k + i * sizes->head_dim));
    for (int64_t i = 0; i < sizes->seq_k; i++) {
        double p = exp(plain_score(sizes, q, k + i * sizes->head_dim) - maximum);
        sum += p;
        weighted += p * v[i * sizes->head_dim];
    }
    return weighted / sum;
}

// Each is within the bound above, with the u of double.
static bool blas_agrees_with_loops(const struct sizes *sizes,
                                   const struct reference_tensor *tensors[3],
                                   const struct reference_tensor *out, double terms,
                                   struct error *error)
{
    int64_t step = (int64_t)out->count / SAMPLE + 1;
    for (int64_t i = 0; i < (int64_t)out->count; i += step) {
        double plain = plain_element(sizes, tensors, i);
        double allowed = 2 * (terms + 2) * 0x1p-53 * out->magnitude[i];
        bool same_kind = isfinite(plain) || isnan(plain) == isnan(out->expected[i]);
        if (isfinite(plain) ? !(fabs(plain - out->expected[i]) <= allowed) : !same_kind)
            return error_set(error, EXIT_FAILED,
                             "OpenBLAS and a plain loop disagree at element %" PRId64
                             ": %.17g and %.17g; the reference cannot be trusted on this machine",
                             i, out->expected[i], plain);
    }
    return true;
}

static bool allocate(struct workspace *work, const struct sizes *sizes,
                     const struct reference_tensor *tensors[3])
{
    size_t seq_k = (size_t)sizes->seq_k, head_dim = (size_t)sizes->head_dim;
    work->q_absolute = calloc(ROWS_AT_ONCE * sizeof(double), head_dim);
    work->k_absolute = absolute_values(tensors[1]->values, tensors[1]->count);
    work->v_absolute = absolute_values(tensors[2]->values, tensors[2]->count);
    work->scores = calloc(ROWS_AT_ONCE * sizeof(double), seq_k);
    work->weights = calloc(ROWS_AT_ONCE * sizeof(double), seq_k);
    return work->q_absolute != NULL && work->k_absolute != NULL && work->v_absolute != NULL &&
           work->scores != NULL && work->weights != NULL;
}

static void free_workspace(struct workspace *work)
{
    free(work->q_absolute);
    free(work->k_absolute);
    free(work->v_absolute);
    free(work->scores);
    free(work->weights);
}

static bool fits(struct reference_call *call, struct error *error)
{
    const int64_t batch = reference_dimension(call, "batch"),
                  heads = reference_dimension(call, "heads"),
                  seq_q = reference_dimension(call, "seq_q"),
                  seq_k = reference_dimension(call, "seq_k"),
                  head_dim = reference_dimension(call, "head_dim");
    const int64_t queries[] = {batch, heads, seq_q, head_dim};
    const int64_t keys[] = {batch, heads, seq_k, head_dim};
    const int64_t query_count = reference_product(queries, 4),
                  key_count = reference_product(keys, 4);
    static const char name[] = "flash_nocausal";
    if (seq_k < 1 || head_dim < 1)
        return error_set(error, EXIT_USAGE,
                         "the reference flash_nocausal expects seq_k and head_dim of at least 1");
    return reference_tensor_fits(call, name, "q", true, query_count, error) &&
           reference_tensor_fits(call, name, "k", true, key_count, error) &&
           reference_tensor_fits(call, name, "v", true, key_count, error) &&
           reference_tensor_fits(call, name, "out", false, query_count, error) &&
           (reference_tensor(call, "separate") == NULL ||
            reference_tensor_fits(call, name, "separate", false, query_count, error));
}

static bool compute_output(struct reference_call *call, const struct sizes *sizes,
                           struct reference_tensor *out, struct error *error)
{
    const struct reference_tensor *tensors[3] = {
        reference_tensor(call, "q"), reference_tensor(call, "k"), reference_tensor(call, "v")};
    struct workspace work = {0};
    bool good = allocate(&work, sizes, tensors);
    if (good) {
        // One thread: the last digit must not depend on how many cores there are.
        openblas_set_num_threads(1);
        attend_everywhere(sizes, tensors, out, &work);
        good = blas_agrees_with_loops(sizes, tensors, out, call->terms, error);
    } else {
        error_out_of_memory(error);
    }
    free_workspace(&work);
    return good;
}

static bool compute(struct reference_call *call, struct error *error)
{
    struct reference_tensor *separate = reference_tensor(call, "separate");
    struct sizes sizes = {reference_dimension(call, "batch") * reference_dimension(call, "heads"),
                          reference_dimension(call, "seq_q"), reference_dimension(call, "seq_k"),
                          reference_dimension(call, "head_dim"), 0};
    if (!fits(call, error))
        return false;
    sizes.scale = rounded_scale(sizes.head_dim, reference_dimension(call, "divisor"));
    int64_t tiles = (sizes.seq_k + TILE - 1) / TILE;
    call->terms = (double)(sizes.seq_k + sizes.head_dim + 3 * tiles + 2);
    return compute_output(call, &sizes, reference_tensor(call, "out"), error) &&
           (separate == NULL || compute_output(call, &sizes, separate, error));
}

const struct reference reference_flash_nocausal = {
    .name = "flash_nocausal",
    .about = "softmax of Q times K transposed, times V, per batch and head",
    .bitwise = false,
    .tensors = (const char *const[]){"q", "k", "v", "out", NULL},
    .dimensions = (const char *const[]){"batch", "heads", "seq_q", "seq_k", "head_dim", NULL},
    .fits = fits,
    .compute = compute,
};
