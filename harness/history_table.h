// A series as text: a line for each run, with its jumps marked.
#ifndef WAVEGAUGE_HISTORY_TABLE_H
#define WAVEGAUGE_HISTORY_TABLE_H

#include "history_jumps.h"
#include "text.h"

// Prints to stdout.
void history_table_print(const struct history_series *series, const struct history_jump *jumps);

// What a jump is, such as "slower x1.054 (p = 2e-06)", or nothing.
void history_jump_append(const struct history_jump *jump, const struct history_point *point,
                         struct text *text);

#endif
