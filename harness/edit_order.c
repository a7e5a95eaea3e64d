#include "edit_order.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

// What each class of failure makes likelier.
static const struct {
    const char *pattern, *kind;
    double factor;
} hints[] = {
    {"wrong scale", "missing factor", 2.5},
    {"wrong scale", "term too many", 1.8},
    {"wrong scale", "constant", 1.5},
    {"wrong scale", "function", 1.5},
    {"sign", "operator", 2},
    {"sign", "sign", 3},
    {"transposed operand", "order", 3},
    {"transposed operand", "name", 2},
    {"swapped strides", "name", 2.5},
    {"swapped strides", "order", 2},
    {"shifted by n", "offset", 2.5},
    {"shifted by n", "constant", 2},
    {"batch or head offset", "missing factor", 2},
    {"batch or head offset", "missing term", 2},
    {"batch or head offset", "name", 2.5},
    {"tail tile", "bound", 2.5},
    {"tail tile", "condition", 1.8},
    {"tail tile", "guard", 2},
    {"tail tile", "offset", 1.5},
    {"missing term in the reduction", "bound", 2.5},
    {"missing term in the reduction", "constant", 2},
    {"missing term in the reduction", "offset", 1.8},
    {"never written", "bound", 2},
    {"never written", "condition", 2},
    {"never written", "name", 1.3},
    {"lane stripe", "constant", 2},
    {"lane stripe", "function", 2},
    {"row or column repeated", "name", 2},
    {"row or column repeated", "missing term", 2},
    {"stale from the last run", "starting value", 3},
    {"not deterministic", "barrier", 3},
    {"not deterministic", "atomic", 3},
    {"not deterministic", "starting value", 2},
    {"NaN island", "starting value", 2},
    {"NaN island", "condition", 1.5},
    {"precision", "type", 3},
};

static double pattern_factor(const char *pattern, const char *kind)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (strcmp(hints[i].pattern, pattern) == 0 && strcmp(hints[i].kind, kind) == 0)
            return hints[i].factor;
    }
    return 1;
}

// Near a suspected line.
static double place_factor(const struct kernel_text *kernel, const struct places *places,
                           const struct edit *edit)
{
    const struct token *token = &kernel->tokens[edit->first];
    double best = 1;
    for (size_t i = 0; i < places->count; i++) {
        const struct place *place = &places->list[i];
        int distance = abs(place->line - token->line);
        char *real = distance <= 3 ? realpath(kernel->files[token->file], NULL) : NULL;
        if (real != NULL && strcmp(real, place->file) == 0) {
            double factor = 1 + 2.5 * place->score / (1 + 0.5 * distance);
            best = factor > best ? factor : best;
        }
        free(real);
    }
    return best;
}

// Does the edit put in or take away the name of such a dimension, or does its line have one?
static double dimension_factor(const struct kernel_text *kernel, const struct edit_hints *hints,
                               const struct edit *edit)
{
    double factor = 1;
    for (size_t i = 0; i < hints->dim_count; i++) {
        const char *name = hints->dims[i];
        bool edited = strstr(edit->text, name) != NULL;
        for (size_t j = edit->first; j < edit->end; j++)
            edited = edited || token_is(kernel, j, name);
        if (edited)
            factor = 1.6;
        for (size_t j = edit->first; factor < 1.3 && j-- > 0 && edit->first - j < 30 &&
                                     kernel->tokens[j].line == kernel->tokens[edit->first].line;)
            factor = token_is(kernel, j, name) ? 1.3 : factor;
        for (size_t j = edit->first;
             factor < 1.3 && j < kernel->token_count && j - edit->first < 30 &&
             kernel->tokens[j].line == kernel->tokens[edit->first].line;
             j++)
            factor = token_is(kernel, j, name) ? 1.3 : factor;
    }
    return factor;
}

// Whether `word` of the source stands in the text as a word. Short names mean nothing, except in
// quotes.
static bool is_mentioned(const char *text, const char *word, size_t length)
{
    for (const char *found = text; (found = strstr(found, word)) != NULL; found++) {
        const char after = found[length];
        char before = ' ';
        if (found > text)
            before = found[-1];
        bool whole = !(isalnum((unsigned char)before) || before == '_') &&
                     !(isalnum((unsigned char)after) || after == '_');
        if (whole && (length > 2 || (before == '\'' && after == '\'')))
            return true;
    }
    return false;
}

