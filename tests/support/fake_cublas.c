// A cuBLAS that is none, in the fake CUDA driver: memory is the host's. FAKE_CUDA_CLOCK's `peer` is
// how many times as long as a kernel a product takes.
//
// FAKE_CUBLAS_MISTAKE: "wrong" leaves the last term out of every sum, "fail create" and "fail
// multiply" answer with status 14. A product that would use TF32 is refused.
#include "fake_clock.h"

#include "harness/dtype.h"

#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

enum { FAILED = 14, REFUSED = 7 };

EXPORT int cublasCreate_v2(void **handle);
EXPORT int cublasDestroy_v2(void *handle);
EXPORT int cublasGetVersion_v2(void *handle, int *version);
EXPORT int cublasSetMathMode(void *handle, int mode);
EXPORT int cublasGemmStridedBatchedEx(void *handle, int transpose_a, int transpose_b, int m, int n,
                                      int k, const void *alpha, const void *a, int a_type,
                                      int a_rows, long long a_stride, const void *b, int b_type,
                                      int b_rows, long long b_stride, const void *beta, void *c,
                                      int c_type, int c_rows, long long c_stride, int count,
                                      int compute_type, int algorithm);

static int a_handle, math_mode = -1;

static int has_mistake(const char *name)
{
    const char *chosen = getenv("FAKE_CUBLAS_MISTAKE");
    return chosen != NULL && strcmp(chosen, name) == 0;
}

int cublasCreate_v2(void **handle)
{
    *handle = &a_handle;
    return has_mistake("fail create") ? FAILED : 0;
}

int cublasDestroy_v2(void *handle)
{
    return handle == &a_handle ? 0 : REFUSED;
}

int cublasGetVersion_v2(void *handle, int *version)
{
    *version = 130102;
    return handle == &a_handle ? 0 : REFUSED;
}

int cublasSetMathMode(void *handle, int mode)
{
    math_mode = mode;
    return handle == &a_handle ? 0 : REFUSED;
}

static int dtype_of(int type, enum dtype *dtype)
{
    *dtype = type == 0 ? DTYPE_F32 : type == 2 ? DTYPE_F16 : DTYPE_BF16;
    return type == 0 || type == 2 || type == 14;
}

// Column-major, as cuBLAS is.
int cublasGemmStridedBatchedEx(void *handle, int transpose_a, int transpose_b, int m, int n, int k,
                               const void *alpha, const void *a, int a_type, int a_rows,
                               long long a_stride, const void *b, int b_type, int b_rows,
                               long long b_stride, const void *beta, void *c, int c_type,
                               int c_rows, long long c_stride, int count, int compute_type,
                               int algorithm)
{
    enum dtype dtype;
    float factor, kept;
    memcpy(&factor, alpha, sizeof factor);
    memcpy(&kept, beta, sizeof kept);
    if (handle != &a_handle || transpose_a != 0 || transpose_b != 0 || a_rows < m || b_rows < k ||
        c_rows < m || a_type != b_type || b_type != c_type || !dtype_of(a_type, &dtype) ||
        factor != 1 || kept != 0 || math_mode != 0 || compute_type != 68 || algorithm != -1)
        return REFUSED;
    if (has_mistake("fail multiply"))
        return FAILED;
    const int terms = has_mistake("wrong") ? k - 1 : k;
    for (long long matrix = 0; matrix < count; matrix++) {
        for (long long place = 0; place < (long long)m * n; place++) {
            const long long row = place % m, column = place / m;
            double sum = 0;
            for (long long i = 0; i < terms; i++)
                sum += dtype_load(dtype, a, (size_t)(matrix * a_stride + i * a_rows + row)) *
                       dtype_load(dtype, b, (size_t)(matrix * b_stride + column * b_rows + i));
            dtype_store(dtype, c, (size_t)(matrix * c_stride + column * c_rows + row), sum);
        }
    }
    fake_clock_launch_peer();
    return 0;
}
