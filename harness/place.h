// Source lines that are suspected of a mistake.
#ifndef WAVEGAUGE_PLACE_H
#define WAVEGAUGE_PLACE_H

#include "mistake.h"
#include "result.h"

#include <jansson.h>

struct place {
    char *file; // absolute
    int line;
    int after_line; // what `edit` inserts may stand anywhere behind this line; 0: in `line` alone
    char *why;
    char *edit;             // what the line would say to be right, or ""
    double score;           // 0 to 1: how much speaks for it, not a probability
    struct mistake mistake; // what `edit` mends, when every case tried passes with it
};

// Zero-initialise. The best first after places_rank.
struct places {
    struct place *list;
    size_t count;
};

// Adds a line; one that is there already gets the better score, and a little for being named twice.
bool places_add(struct places *places, const char *file, int line, double score, const char *edit,
                const char *format, ...) __attribute__((format(printf, 6, 7)));

// Says of a line what kind of mistake its edit mends; nothing when a better edit stands there.
void places_note_mistake(struct places *places, const char *file, int line, int after_line,
                         const char *edit, const struct mistake *mistake);

// The likeliest line whose edit mends every case tried; NULL when there is none. After places_rank.
const struct place *places_mended(const struct places *places);

// Whether a file is the kernel's source or one that it includes, and none of the system's. folder:
// of the source.
bool place_is_in_source(const char *path, const char *folder);

// The lines that a finding names, in the kernel's source: `weight` is what an error counts, `where`
// goes behind the reason ("" or " (only in the build with -O0)").
bool places_add_finding(struct places *places, const struct finding *finding, const char *folder,
                        double weight, const char *where);

// The line of a finding in the kernel's source: its own, or where a function of the system's
// headers was inlined. False when there is none.
bool finding_source_line(const struct finding *finding, const char *folder, char *file,
                         size_t capacity, int *line);

// A path as people want to see it: from the current folder when it is below that.
const char *shown_path(const char *path);

void places_rank(struct places *places);
json_t *places_to_json(const struct places *places);
void places_free(struct places *places);

#endif
