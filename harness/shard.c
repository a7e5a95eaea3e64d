#include "shard.h"

#include "plan.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SHARDS = 1000 };

bool shard_parse(const char *text, struct shard *shard, struct error *error)
{
    char *slash = NULL, *end = NULL;
    errno = 0;
    unsigned long index = isdigit((unsigned char)text[0]) ? strtoul(text, &slash, 10) : 0;
    unsigned long count = slash != NULL && slash[0] == '/' && isdigit((unsigned char)slash[1])
                              ? strtoul(slash + 1, &end, 10)
                              : 0;
    if (errno != 0 || end == NULL || *end != '\0' || index < 1 || index > count ||
        count > MAX_SHARDS)
        return error_set(error, EXIT_USAGE,
                         "--shard %s: expected I/N, such as 1/3 for the first of three (at most "
                         "%d)",
                         text, MAX_SHARDS);
    *shard = (struct shard){.index = index, .count = count};
    return true;
}

double case_cost(const struct test_case *test)
{
    // Buffers, launches and comparison of even the smallest case.
    static const double least = 1e6;
    // What may be skipped must not have a shard to itself, where nothing would run.
    static const double most_of_large = 1e8;
    struct plan *plan = plan_create(test, NULL);
    if (plan == NULL)
        return least;
    double bytes = plan->bytes;
    for (size_t i = 0; i < plan->tensor_count; i++)
        bytes += (double)plan->tensors[i].bytes;
    // Each byte is made, copied, compared and, on the emulator, moved by instructions.
    double cost = least + plan->flops + 8 * bytes;
    plan_free(plan);
    return test->large ? fmin(cost, most_of_large) : cost;
}

struct entry {
    double cost;
    const char *id;
    size_t index;
};

static int dearest_first(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->cost != b->cost)
        return a->cost < b->cost ? 1 : -1;
    return strcmp(a->id, b->id);
}

// The dearest first, each to whichever has least so far.
bool shard_assign(const double *costs, const char *const *ids, size_t case_count, size_t count,
                  size_t *shards)
{
    struct entry *entries = calloc(case_count + 1, sizeof *entries);
    double *loads = calloc(count + 1, sizeof *loads);
    bool good = entries != NULL && loads != NULL;
    for (size_t i = 0; good && i < case_count; i++)
        entries[i] = (struct entry){costs[i], ids[i], i};
    if (good)
        qsort(entries, case_count, sizeof *entries, dearest_first);
    for (size_t i = 0; good && i < case_count; i++) {
        size_t least = 0;
        for (size_t j = 1; j < count; j++)
            least = loads[j] < loads[least] ? j : least;
        loads[least] += entries[i].cost;
        shards[entries[i].index] = least;
    }
    free(entries);
    free(loads);
    return good;
}

static void keep_own(struct shard *shard, const size_t *shards, struct case_list *cases)
{
    size_t kept = 0;
    for (size_t i = 0; i < cases->count; i++) {
        if (shards[i] == shard->index - 1) {
            shard->numbers[kept] = i;
            cases->cases[kept++] = cases->cases[i];
        } else {
            free(cases->cases[i].id);
        }
    }
    cases->count = kept;
}

bool shard_apply(struct shard *shard, struct case_list *cases, struct error *error)
{
    if (shard->count == 0)
        return true;
    double *costs = calloc(cases->count + 1, sizeof *costs);
    const char **ids = calloc(cases->count + 1, sizeof *ids);
    size_t *shards = calloc(cases->count + 1, sizeof *shards);
    shard->numbers = calloc(cases->count + 1, sizeof *shard->numbers);
    shard->of = cases->count;
    bool good = costs != NULL && ids != NULL && shards != NULL && shard->numbers != NULL;
    for (size_t i = 0; good && i < cases->count; i++) {
        costs[i] = case_cost(&cases->cases[i]);
        ids[i] = cases->cases[i].id;
    }
    good = good && shard_assign(costs, ids, cases->count, shard->count, shards);
    if (good)
        keep_own(shard, shards, cases);
    free(costs);
    free(ids);
    free(shards);
    return good || error_out_of_memory(error);
}
