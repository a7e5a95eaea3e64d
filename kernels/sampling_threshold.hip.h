// Top-p without top-k, and no limit at all: the threshold among the candidates of a row. Bins of
// their weights tell a short interval of logits that it is in, and where they do not, the interval
// is halved; the candidates in it go to the short list.
#ifndef WAVEGAUGE_SAMPLING_THRESHOLD_HIP_H
#define WAVEGAUGE_SAMPLING_THRESHOLD_HIP_H

#include "sampling_list.hip.h"

// A thread's number summed over all, in a fixed order.
__device__ static inline float sum_threads(float slots[DRAW_GROUPS], float value)
{
    const int thread = threadIdx.x % GROUP;
    for (int step = GROUP / 2; step > 0; step /= 2)
        value += shuffle_xor(value, step, GROUP);
    if (thread == 0)
        slots[threadIdx.x / GROUP] = value;
    __syncthreads();
    value = thread < (int)blockDim.x / GROUP ? slots[thread] : 0;
    for (int step = GROUP / 2; step > 0; step /= 2)
        value += shuffle_xor(value, step, GROUP);
    return same_for_all(value);
}

// What candidates from each of two bounds on weigh.
struct two_weights {
    float high, low;
};

// Both for all threads, in the time of one: what is waited for is the same.
__device__ static inline two_weights weigh_two(draw_shared &shared, const row_candidates &row,
                                               float high, float low)
{
    const int group = threadIdx.x / GROUP, thread = threadIdx.x % GROUP;
    const float own_high = group_weight(own_weight(row, high));
    const float own_low = group_weight(own_weight(row, low));
    if (thread == 0) {
        shared.weights[0][group] = own_high;
        shared.weights[1][group] = own_low;
    }
    __syncthreads();
    const bool is_there = thread < (int)blockDim.x / GROUP;
    const float other_high = group_weight(is_there ? shared.weights[0][thread] : 0.0f);
    const float other_low = group_weight(is_there ? shared.weights[1][thread] : 0.0f);
    return {same_for_all(other_high), same_for_all(other_low)};
}

// Weight of all candidates from the bound on, for all threads.
__device__ static inline float weigh(draw_shared &shared, const row_candidates &row, float bound,
                                     int turn)
{
    return sum_threads(shared.weights[turn % 2], own_weight(row, bound));
}

// The candidates in [low, high) to the short list, if it holds them; gives how many there are.
__device__ static inline int list_bracket(draw_shared &shared, const row_candidates &row, float low,
                                          float high)
{
    const int group = threadIdx.x / GROUP, thread = threadIdx.x % GROUP;
    int own = 0, length;
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS && has_candidate(row.each, j); j++)
        own += row.value[j] >= low && row.value[j] < high;
    int through = own;
    for (int step = 1; step < GROUP; step *= 2) {
        const int below = shuffle_up(through, step, GROUP);
        through += thread >= step ? below : 0;
    }
    if (thread == GROUP - 1)
        shared.counts[0][group] = through;
    __syncthreads();
    int place = sum_before(shared.counts[0], &length) + through - own;
    __syncthreads();
    if (length > SHORT_LIST || length > (int)blockDim.x)
        return length;
    if (own > 0) {
#pragma unroll
        for (int j = 0; j < DRAW_LOGITS && has_candidate(row.each, j); j++) {
            if (!(row.value[j] >= low && row.value[j] < high))
                continue;
            shared.value[place] = row.value[j];
            shared.weight[place] = row.weight[j];
            place++;
        }
    }
    end_list(shared, length);
    return length;
}

// What of the list is in [low, high) alone.
__device__ static inline int shorten_list(draw_shared &shared, int length, float low, float high)
{
    const float value = (int)threadIdx.x < length ? shared.value[threadIdx.x] : -INFINITY;
    const float weight = (int)threadIdx.x < length ? shared.weight[threadIdx.x] : 0;
    const bool is_kept = value >= low && value < high;
    int total;
    const int place = threads_before(shared.counts[0], is_kept, &total);
    if (is_kept) {
        shared.value[place] = value;
        shared.weight[place] = weight;
    }
    end_list(shared, total);
    return total;
}

// The lowest logit of the list such that what lies above it, `above` and those of the list, weighs
// less than the target.
__device__ static inline float lowest_of_list(draw_shared &shared, int length, float above,
                                              double target)
{
    float lowest = INFINITY;
    if ((int)threadIdx.x < length) {
        int count;
        const float value = shared.value[threadIdx.x];
        if (above + weight_above(shared, length, value, &count) < target)
            lowest = value;
    }
    lowest = -group_maximum(-lowest);
    if (threadIdx.x % GROUP == 0)
        shared.weights[0][threadIdx.x / GROUP] = lowest;
    __syncthreads();
    for (int i = 0; i < (int)blockDim.x / GROUP; i++)
        lowest = fminf(lowest, shared.weights[0][i]);
    return lowest;
}

