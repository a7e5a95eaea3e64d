// Which cases a command is about.
//
// A SELECT is a kernel's name, a case id, the beginning of one up to a slash, a glob over case ids,
// the path of a case file, or the path of a case file, a colon and any of the former. An id that is
// not in its file's list is a case all the same.
#ifndef WAVEGAUGE_SELECTION_H
#define WAVEGAUGE_SELECTION_H

#include "cases.h"

enum { MAX_CASE_FILES = 512 };

// Zero-initialise. Owns the files; `cases` are the selected ones in the files' order.
struct selection {
    struct case_file *files[MAX_CASE_FILES];
    size_t file_count;
    struct case_list cases;
};

// Reads the case files that the selectors need: those named, and the project's own unless every
// selector names a file. No selector selects all of the project's own. Nothing is selected when a
// file is wrong (EXIT_USAGE) or a selector matches nothing (EXIT_NOTHING).
bool selection_create(struct selection *selection, const char *const *selectors, size_t count,
                      struct error *error);

// The same over the larger set, which has what `sweeps` of the files expands to as well.
bool selection_create_from_all(struct selection *selection, const char *const *selectors,
                               size_t count, struct error *error);

// The same over the shapes for timing, what `bench` of the files expands to. Files without any are
// no part of it.
bool selection_create_for_bench(struct selection *selection, const char *const *selectors,
                                size_t count, struct error *error);
void selection_free(struct selection *selection);

// Does a SELECT without a path choose the case of this id?
bool case_id_matches(const char *id, const char *pattern);

#endif
