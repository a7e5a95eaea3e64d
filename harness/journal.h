// The results of a run as they come, one JSON object per line, so that a run that is killed loses
// nothing that was done. The first line says which run it is; the rest are its environment, once,
// and result records.
#ifndef WAVEGAUGE_JOURNAL_H
#define WAVEGAUGE_JOURNAL_H

#include "shard.h"
#include "schedule.h"

#include <stdio.h>

// Zero-initialise. A journal that is not open takes records and does nothing with them.
struct journal {
    char *path;
    FILE *stream;
    bool has_environment;
    size_t records;
};

// Opens the journal of this run at `path` for writing. With `resume`, what a journal of the same
// run holds there goes to results[] (by case) and *environment, and writing goes on after it; a
// last line that was cut off is dropped. The error says why the journal cannot be continued: it is
// damaged, or of another selection, seed, shard, device, target, version or source.
bool journal_open(struct journal *journal, const char *path, bool resume,
                  const struct schedule_options *options, const struct shard *shard,
                  const struct case_list *cases, struct result **results, json_t **environment,
                  struct error *error);

void journal_write(struct journal *journal, const struct result *result, json_t *environment);

// Closes it. The file goes when `finished`, or when nothing is in it.
void journal_close(struct journal *journal, bool finished);

#endif
