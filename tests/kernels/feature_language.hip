// What C++ adds: templates, lambdas, classes with virtual functions, operators, recursion by
// template; and complex numbers, whose header does not go with other vector arithmetic.
// build: -O2 -ffp-contract=off
// build: -O0 -ffp-contract=off
#include <hip/hip_runtime.h>
#include <hip/hip_complex.h>

extern "C" __global__ void complex_numbers(const hipFloatComplex *in, hipFloatComplex *out,
                                           const hipDoubleComplex *wide, hipDoubleComplex *result)
{
    int t = threadIdx.x;
    hipFloatComplex a = in[2 * t], b = in[2 * t + 1];
    out[4 * t] = hipCaddf(a, hipConjf(b));
    out[4 * t + 1] = hipCmulf(a, b);
    out[4 * t + 2] = hipCfmaf(a, b, a);
    out[4 * t + 3] = make_hipFloatComplex(hipCsqabsf(a), hipCabsf(b));
    hipDoubleComplex z = make_hipDoubleComplex(0, 0), c = wide[t];
    int steps = 0;
    while (hipCsqabs(z) < 4 && steps < 50) {
        z = hipCadd(hipCmul(z, z), c);
        steps++;
    }
    result[2 * t] = make_hipDoubleComplex(steps, 0);
    result[2 * t + 1] = hipCdiv(c, make_hipDoubleComplex(1, 1));
}

class shape
{
  public:
    __device__ virtual float area() const = 0;
    __device__ virtual int corners() const
    {
        return 0;
    }
    __device__ virtual ~shape()
    {
    }
    int tag = 7;
};

class circle : public shape
{
  public:
    __device__ explicit circle(float radius) : radius(radius)
    {
    }
    __device__ float area() const override
    {
        return 3 * radius * radius;
    }

  private:
    float radius;
};

class rectangle : public shape
{
  public:
    __device__ rectangle(float width, float height) : width(width), height(height)
    {
    }
    __device__ float area() const override
    {
        return width * height;
    }
    __device__ int corners() const override
    {
        return 4;
    }

  protected:
    float width, height;
};

class square final : public rectangle
{
  public:
    __device__ explicit square(float side) : rectangle(side, side)
    {
        tag = 9;
    }
    __device__ int corners() const override
    {
        return rectangle::corners() * 10;
    }
};

__device__ __attribute__((noinline)) float describe(const shape &which)
{
    return which.area() * 100 + which.corners() + which.tag * 0.125f;
}

extern "C" __global__ void virtual_functions(float *out)
{
    int t = blockIdx.x * blockDim.x + threadIdx.x;
    circle first(t + 1);
    rectangle second(t, 2);
    square third(t + 3);
    const shape *shapes[3] = {&first, &second, &third};
    out[2 * t] = describe(*shapes[t % 3]);
    float sum = 0;
    for (int i = 0; i < 3; i++)
        sum += describe(*shapes[(i + t) % 3]);
    out[2 * t + 1] = sum;
}

template <int n> struct factorial {
    static constexpr int value = n * factorial<n - 1>::value;
};
template <> struct factorial<0> {
    static constexpr int value = 1;
};

template <class T, int size> struct vector {
    T items[size];
    __device__ T &operator[](int i)
    {
        return items[i];
    }
    __device__ const T &operator[](int i) const
    {
        return items[i];
    }
    __device__ vector operator+(const vector &other) const
    {
        vector sum;
        for (int i = 0; i < size; i++)
            sum[i] = items[i] + other[i];
        return sum;
    }
    __device__ friend T operator*(const vector &a, const vector &b)
    {
        T sum = 0;
        for (int i = 0; i < size; i++)
            sum += a[i] * b[i];
        return sum;
    }
    __device__ bool operator<(const vector &other) const
    {
        return items[0] < other[0];
    }
};

template <class T, class F> __device__ T fold(const T *values, int count, T start, F function)
{
    for (int i = 0; i < count; i++)
        start = function(start, values[i]);
    return start;
}

template <class... T> __device__ int total(T... values)
{
    return (0 + ... + (int)values);
}

struct counter {
    int *place;
    __device__ explicit counter(int *place) : place(place)
    {
        *place += 1;
    }
    __device__ ~counter()
    {
        *place += 100;
    }
};

enum class colour : unsigned char { red = 3, green = 200 };

__device__ int default_argument(int a, int b = 5)
{
    return a * 10 + b;
}

extern "C" __global__ void templates_and_lambdas(const int *in, int *out)
{
    int t = threadIdx.x;
    int *mine = out + 10 * t;
    vector<int, 3> a = {{in[t], 2, t}}, b = {{1, in[t + 1], 3}};
    mine[0] = a * b;
    mine[1] = (a + b)[2] + (a < b);
    int scale = in[t] % 5 + 1;
    mine[2] = fold(in + t, 4, 0, [=](int sum, int x) { return sum * scale + x; });
    auto largest = [](int x, int y) { return x > y ? x : y; };
    mine[3] = fold(in + t, 4, -1000, largest);
    mine[4] = factorial<7>::value + total(1, 2.5f, (char)t, (short)4);
    int count = 0;
    {
        counter one(&count);
        if (t % 2) {
            counter two(&count);
        }
    }
    mine[5] = count;
    mine[6] = (int)(t % 2 ? colour::red : colour::green);
    mine[7] = default_argument(t) + default_argument(t, 1);
    vector<double, 2> wide = {{0.5, (double)t}};
    mine[8] = (int)(wide * wide * 4);
    int &reference = mine[9];
    reference = [&] {
        int sum = 0;
        for (int x : {3, 1, 4, t})
            sum += x;
        return sum;
    }();
}
