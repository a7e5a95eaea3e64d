// What the name of an opcode says about the undefined bits of its result, and about SCC.
//
// Names that are not in the tables follow RULE_ALL and keep SCC.
#ifndef WAVEGAUGE_DEFINEDNESS_OPCODE_H
#define WAVEGAUGE_DEFINEDNESS_OPCODE_H

#include "definedness_rules.h"

// SCC after a scalar instruction.
enum plan_scc {
    SCC_KEPT,
    SCC_NOT_ZERO, // the result is not zero
    SCC_ANY,      // undefined when any source is
    SCC_IS_RESULT,
};

struct opcode_rule {
    const char *beginning; // of the name
    uint8_t rule;          // enum definedness_rule
    uint8_t scc;           // enum plan_scc, of scalar ones
};

// s_NAME; never NULL.
const struct opcode_rule *scalar_rule(const char *name);
bool scalar_reads_scc(const char *name);
// v_NAME, but not comparisons.
enum definedness_rule vector_rule(const char *name);
// v_cmp_OPERATION_TYPE and v_cmpx_OPERATION_TYPE.
enum definedness_rule compare_rule(const char *name);

#endif