// An interval of logits [low, high): those from low on weigh at least the target, those from high
// on, `above`, less.
struct bracket {
    float low, high, above;
};

// Halves the bracket, where weight_from(bound, turn) is what candidates from a bound on weigh.
// False: nothing is between.
template <typename W>
__device__ static inline bool halve(bracket &at, double target, int turn, W weight_from)
{
    const float middle = at.low / 2 + at.high / 2;
    if (!(middle > at.low && middle < at.high))
        return false;
    const float weight = weight_from(middle, turn);
    if (weight >= target) {
        at.low = middle;
    } else {
        at.high = middle;
        at.above = weight;
    }
    return true;
}

// Bins that a thread adds up lie side by side, those of the next thread one place further on than
// they need to be: in other banks.
__device__ static inline uint32_t bin_place(uint32_t bin)
{
    return bin + bin / (DRAW_BINS / GROUP);
}

// Where the target is reached among all candidates, from the largest down: a narrow part of the
// bracket that probably has the threshold in it. Weights go to bins by the logit, in whole numbers
// of 22 bits; of a number to which 2^23 is added, the lower bits are the nearest whole number.
__device__ static inline bracket guess_bracket(draw_shared &shared, const row_candidates &row,
                                               const bracket &at, double target, float all)
{
    const float bins = DRAW_BINS - 1, width = at.high - at.low, magic = 8388608.0f;
    if (!(width > 0 && width < LARGEST_FLOAT && bins / width < LARGEST_FLOAT))
        return at;
    const float each = bins / width, units = 4194304.0f / all;
    for (int i = threadIdx.x; i < DRAW_BINS + GROUP; i += blockDim.x)
        shared.bins[i] = 0;
    if (threadIdx.x == 0)
        shared.bin = DRAW_BINS - 1;
    __syncthreads();
    const auto nearest = [](float number) {
        uint32_t bits;
        __builtin_memcpy(&bits, &number, sizeof bits);
        return bits & 0x7fffffu;
    };
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS && has_candidate(row.each, j); j++) {
        if (!(row.value[j] >= at.low))
            continue;
        const uint32_t bin = nearest(fmaf(at.high - row.value[j], each, magic));
        atomicAdd(&shared.bins[bin_place(bin < DRAW_BINS ? bin : DRAW_BINS - 1)],
                  nearest(fmaf(row.weight[j], units, magic)));
    }
    __syncthreads();
    if (threadIdx.x < GROUP) {
        enum { OWN = DRAW_BINS / GROUP };
        const uint32_t *first = shared.bins + bin_place(OWN * threadIdx.x);
        uint32_t own[OWN], sum = 0;
#pragma unroll
        for (int i = 0; i < OWN; i++)
            sum += own[i] = first[i];
        uint32_t through = sum;
        for (int step = 1; step < GROUP; step *= 2) {
            const uint32_t below = shuffle_up(through, step, GROUP);
            through += (int)threadIdx.x >= step ? below : 0;
        }
        const uint32_t wanted = (uint32_t)((float)target * units) + 1;
        uint32_t running = through - sum;
        if (running < wanted && wanted <= through) {
            int bin = OWN * threadIdx.x;
#pragma unroll
            for (int i = 0; i < OWN; i++) {
                running += own[i];
                bin += running < wanted;
            }
            shared.bin = bin;
        }
    }
    __syncthreads();
    // A bin has the numbers that are nearest to its own; a little more on either side.
    const int bin = shared.bin;
    bracket near = at;
    if (bin < DRAW_BINS - 1)
        near.low = fmaxf(at.low, at.high - ((float)bin + 0.6f) / each);
    if (bin > 0)
        near.high = fminf(at.high, at.high - ((float)bin - 0.6f) / each);
    return near.low < near.high ? near : at;
}

enum narrowed { NARROWED, ABOVE_ALL, BELOW_ALL };

// The bracket that is guessed where sums bear it out, else what they leave. ABOVE_ALL: nothing
// below at.high has to be kept. BELOW_ALL: all candidates together do not reach the target.
__device__ static inline narrowed narrow(draw_shared &shared, const row_candidates &row,
                                         bracket &at, const bracket &near, double target)
{
    const two_weights from = weigh_two(shared, row, near.high, near.low);
    if (from.high >= target) {
        if (!(near.high < at.high))
            return ABOVE_ALL;
        __syncthreads(); // the weights of before are used up
        at.low = near.high;
        at.above = weigh(shared, row, at.high, 0);
        return at.above < target ? NARROWED : ABOVE_ALL;
    }
    if (from.low >= target) {
        at = {near.low, near.high, from.high};
        return NARROWED;
    }
    if (!(near.low > at.low))
        return BELOW_ALL;
    __syncthreads();
    at.high = near.low;
    at.above = from.low;
    return weigh(shared, row, at.low, 0) >= target ? NARROWED : BELOW_ALL;
}

