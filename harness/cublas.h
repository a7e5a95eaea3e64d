// NVIDIA's cuBLAS, loaded when asked for: the matrix products that `bench --peers` sets beside
// weighted_matmul. Nothing here needs CUDA to build.
#ifndef WAVEGAUGE_CUBLAS_H
#define WAVEGAUGE_CUBLAS_H

#include "error.h"

#include <stddef.h>

// out[i] = left[i] right[i] for every i below `matrices`: rows x terms times terms x columns, all
// row-major, contiguous, one matrix after the other, on the device. Sums are in f32: TF32 is not
// used for f32.
struct matrix_product {
    const void *left, *right;
    void *out;
    long long matrices, rows, terms, columns;
    int type; // CUBLAS_*
};

enum { CUBLAS_F32 = 0, CUBLAS_F16 = 2, CUBLAS_BF16 = 14 };

struct cublas {
    void *library;
    char path[512];
    int version; // 130100 is 13.1
    void *handle;
    int (*create)(void **handle);
    int (*destroy)(void *handle);
    int (*get_version)(void *handle, int *version);
    int (*set_math_mode)(void *handle, int mode);
    int (*multiply)(void *handle, int transpose_a, int transpose_b, int m, int n, int k,
                    const void *alpha, const void *a, int a_type, int a_rows, long long a_stride,
                    const void *b, int b_type, int b_rows, long long b_stride, const void *beta,
                    void *c, int c_type, int c_rows, long long c_stride, int count,
                    int compute_type, int algorithm);
};

// Loads the library (WAVEGAUGE_CUBLAS when it is set, else libcublas.so.13 or .12 where the dynamic
// loader or CUDA's own folder has it) and makes a handle in the thread's CUDA context. The error is
// EXIT_MISSING and says what was looked for.
bool cublas_open(struct cublas *cublas, struct error *error);
void cublas_close(struct cublas *cublas);

// Queues the product on the default stream.
bool cublas_multiply(const struct cublas *cublas, const struct matrix_product *product,
                     struct error *error);

#endif
