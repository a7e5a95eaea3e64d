#include "yaml_reader.h"

#include "text.h"
#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KEYS = 24 };

static struct fy_node *first_inside(struct fy_node *node)
{
    void *place = NULL;
    if (fy_node_is_sequence(node))
        return fy_node_sequence_iterate(node, &place);
    struct fy_node_pair *pair = fy_node_mapping_iterate(node, &place);
    return pair != NULL ? fy_node_pair_key(pair) : NULL;
}

// Collections have no place of their own in the library's public interface: theirs is that of the
// first thing inside.
static bool find_position(struct fy_node *node, struct position *position)
{
    while (node != NULL && !fy_node_is_scalar(node))
        node = first_inside(node);
    struct fy_token *token = node != NULL ? fy_node_get_scalar_token(node) : NULL;
    const struct fy_mark *mark = token != NULL ? fy_token_start_mark(token) : NULL;
    if (mark == NULL)
        return false;
    *position = (struct position){mark->line + 1, mark->column + 1};
    return true;
}

struct position yaml_position(struct fy_node *node, struct fy_node *fallback)
{
    struct position position = {1, 1};
    if (!find_position(node, &position))
        find_position(fallback, &position);
    return position;
}

bool yaml_out_of_memory(struct reader *reader)
{
    return error_out_of_memory(reader->error);
}

static bool error_at(struct reader *reader, struct position position, const char *format,
                     va_list arguments)
{
    char message[1024];
    vsnprintf(message, sizeof message, format, arguments);
    return case_file_error(reader->file, position, reader->error, "%s", message);
}

bool yaml_error(struct reader *reader, struct fy_node *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_at(reader, yaml_position(node, NULL), format, arguments);
    va_end(arguments);
    return false;
}

// Reports at the node, or at its owner (its key) when the node is empty. Returns false.
static bool error_expected(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                           const char *expected)
{
    struct position position = yaml_position(node, owner);
    if (node == NULL || fy_node_is_null(node))
        return case_file_error(reader->file, position, reader->error,
                               "nothing stands here, expected %s", expected);
    if (!fy_node_is_scalar(node))
        return case_file_error(reader->file, position, reader->error, "found a %s, expected %s",
                               fy_node_is_sequence(node) ? "list" : "mapping", expected);
    size_t length = 0;
    const char *text = fy_node_get_scalar(node, &length);
    return case_file_error(reader->file, position, reader->error, "found '%.*s', expected %s",
                           (int)(length > 100 ? 100 : length), text, expected);
}

static bool report_unknown_key(struct reader *reader, struct fy_node *key, const char *name,
                               const char *what, const struct key_reader *keys, size_t count)
{
    const char *names[MAX_KEYS];
    struct text list = {0};
    for (size_t i = 0; i < count; i++) {
        names[i] = keys[i].key;
        text_append(&list, "%s%s", i > 0 ? ", " : "", keys[i].key);
    }
    const char *near = nearest_name(name, names, count);
    if (near != NULL)
        yaml_error(reader, key, "%s has no key '%.60s', did you mean '%s'? Expected one of: %s",
                   what, name, near, text_get(&list));
    else
        yaml_error(reader, key, "%s has no key '%.60s', expected one of: %s", what, name,
                   text_get(&list));
    text_free(&list);
    return false;
}

static bool read_pair(struct reader *reader, struct fy_node_pair *pair, const char *what,
                      const struct key_reader *keys, size_t count, bool *seen, void *target)
{
    struct fy_node *key = fy_node_pair_key(pair);
    struct fy_node *value = fy_node_pair_value(pair);
    const char *name = yaml_read_text(reader, key, value, "a key");
    if (name == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(keys[i].key, name) != 0)
            continue;
        if (seen[i])
            return yaml_error(reader, key, "the key '%s' stands here a second time", name);
        seen[i] = true;
        return keys[i].read(reader, key, value, target);
    }
    return report_unknown_key(reader, key, name, what, keys, count);
}

bool yaml_read_mapping(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                       const char *what, const struct key_reader *keys, size_t count, void *target)
{
    bool seen[MAX_KEYS] = {false};
    char expected[256];
    snprintf(expected, sizeof expected, "%s: a mapping like {%s: ...}", what, keys[0].key);
    if (node == NULL || !fy_node_is_mapping(node))
        return error_expected(reader, node, owner, expected);
    void *place = NULL;
    for (struct fy_node_pair *pair; (pair = fy_node_mapping_iterate(node, &place)) != NULL;) {
        if (!read_pair(reader, pair, what, keys, count, seen, target))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (keys[i].required && !seen[i])
            return case_file_error(reader->file, yaml_position(node, owner), reader->error,
                                   "%s has no '%s', which it needs", what, keys[i].key);
    }
    return true;
}

const char *yaml_read_text(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                           const char *expected)
{
    size_t length = 0;
    const char *text = NULL;
    if (node != NULL && fy_node_is_scalar(node) && !fy_node_is_null(node))
        text = fy_node_get_scalar(node, &length);
    if (text == NULL || length == 0) {
        error_expected(reader, node, owner, expected);
        return NULL;
    }
    if (memchr(text, '\0', length) != NULL) {
        yaml_error(reader, node, "a NUL character stands in this text, expected %s", expected);
        return NULL;
    }
    const char *copy = arena_copy_text(&reader->file->arena, text, length);
    if (copy == NULL)
        yaml_out_of_memory(reader);
    return copy;
}

