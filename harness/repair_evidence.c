#include "repair_evidence.h"

#include <stdlib.h>

// Edits of a line that say enough, when none of them changes anything.
enum { ENOUGH_EDITS = 8 };

struct line_evidence {
    unsigned file;
    int line;
    size_t tried, effective;
};

static struct line_evidence *find_line(struct repair_evidence *evidence, const struct token *token)
{
    for (size_t i = 0; i < evidence->count; i++) {
        if (evidence->lines[i].line == token->line && evidence->lines[i].file == token->file)
            return &evidence->lines[i];
    }
    if (evidence->count == evidence->capacity) {
        size_t capacity = evidence->capacity > 0 ? 2 * evidence->capacity : 64;
        struct line_evidence *lines = realloc(evidence->lines, capacity * sizeof *lines);
        if (lines == NULL)
            return NULL;
        evidence->lines = lines;
        evidence->capacity = capacity;
    }
    evidence->lines[evidence->count] =
        (struct line_evidence){.file = token->file, .line = token->line};
    return &evidence->lines[evidence->count++];
}

enum line_change repair_evidence_note(struct repair_evidence *evidence,
                                      const struct kernel_text *kernel, const struct edit *edit,
                                      bool effective)
{
    struct line_evidence *line = find_line(evidence, &kernel->tokens[edit->first]);
    if (line == NULL)
        return LINE_AS_BEFORE; // without memory, nothing is learned
    bool was_without = line->tried >= ENOUGH_EDITS && line->effective == 0;
    line->tried++;
    line->effective += effective;
    bool is_without = line->tried >= ENOUGH_EDITS && line->effective == 0;
    return was_without == is_without ? LINE_AS_BEFORE
           : is_without              ? LINE_WITHOUT_EFFECT
                                     : LINE_WITH_EFFECT;
}

void repair_evidence_free(struct repair_evidence *evidence)
{
    free(evidence->lines);
    *evidence = (struct repair_evidence){0};
}
