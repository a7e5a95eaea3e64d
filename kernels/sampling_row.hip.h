// The candidates of a row (sampling_candidates.hip.h) in the registers of a workgroup: where they
// are, what they weigh, and the draw among them by a running sum. For the second launch.
#ifndef WAVEGAUGE_SAMPLING_ROW_HIP_H
#define WAVEGAUGE_SAMPLING_ROW_HIP_H

#include "sampling_candidates.hip.h"

enum {
    DRAW_THREADS = 1024,
    DRAW_GROUPS = DRAW_THREADS / GROUP,
    DRAW_LOGITS = 16, // candidates of a thread
    SHORT_LIST = 1024,
    SHORT_BRACKET = 128,
    DRAW_BINS = 512,
};

struct draw_shared {
    sampling_shared rows;       // of sample_row
    int starts[MOST_PARTS + 1]; // of the candidates of each part among all
    int counts[2][DRAW_GROUPS];
    float weights[2][DRAW_GROUPS];
    int token, bin;
    // The short list; its end is filled up to a multiple of four with logits of -inf, which weigh
    // nothing.
    alignas(16) float value[SHORT_LIST + 4];
    alignas(16) float weight[SHORT_LIST + 4];
    int number[SHORT_LIST];           // among all candidates
    uint32_t bins[DRAW_BINS + GROUP]; // by bin_place
};

// Of all parts.
struct row_note {
    unsigned flags;
    int count;
    float maximum, bound; // the highest bound of a part
    float sum;            // against the maximum
};

// Each group of threads reads all notes, a thread one of each 32.
__device__ static inline row_note read_notes(draw_shared &shared, const part_note *notes, int parts,
                                             float scale)
{
    const int thread = threadIdx.x % GROUP;
    row_note row = {0, 0, -INFINITY, -LARGEST_FLOAT, 0};
    float own = -INFINITY;
    for (int first = 0; first < parts; first += GROUP) {
        part_note note = {0, 0, -LARGEST_FLOAT, -INFINITY, 0, {0, 0, 0}};
        if (first + thread < parts)
            note = notes[first + thread];
        int through = note.count;
        for (int step = 1; step < GROUP; step *= 2) {
            const int below = shuffle_up(through, step, GROUP);
            through += thread >= step ? below : 0;
        }
        if ((int)threadIdx.x < GROUP && first + thread < parts)
            shared.starts[first + thread + 1] = row.count + through;
        row.count += same_for_all(shuffle_from(through, GROUP - 1));
        row.flags |= note.flags;
        row.bound = fmaxf(row.bound, note.bound);
        // What was added against a smaller maximum shrinks.
        if (note.maximum > own) {
            row.sum = note.sum + row.sum * power_of_2((own - note.maximum) * scale);
            own = note.maximum;
        } else if (note.maximum > -INFINITY) {
            row.sum += note.sum * power_of_2((note.maximum - own) * scale);
        }
    }
    if (threadIdx.x == 0)
        shared.starts[0] = 0;
    row.maximum = same_for_all(group_maximum(own));
    row.bound = same_for_all(group_maximum(row.bound));
    row.sum = own > -INFINITY ? row.sum * power_of_2((own - row.maximum) * scale) : 0.0f;
    for (int step = GROUP / 2; step > 0; step /= 2) {
        row.sum += shuffle_xor(row.sum, step, GROUP);
        row.flags |= shuffle_xor(row.flags, step, GROUP);
    }
    row.sum = same_for_all(row.sum);
    row.flags = same_for_all(row.flags);
    __syncthreads();
    return row;
}

// A thread's candidates. Each group of threads has GROUP * each neighbours in the vocabulary's
// order and a thread every 32nd of them, `first`, first + GROUP, ...; those that are not there are
// -inf and weigh nothing.
struct row_candidates {
    float value[DRAW_LOGITS], weight[DRAW_LOGITS];
    int each, first;
};

// Whether a thread has a candidate j: asked of every fourth, the rest are there or are -inf.
__device__ static inline bool has_candidate(int each, int j)
{
    return j % 4 != 0 || j < each;
}

__device__ static inline void share_out(row_candidates &row, int count)
{
    row.each = (count + blockDim.x - 1) / blockDim.x;
    row.first = threadIdx.x / GROUP * GROUP * row.each + threadIdx.x % GROUP;
}

// The part of a candidate by its number, which the threads of a group ask about together.
__device__ static inline int part_of(const draw_shared &shared, int number, int parts)
{
    int part = 0;
    for (int first = 0; first < parts - 1; first += GROUP) {
        const int i = first + threadIdx.x % GROUP;
        part += __popc(group_ballot(i < parts - 1 && shared.starts[i + 1] <= number));
    }
    return part;
}

__device__ static inline void load_candidates(const draw_shared &shared, row_candidates &row,
                                              int count, int parts, const float *values,
                                              int capacity)
{
    share_out(row, count);
    int part = part_of(shared, row.first - (int)threadIdx.x % GROUP, parts);
    int end = shared.starts[part + 1], base = part * capacity - shared.starts[part];
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS; j++)
        row.value[j] = -INFINITY;
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS && has_candidate(row.each, j); j++) {
        const int number = row.first + GROUP * j;
        if (j >= row.each || number >= count)
            continue;
        while (number >= end) {
            part++;
            base = part * capacity - shared.starts[part];
            end = shared.starts[part + 1];
        }
        row.value[j] = values[base + number];
    }
}

