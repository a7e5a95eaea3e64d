// Matrix instructions by their builtins: C += A B for 64 x 48 and 48 x 32, tile by tile, a wave to a
// tile. gfx90a and gfx1100 have them; on the other target the kernels do nothing.
// build: -O2
// build: -O2 -g
#include <hip/hip_runtime.h>

#define ROWS    64
#define COLUMNS 32
#define DEPTH   48

#if defined(__gfx90a__)
typedef _Float16 half4 __attribute__((ext_vector_type(4)));
typedef short short4_ __attribute__((ext_vector_type(4)));
typedef float float4_ __attribute__((ext_vector_type(4)));
typedef float float16_ __attribute__((ext_vector_type(16)));
typedef int int4_ __attribute__((ext_vector_type(4)));
typedef double double4_ __attribute__((ext_vector_type(4)));
#elif defined(__gfx1100__)
typedef _Float16 half16 __attribute__((ext_vector_type(16)));
typedef short short16 __attribute__((ext_vector_type(16)));
typedef float float8 __attribute__((ext_vector_type(8)));
typedef int int2_ __attribute__((ext_vector_type(2)));
typedef int int4_ __attribute__((ext_vector_type(4)));
typedef int int8_ __attribute__((ext_vector_type(8)));
#endif

// f16, sums in f32.
extern "C" __global__ void halves(const _Float16 *a, const _Float16 *b, float *c)
{
    int lane = threadIdx.x;
#if defined(__gfx90a__)
    // 32 x 32 tiles.
    int row = blockIdx.y * 32, column = blockIdx.x * 32, j = lane % 32, upper = lane / 32;
    if (row >= ROWS || column >= COLUMNS)
        return;
    float16_ sums;
    for (int r = 0; r < 16; r++)
        sums[r] = c[(row + r / 4 * 8 + upper * 4 + r % 4) * COLUMNS + column + j];
    for (int k = 0; k < DEPTH; k += 8) {
        half4 left, right;
        for (int e = 0; e < 4; e++) {
            left[e] = a[(row + j) * DEPTH + k + upper * 4 + e];
            right[e] = b[(k + upper * 4 + e) * COLUMNS + column + j];
        }
        sums = __builtin_amdgcn_mfma_f32_32x32x8f16(left, right, sums, 0, 0, 0);
    }
    for (int r = 0; r < 16; r++)
        c[(row + r / 4 * 8 + upper * 4 + r % 4) * COLUMNS + column + j] = sums[r];
#elif defined(__gfx1100__)
    int row = blockIdx.y * 16, column = blockIdx.x * 16, j = lane % 16, upper = lane / 16;
    float8 sums;
    for (int r = 0; r < 8; r++)
        sums[r] = c[(row + 2 * r + upper) * COLUMNS + column + j];
    for (int k = 0; k < DEPTH; k += 16) {
        half16 left, right;
        for (int e = 0; e < 16; e++) {
            left[e] = a[(row + j) * DEPTH + k + e];
            right[e] = b[(k + e) * COLUMNS + column + j];
        }
        sums = __builtin_amdgcn_wmma_f32_16x16x16_f16_w32(left, right, sums);
    }
    for (int r = 0; r < 8; r++)
        c[(row + 2 * r + upper) * COLUMNS + column + j] = sums[r];
#endif
}

// bfloat16 (as its bits), sums in f32.
extern "C" __global__ void bfloats(const short *a, const short *b, float *c)
{
    int lane = threadIdx.x, row = blockIdx.y * 16, column = blockIdx.x * 16, j = lane % 16;
    int group = lane / 16;
#if defined(__gfx90a__)
    float4_ sums;
    for (int r = 0; r < 4; r++)
        sums[r] = c[(row + group * 4 + r) * COLUMNS + column + j];
    for (int k = 0; k < DEPTH; k += 16) {
        short4_ left, right;
        for (int e = 0; e < 4; e++) {
            left[e] = a[(row + j) * DEPTH + k + group * 4 + e];
            right[e] = b[(k + group * 4 + e) * COLUMNS + column + j];
        }
        sums = __builtin_amdgcn_mfma_f32_16x16x16bf16_1k(left, right, sums, 0, 0, 0);
    }
    for (int r = 0; r < 4; r++)
        c[(row + group * 4 + r) * COLUMNS + column + j] = sums[r];
#elif defined(__gfx1100__)
    float8 sums;
    for (int r = 0; r < 8; r++)
        sums[r] = c[(row + 2 * r + group) * COLUMNS + column + j];
    for (int k = 0; k < DEPTH; k += 16) {
        short16 left, right;
        for (int e = 0; e < 16; e++) {
            left[e] = a[(row + j) * DEPTH + k + e];
            right[e] = b[(k + e) * COLUMNS + column + j];
        }
        sums = __builtin_amdgcn_wmma_f32_16x16x16_bf16_w32(left, right, sums);
    }
    for (int r = 0; r < 8; r++)
        c[(row + 2 * r + group) * COLUMNS + column + j] = sums[r];
#endif
}

