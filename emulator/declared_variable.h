// Variables by where they are: what debug information says that a place on the stack, a register or
// a place in LDS holds.
#ifndef WAVEGAUGE_DECLARED_VARIABLE_H
#define WAVEGAUGE_DECLARED_VARIABLE_H

#include "code_object.h"

struct declared_variable {
    char name[128];   // with the member of a structure: "tile.weights"
    const char *file; // lives as long as the code object
    int line;
    const char *member_file; // NULL: it is no structure
    int member_line;
    const char *missing; // not found: why; a string constant
};

// Where a function keeps its variables.
struct stack_place {
    uint64_t pc;    // in the function
    int64_t offset; // bytes from its frame pointer
    bool outermost; // it is the kernel, whose frame begins where the stack does
};

// pc and address as the program sees them. All give false when nothing is known.
bool declared_on_stack(struct code_object *object, const struct stack_place *place,
                       struct declared_variable *variable);
// register_number: as DWARF numbers them.
bool declared_in_register(struct code_object *object, uint64_t pc, unsigned register_number,
                          struct declared_variable *variable);
// What lies between two variables or behind the last counts as the end of the one before.
bool declared_in_lds(const struct kernel *kernel, uint64_t address,
                     struct declared_variable *variable);

#endif