__device__ static inline unsigned long long to_units(float sum)
{
    return (unsigned long long)(sum * 0x1p44f);
}

// Weights of candidates from the bound on: a thread's, in order.
__device__ static inline float own_weight(const row_candidates &row, float bound)
{
    float sum = 0;
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS && has_candidate(row.each, j); j++)
        sum += row.value[j] >= bound ? row.weight[j] : 0.0f;
    return sum;
}

__device__ static inline float value_of_key(uint32_t key)
{
    const uint32_t bits = key & 0x80000000u ? key & 0x7fffffffu : ~key;
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

__device__ static inline float group_weight(float value)
{
    for (int step = GROUP / 2; step > 0; step /= 2)
        value += shuffle_xor(value, step, GROUP);
    return value;
}

__device__ static inline unsigned long long group_units(unsigned long long value)
{
    for (int step = GROUP / 2; step > 0; step /= 2)
        value += shuffle_xor(value, step, GROUP);
    return value;
}

// Each thread gives away half of its numbers and keeps the rest, to which it adds what it is given.
template <int HALF> __device__ static inline void halve_numbers(float number[2 * HALF])
{
    const bool is_upper = threadIdx.x & 2 * HALF;
#pragma unroll
    for (int i = 0; i < HALF; i++) {
        const float given = is_upper ? number[i] : number[i + HALF];
        const float kept = is_upper ? number[i + HALF] : number[i];
        number[i] = kept + shuffle_xor(given, 2 * HALF, GROUP);
    }
}

// Sums over a group of DRAW_LOGITS numbers of each thread: thread t gets that of number t / 2.
__device__ static inline float sum_each(float number[DRAW_LOGITS])
{
    static_assert(2 * DRAW_LOGITS == GROUP && DRAW_LOGITS == 16, "a step to each halving");
    halve_numbers<8>(number);
    halve_numbers<4>(number);
    halve_numbers<2>(number);
    halve_numbers<1>(number);
    return number[0] + shuffle_xor(number[0], 1, GROUP);
}

// The first of those that have reached, else the last of those that weigh anything, since sums are
// rounded; each a bit.
__device__ static inline int choose_bit(uint32_t reached, uint32_t weighing)
{
    return reached != 0 ? __ffs((int)reached) - 1 : 31 - __clz((int)weighing);
}

// The first candidate of this group from the bound on at which the running sum of weights reaches
// the target, or the last that weighs anything. First the 32 that it is among, then which of them.
__device__ static inline int draw_of_group(const row_candidates &row, float bound,
                                           unsigned long long target)
{
    const int thread = threadIdx.x % GROUP;
    float mine[DRAW_LOGITS], own = 0;
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS; j++)
        mine[j] = row.value[j] >= bound ? row.weight[j] : 0.0f;
    const float sum = sum_each(mine);
    float running = sum;
    for (int step = 2; step < GROUP; step *= 2) {
        const float earlier = shuffle_up(running, step, GROUP);
        running += thread >= step ? earlier : 0.0f;
    }
    const int at =
        choose_bit(group_ballot(sum > 0 && to_units(running) >= target), group_ballot(sum > 0)) / 2;
    const float all_before = shuffle_from(running, at > 0 ? 2 * at - 1 : 0);
    const float before = at > 0 ? all_before : 0.0f;
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS; j++)
        own = j == at && row.value[j] >= bound ? row.weight[j] : own;
    float through = own;
    for (int step = 1; step < GROUP; step *= 2) {
        const float below = shuffle_up(through, step, GROUP);
        through += thread >= step ? below : 0.0f;
    }
    const int chosen = choose_bit(group_ballot(own > 0 && to_units(before + through) >= target),
                                  group_ballot(own > 0));
    return row.first - thread + GROUP * at + chosen;
}

// The first candidate from the bound on at which the running sum of weights exceeds the uniform's
// share of their sum, by its number among all candidates. For the threads of the group that has it;
// others get -1.
__device__ static inline int draw_number(draw_shared &shared, const row_candidates &row,
                                         float bound, float uniform)
{
    const int group = threadIdx.x / GROUP, thread = threadIdx.x % GROUP;
    const float own = group_weight(own_weight(row, bound));
    __syncthreads(); // weights of a search are used up
    if (thread == 0)
        shared.weights[0][group] = own;
    __syncthreads();
    const unsigned long long other =
        thread < (int)blockDim.x / GROUP ? to_units(shared.weights[0][thread]) : 0;
    const unsigned long long sum = group_units(other);
    const unsigned long long earlier = group_units(thread < group ? other : 0);
    const double share = uniform > 0 ? (double)uniform * (double)sum : 0;
    const unsigned long long target = share < (double)sum ? (unsigned long long)share + 1 : sum;
    if (!(earlier < target && target <= earlier + to_units(own)))
        return -1;
    return draw_of_group(row, bound, target - earlier);
}

// Where candidates are: of each part `capacity` places, counted from the part's first logit.
struct candidate_places {
    const uint16_t *place;
    int parts, capacity, length; // logits of a part
};

// The token of a number among candidates, from the group that has it, for all threads.
__device__ static inline int share_token(draw_shared &shared, int number,
                                         const candidate_places &places)
{
    if (number >= 0) {
        const int part = part_of(shared, number, places.parts);
        if (threadIdx.x % GROUP == 0)
            shared.token = part * places.length +
                           places.place[part * places.capacity + number - shared.starts[part]];
    }
    __syncthreads();
    return shared.token;
}

#endif
