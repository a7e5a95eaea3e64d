#include "kernel_text.h"

#include "file_bytes.h"
#include "header_functions.h"
#include "kernel_functions.h"
#include "place.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool token_is(const struct kernel_text *kernel, size_t index, const char *text)
{
    if (index >= kernel->token_count)
        return false;
    const struct token *token = &kernel->tokens[index];
    return token->length == strlen(text) && memcmp(token->start, text, token->length) == 0;
}

size_t token_function(const struct kernel_text *kernel, size_t token)
{
    for (size_t i = 0; i < kernel->function_count; i++) {
        if (kernel->functions[i].start <= token && token <= kernel->functions[i].end)
            return i;
    }
    return SIZE_MAX;
}

bool token_same(const struct kernel_text *kernel, size_t left, size_t right)
{
    const struct token *a = &kernel->tokens[left], *b = &kernel->tokens[right];
    return a->length == b->length && memcmp(a->start, b->start, a->length) == 0;
}

// Where the text is, while it is read.
struct position_in_text {
    unsigned file;
    int line;
    bool is_own;
    bool starts_line;
    unsigned blanks;
};

static bool add_token(struct kernel_text *kernel, const struct position_in_text *place,
                      enum token_kind kind, const char *start, size_t length)
{
    if (kernel->token_count % 4096 == 0) {
        struct token *tokens =
            realloc(kernel->tokens, (kernel->token_count + 4096) * sizeof *tokens);
        if (tokens == NULL)
            return false;
        kernel->tokens = tokens;
    }
    kernel->tokens[kernel->token_count++] = (struct token){.kind = kind,
                                                           .start = start,
                                                           .length = (unsigned)length,
                                                           .file = place->file,
                                                           .line = place->line,
                                                           .blanks = place->blanks,
                                                           .starts_line = place->starts_line,
                                                           .partner = SIZE_MAX};
    return true;
}

static bool find_file(struct kernel_text *kernel, const char *name, size_t length, unsigned *index)
{
    for (size_t i = 0; i < kernel->file_count; i++) {
        if (strlen(kernel->files[i]) == length && memcmp(kernel->files[i], name, length) == 0) {
            *index = (unsigned)i;
            return true;
        }
    }
    char **files = realloc(kernel->files, (kernel->file_count + 1) * sizeof *files);
    if (files == NULL)
        return false;
    kernel->files = files;
    files[kernel->file_count] = strndup(name, length);
    *index = (unsigned)kernel->file_count;
    return files[kernel->file_count++] != NULL;
}

// `# 12 "path" 1 3`
static bool take_marker(struct kernel_text *kernel, const char *line, const char *folder,
                        struct position_in_text *place)
{
    const char *quote = strchr(line, '"');
    const char *end = quote != NULL ? strchr(quote + 1, '"') : NULL;
    if (end == NULL)
        return true;
    size_t length = (size_t)(end - quote - 1);
    char path[4096];
    place->line = atoi(line + 2);
    if (length >= sizeof path)
        return true;
    memcpy(path, quote + 1, length);
    path[length] = '\0';
    bool system = strstr(end, " 3") != NULL && strchr(end, '\n') > strstr(end, " 3");
    place->is_own = path[0] != '<' && !system && place_is_in_source(path, folder);
    return !place->is_own || find_file(kernel, path, length, &place->file);
}

static size_t number_length(const char *start)
{
    size_t length = 0;
    while (isalnum((unsigned char)start[length]) || start[length] == '.' || start[length] == '\'' ||
           start[length] == '_' ||
           ((start[length] == '+' || start[length] == '-') && length > 0 &&
            strchr("eEpP", start[length - 1]) != NULL &&
            !(start[0] == '0' && (start[1] | 32) == 'x' && (start[length - 1] | 32) == 'e')))
        length++;
    return length;
}

static size_t string_length(const char *start)
{
    size_t length = 1;
    while (start[length] != '\0' && start[length] != start[0] && start[length] != '\n')
        length += start[length] == '\\' && start[length + 1] != '\0' ? 2 : 1;
    return length + (start[length] == start[0]);
}

static size_t mark_length(const char *start)
{
    static const char *const marks[] = {"<<=", ">>=", "...", "->*", "::", "->", "++", "--",
                                        "+=",  "-=",  "*=",  "/=",  "%=", "&=", "|=", "^=",
                                        "<<",  "==",  "!=",  "<=",  ">=", "&&", "||", "##"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (strncmp(start, marks[i], strlen(marks[i])) == 0)
            return strlen(marks[i]);
    }
    return 1; // >> stays two: it may close two template lists
}

