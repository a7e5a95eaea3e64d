// Drawing a token with one pass over the logits, in two launches, for topk.hip, topp.hip and
// fused.hip.
//
// 1. find_candidates, a workgroup to a part of a row: a part of up to 8064 logits is read once,
// into registers.
//    Those that may be drawn, its candidates, go to memory in the order of the vocabulary, with a
//    note on the part. Candidates are all logits from a bound on. The bound is not exact, it is
//    made of the largest logits of threads:
//    - with top-k: at least k threads have one from the bound on, so the k largest logits of the
//    part are candidates;
//    - with top-p alone: about CANDIDATE_SHARE of the logits are. How much all logits of the part
//    weigh is in the note.
// 2. draw_candidate (sampling_draw.hip.h), a workgroup to a row.
//
// Sums are made in a fixed order, in f32 of at most 32 logits of a thread and in whole numbers
// (units of 2^-44 of the largest weight) of threads, so that two runs give the same token.
#ifndef WAVEGAUGE_SAMPLING_CANDIDATES_HIP_H
#define WAVEGAUGE_SAMPLING_CANDIDATES_HIP_H

#include "sampling.hip.h"

enum {
    PART_THREADS = 256,
    PART_GROUPS = PART_THREADS / GROUP,
    PART_FOURS = 8,
    PART_LOGITS = 8064, // less than a thread's 32 times 256, for a part that begins between vectors
    MOST_K = 128,
    MOST_CANDIDATES = 2048, // of a part
    MOST_PARTS = 128,
};

#define LARGEST_FLOAT 3.402823466e38f

enum { HAS_INFINITY = 4, NOT_ENOUGH = 8 }; // beside HAS_NAN and HAS_FINITE

// What is known of a part; eight words, so that a note begins at 32 bytes.
struct part_note {
    int count; // candidates
    unsigned flags;
    float bound;   // all logits from here on are candidates
    float maximum; // -inf where no logit is finite
    float sum;     // of exp2((logit - maximum) * scale), with top-p alone
    int unused[3];
};

struct candidate_shared {
    uint16_t places[MOST_CANDIDATES]; // of candidates, from the part's first logit
    int counts[2][PART_GROUPS];
    unsigned flags[PART_GROUPS];
    float maxima[PART_GROUPS], highest[PART_GROUPS], lowest[PART_GROUPS], sums[PART_GROUPS];
};

// No infinity: the difference it is multiplied with may be 0.
__device__ static inline float exponent_scale(float temperature)
{
    return fminf(1.44269504f / temperature, LARGEST_FLOAT);
}

// This thread's logits: `four[j]` are neighbours, from place_of(j) on; -inf where there is no
// logit.
struct part_logits {
    float value[PART_FOURS][4];
};

__device__ static inline int place_of(int start, int j)
{
    return start + threadIdx.x / GROUP * (GROUP * 4 * PART_FOURS) + j * (GROUP * 4) +
           threadIdx.x % GROUP * 4;
}

template <typename T>
__device__ static inline void load_part(part_logits &part, const T *row, int start, int first,
                                        int last)
{
#pragma unroll
    for (int j = 0; j < PART_FOURS; j++) {
        const int place = place_of(start, j);
        if (place >= first && place + 4 <= last) {
            const vector4<T> four = load_vector4(row + place);
            for (int i = 0; i < 4; i++)
                part.value[j][i] = to_float(four.element[i]);
        } else {
            for (int i = 0; i < 4; i++)
                part.value[j][i] =
                    place + i >= first && place + i < last ? to_float(row[place + i]) : -INFINITY;
        }
    }
}

// A bound that at least `needed` of the threads' values reach, and hardly more; where fewer are
// finite, the lowest.
__device__ static inline float choose_bound(candidate_shared &shared, float own, int needed,
                                            int enough)
{
    if (barrier_count<PART_GROUPS>(shared.counts[0], own > -INFINITY) < needed)
        return -LARGEST_FLOAT;
    const float highest = group_maximum(own);
    const float lowest = -group_maximum(own > -INFINITY ? -own : -INFINITY);
    if (threadIdx.x % GROUP == 0) {
        shared.highest[threadIdx.x / GROUP] = highest;
        shared.lowest[threadIdx.x / GROUP] = lowest;
    }
    __syncthreads();
    float high = -INFINITY, low = INFINITY;
    for (int i = 0; i < PART_GROUPS; i++) {
        high = fmaxf(high, shared.highest[i]);
        low = fminf(low, shared.lowest[i]);
    }
    for (int round = 1; round < 64; round++) {
        const float middle = low / 2 + high / 2;
        if (!(middle > low && middle < high))
            break;
        const int count = barrier_count<PART_GROUPS>(shared.counts[round % 2], own >= middle);
        if (count < needed)
            high = middle;
        else
            low = middle;
        if (count >= needed && count <= enough)
            break;
    }
    return low;
}