// Signed bytes.
extern "C" __global__ void bytes(const signed char *a, const signed char *b, int *c)
{
    int lane = threadIdx.x, row = blockIdx.y * 16, column = blockIdx.x * 16, j = lane % 16;
    int group = lane / 16;
#if defined(__gfx90a__)
    int4_ sums;
    for (int r = 0; r < 4; r++)
        sums[r] = c[(row + group * 4 + r) * COLUMNS + column + j];
    for (int k = 0; k < DEPTH; k += 16) {
        int left = 0, right = 0;
        for (int e = 0; e < 4; e++) {
            left |= (a[(row + j) * DEPTH + k + group * 4 + e] & 255) << 8 * e;
            right |= (b[(k + group * 4 + e) * COLUMNS + column + j] & 255) << 8 * e;
        }
        sums = __builtin_amdgcn_mfma_i32_16x16x16i8(left, right, sums, 0, 0, 0);
    }
    for (int r = 0; r < 4; r++)
        c[(row + group * 4 + r) * COLUMNS + column + j] = sums[r];
#elif defined(__gfx1100__)
    int8_ sums;
    for (int r = 0; r < 8; r++)
        sums[r] = c[(row + 2 * r + group) * COLUMNS + column + j];
    for (int k = 0; k < DEPTH; k += 16) {
        int4_ left = {0, 0, 0, 0}, right = {0, 0, 0, 0};
        for (int e = 0; e < 16; e++) {
            left[e / 4] |= (a[(row + j) * DEPTH + k + e] & 255) << 8 * (e % 4);
            right[e / 4] |= (b[(k + e) * COLUMNS + column + j] & 255) << 8 * (e % 4);
        }
        sums = __builtin_amdgcn_wmma_i32_16x16x16_iu8_w32(true, left, true, right, sums, false);
    }
    for (int r = 0; r < 8; r++)
        c[(row + 2 * r + group) * COLUMNS + column + j] = sums[r];
#endif
}

// f16 throughout: only gfx1100.
extern "C" __global__ void short_sums(const _Float16 *a, const _Float16 *b, _Float16 *c)
{
#if defined(__gfx1100__)
    int lane = threadIdx.x, row = blockIdx.y * 16, column = blockIdx.x * 16, j = lane % 16;
    int group = lane / 16;
    half16 low, high;
    for (int r = 0; r < 16; r++)
        low[r] = high[r] = 0;
    for (int r = 0; r < 8; r++) {
        low[2 * r] = c[(row + 2 * r + group) * COLUMNS + column + j];
        high[2 * r + 1] = low[2 * r];
    }
    for (int k = 0; k < DEPTH; k += 16) {
        half16 left, right;
        for (int e = 0; e < 16; e++) {
            left[e] = a[(row + j) * DEPTH + k + e];
            right[e] = b[(k + e) * COLUMNS + column + j];
        }
        low = __builtin_amdgcn_wmma_f16_16x16x16_f16_w32(left, right, low, false);
        high = __builtin_amdgcn_wmma_f16_16x16x16_f16_w32(left, right, high, true);
    }
    for (int r = 0; r < 8; r++)
        c[(row + 2 * r + group) * COLUMNS + column + j] =
            low[2 * r] == high[2 * r + 1] ? low[2 * r] : (_Float16)-1000;
#endif
}

// Doubles: only gfx90a.
extern "C" __global__ void doubles(const double *a, const double *b, double *c)
{
#if defined(__gfx90a__)
    int lane = threadIdx.x, row = blockIdx.y * 16, column = blockIdx.x * 16, j = lane % 16;
    int group = lane / 16;
    double4_ sums;
    for (int r = 0; r < 4; r++)
        sums[r] = c[(row + r * 4 + group) * COLUMNS + column + j];
    for (int k = 0; k < DEPTH; k += 4)
        sums = __builtin_amdgcn_mfma_f64_16x16x4f64(a[(row + j) * DEPTH + k + group],
                                                    b[(k + group) * COLUMNS + column + j], sums, 0,
                                                    0, 0);
    for (int r = 0; r < 4; r++)
        c[(row + r * 4 + group) * COLUMNS + column + j] = sums[r];
#endif
}

// One element of A is nowhere set: A[5][3] of a 16 x 16 product.
extern "C" __global__ void undefined_element(const _Float16 *b, float *c)
{
#if defined(__gfx90a__) || defined(__gfx1100__)
    __shared__ _Float16 a[16 * 16];
    int lane = threadIdx.x, j = lane % 16, group = lane / 16;
    for (int e = lane; e < 16 * 16; e += blockDim.x)
        if (e != 5 * 16 + 3)
            a[e] = (_Float16)e;
    __syncthreads();
#endif
#if defined(__gfx90a__)
    half4 left, right;
    for (int e = 0; e < 4; e++) {
        left[e] = a[j * 16 + group * 4 + e];
        right[e] = b[(group * 4 + e) * 16 + j];
    }
    float4_ sums = {0, 0, 0, 0};
    sums = __builtin_amdgcn_mfma_f32_16x16x16f16(left, right, sums, 0, 0, 0);
    for (int r = 0; r < 4; r++)
        c[(group * 4 + r) * 16 + j] = sums[r]; // undefined_element gfx90a
#elif defined(__gfx1100__)
    half16 left, right;
    for (int e = 0; e < 16; e++) {
        left[e] = a[j * 16 + e];
        right[e] = b[e * 16 + j];
    }
    float8 sums = {0, 0, 0, 0, 0, 0, 0, 0};
    sums = __builtin_amdgcn_wmma_f32_16x16x16_f16_w32(left, right, sums);
    for (int r = 0; r < 8; r++)
        c[(2 * r + group) * 16 + j] = sums[r]; // undefined_element gfx1100
#endif
}
