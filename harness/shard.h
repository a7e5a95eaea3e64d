// A run cut into parts of about the same cost that together run each case exactly once.
#ifndef WAVEGAUGE_SHARD_H
#define WAVEGAUGE_SHARD_H

#include "cases.h"

struct shard {
    size_t index; // from 1
    size_t count; // 0: the run is not cut
    size_t of;    // cases in the whole selection
    // By case of this shard: its number in the whole selection. Free it.
    size_t *numbers;
};

// "2/3"
bool shard_parse(const char *text, struct shard *shard, struct error *error);

// What a case is expected to take, in no particular unit, from its plan's flops and bytes.
double case_cost(const struct test_case *test);

// shards[i] is the shard, from 0 to count - 1, of the case with costs[i]. Depends on nothing but
// the costs and ids; no shard costs more than its share and the dearest case together.
bool shard_assign(const double *costs, const char *const *ids, size_t case_count, size_t count,
                  size_t *shards);

// Leaves in the list what belongs to the shard, in its order, and fills in the rest of *shard. Does
// nothing when the run is not cut.
bool shard_apply(struct shard *shard, struct case_list *cases, struct error *error);

#endif
