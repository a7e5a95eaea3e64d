#include "barrier_place.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_SOURCE (4L << 20)
#define DEEPEST        256

// A stretch of text in braces.
struct block {
    int begin, end; // lines; begin: where the statement begins that it belongs to
    bool control;   // of a loop, a condition or nothing; else of a function, a class...
};

struct source {
    char *text; // comments and strings are blanks
    struct block *blocks;
    size_t count;
    char **lines; // from 1
    int line_count;
};

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    if (!file)
        return NULL;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size >= 0 && size < LARGEST_SOURCE && (text = malloc((size_t)size + 1))) {
        rewind(file);
        size_t got = fread(text, 1, (size_t)size, file);
        text[got] = 0;
        if (strlen(text) != got)
            text[0] = 0;
    }
    fclose(file);
    return text;
}

// Where a comment or a quoted text that begins here ends; NULL: none begins.
static char *end_of_words(char *at)
{
    char *end = NULL;
    if (at[0] == '/' && at[1] == '/')
        return at + strcspn(at, "\n");
    if (at[0] == '/' && at[1] == '*') {
        end = strstr(at + 2, "*/");
        return end ? end + 2 : at + strlen(at);
    }
    if (*at != '"' && *at != '\'')
        return NULL;
    for (end = at + 1; *end && *end != '\n' && *end != *at; end++)
        end += *end == '\\' && end[1] && end[1] != '\n';
    return *end == *at ? end + 1 : end;
}

static void blank_out_words(char *text)
{
    while (*text) {
        char *end = end_of_words(text);
        if (!end) {
            text++;
            continue;
        }
        for (; text < end; text++)
            if (*text != '\n')
                *text = ' ';
    }
}

// Is this the head of a control statement, or of nothing?
static bool is_control(const char *head, const char *end)
{
    static const char *const words[] = {"if", "else", "for", "while", "do", "switch"};
    while (head < end && isspace((unsigned char)*head))
        head++;
    if (head == end)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if (strncmp(head, words[i], length) == 0 && !isalnum((unsigned char)head[length]) &&
            head[length] != '_')
            return true;
    }
    return false;
}

// Semicolons between parentheses end no statement.
struct scan {
    int line, depth, parentheses;
    size_t open[DEEPEST];
    const char *head; // of the statement
    int head_line;    // 0: nothing of it has come yet
};

static bool add_block(struct source *source, struct scan *scan, const char *at)
{
    if (scan->depth == DEEPEST)
        return false;
    struct block *grown = realloc(source->blocks, (source->count + 1) * sizeof *grown);
    if (!grown)
        return false;
    source->blocks = grown;
    source->blocks[source->count] =
        (struct block){.begin = scan->head_line ? scan->head_line : scan->line,
                       .end = INT32_MAX,
                       .control = is_control(scan->head, at)};
    scan->open[scan->depth++] = source->count++;
    return true;
}

static bool find_blocks(struct source *source)
{
    struct scan scan = {.line = 1, .head = source->text};
    for (const char *at = source->text; *at; at++) {
        scan.parentheses += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        if (*at == '\n') {
            scan.line++;
        } else if (*at == '{' || *at == '}' || (*at == ';' && scan.parentheses <= 0)) {
            if (*at == '{' && !add_block(source, &scan, at))
                return false;
            if (*at == '}' && scan.depth)
                source->blocks[scan.open[--scan.depth]].end = scan.line;
            scan.head = at + 1;
            scan.head_line = 0;
            scan.parentheses = 0;
        } else if (!scan.head_line && !isspace((unsigned char)*at)) {
            scan.head_line = scan.line;
        }
    }
    return true;
}

static bool find_lines(struct source *source)
{
    int count = 2;
    for (const char *at = source->text; *at; at++)
        count += *at == '\n';
    source->lines = calloc((size_t)count + 1, sizeof *source->lines);
    if (!source->lines)
        return false;
    for (char *at = source->text; at; at = strchr(at, '\n')) {
        at += source->line_count > 0;
        source->lines[++source->line_count] = at;
    }
    return true;
}

