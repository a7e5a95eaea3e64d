// Programs of calls, memory and control flow that must give the same answers everywhere. See
// consistency_case.hip.h.
// build: -O0 -g
// build: -O1
// build: -O2 -g
// build: -O3
#include "consistency_calls.hip.h"
#include "consistency_memory.hip.h"
#include "consistency_control.hip.h"
#include "consistency_algorithms.hip.h"

#define CONSISTENCY_CONTROL(CASE)                                                                  \
    CASE(recursion)                                                                                \
    CASE(function_pointers)                                                                        \
    CASE(arguments)                                                                                \
    CASE(pointers)                                                                                 \
    CASE(packed_structures)                                                                        \
    CASE(odd_sizes)                                                                                \
    CASE(unions)                                                                                   \
    CASE(small_arrays)                                                                             \
    CASE(large_arrays)                                                                             \
    CASE(strings)                                                                                  \
    CASE(loops)                                                                                    \
    CASE(switches)                                                                                 \
    CASE(state_machine)                                                                            \
    CASE(uniform_branches)                                                                         \
    CASE(sorting)                                                                                  \
    CASE(queens)                                                                                   \
    CASE(dynamic_programming)                                                                      \
    CASE(graphs)                                                                                   \
    CASE(life)                                                                                     \
    CASE(tables)