// Flags and maximum of the part, for all threads.
__device__ static inline float survey_part(candidate_shared &shared, const part_logits &part,
                                           unsigned *flags)
{
    float maximum = -INFINITY;
    bool has_nan = false;
#pragma unroll
    for (int j = 0; j < PART_FOURS; j++)
        for (int i = 0; i < 4; i++)
            maximum = maximum_noting_nan(maximum, part.value[j][i], &has_nan);
    unsigned own = group_ballot(has_nan || maximum != maximum) != 0 ? (unsigned)HAS_NAN : 0u;
    maximum = group_maximum(maximum);
    own |= maximum == INFINITY ? (unsigned)HAS_INFINITY : 0u;
    if (threadIdx.x % GROUP == 0) {
        shared.maxima[threadIdx.x / GROUP] = maximum;
        shared.flags[threadIdx.x / GROUP] = own;
    }
    __syncthreads();
    maximum = -INFINITY;
    *flags = 0;
    for (int i = 0; i < PART_GROUPS; i++) {
        maximum = fmaxf(maximum, shared.maxima[i]);
        *flags |= shared.flags[i];
    }
    return maximum;
}

// What sum_part takes as maximum * scale: not more, so that what is lost of it by rounding is below
// 32 and can be made good.
#define LARGEST_EXPONENT 5e8f

// What all logits weigh against the largest; for thread 0. The product is made and the maximum
// taken off in one instruction; what the product with the maximum lost by rounding is the same for
// all.
__device__ static inline float sum_part(candidate_shared &shared, const part_logits &part,
                                        float maximum, float scale)
{
    const float offset = maximum * scale;
    float sum = 0;
#pragma unroll
    for (int j = 0; j < PART_FOURS; j++)
        for (int i = 0; i < 4; i++)
            sum += power_of_2(fmaf(part.value[j][i], scale, -offset));
    sum *= power_of_2(-fmaf(maximum, scale, -offset));
    for (int step = GROUP / 2; step > 0; step /= 2)
        sum += shuffle_xor(sum, step, GROUP);
    if (threadIdx.x % GROUP == 0)
        shared.sums[threadIdx.x / GROUP] = sum;
    __syncthreads();
    sum = 0;
    for (int i = 0; i < PART_GROUPS; i++)
        sum += shared.sums[i];
    return sum;
}

// Which of a thread's logits are candidates, a bit each: bit 4 j + i is of logit i of its four j.
__device__ static inline uint32_t find_reaching(const part_logits &part, float bound)
{
    // The sign of the difference tells, which is that of -0 for -0 less 0.
    bound = bound == 0 ? -0.0f : bound;
    uint32_t below = 0;
#pragma unroll
    for (int j = PART_FOURS - 1; j >= 0; j--)
#pragma unroll
        for (int i = 3; i >= 0; i--)
            below = shift_in_sign(below, part.value[j][i] - bound);
    return ~below;
}

// Of eight neighbouring threads with eight times four bits each: thread j gets bits 4 j .. + 3 of
// all, the first thread's lowest.
__device__ static inline uint32_t turn_over(uint32_t bits)
{
    const int thread = threadIdx.x;
    uint32_t other = shuffle_xor(bits, 4, 8);
    bits = thread & 4 ? (bits & 0xffff0000u) | other >> 16 : (bits & 0xffffu) | other << 16;
    other = shuffle_xor(bits, 2, 8);
    bits = thread & 2 ? (bits & 0xff00ff00u) | (other >> 8 & 0x00ff00ffu)
                      : (bits & 0x00ff00ffu) | (other << 8 & 0xff00ff00u);
    other = shuffle_xor(bits, 1, 8);
    return thread & 1 ? (bits & 0xf0f0f0f0u) | (other >> 4 & 0x0f0f0f0fu)
                      : (bits & 0x0f0f0f0fu) | (other << 4 & 0xf0f0f0f0u);
}

// Candidates, by their places in LDS, to memory. A logit is read a second time: which register of
// which thread it is in is not known when the kernel is compiled.
template <typename T>
__device__ static inline void copy_candidates(const candidate_shared &shared, const T *part_row,
                                              int total, float *values, uint16_t *places)
{
    enum { AT_ONCE = 4 };
    for (int first = threadIdx.x; first < total; first += AT_ONCE * PART_THREADS) {
        int place[AT_ONCE];
        float value[AT_ONCE];
#pragma unroll
        for (int i = 0; i < AT_ONCE; i++) {
            const int number = first + i * PART_THREADS;
            place[i] = number < total ? shared.places[number] : 0;
            value[i] = number < total ? to_float(part_row[place[i]]) : 0;
        }
#pragma unroll
        for (int i = 0; i < AT_ONCE; i++) {
            const int number = first + i * PART_THREADS;
            if (number >= total)
                continue;
            values[number] = value[i];
            places[number] = (uint16_t)place[i];
        }
    }
}