static bool take_line_tokens(struct kernel_text *kernel, const char *next, const char *end,
                             struct position_in_text *place)
{
    place->starts_line = true;
    while (next < end) {
        size_t blanks = strspn(next, " \t\r\f\v"), length;
        enum token_kind kind = TOKEN_MARK;
        next += blanks;
        if (next >= end)
            break;
        place->blanks = (unsigned)blanks;
        if (isalpha((unsigned char)*next) || *next == '_' || (unsigned char)*next >= 0x80) {
            kind = TOKEN_WORD;
            for (length = 1; isalnum((unsigned char)next[length]) || next[length] == '_' ||
                             (unsigned char)next[length] >= 0x80;)
                length++;
        } else if (isdigit((unsigned char)*next) ||
                   (*next == '.' && isdigit((unsigned char)next[1]))) {
            kind = TOKEN_NUMBER;
            length = number_length(next);
        } else if (*next == '"' || *next == '\'') {
            kind = TOKEN_STRING;
            length = string_length(next);
        } else {
            length = mark_length(next);
        }
        if (!add_token(kernel, place, kind, next, length))
            return false;
        place->starts_line = false;
        next += length;
    }
    return true;
}

static bool take_text(struct kernel_text *kernel, const char *folder)
{
    struct position_in_text place = {.line = 1};
    bool good = true;
    for (const char *line = text_get(&kernel->text); good && *line != '\0'; place.line++) {
        size_t length = strcspn(line, "\n");
        const char *next = line + length + (line[length] == '\n');
        if (line[0] == '#' && line[1] == ' ' && isdigit((unsigned char)line[2])) {
            good = take_marker(kernel, line, folder, &place);
            place.line--;
            if (!place.is_own)
                text_append_bytes(&kernel->prefix, line, (size_t)(next - line));
        } else if (!place.is_own) {
            text_append_bytes(&kernel->prefix, line, (size_t)(next - line));
        } else if (line[strspn(line, " \t")] == '#') {
            place.starts_line = true;
            place.blanks = 0;
            good = add_token(kernel, &place, TOKEN_DIRECTIVE, line, length);
        } else {
            good = take_line_tokens(kernel, line, line + length, &place);
        }
        line = next;
    }
    return good && !kernel->prefix.failed;
}

static bool match_brackets(struct kernel_text *kernel)
{
    size_t *open = malloc((kernel->token_count + 1) * sizeof *open), depth = 0;
    if (open == NULL)
        return false;
    for (size_t i = 0; i < kernel->token_count; i++) {
        const struct token *token = &kernel->tokens[i];
        if (token->kind != TOKEN_MARK || token->length != 1)
            continue;
        if (strchr("([{", *token->start) != NULL) {
            open[depth++] = i;
        } else if (strchr(")]}", *token->start) != NULL && depth > 0) {
            size_t partner = open[--depth];
            kernel->tokens[i].partner = partner;
            kernel->tokens[partner].partner = i;
        }
    }
    free(open);
    return true;
}

bool kernel_text_read(struct kernel_text *kernel, const char *path, const char *folder,
                      const char *const *wanted, size_t wanted_count, struct error *error)
{
    *kernel = (struct kernel_text){0};
    if (!file_read(path, &kernel->text, error))
        return false;
    bool good = take_text(kernel, folder) && match_brackets(kernel) &&
                kernel_functions_find(kernel, wanted, wanted_count);
    if (good)
        header_functions_mark(kernel);
    if (good)
        return true;
    kernel_text_free(kernel);
    return error_out_of_memory(error);
}

void kernel_text_free(struct kernel_text *kernel)
{
    for (size_t i = 0; i < kernel->file_count; i++)
        free(kernel->files[i]);
    free(kernel->files);
    free(kernel->tokens);
    free(kernel->functions);
    free(kernel->variables);
    text_free(&kernel->text);
    text_free(&kernel->prefix);
    *kernel = (struct kernel_text){0};
}

static bool is_wanted(const struct token *token, const char *const *wanted, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (token->length == strlen(wanted[i]) &&
            memcmp(token->start, wanted[i], token->length) == 0)
            return true;
    }
    return false;
}

// `extern "C"` would make the functions of all variants one.
static bool is_linkage(const struct kernel_text *kernel, size_t i)
{
    return token_is(kernel, i, "extern") && i + 1 < kernel->token_count &&
           kernel->tokens[i + 1].kind == TOKEN_STRING;
}

static bool starts_kernel(const struct kernel_text *kernel, size_t token)
{
    for (size_t i = 0; i < kernel->function_count; i++) {
        const struct function *function = &kernel->functions[i];
        if (function->start == token && function->is_kernel && !function->is_template)
            return true;
    }
    return false;
}

static void append_token(const struct kernel_text *kernel, size_t i, struct text *out)
{
    const struct token *token = &kernel->tokens[i];
    // `>>` is two tokens: what stood together has to.
    text_append(out, "%s", token->starts_line ? "\n" : token->blanks > 0 ? " " : "");
    text_append_bytes(out, token->start, token->length);
}

// In a namespace, functions of the source would hide those of the same name outside.
static void append_using(const struct kernel_text *kernel, struct text *out)
{
    for (size_t i = 0; i < kernel->function_count; i++) {
        const struct function *function = &kernel->functions[i];
        if (function->overloads_header && !function->is_kernel)
            text_append(out, " using ::%.*s;", (int)kernel->tokens[function->name].length,
                        kernel->tokens[function->name].start);
    }
}

