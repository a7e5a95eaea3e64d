// The short list: a few candidates in LDS, each of which is set against all others; and top-k by
// it.
//
// The k-th largest logit of a row is at least the highest bound of a part, so that of all
// candidates few remain.
#ifndef WAVEGAUGE_SAMPLING_LIST_HIP_H
#define WAVEGAUGE_SAMPLING_LIST_HIP_H

#include "sampling_row.hip.h"

// What groups have put into slots: of those before this one, and of all.
__device__ static inline int sum_before(const int slots[DRAW_GROUPS], int *total)
{
    const int group = threadIdx.x / GROUP, thread = threadIdx.x % GROUP;
    const int other = thread < (int)blockDim.x / GROUP ? slots[thread] : 0;
    *total = same_for_all(group_sum(other));
    return group_sum(thread < group ? other : 0);
}

// How many earlier threads, and threads in all, have a true condition.
__device__ static inline int threads_before(int slots[DRAW_GROUPS], bool condition, int *total)
{
    const uint32_t who = group_ballot(condition);
    if (threadIdx.x % GROUP == 0)
        slots[threadIdx.x / GROUP] = __popc(who);
    __syncthreads();
    return sum_before(slots, total) + __popc(who & ((1u << threadIdx.x % GROUP) - 1));
}

__device__ static inline void end_list(draw_shared &shared, int length)
{
    if (threadIdx.x < 4) {
        shared.value[length + threadIdx.x] = -INFINITY;
        shared.weight[length + threadIdx.x] = 0;
    }
    __syncthreads();
}

// How many candidates are from the bound on, for all threads.
__device__ static inline int count_candidates(int slots[DRAW_GROUPS],
                                              const float value[DRAW_LOGITS], int each, float bound)
{
    int count = 0;
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS; j++)
        if (j < each)
            count += value[j] >= bound;
    count = group_sum(count);
    if (threadIdx.x % GROUP == 0)
        slots[threadIdx.x / GROUP] = count;
    __syncthreads();
    sum_before(slots, &count);
    return count;
}

// At least `needed` candidates, those from some bound on, to the short list, in order; gives its
// length, or more than SHORT_LIST. From note.bound on there are that many.
__device__ static inline int list_candidates(draw_shared &shared, const row_note &note,
                                             const float *values, int capacity, float scale,
                                             int needed)
{
    const int each = (note.count + blockDim.x - 1) / blockDim.x, threads = blockDim.x;
    float value[DRAW_LOGITS];
    int part = 0;
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS; j++) {
        const int number = j * threads + threadIdx.x;
        value[j] = -INFINITY;
        if (j >= each || number >= note.count)
            continue;
        while (number >= shared.starts[part + 1])
            part++;
        value[j] = values[part * capacity + number - shared.starts[part]];
    }
    // By keys, which are few enough to come to an end whatever the logits are.
    uint32_t low = order_key(note.bound), high = order_key(note.maximum);
    const int enough = needed + needed / 4 + 8;
    for (int round = 0, count = note.count; count > enough && low + 1 < high; round++) {
        const uint32_t middle = low + (high - low) / 2;
        const int found =
            count_candidates(shared.counts[round % 2], value, each, value_of_key(middle));
        if (found < needed) {
            high = middle;
        } else {
            low = middle;
            count = found;
        }
    }
    const float bound = value_of_key(low);
    __syncthreads();
    int length = 0;
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS; j++) {
        if (j >= each)
            continue;
        int total;
        const bool is_listed = value[j] >= bound;
        const int place = length + threads_before(shared.counts[j % 2], is_listed, &total);
        if (is_listed && place < SHORT_LIST) {
            shared.value[place] = value[j];
            shared.weight[place] =
                value[j] == note.maximum ? 1.0f : power_of_2((value[j] - note.maximum) * scale);
            shared.number[place] = j * threads + threadIdx.x;
        }
        length += total;
    }
    if (length <= SHORT_LIST)
        end_list(shared, length);
    return length;
}

// What of the list is above a value: how many, and their weight, in the list's order.
__device__ static inline float weight_above(const draw_shared &shared, int length, float value,
                                            int *count)
{
    float weight = 0;
    *count = 0;
    for (int i = 0; i < length; i += 4) {
        const vector4<float> values = load_vector4(shared.value + i);
        const vector4<float> weights = load_vector4(shared.weight + i);
        for (int j = 0; j < 4; j++) {
            *count += values.element[j] > value;
            weight += values.element[j] > value ? weights.element[j] : 0.0f;
        }
    }
    return weight;
}

// Logits that are not kept leave the list: they become -inf and weigh nothing. Weights stay those
// of the kept.
template <typename K> __device__ static inline void keep(draw_shared &shared, int length, K is_kept)
{
    bool kept[SHORT_LIST / 256];
    const int threads = blockDim.x;
#pragma unroll
    for (int i = 0; i < SHORT_LIST / 256; i++) {
        const int place = threadIdx.x + i * threads;
        kept[i] = place >= length || is_kept(shared.value[place]);
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < SHORT_LIST / 256; i++) {
        const int place = threadIdx.x + i * threads;
        if (!kept[i]) {
            shared.value[place] = -INFINITY;
            shared.weight[place] = 0;
        }
    }
    __syncthreads();
}

// As draw_number, of the list.
__device__ static inline int draw_of_list(draw_shared &shared, int length, float uniform)
{
    row_candidates row;
    share_out(row, length);
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS; j++) {
        const int place = row.first + GROUP * j;
        const bool is_there = j < row.each && place < length;
        row.value[j] = is_there ? shared.value[place] : -INFINITY;
        row.weight[j] = is_there ? shared.weight[place] : 0;
    }
    const int place = draw_number(shared, row, -LARGEST_FLOAT, uniform);
    return place >= 0 ? shared.number[place] : -1;
}

// Top-k, and top-p among what it keeps. -2: the candidates do not suffice.
template <bool use_top_p>
__device__ static int draw_by_count(draw_shared &shared, const row_note &note, const float *values,
                                    const candidate_places &places, float scale, int top_k,
                                    float top_p, float uniform)
{
    if (note.count > (int)blockDim.x * DRAW_LOGITS)
        return -2;
    const int length = list_candidates(shared, note, values, places.capacity, scale, top_k);
    if (length > SHORT_LIST)
        return -2;
    int count;
    keep(shared, length, [&](float value) {
        weight_above(shared, length, value, &count);
        return count < top_k;
    });
    if (use_top_p && top_p < 1) {
        const float all = weight_above(shared, length, -INFINITY, &count);
        const double target = fmax((double)top_p * (double)all, 1e-30);
        keep(shared, length, [&](float value) {
            return value > -INFINITY && weight_above(shared, length, value, &count) < target;
        });
    }
    return share_token(shared, draw_of_list(shared, length, uniform), places);
}

#endif
