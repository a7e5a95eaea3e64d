// The rules by which mistake_kind.c names mistakes. Each answers when it is its case.
#ifndef WAVEGAUGE_MISTAKE_RULES_H
#define WAVEGAUGE_MISTAKE_RULES_H

#include "mistake.h"
#include "source_change.h"

// Barriers, atomics, types, declarations, whole statements.
bool mistake_rule_barrier(const struct source_change *change, struct mistake *mistake);
bool mistake_rule_atomic(const struct source_change *change, struct mistake *mistake);
bool mistake_rule_guard(const struct source_change *change, struct mistake *mistake);
bool mistake_rule_type(const struct source_change *change, struct mistake *mistake);
bool mistake_rule_array_size(const struct source_change *change, struct mistake *mistake);
bool mistake_rule_starting_value(const struct source_change *change, struct mistake *mistake);
bool mistake_rule_constant(const struct source_change *change, struct mistake *mistake);
bool mistake_rule_assignment(const struct source_change *change, struct mistake *mistake);
bool mistake_rule_statement(const struct source_change *change, struct mistake *mistake);

// Lanes, loops and conditions.
bool mistake_rule_lanes(const struct source_change *change, struct mistake *mistake);
bool mistake_rule_loop(const struct source_change *change, struct mistake *mistake);
bool mistake_rule_condition(const struct source_change *change, struct mistake *mistake);

// What is computed: addresses and values.
bool mistake_rule_index(const struct source_change *change, struct mistake *mistake);
bool mistake_rule_value(const struct source_change *change, struct mistake *mistake);

static inline bool mistake_is(struct mistake *mistake, const char *kind, const char *also)
{
    *mistake = (struct mistake){kind, also};
    return true;
}

#endif
