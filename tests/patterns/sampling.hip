// Kernels for docs/patterns.md, each with one mistake. All are meant to draw a token among those with
// the k largest logits, as the reference topk does.
//
// Launch: grid [ceil(batch / 32)], block [32]; a thread draws for one row. Slow, and short.
#include "../../kernels/portable.hip.h"

struct row {
    const float *logits;
    int vocab;
    float temperature, uniform;
    int k;
};

// The k-th largest, equal ones counted.
__device__ static float threshold(const row &r)
{
    float result = -INFINITY;
    for (int i = 0; i < r.vocab && r.k > 0 && r.k < r.vocab; i++) {
        int above = 0, equal = 0;
        for (int j = 0; j < r.vocab; j++) {
            above += r.logits[j] > r.logits[i];
            equal += r.logits[j] == r.logits[i];
        }
        if (above < r.k && above + equal >= r.k)
            result = r.logits[i];
    }
    return result;
}

__device__ static int find_largest(const row &r)
{
    int largest = 0;
    bool finite = false;
    for (int i = 0; i < r.vocab; i++) {
        if (isnan(r.logits[i]))
            return -1;
        finite |= !isinf(r.logits[i]);
        if (r.logits[i] > r.logits[largest])
            largest = i;
    }
    return finite && r.temperature >= 0 ? largest : -1;
}

__device__ static float weight(const row &r, int token, float largest)
{
    const float logit = r.logits[token];
    return logit == largest ? 1 : expf((logit - largest) / r.temperature);
}

__device__ static int draw(const row &r)
{
    const int largest = find_largest(r);
    if (largest < 0 || r.temperature == 0)
        return largest;
    const float top = r.logits[largest], lowest = threshold(r);
    float total = 0, sum = 0;
    int token = largest;
    for (int i = 0; i < r.vocab; i++)
        total += r.logits[i] >= lowest ? weight(r, i, top) : 0;
    for (int i = 0; i < r.vocab; i++) {
        const float share = r.logits[i] >= lowest ? weight(r, i, top) : 0;
        sum += share;
        if (share > 0)
            token = i;
        if (sum > r.uniform * total)
            break;
    }
    return token;
}

#define KERNEL(name)                                                                               \
    __device__ static int name(row r, const float *uniform, int number);                           \
    extern "C" __global__ void name##_f32(const float *logits, const float *temperature,           \
                                          const int *top_k, const float *uniform, int *tokens,     \
                                          int batch, int vocab)                                    \
    {                                                                                              \
        const int number = blockIdx.x * blockDim.x + threadIdx.x;                                  \
        if (number < batch)                                                                        \
            tokens[number] = name({logits + (int64_t)number * vocab, vocab, temperature[number],   \
                                   uniform[number], top_k[number]},                                \
                                  uniform, number);                                                \
    }                                                                                              \
    __device__ static int name(row r, const float *uniform, int number)

KERNEL(right)
{
    return draw(r);
}

KERNEL(parameter_ignored)
{
    if (r.temperature > 0)
        r.temperature = 1;
    return draw(r);
}

KERNEL(top_k_ignored)
{
    r.k = 0;
    return draw(r);
}

KERNEL(no_draw)
{
    return find_largest(r);
}

KERNEL(shifted_by_n)
{
    const int token = draw(r);
    return token < 0 ? token : token + 1;
}

KERNEL(batch_or_head_offset)
{
    r.uniform = uniform[0];
    return draw(r);
}

KERNEL(missing_term)
{
    r.vocab = r.vocab / 16 * 16;
    return draw(r);
}

// What falls away at the threshold are the tied ones.
KERNEL(wrong_tie_rule)
{
    const int token = draw(r);
    float lowest = threshold(r);
    float above = INFINITY;
    for (int i = 0; i < r.vocab; i++)
        above = r.logits[i] > lowest && r.logits[i] < above ? r.logits[i] : above;
    int count = 0;
    for (int i = 0; i < r.vocab; i++)
        count += r.logits[i] > lowest;
    if (token < 0 || r.temperature == 0 || count == 0 || isinf(lowest))
        return token;
    r.k = count;
    return draw(r);
}

KERNEL(wrong_scale)
{
    r.temperature = r.temperature > 0 ? 1 / r.temperature : r.temperature;
    return draw(r);
}
