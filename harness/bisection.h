// What `wavegauge bisect` finds out about a failing case, stage by stage.
#ifndef WAVEGAUGE_BISECTION_H
#define WAVEGAUGE_BISECTION_H

#include "place.h"
#include "shrink.h"

// The builds in which the emulator replays the smallest shape. Without optimisation every variable
// lives in memory, so that initcheck sees values that were never set, and lines are exact.
enum build_level { BUILD_O3, BUILD_O1, BUILD_O0, BUILD_COUNT };

struct bisection {
    const struct test_case *test;
    struct trial_runner device;   // runs where the failure was seen, without checks
    struct trial_runner emulator; // runs on the emulator with every check
    bool is_emulator;             // they are the same device
    const char *folder;           // findings in files below are in the kernel's source

    struct result *original; // of the case as given
    struct result *values;   // of the case without checks, when its wrong values lead; see below
    struct shrink shrink;
    struct result *smallest; // of the smallest shape, there
    char *smallest_id;       // of the case
    struct result *other_dtypes[DTYPE_COUNT];
    struct result *exact_only, *random_only; // NULL: there is no such pass alone
    struct result *replays[BUILD_COUNT];     // on the emulator
    struct result *original_replay;          // of the original case, when the smallest passes there
    struct result *compiler;                 // its warnings, as findings
    struct places places;
    size_t edits_possible, edits_tried, edits_passing, edits_confirmed; // see repair.h
    char repair_note[256];
    double seconds;
};

// Each stage false with an error when nothing can run any more. They come in this order.
bool bisection_reproduce(struct bisection *bisection, struct error *error);
// Which checks the shapes and the edits are judged by. What initcheck or racecheck sees may be what
// wrong numbers led to: where the numbers are wrong without checks, too, they are what is followed.
bool bisection_narrow_checks(struct bisection *bisection, struct error *error);
bool bisection_shrink(struct bisection *bisection, struct error *error);
bool bisection_compare(struct bisection *bisection, struct error *error);
bool bisection_replay(struct bisection *bisection, struct error *error);
bool bisection_collect_places(struct bisection *bisection, struct error *error);
bool bisection_repair(struct bisection *bisection, double deadline, double others,
                      struct error *error);

// What kind of mistake it is.
const struct pattern *bisection_pattern(const struct bisection *bisection);

// The kind of mistake in a developer's words, where an edit, a finding or the class shows it.
struct bisection_mistake {
    struct mistake mistake;        // kind NULL: nothing shows it
    const struct place *place;     // whose edit mends every case tried, or NULL
    const struct finding *finding; // that says so, or NULL; without both, the class does
};
struct bisection_mistake bisection_mistake(const struct bisection *bisection);

void bisection_free(struct bisection *bisection);

// What a failure that does not show on the emulator suggests; NULL when it does show there, or was
// seen there.
const char *bisection_device_verdict(const struct bisection *bisection);

// The page, for a terminal.
void bisection_append_page(const struct bisection *bisection, struct text *page);

// The record of the original case with what was found out, as docs/architecture.md describes it.
json_t *bisection_to_json(const struct bisection *bisection);

#endif