static void source_free(struct source *source)
{
    free(source->text);
    free(source->blocks);
    free(source->lines);
}

static bool source_read(const char *path, struct source *source)
{
    *source = (struct source){.text = read_text(path)};
    if (!source->text)
        return false;
    blank_out_words(source->text);
    if (find_blocks(source) && find_lines(source))
        return true;
    source_free(source);
    return false;
}

// The last character of a line that is no blank; 0: there is none.
static char last_of(const struct source *source, int line)
{
    const char *begin = source->lines[line], *end = begin + strcspn(begin, "\n");
    while (end > begin && isspace((unsigned char)end[-1]))
        end--;
    return (char)(end > begin ? end[-1] : 0);
}

static bool ends_statement(char last)
{
    return last == ';' || last == '{' || last == '}' || last == ':';
}

// The first line of the statement at a line: the lines before do not end one.
static int statement_begin(const struct source *source, int line)
{
    while (line > 1 && !ends_statement(last_of(source, line - 1)) && last_of(source, line - 1))
        line--;
    return line;
}

static int statement_end(const struct source *source, int line)
{
    while (line < source->line_count && !ends_statement(last_of(source, line)))
        line++;
    return line;
}

static bool contains(const struct block *block, int line)
{
    return block->begin <= line && line <= block->end;
}

// The outermost control block around a line, within its function, that the other line is not in.
// other: 0 when that is in no block here.
static const struct block *outermost(const struct source *source, int line, int other)
{
    const struct block *found = NULL;
    for (size_t i = source->count; i-- > 0;) { // inner ones come first
        const struct block *block = &source->blocks[i];
        if (!contains(block, line))
            continue;
        if (!block->control || (other && contains(block, other)))
            break;
        found = block;
    }
    return found;
}

static int first_line(const struct source *source, int line, int other)
{
    const struct block *block = outermost(source, line, other);
    return statement_begin(source, block ? block->begin : line);
}

static int last_line(const struct source *source, int line, int other)
{
    const struct block *block = outermost(source, line, other);
    return block ? block->end : statement_end(source, line);
}

static const struct source_frame *own(const struct place *place)
{
    return &place->frames[report_own_frame(place)];
}

// The line where the function of one side's own frame is on its way to the other side; 0: that
// side is not in this function.
static int line_in_function(const struct place *side, const struct place *other)
{
    const struct source_frame *frame = own(side);
    unsigned depth = side->count - report_own_frame(side);
    if (depth > other->count)
        return 0;
    for (unsigned level = 1; level <= depth; level++) {
        const struct source_frame *a = &side->frames[side->count - level];
        const struct source_frame *b = &other->frames[other->count - level];
        if (strcmp(a->function, b->function) != 0 || strcmp(a->file, b->file) != 0)
            return 0;
        if (a == frame)
            return b->line;
        if (a->line != b->line || a->column != b->column)
            return 0;
    }
    return 0;
}

bool barrier_place_find(const struct place *earlier, const struct place *later,
                        struct barrier_place *found)
{
    struct source source;
    *found = (struct barrier_place){.after_file = "", .before_file = ""};
    if (!report_has_own_frame(earlier) || !report_has_own_frame(later))
        return false;
    found->after_file = own(earlier)->file;
    found->before_file = own(later)->file;
    if (source_read(found->after_file, &source)) {
        if (own(earlier)->line <= source.line_count)
            found->after_line =
                last_line(&source, own(earlier)->line, line_in_function(earlier, later));
        source_free(&source);
    }
    if (source_read(found->before_file, &source)) {
        if (own(later)->line <= source.line_count)
            found->before_line =
                first_line(&source, own(later)->line, line_in_function(later, earlier));
        source_free(&source);
    }
    return found->after_line && found->before_line;
}
