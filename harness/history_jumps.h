// Where a series jumps: in status, error and time.
#ifndef WAVEGAUGE_HISTORY_JUMPS_H
#define WAVEGAUGE_HISTORY_JUMPS_H

#include "change_points.h"
#include "history_series.h"

// Errors beyond this many times what is allowed are all alike, infinite ones too.
enum { HISTORY_LARGEST_ERROR = 1000 };

// What counts.
struct history_rules {
    double time;  // share by which times must differ
    double error; // by how much tolerance_ratio must differ, as a share of what is allowed
};
extern const struct history_rules history_usual_rules; // unless the user says others

struct history_jump {
    bool status;               // passed in the run before and does not now, or the reverse
    bool has_error, has_time;  // a jump that change_points.h finds
    struct change_point error; // of tolerance_ratio
    struct change_point time;  // of microseconds
};

// jumps[i] is about points[i]; there is room for all. False when there is no memory.
bool history_jumps_find(const struct history_series *series, const struct history_rules *rules,
                        struct history_jump *jumps, struct error *error);

// Any of them.
bool history_jump_is_there(const struct history_jump *jump);

// Are there an error and a time to compare: numbers, of the same data or cache as `like`?
bool history_point_has_error(const struct history_point *point, const struct history_point *like);
bool history_point_has_time(const struct history_point *point, const struct history_point *like);

// What a jump of this size is called by: at least 2 values on each side, and 1 in 100 by chance.
struct change_rule history_time_rule(const struct history_rules *rules);

#endif
