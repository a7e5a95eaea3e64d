// weighted_matmul: out[b,h,q,d] = sum over k of weights[b,h,q,k] * v[b,h,k,d].
//
// The value is OpenBLAS's dgemm, one per batch and head; the magnitude is the same product of the
// absolute values. A sample of elements is computed again by a plain loop, since a BLAS is a
// program like any other.
#include "reference.h"

#include <cblas.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

struct sizes {
    int64_t matrices, seq_q, seq_k, head_dim;
};

static double *absolute_values(const double *values, size_t count)
{
    double *result = malloc((count > 0 ? count : 1) * sizeof *result);
    for (size_t i = 0; result != NULL && i < count; i++)
        result[i] = fabs(values[i]);
    return result;
}

static void multiply(const struct sizes *sizes, const double *weights, const double *v, double *out)
{
    const blasint rows = (blasint)sizes->seq_q, columns = (blasint)sizes->head_dim;
    const blasint terms = (blasint)sizes->seq_k;
    for (int64_t i = 0; i < sizes->matrices; i++)
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, columns, terms, 1.0,
                    weights + i * sizes->seq_q * sizes->seq_k, terms,
                    v + i * sizes->seq_k * sizes->head_dim, columns, 0.0,
                    out + i * sizes->seq_q * sizes->head_dim, columns);
}

static double plain_sum(const struct sizes *sizes, const double *weights, const double *v,
                        int64_t element)
{
    int64_t d = element % sizes->head_dim, row = element / sizes->head_dim;
    int64_t matrix = row / sizes->seq_q;
    double sum = 0;
    for (int64_t k = 0; k < sizes->seq_k; k++)
        sum +=
            weights[row * sizes->seq_k + k] * v[(matrix * sizes->seq_k + k) * sizes->head_dim + d];
    return sum;
}

// Two orders of the same sum differ by at most 2 (n + 2) u times the magnitude.
static bool blas_agrees_with_loop(const struct sizes *sizes, const double *weights, const double *v,
                                  const struct reference_tensor *out, struct error *error)
{
    enum { SAMPLE = 97 };
    int64_t step = (int64_t)out->count / SAMPLE + 1;
    for (int64_t i = 0; i < (int64_t)out->count; i += step) {
        double plain = plain_sum(sizes, weights, v, i);
        double allowed = 2 * ((double)sizes->seq_k + 2) * 0x1p-53 * out->magnitude[i];
        if (!(fabs(plain - out->expected[i]) <= allowed))
            return error_set(error, EXIT_FAILED,
                             "OpenBLAS and a plain loop disagree at element %" PRId64
                             ": %.17g and %.17g; the reference cannot be trusted on this machine",
                             i, out->expected[i], plain);
    }
    return true;
}

static bool fits(struct reference_call *call, struct error *error)
{
    const int64_t batch = reference_dimension(call, "batch"),
                  heads = reference_dimension(call, "heads"),
                  seq_q = reference_dimension(call, "seq_q"),
                  seq_k = reference_dimension(call, "seq_k"),
                  head_dim = reference_dimension(call, "head_dim");
    const int64_t weights[] = {batch, heads, seq_q, seq_k};
    const int64_t v[] = {batch, heads, seq_k, head_dim};
    const int64_t out[] = {batch, heads, seq_q, head_dim};
    static const char name[] = "weighted_matmul";
    return reference_tensor_fits(call, name, "weights", true, reference_product(weights, 4),
                                 error) &&
           reference_tensor_fits(call, name, "v", true, reference_product(v, 4), error) &&
           reference_tensor_fits(call, name, "out", false, reference_product(out, 4), error);
}

static bool compute(struct reference_call *call, struct error *error)
{
    const struct reference_tensor *weights = reference_tensor(call, "weights");
    const struct reference_tensor *v = reference_tensor(call, "v");
    struct reference_tensor *out = reference_tensor(call, "out");
    struct sizes sizes = {reference_dimension(call, "batch") * reference_dimension(call, "heads"),
                          reference_dimension(call, "seq_q"), reference_dimension(call, "seq_k"),
                          reference_dimension(call, "head_dim")};
    if (!fits(call, error))
        return false;
    double *weights_magnitude = absolute_values(weights->values, weights->count);
    double *v_magnitude = absolute_values(v->values, v->count);
    bool good = weights_magnitude != NULL && v_magnitude != NULL;
    if (good) {
        // One thread: the last digit must not depend on how many cores there are.
        openblas_set_num_threads(1);
        multiply(&sizes, weights->values, v->values, out->expected);
        multiply(&sizes, weights_magnitude, v_magnitude, out->magnitude);
        call->terms = (double)sizes.seq_k;
        good = blas_agrees_with_loop(&sizes, weights->values, v->values, out, error);
    } else {
        error_out_of_memory(error);
    }
    free(weights_magnitude);
    free(v_magnitude);
    return good;
}

const struct reference reference_weighted_matmul = {
    .name = "weighted_matmul",
    .about = "softmax weights times V, per batch and head",
    .bitwise = false,
    .tensors = (const char *const[]){"weights", "v", "out", NULL},
    .dimensions = (const char *const[]){"batch", "heads", "seq_q", "seq_k", "head_dim", NULL},
    .fits = fits,
    .compute = compute,
};
