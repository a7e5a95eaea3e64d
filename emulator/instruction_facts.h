// An instruction as wavegauge_inspect.h describes it: its text, kind and source lines.
#ifndef WAVEGAUGE_INSTRUCTION_FACTS_H
#define WAVEGAUGE_INSTRUCTION_FACTS_H

#include "code_object.h"
#include "source_lines.h"
#include "wavegauge_inspect.h"

// What the facts point into.
struct instruction_facts {
    struct wavegauge_instruction instruction;
    struct wavegauge_source sources[SOURCE_FRAMES];
    char text[256];
};

// kernel: the one that the instruction is part of, or that was launched.
void instruction_facts_fill(struct instruction_facts *facts, const struct kernel *kernel,
                            const struct instruction *instruction);

#endif
