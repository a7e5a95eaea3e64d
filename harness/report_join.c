// The cases of several documents as one list.
#include "report.h"

#include "json_value.h"

#include <stdlib.h>
#include <string.h>

// A record as it stands in a document.
struct found {
    size_t target, order, index; // index: in the document
    const struct report_document *document;
    const json_t *record;
};

static int by_target_and_id(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    int ids = strcmp(json_text(a->record, "id"), json_text(b->record, "id"));
    if (ids != 0)
        return ids;
    if (a->target != b->target)
        return a->target < b->target ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static size_t list_records(const struct report *report, struct found *list)
{
    size_t count = 0, index;
    json_t *item;
    for (size_t i = 0; i < report->document_count; i++) {
        const struct report_document *document = &report->documents[i];
        json_array_foreach(json_object_get(document->root, "cases"), index, item)
        {
            list[count] = (struct found){document->target, count, index, document, item};
            count++;
        }
        if (document->source == SOURCE_BISECT) {
            list[count] = (struct found){document->target, count, 0, document, document->root};
            count++;
        }
    }
    return count;
}

static void add_peers(struct report_case *entry, const struct found *found)
{
    const json_t *peers = json_object_get(json_object_get(found->record, "timing"), "peers");
    for (size_t i = 0; i < json_array_size(peers) && entry->peer_count < MAX_PEERS; i++) {
        const json_t *peer = json_array_get(peers, i);
        if (!(json_number(peer, "median_us") > 0))
            continue;
        entry->peer_makers[entry->peer_count] = json_text(found->document->environment, "peer");
        entry->peers[entry->peer_count++] = peer;
    }
}

static void take_record(struct report_case *entry, const struct found *found)
{
    entry->record = found->record;
    entry->document = found->document;
    entry->id = json_text(found->record, "id");
    entry->kernel = json_text(found->record, "kernel");
    entry->dtype = json_text(found->record, "dtype");
    entry->message = json_text(found->record, "message");
    entry->repro = json_text(found->record, "repro");
    status_from_name(json_text(found->record, "status"), &entry->status);
}

// Run says more of a failure than bench, and this more than peers.
static bool says_more(const struct report_case *entry, const struct found *found)
{
    enum status status;
    if (entry->record == NULL || !status_from_name(json_text(found->record, "status"), &status))
        return true;
    if (entry->document->source == SOURCE_PEERS)
        return true;
    return status != STATUS_PASS && entry->status == STATUS_PASS &&
           found->document->source != SOURCE_PEERS;
}

static void give_bisection(struct report_case *entry, const struct found *bisection)
{
    entry->bisection = bisection->record;
    entry->bisected = bisection->document;
}

static void take_part(struct report_case *entry, const struct found *found)
{
    const struct report_document *document = found->document;
    if (says_more(entry, found))
        take_record(entry, found);
    if (document->source == SOURCE_RUN || document->source == SOURCE_BISECT)
        entry->numbers = found->record;
    if (document->source == SOURCE_BISECT)
        give_bisection(entry, found);
    add_peers(entry, found);
    if (document->timing.cases != NULL &&
        document->timing.cases[found->index].statistics.count > 0) {
        entry->timing = json_object_get(found->record, "timing");
        entry->timed = &document->timing.cases[found->index];
    }
}

static bool refuse_repeated(const struct found *list, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1;
             j < count && list[j].target == list[i].target &&
             strcmp(json_text(list[i].record, "id"), json_text(list[j].record, "id")) == 0;
             j++) {
            if (list[i].document->source == list[j].document->source &&
                list[i].document->source != SOURCE_PEERS)
                return error_set(error, EXIT_USAGE,
                                 "the case %s is in %s and in %s, of the same device; give one of "
                                 "them, and the older as --baseline",
                                 json_text(list[i].record, "id"), list[i].document->path,
                                 list[j].document->path);
        }
    }
    return true;
}

// What bisect found out belongs to the failures of its case, whatever the target.
static bool give_to_failures(struct report *report, const struct found *bisection)
{
    bool given = false;
    for (size_t i = 0; i < report->count; i++) {
        struct report_case *entry = &report->cases[i];
        if (!report_case_failed(entry) ||
            strcmp(entry->id, json_text(bisection->record, "id")) != 0)
            continue;
        give_bisection(entry, bisection);
        given = true;
    }
    return given;
}

static struct report_case *add_case(struct report *report, const struct found *found)
{
    struct report_case *entry = &report->cases[report->count++];
    *entry = (struct report_case){.target = found->target, .order = found->order};
    return entry;
}

static void join(struct report *report, const struct found *list, size_t count)
{
    struct report_case *entry = NULL;
    for (size_t i = 0; i < count; i++) {
        if (list[i].document->source == SOURCE_BISECT)
            continue;
        if (entry == NULL || entry->target != list[i].target ||
            strcmp(entry->id, json_text(list[i].record, "id")) != 0)
            entry = add_case(report, &list[i]);
        take_part(entry, &list[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (list[i].document->source == SOURCE_BISECT && !give_to_failures(report, &list[i]))
            take_part(add_case(report, &list[i]), &list[i]);
    }
}

static int rank(const struct report_case *entry)
{
    return entry->status == STATUS_PASS ? 2 : entry->status == STATUS_SKIP ? 1 : 0;
}

static int by_kernel(const void *left, const void *right)
{
    const struct report_case *a = left, *b = right;
    int kernels = strcmp(a->kernel, b->kernel);
    if (kernels != 0)
        return kernels;
    if (rank(a) != rank(b))
        return rank(a) - rank(b);
    return (a->order > b->order) - (a->order < b->order);
}

static void choose_detailed(struct report *report)
{
    size_t chosen = 0;
    for (int bisected = 1; bisected >= 0; bisected--) {
        for (size_t i = 0; i < report->count; i++) {
            struct report_case *entry = &report->cases[i];
            if (!report_case_failed(entry) || (entry->bisection != NULL) != bisected)
                continue;
            entry->detailed = bisected || chosen < MAX_DETAILED;
            chosen++;
        }
    }
}

bool report_join(struct report *report, struct error *error)
{
    size_t total = 0;
    for (size_t i = 0; i < report->document_count; i++)
        total += json_array_size(json_object_get(report->documents[i].root, "cases")) + 1;
    struct found *list = calloc(total + 1, sizeof *list);
    report->cases = calloc(total + 1, sizeof *report->cases);
    bool good = (list != NULL && report->cases != NULL) || error_out_of_memory(error);
    size_t count = good ? list_records(report, list) : 0;
    if (good)
        qsort(list, count, sizeof *list, by_target_and_id);
    good = good && refuse_repeated(list, count, error);
    if (good) {
        join(report, list, count);
        qsort(report->cases, report->count, sizeof *report->cases, by_kernel);
        choose_detailed(report);
    }
    free(list);
    return good &&
           (report->count > 0 ||
            error_set(error, EXIT_USAGE, "there is no case in %s%s", report->documents[0].path,
                      report->document_count > 1 ? " and the other files" : ""));
}
