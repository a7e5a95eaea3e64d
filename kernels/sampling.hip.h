// Drawing a token from a row of logits, shared by topk.hip, topp.hip and fused.hip.
//
// One workgroup makes one row; any multiple of 64 threads from 256 to 1024. Nothing in here depends
// on the number of threads or their order: weights are whole numbers (units of 2^-44 of the
// largest), so that sums are exact whatever their order, and two runs always give the same token.
//
// A row is passed over in rounds. In each, all threads add the weights of their elements to 256
// bins in LDS, and the first bin at which the running sum of bins reaches a target is looked up.
// That one step serves three times:
// - top-k: bins by digits of the key, from the largest down; every weight 1, the target k;
// - top-p: the same bins; weights exp((logit - max) / temperature), the target p of their sum;
// - the draw: bins by position; the target is the uniform's share of what is kept.
//
// Keys are made of logits, not of logits / temperature: for a temperature above 0 the order is the
// same and nothing is rounded.
//
// What the definition leaves open: +inf outweighs every finite logit, so that the draw is among the
// +inf of a row that has one (a row without a finite logit gives -1). A NaN as p keeps all; p below
// 0 is 0. A uniform outside [0, 1) or NaN is taken to the nearer end (NaN to 0). Temperatures are
// finite.
#ifndef WAVEGAUGE_SAMPLING_HIP_H
#define WAVEGAUGE_SAMPLING_HIP_H

#include "portable.hip.h"

enum { BINS = 256, MAX_THREADS = 1024, GROUP = 32 };

struct sampling_shared {
    unsigned long long bins[BINS];
    unsigned long long group_sums[BINS / GROUP];
    unsigned long long best; // key of the largest logit, then its place counted from the end
    unsigned flags;
    int found_bin;
    unsigned long long found_before; // sum of the bins before
    unsigned long long sum;
};

enum { HAS_NAN = 1, HAS_FINITE = 2 };

// Whole numbers in the order of the values; both zeros are one value.
__device__ static inline uint32_t order_bits(uint32_t bits, uint32_t sign)
{
    if (bits == sign)
        bits = 0;
    return bits & sign ? ~bits & (2 * sign - 1) : bits | sign;
}

__device__ static inline uint32_t order_key(float value)
{
    uint32_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return order_bits(bits, 0x80000000u);
}

__device__ static inline uint32_t order_key(float16 value)
{
    uint16_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return order_bits(bits, 0x8000u);
}

__device__ static inline uint32_t order_key(bfloat16 value)
{
    return order_bits(value.bits, 0x8000u);
}

// visit(i, row[i]) for first <= i < last; neighbouring threads take neighbouring groups of four.
template <typename T, typename F>
__device__ static inline void visit_row(const T *row, int first, int last, F visit)
{
    const int threads = blockDim.x, thread = threadIdx.x;
    const int misplaced = (int)((uintptr_t)(row + first) / sizeof(T) & 3);
    const int ahead = last - first < 4 ? last - first : (4 - misplaced) & 3;
    const int fours = (last - first - ahead) / 4;
    const int body = first + ahead, tail = body + 4 * fours;
    if (thread < ahead)
        visit(first + thread, row[first + thread]);
    for (int i = thread; i < fours; i += threads) {
        const vector4<T> four = load_vector4(row + body + 4 * i);
        for (int j = 0; j < 4; j++)
            visit(body + 4 * i + j, four.element[j]);
    }
    if (thread < last - tail)
        visit(tail + thread, row[tail + thread]);
}

__device__ static inline void clear_bins(sampling_shared &shared)
{
    for (int i = threadIdx.x; i < BINS; i += blockDim.x)
        shared.bins[i] = 0;
    __syncthreads();
}

// The inclusive running sum of bin threadIdx.x, for the first 256 threads; all threads must call
// it.
__device__ static inline unsigned long long scan_bins(sampling_shared &shared)
{
    const int thread = threadIdx.x;
    unsigned long long sum = 0;
    __syncthreads();
    if (thread < BINS) {
        sum = shared.bins[thread];
        for (int step = 1; step < GROUP; step *= 2) {
            const unsigned long long below = shuffle_up(sum, step, GROUP);
            if (thread % GROUP >= step)
                sum += below;
        }
        if (thread % GROUP == GROUP - 1)
            shared.group_sums[thread / GROUP] = sum;
    }
    __syncthreads();
    if (thread < BINS) {
        for (int group = 0; group < thread / GROUP; group++)
            sum += shared.group_sums[group];
    }
    return sum;
}

// The first bin with which the running sum reaches target (1 to the sum of all) into
// shared.found_*.
__device__ static inline void find_bin(sampling_shared &shared, unsigned long long through,
                                       unsigned long long target)
{
    if (threadIdx.x < BINS) {
        const unsigned long long before = through - shared.bins[threadIdx.x];
        if (before < target && target <= through) {
            shared.found_bin = threadIdx.x;
            shared.found_before = before;
        }
    }
    __syncthreads();
}

// The sum of all bins, for every thread.
__device__ static inline unsigned long long sum_of_bins(sampling_shared &shared,
                                                        unsigned long long through)
{
    if (threadIdx.x == BINS - 1)
        shared.sum = through;
    __syncthreads();
    const unsigned long long sum = shared.sum;
    __syncthreads();
    return sum;
}