// The threshold of top-p: the lowest logit such that those above it weigh less than the target.
// Candidates are from `low` on and weigh no more than `all`. Infinity where they do not suffice.
__device__ static inline float find_threshold(draw_shared &shared, const row_candidates &row,
                                              float low, float high, double target, float all)
{
    const auto of_all = [&](float bound, int turn) { return weigh(shared, row, bound, turn); };
    bracket at = {low, high, 0};
    const bracket near = guess_bracket(shared, row, at, target, all);
    const narrowed found = narrow(shared, row, at, near, target);
    if (found != NARROWED)
        return found == ABOVE_ALL ? high : INFINITY;
    int length = list_bracket(shared, row, at.low, at.high), turn = 0;
    const int most = (int)blockDim.x < SHORT_LIST ? (int)blockDim.x : SHORT_LIST;
    for (bool is_wide = true; is_wide && turn < 40 && length > most;) {
        for (const int stop = turn + 2; is_wide && turn < stop; turn++)
            is_wide = halve(at, target, turn, of_all);
        __syncthreads();
        length = list_bracket(shared, row, at.low, at.high);
    }
    if (length <= most) {
        const float above = at.above;
        const auto of_list = [&](float bound, int which) {
            const float value = (int)threadIdx.x < length ? shared.value[threadIdx.x] : -INFINITY;
            return above + sum_threads(shared.weights[which % 2],
                                       value >= bound ? shared.weight[threadIdx.x] : 0.0f);
        };
        for (turn = 0; turn < 6 && length > SHORT_BRACKET << turn; turn++)
            if (!halve(at, target, turn, of_list))
                break;
        __syncthreads();
        if (turn > 0)
            length = shorten_list(shared, length, at.low, at.high);
        // None where rounding makes the list's weights fall short of what all candidates' did.
        const float lowest = lowest_of_list(shared, length, at.above, target);
        return lowest < at.high ? lowest : at.high;
    }
    // Many equal logits, or such as lie far apart: by their keys, to the last.
    uint32_t from = order_key(at.low), to = order_key(at.high);
    for (turn = 0; from + 1 < to; turn++) {
        const uint32_t middle = from + (to - from) / 2;
        if (of_all(value_of_key(middle), turn) >= target)
            from = middle;
        else
            to = middle;
    }
    __syncthreads();
    return value_of_key(from);
}

// The first of the candidates that are the largest, for the threads of the first group.
__device__ static inline int first_largest(draw_shared &shared, const row_candidates &row,
                                           float maximum)
{
    unsigned first = ~0u;
#pragma unroll
    for (int j = DRAW_LOGITS - 1; j >= 0; j--)
        first = row.value[j] == maximum ? (unsigned)(row.first + GROUP * j) : first;
    for (int step = GROUP / 2; step > 0; step /= 2) {
        const unsigned other = shuffle_xor(first, step, GROUP);
        first = other < first ? other : first;
    }
    if (threadIdx.x % GROUP == 0)
        shared.counts[0][threadIdx.x / GROUP] = (int)first;
    __syncthreads();
    for (int i = 0; i < (int)blockDim.x / GROUP; i++) {
        const unsigned other = (unsigned)shared.counts[0][i];
        first = other < first ? other : first;
    }
    return threadIdx.x < GROUP ? (int)first : -1;
}

// Without top-k. -2: the candidates do not suffice.
template <bool use_top_p>
__device__ static int draw_by_weight(draw_shared &shared, const row_note &note, const float *values,
                                     const candidate_places &places, float temperature, float top_p,
                                     float uniform)
{
    const bool all_there = note.bound == -LARGEST_FLOAT;
    const float scale = exponent_scale(temperature);
    row_candidates row;
    load_candidates(shared, row, note.count, places.parts, values, places.capacity);
    if (temperature == 0)
        return share_token(shared, first_largest(shared, row, note.maximum), places);
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS; j++)
        row.weight[j] = 0;
#pragma unroll
    for (int j = 0; j < DRAW_LOGITS && has_candidate(row.each, j); j++)
        row.weight[j] = power_of_2((row.value[j] - note.maximum) * scale);
    float bound = note.bound;
    if (use_top_p && top_p < 1) {
        const float all = all_there ? weigh(shared, row, bound, 1) : note.sum;
        const double target = fmax((double)top_p * (double)all, 1e-30);
        __syncthreads(); // their sums are used up
        bound = find_threshold(shared, row, bound, note.maximum, target, all);
        if (bound == INFINITY)
            return -2;
    } else if (!all_there) {
        return -2;
    }
    return share_token(shared, draw_number(shared, row, bound, uniform), places);
}

#endif
