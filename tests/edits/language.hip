// What the language has that an edit could change the meaning of without being meant to: overloads
// of the headers' functions, specialisations, operators, constructors, references, constants that
// the compiler needs, variables in static memory, names that are declared in odd ways.
#include <hip/hip_runtime.h>

struct Two {
    float x, y;
};

struct Pair {
    float a, b;
    __device__ Pair(float x) : a{x}, b(x)
    {
        if (x < 0) {
            a = 0;
        }
    }
    __device__ Pair(float x, float y) : a(x), b(y)
    {
    }
    __device__ ~Pair()
    {
    }
    __device__ operator float() const
    {
        if (a > b) {
            return a;
        }
        return b;
    }
    __device__ float total(float c) const
    {
        return a + b + c;
    }
};

__device__ Pair operator+(Pair x, Pair y)
{
    if (x.a > 9) {
        x.a = 9;
    }
    return Pair(x.a + y.a, x.b + y.b);
}

struct Twice {
    __device__ float operator()(float x) const
    {
        if (x > 4) {
            return x;
        }
        return 2 * x;
    }
};

template <typename T> __device__ T pick(T x)
{
    return x + 1;
}

template <> __device__ int pick<int>(int x)
{
    if (x > 2) {
        return x + 3;
    }
    return x + 2;
}

__device__ float late(float x);

__device__ float max(float a, int b)
{
    return a > b ? a : b + 100;
}

constexpr __device__ int half_of(int n)
{
    int half = n / 2;
    if (half < 1)
        half = 1;
    return half;
}

__device__ float *room()
{
    __shared__ float space[64];
    return space;
}

template <int N> __device__ float spread(const float (&list)[N])
{
    float sum = 0;
    for (int i = 0; i < N; i++)
        sum += list[i];
    return sum;
}

__device__ float load(const float *p, int i)
{
    return p[i] + 1;
}

extern "C" __global__ void edited(const float *in, const int *indices, float *out, int rows,
                                  int columns)
{
    volatile __shared__ float tile[64];
    float __attribute__((aligned(16))) list[half_of(8)] = {1, 2, 3, 4};
    int const n = 4;
    float more[n] = {};
    const int t = threadIdx.x;
    [[maybe_unused]] int nothing = 3;
    float(&alias)[4] = more;
    decltype(in[0] + 1) zero = 0;
    auto [left, right] = Two{in[t], in[t + 1]};
    const float &live = alias[1];
    for (int i = 0; i < n; i++)
        more[i] = in[t + i] + zero;
    room()[t] = left;
    __syncthreads();
    auto load = [&](const float *p, int i) { return p[i] - 1; };
    tile[t] = load(in, t) + room()[63 - t];
    __syncthreads();
    Pair p(left), q(right, left);
    Pair r = p + q;
    float found = r, value = pick<int>(t & 3) + pick(2.0f) + float(r);
    if constexpr (sizeof(int) == 4)
        value += max(value, 2.0f) + max(t, 3) + max(2.0f, 3);
    if (float x = live)
        value += x;
    else
        value -= 2;
#pragma unroll
    for (int s = 16; s > 0; s /= 2)
        if (t % 32 < s)
            tile[t] = tile[t] + tile[t + s];
        else
            value += 1;
    auto total = 1;
    auto from = list;
    total += 2;
    value += spread(list) + Twice()(value) + late(value) + p.total(from[1]);
    {
#pragma clang fp contract(off)
        value += list[2] * in[t];
    }
    // Each block has a part of its own.
    out += blockIdx.x * 192;
    out[t] = value + total + nothing;
    out[t + 64] = tile[t] + found;
    out[t + 128] = spread(alias) + left - right;
}

__device__ float late(float x)
{
    return x * 3;
}
