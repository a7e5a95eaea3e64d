#include "instruction_facts.h"

#include "instruction_kind.h"

static size_t find_sources(struct instruction_facts *facts, struct code_object *object,
                           uint64_t address)
{
    struct source_frame frames[SOURCE_FRAMES];
    struct source_lines *lines = code_object_lines(object);
    unsigned count = source_lines_find(lines, address, frames);
    for (unsigned i = 0; i < count; i++)
        facts->sources[i] = (struct wavegauge_source){
            .file = frames[i].file ? frames[i].file : "",
            .function = frames[i].function ? frames[i].function : "",
            .line = frames[i].line,
        };
    return count;
}

void instruction_facts_fill(struct instruction_facts *facts, const struct kernel *kernel,
                            const struct instruction *instruction)
{
    uint64_t address = instruction->address - kernel->object->load_offset;
    program_text(kernel->program, instruction, facts->text, sizeof facts->text);
    facts->instruction = (struct wavegauge_instruction){
        .kernel = kernel->name,
        .address = address,
        .bytes = instruction->size,
        .text = facts->text,
        .kind = instruction_kind(facts->text, kernel->scratch_bytes > 0 || kernel->dynamic_stack),
        .sources = facts->sources,
        .source_count = find_sources(facts, kernel->object, address),
    };
}