__device__ static inline unsigned long long at_least(double target)
{
    return target > 1 ? (unsigned long long)ceil(target) : 1;
}

// The largest key such that the weights of keys from it on reach the target, which is `amount`
// itself or, if is_share, that share of the sum of all weights.
template <typename T, typename W>
__device__ static uint32_t select_key(sampling_shared &shared, const T *row, int vocab, W weight,
                                      bool is_share, double amount)
{
    const int key_bits = 8 * (int)sizeof(T);
    unsigned long long target = (unsigned long long)amount, above = 0;
    uint32_t prefix = 0;
    for (int shift = key_bits - 8; shift >= 0; shift -= 8) {
        clear_bins(shared);
        visit_row(row, 0, vocab, [&](int, T value) {
            const uint32_t key = order_key(value);
            // In two steps, since a shift by 32 is none.
            if ((key >> shift) >> 8 != prefix)
                return;
            const unsigned long long amount_here = weight(value, key);
            if (amount_here > 0)
                atomicAdd(&shared.bins[BINS - 1 - (key >> shift & 0xff)], amount_here);
        });
        const unsigned long long through = scan_bins(shared);
        if (is_share && shift == key_bits - 8)
            target = at_least(amount * (double)sum_of_bins(shared, through));
        find_bin(shared, through, target - above);
        prefix = prefix << 8 | (uint32_t)(BINS - 1 - shared.found_bin);
        above += shared.found_before;
    }
    return prefix;
}

// The first place at which the running sum of weights exceeds the uniform's share of their sum.
template <typename T, typename W>
__device__ static int draw(sampling_shared &shared, const T *row, int vocab, W weight,
                           float uniform)
{
    int first = 0, last = vocab;
    unsigned long long target = 0;
    for (bool is_first_round = true; is_first_round || last - first > 1; is_first_round = false) {
        const int length = (last - first + BINS - 1) / BINS;
        const int start = first;
        clear_bins(shared);
        visit_row(row, first, last, [&](int i, T value) {
            const unsigned long long amount = weight(value, order_key(value));
            if (amount > 0)
                atomicAdd(&shared.bins[(i - start) / length], amount);
        });
        const unsigned long long through = scan_bins(shared);
        if (is_first_round) {
            const unsigned long long sum = sum_of_bins(shared, through);
            const double share = uniform > 0 ? (double)uniform * (double)sum : 0;
            target = share < (double)sum ? (unsigned long long)share + 1 : sum;
        }
        find_bin(shared, through, target);
        target -= shared.found_before;
        first += shared.found_bin * length;
        last = first + length < last ? first + length : last;
    }
    return first;
}

// The largest logit and its first place, and what else there is, into shared.
template <typename T>
__device__ static void survey(sampling_shared &shared, const T *row, int vocab)
{
    unsigned flags = 0;
    unsigned long long best = 0;
    if (threadIdx.x == 0) {
        shared.best = 0;
        shared.flags = 0;
    }
    __syncthreads();
    visit_row(row, 0, vocab, [&](int i, T value) {
        const float logit = to_float(value);
        if (logit != logit)
            flags |= HAS_NAN;
        else if (logit - logit == 0)
            flags |= HAS_FINITE;
        const unsigned long long candidate =
            (unsigned long long)order_key(value) << 32 | (unsigned)(0x7fffffff - i);
        best = candidate > best ? candidate : best;
    });
    if (flags != 0)
        atomicOr(&shared.flags, flags);
    for (int step = GROUP / 2; step > 0; step /= 2) {
        const unsigned long long other = shuffle_down(best, step, GROUP);
        best = other > best ? other : best;
    }
    if (threadIdx.x % GROUP == 0)
        atomicMax(&shared.best, best);
    __syncthreads();
}

template <typename T, bool use_top_k, bool use_top_p>
RARELY_CALLED __device__ static int sample_row(sampling_shared &shared, const T *row, int vocab,
                                               float temperature, int top_k, float top_p,
                                               float uniform)
{
    if (!(temperature >= 0) || vocab <= 0)
        return -1;
    survey(shared, row, vocab);
    if (shared.flags != HAS_FINITE)
        return -1;
    const int largest = 0x7fffffff - (int)(uint32_t)shared.best;
    if (temperature == 0)
        return largest;

    const float max = to_float(row[largest]);
    const float largest_float = 3.402823466e38f;
    // No infinity: the difference it is multiplied with may be 0.
    const float scale = fminf(1.44269504f / temperature, largest_float);
    uint32_t lowest_key = 0;
    // Every token that single precision gives a weight has one here, if only the smallest.
    auto weight = [&](T value, uint32_t key) -> unsigned long long {
        const float logit = to_float(value);
        if (key < lowest_key)
            return 0;
        const float part = logit == max ? 1.0f : exp2f((logit - max) * scale);
        const unsigned long long units = (unsigned long long)(part * 0x1p44f);
        return units == 0 && part > 0 ? 1 : units;
    };
    if (use_top_k && top_k > 0 && top_k < vocab)
        lowest_key = select_key(
            shared, row, vocab, [](T, uint32_t) { return 1ull; }, false, top_k);
    if (use_top_p && top_p < 1)
        lowest_key = select_key(shared, row, vocab, weight, true, top_p);
    return draw(shared, row, vocab, weight, uniform);
}

#endif