bool yaml_read_formula(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                       const char *expected, struct formula *formula)
{
    formula->position = yaml_position(node, owner);
    formula->text = yaml_read_text(reader, node, owner, expected);
    return formula->text != NULL;
}

bool yaml_read_number(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                      const char *expected, double *value)
{
    const char *text = yaml_read_text(reader, node, owner, expected);
    if (text == NULL)
        return false;
    char *end;
    *value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(*value))
        return error_expected(reader, node, owner, expected);
    return true;
}

bool yaml_read_integer(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                       int64_t lowest, int64_t highest, int64_t *value)
{
    char expected[128];
    snprintf(expected, sizeof expected, "a whole number from %" PRId64 " to %" PRId64, lowest,
             highest);
    const char *text = yaml_read_text(reader, node, owner, expected);
    if (text == NULL)
        return false;
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || number < lowest || number > highest)
        return error_expected(reader, node, owner, expected);
    *value = number;
    return true;
}

bool yaml_read_bool(struct reader *reader, struct fy_node *node, struct fy_node *owner, bool *value)
{
    const char *text = yaml_read_text(reader, node, owner, "true or false");
    if (text == NULL)
        return false;
    *value = strcmp(text, "true") == 0;
    if (!*value && strcmp(text, "false") != 0)
        return error_expected(reader, node, owner, "true or false");
    return true;
}

bool yaml_read_items(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                     const char *expected, bool single_allowed, size_t most, size_t *count,
                     bool (*read)(struct reader *reader, struct fy_node *item, size_t index,
                                  void *target),
                     void *target)
{
    *count = 0;
    if (node != NULL && fy_node_is_scalar(node) && !fy_node_is_null(node) && single_allowed) {
        *count = 1;
        return read(reader, node, 0, target);
    }
    if (node == NULL || !fy_node_is_sequence(node) || fy_node_sequence_is_empty(node))
        return error_expected(reader, node, owner, expected);
    void *place = NULL;
    for (struct fy_node *item; (item = fy_node_sequence_iterate(node, &place)) != NULL;) {
        if (*count == most)
            return case_file_error(reader->file, yaml_position(item, owner), reader->error,
                                   "more than %zu entries, expected at most that many", most);
        if (!read(reader, item, *count, target))
            return false;
        ++*count;
    }
    return true;
}

static bool report_syntax(const char *path, const char *what, struct fy_diag *diag,
                          struct error *error)
{
    void *place = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(diag, &place);
    if (first == NULL)
        return error_set(error, EXIT_USAGE, "%s:1:1: this is not YAML, expected %s", path, what);
    return error_set(error, EXIT_USAGE, "%s:%d:%d: this is not YAML: %s", path,
                     first->line > 0 ? first->line : 1, first->column > 0 ? first->column : 1,
                     first->msg);
}

// Errors are collected; the library would also print some of its own to stderr.
static void drop_message(struct fy_diag *diag, void *user, const char *message, size_t length)
{
    (void)diag;
    (void)user;
    (void)message;
    (void)length;
}

// The YAML library does not end on some bytes that are no UTF-8.
static bool check_utf8(const char *path, const char *what, const char *contents, size_t length,
                       struct error *error)
{
    int line = 1, column = 1;
    for (size_t i = 0; i < length;) {
        size_t step = utf8_length(contents + i, length - i);
        if (step == 0)
            return error_set(error, EXIT_USAGE,
                             "%s:%d:%d: this is not UTF-8: found the byte 0x%02x, expected %s",
                             path, line, column, (unsigned)(unsigned char)contents[i], what);
        bool line_end = contents[i] == '\n';
        line += line_end;
        column = line_end ? 1 : column + 1;
        i += step;
    }
    return true;
}

bool yaml_read_document(struct reader *reader, const char *contents, size_t length,
                        const char *what,
                        bool (*read)(struct reader *reader, struct fy_node *root, void *target),
                        void *target)
{
    const char *path = reader->file->path;
    if (!check_utf8(path, what, contents, length, reader->error))
        return false;
    struct fy_diag_cfg diag_config;
    fy_diag_cfg_default(&diag_config);
    diag_config.fp = NULL;
    diag_config.output_fn = drop_message;
    struct fy_diag *diag = fy_diag_create(&diag_config);
    if (diag == NULL)
        return error_out_of_memory(reader->error);
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg config = {
        .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_RESOLVE_DOCUMENT, .diag = diag};
    struct fy_document *document = fy_document_build_from_string(&config, contents, length);
    bool good = false;
    if (document == NULL)
        report_syntax(path, what, diag, reader->error);
    else if (fy_document_root(document) == NULL)
        error_set(reader->error, EXIT_USAGE, "%s:1:1: the file is empty, expected %s", path, what);
    else
        good = read(reader, fy_document_root(document), target);
    fy_document_destroy(document);
    fy_diag_destroy(diag);
    return good;
}