static int count_mentioned(const char *detail, const char *text)
{
    int count = 0;
    while (*text != '\0') {
        size_t length =
            strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
        char word[64];
        if (length > 0 && length < sizeof word && !isdigit((unsigned char)*text)) {
            memcpy(word, text, length);
            word[length] = '\0';
            count += is_mentioned(detail, word, length);
        }
        text += length > 0 ? length : 1;
    }
    return count;
}

// "'v' indexed with seq_q in place of seq_k": names that the edit puts in or takes away, and those
// of its line.
static double detail_factor(const struct kernel_text *kernel, const struct edit_hints *hints,
                            const struct edit *edit)
{
    if (hints->detail[0] == '\0')
        return 1;
    const struct token *tokens = kernel->tokens;
    size_t first = edit->first;
    while (first > 0 && tokens[first - 1].line == tokens[edit->first].line)
        first--;
    size_t last = edit->first;
    while (last + 1 < kernel->token_count && tokens[last + 1].line == tokens[edit->first].line)
        last++;
    char *old = tokens_text(kernel, edit->first, edit->end);
    char *line = tokens_text(kernel, first, last + 1);
    double factor = 1;
    if (old != NULL && line != NULL) {
        int removed = count_mentioned(hints->detail, old);
        int added = count_mentioned(hints->detail, edit->text);
        int around = count_mentioned(hints->detail, line);
        factor +=
            (removed > 0 ? 0.8 : 0) + (added > 0 ? 0.8 : 0) + 0.35 * (around < 3 ? around : 3);
    }
    free(old);
    free(line);
    return factor;
}

// Headers that other kernels share are right more often.
static double file_factor(const struct kernel_text *kernel, const struct edit *edit)
{
    for (size_t i = 0; i < kernel->function_count; i++) {
        const struct function *function = &kernel->functions[i];
        if (function->is_kernel && !kernel->tokens[function->name].skipped)
            return kernel->tokens[function->name].file == kernel->tokens[edit->first].file ? 1
                                                                                           : 0.7;
    }
    return 1;
}

static int compare(const void *left, const void *right)
{
    const struct edit *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

struct line_count {
    unsigned file;
    int line;
    int count;
};

// In falling order of weight: each further edit of a line loses a little.
static void take_turns(const struct kernel_text *kernel, struct edits *edits)
{
    size_t count = 0;
    struct line_count *lines = calloc(edits->count + 1, sizeof *lines);
    for (size_t i = 0; lines != NULL && i < edits->count; i++) {
        const struct token *token = &kernel->tokens[edits->list[i].first];
        size_t j = 0;
        while (j < count && (lines[j].file != token->file || lines[j].line != token->line))
            j++;
        if (j == count)
            lines[count++] = (struct line_count){token->file, token->line, 0};
        edits->list[i].weight /= 1 + 0.06 * lines[j].count++;
    }
    free(lines);
}

void edit_order(const struct kernel_text *kernel, const struct edit_hints *known,
                struct edits *edits)
{
    for (size_t i = 0; i < edits->count; i++) {
        struct edit *edit = &edits->list[i];
        edit->weight *= pattern_factor(known->pattern, edit->kind) *
                        place_factor(kernel, known->places, edit) *
                        dimension_factor(kernel, known, edit) * detail_factor(kernel, known, edit) *
                        file_factor(kernel, edit);
    }
    if (edits->count > 1)
        qsort(edits->list, edits->count, sizeof *edits->list, compare);
    take_turns(kernel, edits);
    if (edits->count > 1)
        qsort(edits->list, edits->count, sizeof *edits->list, compare);
}

void edit_order_prefer_line(const struct kernel_text *kernel, const struct edit *hot, size_t first,
                            struct edits *edits)
{
    const struct token *place = &kernel->tokens[hot->first];
    for (size_t i = first; i < edits->count; i++) {
        const struct token *token = &kernel->tokens[edits->list[i].first];
        if (token->line == place->line && token->file == place->file)
            edits->list[i].weight *= 4;
    }
    if (edits->count > first + 1)
        qsort(edits->list + first, edits->count - first, sizeof *edits->list, compare);
}
