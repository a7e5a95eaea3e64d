#include "cublas.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

// As cuBLAS and CUDA number them. The default mode with sums in f32 never uses TF32.
enum {
    CUBLAS_NOT_TRANSPOSED = 0,
    CUBLAS_DEFAULT_MATH = 0,
    CUBLAS_COMPUTE_F32 = 68,
    CUBLAS_DEFAULT_ALGORITHM = -1,
};

static const char *const places[] = {"libcublas.so.13", "/usr/local/cuda/lib64/libcublas.so.13",
                                     "libcublas.so.12", "/usr/local/cuda/lib64/libcublas.so.12"};

static bool load(struct cublas *cublas, struct error *error)
{
    const char *chosen = getenv("WAVEGAUGE_CUBLAS");
    bool is_chosen = chosen != NULL && chosen[0] != '\0';
    size_t count = is_chosen ? 1 : sizeof places / sizeof *places;
    for (size_t i = 0; i < count && cublas->library == NULL; i++) {
        const char *place = is_chosen ? chosen : places[i];
        cublas->library = dlopen(place, RTLD_NOW | RTLD_LOCAL);
        snprintf(cublas->path, sizeof cublas->path, "%s", place);
    }
    if (cublas->library != NULL)
        return true;
    const char *reason = dlerror();
    if (is_chosen)
        return error_set(error, EXIT_MISSING, "cuBLAS (WAVEGAUGE_CUBLAS) does not load: %s",
                         reason != NULL ? reason : chosen);
    return error_set(error, EXIT_MISSING,
                     "cuBLAS is not there: looked for libcublas.so.13 and .12 as the dynamic "
                     "loader does and in /usr/local/cuda/lib64; it comes with the CUDA toolkit and "
                     "with PyTorch (nvidia/cu13/lib/libcublas.so.13): set WAVEGAUGE_CUBLAS to its "
                     "path, or leave --peers out");
}

static bool find(struct cublas *cublas, const char *name, void *function, struct error *error)
{
    void *found = dlsym(cublas->library, name);
    *(void **)function = found;
    return found != NULL || error_set(error, EXIT_MISSING, "%s is no cuBLAS: it has no function %s",
                                      cublas->path, name);
}

static bool check(int status, const char *what, struct error *error)
{
    return status == 0 ||
           error_set(error, EXIT_FAILED, "cuBLAS: %s failed with status %d", what, status);
}

static bool start(struct cublas *cublas, struct error *error)
{
    if (!find(cublas, "cublasCreate_v2", &cublas->create, error) ||
        !find(cublas, "cublasDestroy_v2", &cublas->destroy, error) ||
        !find(cublas, "cublasGetVersion_v2", &cublas->get_version, error) ||
        !find(cublas, "cublasSetMathMode", &cublas->set_math_mode, error) ||
        !find(cublas, "cublasGemmStridedBatchedEx", &cublas->multiply, error))
        return false;
    return check(cublas->create(&cublas->handle), "cublasCreate", error) &&
           check(cublas->get_version(cublas->handle, &cublas->version), "cublasGetVersion",
                 error) &&
           check(cublas->set_math_mode(cublas->handle, CUBLAS_DEFAULT_MATH), "cublasSetMathMode",
                 error);
}

bool cublas_open(struct cublas *cublas, struct error *error)
{
    *cublas = (struct cublas){0};
    if (load(cublas, error) && start(cublas, error))
        return true;
    cublas_close(cublas);
    return false;
}

void cublas_close(struct cublas *cublas)
{
    if (cublas->handle != NULL)
        cublas->destroy(cublas->handle);
    if (cublas->library != NULL)
        dlclose(cublas->library);
    *cublas = (struct cublas){0};
}

// cuBLAS is column-major: what it takes for the transposed matrices is what they are row by row, so
// the transposed product is the right operand times the left one.
bool cublas_multiply(const struct cublas *cublas, const struct matrix_product *product,
                     struct error *error)
{
    static const float one = 1, zero = 0;
    if (product->matrices > INT_MAX || product->rows > INT_MAX || product->terms > INT_MAX ||
        product->columns > INT_MAX)
        return error_set(error, EXIT_USAGE, "cuBLAS: sizes above %d", INT_MAX);
    const int rows = (int)product->rows, terms = (int)product->terms;
    const int columns = (int)product->columns;
    int status = cublas->multiply(
        cublas->handle, CUBLAS_NOT_TRANSPOSED, CUBLAS_NOT_TRANSPOSED, columns, rows, terms, &one,
        product->right, product->type, columns, product->terms * product->columns, product->left,
        product->type, terms, product->rows * product->terms, &zero, product->out, product->type,
        columns, product->rows * product->columns, (int)product->matrices, CUBLAS_COMPUTE_F32,
        CUBLAS_DEFAULT_ALGORITHM);
    return check(status, "cublasGemmStridedBatchedEx", error);
}
