// <<<>>> and hipLaunchKernelGGL, templates, a last block that is partly used.
#include "parts/check.h"
#include <vector>

template <typename T> __global__ void add(const T *a, const T *b, T *c, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

struct pair {
    int first;
    double second;
};

__global__ void mix(pair p, char tag, const int *in, double *out)
{
    out[threadIdx.x] = p.second * in[threadIdx.x] + p.first + tag;
}

template <typename T> static void run(int n, bool with_macro)
{
    std::vector<T> a(n), b(n), c(n, T(-1));
    for (int i = 0; i < n; i++) {
        a[i] = T(i);
        b[i] = T(3 * i + 1);
    }
    T *da, *db, *dc;
    size_t bytes = n * sizeof(T);
    OK(hipMalloc(&da, bytes));
    OK(hipMalloc(&db, bytes));
    OK(hipMalloc(&dc, bytes));
    OK(hipMemcpy(da, a.data(), bytes, hipMemcpyHostToDevice));
    OK(hipMemcpy(db, b.data(), bytes, hipMemcpyHostToDevice));
    if (with_macro)
        hipLaunchKernelGGL(add<T>, dim3((n + 127) / 128), dim3(128), 0, 0, da, db, dc, n);
    else
        add<T><<<(n + 127) / 128, 128>>>(da, db, dc, n);
    OK(hipGetLastError());
    OK(hipDeviceSynchronize());
    OK(hipMemcpy(c.data(), dc, bytes, hipMemcpyDeviceToHost));
    for (int i = 0; i < n; i++)
        CHECK(c[i] == a[i] + b[i]);
    OK(hipFree(da));
    OK(hipFree(db));
    OK(hipFree(dc));
}

int main()
{
    run<float>(1000, false);
    run<double>(1, true);
    run<int>(4097, true);
    run<long long>(129, false);

    int *in;
    double *out;
    OK(hipMallocManaged(&in, 64 * sizeof *in));
    OK(hipMallocManaged(&out, 64 * sizeof *out));
    for (int i = 0; i < 64; i++)
        in[i] = i;
    mix<<<1, 64>>>(pair{5, 0.5}, 'A', in, out);
    OK(hipDeviceSynchronize());
    for (int i = 0; i < 64; i++)
        CHECK(out[i] == 0.5 * i + 5 + 'A');
    puts("ok");
}
