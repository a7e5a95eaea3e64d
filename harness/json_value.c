#include "json_value.h"

#include "file_bytes.h"
#include "utf8.h"

#include <math.h>

const char *json_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

double json_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : json_is_null(value) ? INFINITY : NAN;
}

int64_t json_whole(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void replace_odd_bytes(struct text *text)
{
    for (size_t i = 0; i < text->length;) {
        size_t length = utf8_length(text->data + i, text->length - i);
        if (length == 0)
            text->data[i] = '?';
        i += length > 0 ? length : 1;
    }
}

json_t *json_read_file(const char *path, struct error *error)
{
    struct text contents = {0};
    json_error_t problem;
    json_t *root = NULL;
    if (file_read(path, &contents, error)) {
        replace_odd_bytes(&contents);
        root = json_loadb(text_get(&contents), contents.length, 0, &problem);
        if (root == NULL)
            error_set(error, EXIT_USAGE, "%s:%d:%d: %s; expected what wavegauge writes with --json",
                      path, problem.line > 0 ? problem.line : 1,
                      problem.column > 0 ? problem.column : 1, problem.text);
    } else if (error != NULL) {
        error->status = EXIT_USAGE;
    }
    text_free(&contents);
    return root;
}