// Candidates to memory in the order of the vocabulary, unless there are too many; gives how many
// there are. A place is counted from `first`.
template <typename T>
__device__ static inline int store_candidates(candidate_shared &shared, const part_logits &part,
                                              const T *row, int start, int first, float bound,
                                              float *values, uint16_t *places, int capacity)
{
    const int group = threadIdx.x / GROUP, thread = threadIdx.x % GROUP;
    // Thread t gets the bits of the group's logits 32 t .. + 31.
    uint32_t reaching =
        shuffle_from(turn_over(find_reaching(part, bound)), thread % 4 * 8 + thread / 4);
    const int own = __popc(reaching);
    int through = own;
    for (int step = 1; step < GROUP; step *= 2) {
        const int below = shuffle_up(through, step, GROUP);
        through += thread >= step ? below : 0;
    }
    __syncthreads(); // counts of choose_bound are used up
    if (thread == GROUP - 1)
        shared.counts[0][group] = through;
    __syncthreads();
    int total = 0, number = through - own;
#pragma unroll
    for (int i = 0; i < PART_GROUPS; i++) {
        number += i < group ? shared.counts[0][i] : 0;
        total += shared.counts[0][i];
    }
    if (total > capacity || total > MOST_CANDIDATES)
        return MOST_CANDIDATES + 1;
    const int place = start - first + (group * GROUP + thread) * 32;
    for (; reaching != 0; reaching &= reaching - 1)
        shared.places[number++] = (uint16_t)(place + __ffs((int)reaching) - 1);
    __syncthreads();
    copy_candidates(shared, row + first, total, values, places);
    return total;
}

// Of top-p alone, how many of a thread's first eight logits reach the bound: so many threads must
// have one.
__device__ static inline int threads_for_share(int vocab)
{
    const float share = fminf(0.105f, 14500.0f / (float)vocab);
    const float without = (1 - share) * (1 - share), four = without * without;
    return (int)(PART_THREADS * (1 - four * four));
}

// Logits of a part; the last may have fewer.
__device__ static inline int part_length(int vocab, int parts)
{
    return ((vocab + parts - 1) / parts + 127) / 128 * 128;
}

template <typename T, bool use_top_k, bool use_top_p>
__device__ static void find_candidates(candidate_shared &shared, const T *row, int vocab,
                                       float temperature, int top_k, float top_p, float *values,
                                       uint16_t *places, part_note *note, int capacity)
{
    const int length = part_length(vocab, gridDim.x);
    const int first = blockIdx.x * length < (unsigned)vocab ? blockIdx.x * length : vocab;
    const int last = first + length < vocab ? first + length : vocab;
    const int start = first - (int)((uintptr_t)(row + first) / sizeof(T) & 3);
    const bool by_count = use_top_k && top_k > 0 && top_k < vocab;
    part_logits part;
    unsigned flags;
    load_part(part, row, start, first, last);
    part_note found = {0, 0, -LARGEST_FLOAT, survey_part(shared, part, &flags), 0, {0, 0, 0}};
    found.flags = flags;
    if (flags != 0)
        found.flags |= NOT_ENOUGH;
    else if (found.maximum > -INFINITY) {
        found.flags = HAS_FINITE;
        // With top-k of all of a thread's logits, else of the first eight.
        float own = -INFINITY;
#pragma unroll
        for (int j = 0; j < PART_FOURS; j++)
            if (by_count || j < 2)
                for (int i = 0; i < 4; i++)
                    own = fmaxf(own, part.value[j][i]);
        if (by_count && top_k <= MOST_K)
            found.bound = choose_bound(shared, own, top_k, top_k + top_k / 4 + 4);
        if (!by_count && use_top_p && top_p < 1) {
            if (last - first > capacity / 2) {
                const int there = barrier_count<PART_GROUPS>(shared.counts[1], own > -INFINITY);
                const int needed = there * threads_for_share(vocab) / PART_THREADS;
                found.bound = choose_bound(shared, own, needed, needed + PART_THREADS / 32);
            }
            const float scale = exponent_scale(temperature);
            if (temperature > 0 && fabsf(found.maximum) * scale <= LARGEST_EXPONENT)
                found.sum = sum_part(shared, part, found.maximum, scale);
            else if (temperature > 0)
                found.flags |= NOT_ENOUGH;
        }
        found.count = store_candidates(shared, part, row, start, first, found.bound, values, places,
                                       capacity);
        if (found.count > MOST_CANDIDATES)
            found.flags |= NOT_ENOUGH;
    }
    if (threadIdx.x == 0)
        *note = found;
}

#endif
