// Programs of calls and control flow that give the same answers everywhere.
// How: consistency_case.hip.h.
//
// build: -O0 -g
// build: -O1
// build: -O2 -g
// build: -O3
#include "consistency_calls.hip.h"
#include "consistency_control.hip.h"

#define CONSISTENCY_CONTROL(CASE)                                                                  \
    CASE(recursion)                                                                                \
    CASE(function_pointers)                                                                        \
    CASE(arguments)                                                                                \
    CASE(pointers)                                                                                 \
    CASE(loops)                                                                                    \
    CASE(switches)                                                                                 \
    CASE(state_machine)                                                                            \
    CASE(uniform_branches)
