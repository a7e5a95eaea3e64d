// Programs of structures, arrays and whole algorithms that give the same answers everywhere.
// How: consistency_case.hip.h.
//
// build: -O0 -g
// build: -O3
#include "consistency_memory.hip.h"
#include "consistency_algorithms.hip.h"

#define CONSISTENCY_MEMORY(CASE)                                                                   \
    CASE(packed_structures)                                                                        \
    CASE(odd_sizes)                                                                                \
    CASE(unions)                                                                                   \
    CASE(small_arrays)                                                                             \
    CASE(large_arrays)                                                                             \
    CASE(strings)                                                                                  \
    CASE(sorting)                                                                                  \
    CASE(queens)                                                                                   \
    CASE(dynamic_programming)                                                                      \
    CASE(graphs)                                                                                   \
    CASE(life)                                                                                     \
    CASE(tables)