void kernel_text_append(const struct kernel_text *kernel, const struct edit *edit,
                        const char *const *wanted, size_t wanted_count, const char *suffix,
                        bool bare, struct text *out)
{
    text_append(out, "\n# 1 \"wgv%s\"\n", suffix);
    if (!bare) {
        text_append(out, "namespace wgv%s {", suffix);
        append_using(kernel, out);
    }
    for (size_t i = 0; i < kernel->token_count; i++) {
        if (edit != NULL && i == edit->first)
            text_append(out, " %s ", edit->text);
        if (edit != NULL && edit->text2 != NULL && i == edit->first2)
            text_append(out, " %s ", edit->text2);
        if (edit != NULL && ((i >= edit->first && i < edit->end) ||
                             (edit->text2 != NULL && i >= edit->first2 && i < edit->end2)))
            continue;
        if (kernel->tokens[i].skipped)
            continue;
        if (!bare && is_linkage(kernel, i) && token_is(kernel, i + 2, "{"))
            text_append(out, " inline namespace wgv_c ");
        if (!bare && starts_kernel(kernel, i))
            text_append(out, " extern \"C\" ");
        if (!bare && is_linkage(kernel, i)) {
            i++;
            continue;
        }
        append_token(kernel, i, out);
        if (is_wanted(&kernel->tokens[i], wanted, wanted_count))
            text_append(out, "__wgv%s", suffix);
    }
    text_append(out, bare ? "\n" : "\n}\n");
}

bool kernel_text_with_edit(const struct kernel_text *kernel, const struct edit *edit,
                           struct kernel_text *edited)
{
    *edited = (struct kernel_text){0};
    // A path that is relative is the source's own.
    text_append(&edited->text, "# 1 \"edited\"\n");
    for (size_t i = 0; i <= kernel->token_count; i++) {
        bool inside = (i >= edit->first && i < edit->end) ||
                      (edit->text2 != NULL && i >= edit->first2 && i < edit->end2);
        if (i == edit->first)
            text_append(&edited->text, " %s ", edit->text);
        if (edit->text2 != NULL && i == edit->first2)
            text_append(&edited->text, " %s ", edit->text2);
        if (!inside && i < kernel->token_count)
            append_token(kernel, i, &edited->text);
    }
    text_append(&edited->text, "\n");
    if (!edited->text.failed && take_text(edited, "") && match_brackets(edited) &&
        kernel_functions_find(edited, NULL, 0))
        return true;
    kernel_text_free(edited);
    return false;
}

enum { MOST_AROUND = 40 };

// A token as it stands in its line, or what the edit makes of it.
void edit_append_line(const struct kernel_text *kernel, const struct edit *edit, struct text *out)
{
    size_t at = edit->first < kernel->token_count ? edit->first : kernel->token_count - 1;
    size_t first = at, last = at;
    const struct token *tokens = kernel->tokens;
    while (first > 0 && tokens[first - 1].line == tokens[at].line &&
           tokens[first - 1].file == tokens[at].file)
        first--;
    while (last + 1 < kernel->token_count && tokens[last + 1].line == tokens[at].line &&
           tokens[last + 1].file == tokens[at].file)
        last++;
    // What a macro expands to is one line, however long.
    size_t end = edit->text2 != NULL && edit->end2 > edit->end ? edit->end2 : edit->end;
    size_t begin = edit->text2 != NULL && edit->first2 < edit->first ? edit->first2 : edit->first;
    bool cut_front = begin > first + MOST_AROUND, cut_back = last > end + MOST_AROUND;
    first = cut_front ? begin - MOST_AROUND : first;
    last = cut_back ? end + MOST_AROUND : last;
    text_append(out, "%s", cut_front ? "... " : "");
    for (size_t i = first; i <= last; i++) {
        bool in_first = i >= edit->first && i < edit->end;
        bool in_second = edit->text2 != NULL && i >= edit->first2 && i < edit->end2;
        bool starts = i == edit->first || (edit->text2 != NULL && i == edit->first2);
        const char *blank = i > first && tokens[i].blanks > 0 ? " " : "";
        if (starts) {
            const char *text = i == edit->first ? edit->text : edit->text2;
            bool insertion = i == edit->first ? edit->end == i : edit->end2 == i;
            text_append(out, "%s%s%s", insertion && i > first ? " " : blank, text,
                        insertion && text[0] != '\0' ? " " : "");
            blank = insertion ? "" : blank;
        }
        if (in_first || in_second)
            continue;
        text_append(out, "%s%.*s", blank, (int)tokens[i].length, tokens[i].start);
    }
    // The second part of a pair may end the line.
    if (edit->text2 != NULL && edit->first2 == edit->end2 && edit->first2 == last + 1)
        text_append(out, " %s", edit->text2);
    text_append(out, "%s", cut_back ? " ..." : "");
}
