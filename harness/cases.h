// Cases: what a case file's sweeps expand to, each with an id that names it in full.
#ifndef WAVEGAUGE_CASES_H
#define WAVEGAUGE_CASES_H

#include "case_file.h"

struct test_case {
    const struct case_file *file;
    char *id; // "kernel/dtype/dim=value,dim=value", every dimension in the file's order
    const char *about;
    struct position position; // of the entry that it comes from
    bool large;               // run only when there is memory for it
    enum dtype dtype;
    int64_t dims[MAX_DIMENSIONS];
};

// Zero-initialise. Cases refer to their files, which must outlive the list.
struct case_list {
    struct test_case *cases;
    size_t count;
    size_t capacity;
};

// Appends the expansion of `sweeps`. Every case is planned once (plan.h), so that a case whose
// numbers make no sense is refused here, before anything runs; so is a case that stands there
// twice.
bool case_list_add(struct case_list *list, const struct case_file *file, const struct sweep *sweeps,
                   size_t sweep_count, struct error *error);

// Appends what `sweeps` of the file expands to, but for cases that the list has from `first` on or
// that came before: sweeps may overlap.
bool case_list_add_further(struct case_list *list, const struct case_file *file, size_t first,
                           struct error *error);

// Appends one case that need not stand in the file, by its id; dimensions that the id leaves out
// have their defaults. What an entry of `cases` or `sweeps` says of it holds. The error says what
// is wrong with the id.
bool case_list_add_id(struct case_list *list, const struct case_file *file, const char *id,
                      struct error *error);

// Appends one case by its file, type and dimensions; its id is made.
bool case_list_add_case(struct case_list *list, struct test_case *test, struct error *error);

// The case with this id, or NULL.
const struct test_case *case_list_find(const struct case_list *list, const char *id);

// Appends a copy of a case.
bool case_list_add_copy(struct case_list *list, const struct test_case *test, struct error *error);

void case_list_free(struct case_list *list);

#endif
