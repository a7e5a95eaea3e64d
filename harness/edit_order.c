#include "edit_order.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// What each class of failure makes likelier.
static const struct {
    const char *pattern, *kind;
    double factor;
} hints[] = {
    {"wrong scale", "missing scale", 4},
    {"wrong scale", "term too many", 1.8},
    {"wrong scale", "constant", 1.5},
    {"wrong scale", "function", 1.5},
    {"wrong scale", "mask", 1.5},
    {"sign", "operator", 2},
    {"sign", "sign", 3},
    {"transposed operand", "order", 3},
    {"transposed operand", "name", 2},
    {"swapped strides", "name", 2.5},
    {"swapped strides", "order", 2},
    {"swapped strides", "swap", 2.5},
    {"transposed operand", "swap", 2.5},
    {"batch or head offset", "swap", 2},
    {"shifted by n", "direction", 1.5},
    {"permuted", "swap", 2},
    {"permuted", "order", 2},
    {"permuted", "direction", 2.5},
    {"shifted by n", "offset", 2.5},
    {"shifted by n", "constant", 2},
    {"batch or head offset", "missing factor", 2},
    {"batch or head offset", "missing term", 2},
    {"batch or head offset", "missing offset", 3},
    {"row or column repeated", "missing offset", 3},
    {"batch or head offset", "name", 2.5},
    {"tail tile", "bound", 2.5},
    {"tail tile", "condition", 1.8},
    {"tail tile", "guard", 2},
    {"tail tile", "mask", 3},
    {"tail tile", "offset", 1.5},
    {"missing term in the reduction", "bound", 2.5},
    {"missing term in the reduction", "mask", 1.5},
    {"missing term in the reduction", "missing statement", 2.5},
    {"all zero", "missing statement", 1.5},
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
    {"NaN island", "guard", 1.5},
    {"special values", "guard", 2},
    {"special values", "condition", 2},
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

// The last line of the statement that a guard is put around, else that of the edit.
static int last_line(const struct kernel_text *kernel, const struct edit *edit)
{
    size_t function = strcmp(edit->kind, "guard") == 0 && edit->first == edit->end
                          ? token_function(kernel, edit->first)
                          : SIZE_MAX;
    size_t last = function != SIZE_MAX
                      ? statement_end(kernel, edit->first, kernel->functions[function].end)
                      : edit->first;
    int first = kernel->tokens[edit->first].line, line = kernel->tokens[last].line;
    return line > first ? line : first;
}

// Near a suspected line.
static double place_factor(const struct kernel_text *kernel, const struct places *places,
                           const struct edit *edit)
{
    const struct token *token = &kernel->tokens[edit->first];
    const int last = places->count > 0 ? last_line(kernel, edit) : token->line;
    double best = 1;
    for (size_t i = 0; i < places->count; i++) {
        const struct place *place = &places->list[i];
        int distance = place->line < token->line ? token->line - place->line
                       : place->line > last      ? place->line - last
                                                 : 0;
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

// Where `word` next stands in the text as a word, from `from` on, or NULL.
static const char *next_word(const char *text, const char *from, const char *word)
{
    const size_t length = strlen(word);
    for (const char *found = from; (found = strstr(found, word)) != NULL; found++) {
        const char after = found[length];
        char before = ' ';
        if (found > text)
            before = found[-1];
        if (!(isalnum((unsigned char)before) || before == '_') &&
            !(isalnum((unsigned char)after) || after == '_'))
            return found;
    }
    return NULL;
}

// Whether a word of the source is meant in the text: short names mean nothing, except in quotes.
static bool is_mentioned(const char *text, const char *word)
{
    const size_t length = strlen(word);
    for (const char *found = text; (found = next_word(text, found, word)) != NULL; found++) {
        if (length > 2 || (found > text && found[-1] == '\'' && found[length] == '\''))
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
            count += is_mentioned(detail, word);
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

// A variable that nothing uses is missing somewhere.
static double unused_factor(const struct edit_hints *hints, const struct edit *edit)
{
    double factor = 1;
    for (size_t i = 0; hints->compiler != NULL && i < hints->compiler->finding_count; i++) {
        const struct finding *finding = &hints->compiler->findings[i];
        const char *name = strchr(finding->text, '\'');
        size_t length = name != NULL ? strcspn(++name, "'") : 0;
        char word[64];
        if (strstr(finding->kind, "-Wunused-") == NULL || length == 0 || length >= sizeof word)
            continue;
        memcpy(word, name, length);
        word[length] = '\0';
        if (next_word(edit->text, edit->text, word) != NULL)
            factor = 5;
    }
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

// A generator of edits gives all that it makes of one kind the same weight.
struct group {
    const char *kind;
    double weight;
    size_t count;
};

// Of a group with thousands of edits, such as another name for each name, a single one is unlikely.
static void weigh_groups(struct edits *edits)
{
    enum { MOST_GROUPS = 256 };
    struct group groups[MOST_GROUPS] = {{NULL, 0, 0}};
    size_t count = 0, *group_of = calloc(edits->count + 1, sizeof *group_of);
    for (size_t i = 0; group_of != NULL && i < edits->count; i++) {
        const struct edit *edit = &edits->list[i];
        size_t j = 0;
        while (j < count &&
               (strcmp(groups[j].kind, edit->kind) != 0 || groups[j].weight != edit->weight))
            j++;
        if (j == MOST_GROUPS)
            j--;
        else if (j == count)
            groups[count++] = (struct group){edit->kind, edit->weight, 0};
        groups[j].count++;
        group_of[i] = j;
    }
    for (size_t i = 0; group_of != NULL && i < edits->count; i++)
        edits->list[i].weight *= sqrt(100 / (100 + (double)groups[group_of[i]].count));
    free(group_of);
}

void edit_order(const struct kernel_text *kernel, const struct edit_hints *known,
                struct edits *edits)
{
    weigh_groups(edits);
    for (size_t i = 0; i < edits->count; i++) {
        struct edit *edit = &edits->list[i];
        edit->weight *= pattern_factor(known->pattern, edit->kind) *
                        place_factor(kernel, known->places, edit) *
                        dimension_factor(kernel, known, edit) * detail_factor(kernel, known, edit) *
                        file_factor(kernel, edit) * unused_factor(known, edit);
    }
    if (edits->count > 1)
        qsort(edits->list, edits->count, sizeof *edits->list, compare);
    take_turns(kernel, edits);
    if (edits->count > 1)
        qsort(edits->list, edits->count, sizeof *edits->list, compare);
}

static bool is_on_line(const struct kernel_text *kernel, const struct edit *edit,
                       const struct edit *other)
{
    const struct token *token = &kernel->tokens[edit->first];
    const struct token *place = &kernel->tokens[other->first];
    return token->line == place->line && token->file == place->file;
}

static bool says_the_same(const struct kernel_text *kernel, const struct edit *edit,
                          const struct edit *other)
{
    (void)kernel;
    return edit->first == edit->end && other->first == other->end &&
           strcmp(edit->kind, other->kind) == 0 && strcmp(edit->text, other->text) == 0;
}

typedef bool predicate(const struct kernel_text *kernel, const struct edit *edit,
                       const struct edit *other);

// Those that belong come first. In both parts the order stays.
static void bring(const struct kernel_text *kernel, const struct edit *other, predicate *belongs,
                  const struct edit **list, size_t count)
{
    const struct edit **rest = calloc(count + 1, sizeof *rest);
    size_t front = 0, behind = 0;
    for (size_t i = 0; rest != NULL && i < count; i++) {
        if (belongs(kernel, list[i], other))
            list[front++] = list[i];
        else
            rest[behind++] = list[i];
    }
    if (rest != NULL)
        memcpy(list + front, rest, behind * sizeof *rest);
    free(rest);
}

void edit_order_bring_line(const struct kernel_text *kernel, const struct edit *other,
                           const struct edit **list, size_t count)
{
    bring(kernel, other, is_on_line, list, count);
}

void edit_order_bring_same(const struct kernel_text *kernel, const struct edit *other,
                           const struct edit **list, size_t count)
{
    bring(kernel, other, says_the_same, list, count);
}

static bool is_first_of_place(const struct edit *edit, const struct edit **list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i]->first == edit->first)
            return false;
    }
    return true;
}

void edit_order_put_off_line(const struct kernel_text *kernel, const struct edit *other,
                             const struct edit **list, size_t count)
{
    const struct edit **firsts = calloc(count + 1, sizeof *firsts);
    const struct edit **behind = calloc(count + 1, sizeof *behind);
    size_t first_count = 0, behind_count = 0, stayed = 0;
    for (size_t i = 0; firsts != NULL && behind != NULL && i < count; i++) {
        bool is_of_line = is_on_line(kernel, list[i], other);
        bool is_first = is_of_line && is_first_of_place(list[i], firsts, first_count);
        if (is_first)
            firsts[first_count++] = list[i];
        if (is_of_line && !is_first)
            behind[behind_count++] = list[i];
        else
            list[stayed++] = list[i];
    }
    if (behind_count > 0)
        memcpy(list + stayed, behind, behind_count * sizeof *behind);
    free(firsts);
    free(behind);
}

static int compare_places(const void *left, const void *right)
{
    return compare(*(const struct edit *const *)left, *(const struct edit *const *)right);
}

void edit_order_restore_line(const struct kernel_text *kernel, const struct edit *other,
                             const struct edit **list, size_t count)
{
    const struct edit **line = calloc(count + 1, sizeof *line);
    const struct edit **rest = calloc(count + 1, sizeof *rest);
    size_t line_count = 0, rest_count = 0;
    for (size_t i = 0; line != NULL && rest != NULL && i < count; i++) {
        if (is_on_line(kernel, list[i], other))
            line[line_count++] = list[i];
        else
            rest[rest_count++] = list[i];
    }
    if (line_count > 1)
        qsort(line, line_count, sizeof *line, compare_places);
    for (size_t l = 0, r = 0; l + r < line_count + rest_count;) {
        bool is_next = r == rest_count || (l < line_count && line[l]->weight >= rest[r]->weight);
        list[l + r] = is_next ? line[l] : rest[r];
        l += is_next;
        r += !is_next;
    }
    free(line);
    free(rest);
}
