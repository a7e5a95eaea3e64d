#include "repair_queue.h"

#include "edit_order.h"

#include <stdlib.h>

enum {
    FIRST_SWITCHED = 300,
    SMALLEST_SWITCHED = 200,
    LARGEST_SWITCHED = 1000, // twice as many would take the compiler three times as long
    SMALLEST_COPIES = 12,    // fewer would spend the time on the headers
    LARGEST_COPIES = 64
};

// Of the time of compilation: for edits that need a copy each, which take many times as long.
static const double share_of_copies = 0.2;

bool repair_queue_fill(struct repair_queue *queue, const struct repair_unit *unit,
                       const struct edits *edits)
{
    queue->unit = unit;
    queue->switched.list = calloc(edits->count + 1, sizeof *queue->switched.list);
    queue->copies.list = calloc(edits->count + 1, sizeof *queue->copies.list);
    if (queue->switched.list == NULL || queue->copies.list == NULL)
        return false;
    for (size_t i = 0; i < edits->count; i++) {
        bool can = edit_is_switchable(unit->kernel, &unit->units, &edits->list[i]);
        struct edit_list *list = can ? &queue->switched : &queue->copies;
        list->list[list->count++] = &edits->list[i];
    }
    queue->switched.batch_size = FIRST_SWITCHED;
    queue->copies.batch_size = unit->bare ? 1 : SMALLEST_COPIES;
    return true;
}

struct repair_batch *repair_queue_take(struct repair_queue *queue)
{
    double total = queue->copies.seconds + queue->switched.seconds;
    bool copies = queue->copies.seconds < share_of_copies * total;
    bool none = copies ? queue->copies.next == queue->copies.count
                       : queue->switched.next == queue->switched.count;
    struct edit_list *list = copies != none ? &queue->copies : &queue->switched;
    struct doubtful *doubtful =
        list->doubtful_count > 0 ? &list->doubtful[list->doubtful_count - 1] : NULL;
    size_t size = doubtful == NULL                   ? list->batch_size
                  : doubtful->count < doubtful->size ? doubtful->count
                                                     : doubtful->size;
    struct repair_batch *batch = repair_batch_create(size);
    if (batch == NULL)
        return NULL;
    batch->number = queue->next_batch++;
    batch->switched = list == &queue->switched;
    while (batch->count < size && list->next < list->count)
        batch->edits[batch->count++] = list->list[list->next++];
    if (doubtful != NULL)
        doubtful->count -= batch->count;
    list->doubtful_count -= doubtful != NULL && doubtful->count == 0;
    if (batch->count == 0) {
        repair_batch_free(batch);
        return NULL;
    }
    list->seconds += BATCH_SECONDS; // until it is known
    return batch;
}

static size_t between(double value, size_t least, size_t most)
{
    return value < (double)least ? least : value > (double)most ? most : (size_t)value;
}

void repair_queue_learn(struct repair_queue *queue, const struct repair_batch *batch)
{
    // The headers take a fixed time; half a second of it is a fair guess.
    double each = (batch->seconds - 0.5) / (double)batch->count;
    double size = BATCH_SECONDS / (each > 0.001 ? each : 0.001);
    struct edit_list *list = batch->switched ? &queue->switched : &queue->copies;
    list->seconds += batch->seconds - BATCH_SECONDS;
    if (batch->switched)
        queue->switched.batch_size = between(size, SMALLEST_SWITCHED, LARGEST_SWITCHED);
    else if (!queue->unit->bare)
        queue->copies.batch_size = between(size, SMALLEST_COPIES, LARGEST_COPIES);
}

void repair_queue_return(struct repair_queue *queue, const struct repair_batch *batch)
{
    struct edit_list *list = batch->switched ? &queue->switched : &queue->copies;
    size_t left = 0;
    for (size_t i = 0; i < batch->count; i++)
        left += !batch->skip[i];
    if (batch->object[0] != '\0' || left < 2 || left > list->next)
        return;
    list->next -= left;
    if (list->doubtful_count < MOST_DOUBTFUL)
        list->doubtful[list->doubtful_count++] = (struct doubtful){left, left / 2};
    for (size_t i = 0, to = list->next; i < batch->count; i++)
        if (!batch->skip[i])
            list->list[to++] = batch->edits[i];
}

typedef void reorder(const struct kernel_text *kernel, const struct edit *edit,
                     const struct edit **list, size_t count);

// Of what is left of both lists, the first of so many parts.
static void reorder_part(struct repair_queue *queue, const struct edit *edit, reorder *order,
                         size_t parts)
{
    struct edit_list *const lists[] = {&queue->switched, &queue->copies};
    for (int i = 0; i < 2; i++)
        order(queue->unit->kernel, edit, lists[i]->list + lists[i]->next,
              (lists[i]->count - lists[i]->next) / parts);
}

void repair_queue_prefer(struct repair_queue *queue, const struct edit *edit)
{
    reorder_part(queue, edit, edit_order_bring_line, 1);
}

void repair_queue_prefer_same(struct repair_queue *queue, const struct edit *edit)
{
    reorder_part(queue, edit, edit_order_bring_same, 1);
}

void repair_queue_put_off(struct repair_queue *queue, const struct edit *edit)
{
    reorder_part(queue, edit, edit_order_put_off_line, 2);
}

void repair_queue_restore(struct repair_queue *queue, const struct edit *edit)
{
    reorder_part(queue, edit, edit_order_restore_line, 1);
}

void repair_queue_free(struct repair_queue *queue)
{
    free(queue->switched.list);
    free(queue->copies.list);
    *queue = (struct repair_queue){0};
}
