// The edits that are still to be tried, and how many go into one compilation.
#ifndef WAVEGAUGE_REPAIR_QUEUE_H
#define WAVEGAUGE_REPAIR_QUEUE_H

#include "repair_batch.h"

enum { MOST_DOUBTFUL = 32 };

// Edits that are compiled in the same way, the likeliest first.
struct edit_list {
    const struct edit **list;
    size_t count, next, batch_size;
    // One of the next edits spoilt a batch: so many come in batches of that size, the innermost
    // halves first.
    struct doubtful {
        size_t count, size;
    } doubtful[MOST_DOUBTFUL];
    size_t doubtful_count;
    double seconds; // of compilation
};

// Zero-initialise. Not for two threads at a time.
struct repair_queue {
    const struct repair_unit *unit;
    struct edit_list switched, copies;
    size_t next_batch; // number
};

// Seconds that one compilation should take: longer ones waste the end of the budget, shorter ones
// the time for the headers.
#define BATCH_SECONDS 3.0

// The edits in their order. False when there is no memory.
bool repair_queue_fill(struct repair_queue *queue, const struct repair_unit *unit,
                       const struct edits *edits);

// The next batch, to be compiled; NULL when edits (or memory) are up.
struct repair_batch *repair_queue_take(struct repair_queue *queue);

// Makes later batches larger or smaller by how long this one took.
void repair_queue_learn(struct repair_queue *queue, const struct repair_batch *batch);

// Of a batch that does not compile, though nothing says which edit is the bad one: takes the edits
// back, to come in two halves. One that is alone is given up.
void repair_queue_return(struct repair_queue *queue, const struct repair_batch *batch);

// What is on the same line as an edit comes first.
void repair_queue_prefer(struct repair_queue *queue, const struct edit *edit);
// What inserts the same elsewhere comes first.
void repair_queue_prefer_same(struct repair_queue *queue, const struct edit *edit);
// What is on the same line does not come before half of the others, except one edit for each place
// in it: that some edits of a line change nothing does not say that none does.
void repair_queue_put_off(struct repair_queue *queue, const struct edit *edit);
// It comes when it would have come.
void repair_queue_restore(struct repair_queue *queue, const struct edit *edit);

void repair_queue_free(struct repair_queue *queue);

#endif
