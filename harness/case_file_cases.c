// `dims`, `dtypes`, `check`, `cases`, `sweeps` and `bench`.
#include "case_file_sections.h"

#include "expression.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_SWEEPS = 4096 };

// Some mean something else in a case or in an expression.
bool case_file_may_name_dimension(const char *name)
{
    static const char *const reserved[] = {"dtype", "about", "large", "element_size"};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (strcmp(name, reserved[i]) == 0)
            return false;
    }
    return expression_name_is_valid(name);
}

static bool read_dimension(struct reader *reader, struct fy_node *key, struct fy_node *value,
                           struct case_file *file)
{
    if (file->dimension_count == MAX_DIMENSIONS)
        return yaml_error(reader, key, "more than %d dims", MAX_DIMENSIONS);
    struct dimension *dimension = &file->dimensions[file->dimension_count];
    dimension->name = yaml_read_text(reader, key, value, "a dimension's name");
    if (dimension->name == NULL)
        return false;
    if (!case_file_may_name_dimension(dimension->name))
        return yaml_error(
            reader, key,
            "'%.60s' cannot name a dimension, expected letters, digits and _, and none "
            "of dtype, about, large, element_size, min, max, ceil, floor, sqrt, abs",
            dimension->name);
    file->dimension_count++;
    return yaml_read_integer(reader, value, key, -(1ll << 53), 1ll << 53,
                             &dimension->default_value);
}

bool read_dims(struct reader *reader, struct fy_node *key, struct fy_node *value, void *target)
{
    (void)target;
    if (value == NULL || !fy_node_is_mapping(value) || fy_node_mapping_is_empty(value))
        return yaml_error(reader, key, "'dims' is no mapping, expected {name: default, ...}");
    void *place = NULL;
    for (struct fy_node_pair *pair; (pair = fy_node_mapping_iterate(value, &place)) != NULL;) {
        if (!read_dimension(reader, fy_node_pair_key(pair), fy_node_pair_value(pair), reader->file))
            return false;
    }
    return true;
}

struct dtype_list {
    enum dtype *dtypes;
    size_t count;
};

static bool read_dtype_item(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    struct dtype_list *list = target;
    const char *text = yaml_read_text(reader, item, NULL, "an element type");
    if (text == NULL)
        return false;
    enum dtype dtype;
    if (!dtype_from_name(text, &dtype))
        return yaml_error(reader, item, "found '%.60s', expected one of: %s", text, dtype_names());
    for (size_t i = 0; i < index; i++) {
        if (list->dtypes[i] == dtype)
            return yaml_error(reader, item, "the type '%s' stands here a second time", text);
    }
    list->dtypes[index] = dtype;
    return true;
}

static bool read_dtype_list(struct reader *reader, struct fy_node *key, struct fy_node *value,
                            enum dtype *dtypes, size_t *count)
{
    struct dtype_list list = {.dtypes = dtypes};
    return yaml_read_items(reader, value, key, "a list of element types like [f32, f16]", true,
                           DTYPE_COUNT, count, read_dtype_item, &list);
}

bool read_dtypes(struct reader *reader, struct fy_node *key, struct fy_node *value, void *target)
{
    struct case_file *file = reader->file;
    (void)target;
    return read_dtype_list(reader, key, value, file->dtypes, &file->dtype_count);
}

static bool read_bound(struct reader *reader, struct fy_node *key, struct fy_node *value,
                       void *target)
{
    struct check *check = target;
    check->kind = CHECK_BOUND;
    if (!yaml_read_number(reader, value, key, "a factor above 0", &check->factor))
        return false;
    return check->factor > 0 ||
           yaml_error(reader, value, "found %g, expected a factor above 0", check->factor);
}

static bool read_atol(struct reader *reader, struct fy_node *key, struct fy_node *value,
                      void *target)
{
    struct check *check = target;
    if (!yaml_read_number(reader, value, key, "an absolute tolerance >= 0", &check->atol))
        return false;
    return check->atol >= 0 ||
           yaml_error(reader, value, "found %g, expected a tolerance >= 0", check->atol);
}

static bool read_rtol(struct reader *reader, struct fy_node *key, struct fy_node *value,
                      void *target)
{
    struct check *check = target;
    if (!yaml_read_number(reader, value, key, "a relative tolerance >= 0", &check->rtol))
        return false;
    return check->rtol >= 0 ||
           yaml_error(reader, value, "found %g, expected a tolerance >= 0", check->rtol);
}

static bool read_allclose(struct reader *reader, struct fy_node *key, struct fy_node *value,
                          void *target)
{
    static const struct key_reader keys[] = {{"atol", true, read_atol}, {"rtol", true, read_rtol}};
    struct check *check = target;
    check->kind = CHECK_ALLCLOSE;
    return yaml_read_mapping(reader, value, key, "'allclose'", keys, sizeof keys / sizeof *keys,
                             target);
}

static bool read_exact(struct reader *reader, struct fy_node *key, struct fy_node *value,
                       void *target)
{
    struct check *check = target;
    return yaml_read_bool(reader, value, key, &check->exact_pass);
}

bool read_check(struct reader *reader, struct fy_node *key, struct fy_node *value, void *target)
{
    static const struct key_reader keys[] = {{"bound", false, read_bound},
                                             {"allclose", false, read_allclose},
                                             {"exact", false, read_exact}};
    static const char expected[] = "{bound: factor}, {allclose: {atol: a, rtol: r}}, bits or draws";
    struct case_file *file = reader->file;
    (void)target;
    file->has_check = true;
    file->check_position = yaml_position(value, key);
    if (fy_node_is_mapping(value)) {
        if (fy_node_mapping_lookup_by_string(value, "bound", FY_NT) != NULL &&
            fy_node_mapping_lookup_by_string(value, "allclose", FY_NT) != NULL)
            return yaml_error(reader, value, "'check' has both bound and allclose, expected one");
        return yaml_read_mapping(reader, value, key, "'check'", keys, sizeof keys / sizeof *keys,
                                 &file->check);
    }
    const char *text = yaml_read_text(reader, value, key, expected);
    if (text == NULL)
        return false;
    if (strcmp(text, "bits") != 0 && strcmp(text, "draws") != 0)
        return yaml_error(reader, value, "found '%.60s', expected %s", text, expected);
    file->check.kind = strcmp(text, "bits") == 0 ? CHECK_BITS : CHECK_DRAWS;
    return true;
}

static bool read_value_item(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    int64_t *values = target;
    if (!yaml_read_integer(reader, item, NULL, -(1ll << 53), 1ll << 53, &values[index]))
        return false;
    for (size_t i = 0; i < index; i++) {
        if (values[i] == values[index])
            return yaml_error(reader, item, "the value stands here a second time");
    }
    return true;
}

static bool read_values(struct reader *reader, struct fy_node *key, struct fy_node *value,
                        size_t dimension, struct sweep *sweep)
{
    int64_t values[MAX_SWEEP_VALUES];
    size_t *count = &sweep->value_counts[dimension];
    if (!yaml_read_items(reader, value, key, "a whole number or a list of them", true,
                         MAX_SWEEP_VALUES, count, read_value_item, values))
        return false;
    int64_t *copy = arena_allocate(&reader->file->arena, *count * sizeof *copy);
    if (copy == NULL)
        return yaml_out_of_memory(reader);
    memcpy(copy, values, *count * sizeof *copy);
    sweep->values[dimension] = copy;
    return true;
}

static bool report_unknown_dimension(struct reader *reader, struct fy_node *key, const char *name)
{
    const struct case_file *file = reader->file;
    const char *names[MAX_DIMENSIONS];
    struct text list = {0};
    for (size_t i = 0; i < file->dimension_count; i++) {
        names[i] = file->dimensions[i].name;
        text_append(&list, "%s, ", names[i]);
    }
    const char *near = nearest_name(name, names, file->dimension_count);
    yaml_error(reader, key,
               "'%.60s' is no dimension of this file%s%s%s; expected %sdtype, "
               "about or large",
               name, near != NULL ? ", did you mean '" : "", near != NULL ? near : "",
               near != NULL ? "'?" : "", text_get(&list));
    text_free(&list);
    return false;
}

static bool read_sweep_pair(struct reader *reader, struct fy_node *key, struct fy_node *value,
                            struct sweep *sweep)
{
    const char *name = yaml_read_text(reader, key, value, "a dimension");
    if (name == NULL)
        return false;
    if (strcmp(name, "about") == 0) {
        sweep->about = yaml_read_text(reader, value, key, "what this case is there to catch");
        return sweep->about != NULL;
    }
    if (strcmp(name, "large") == 0)
        return yaml_read_bool(reader, value, key, &sweep->large);
    if (strcmp(name, "dtype") == 0)
        return read_dtype_list(reader, key, value, sweep->dtypes, &sweep->dtype_count);
    size_t dimension = case_file_find_dimension(reader->file, name);
    if (dimension == SIZE_MAX)
        return report_unknown_dimension(reader, key, name);
    return read_values(reader, key, value, dimension, sweep);
}

static bool check_sweep_dtypes(struct reader *reader, struct fy_node *item,
                               const struct sweep *sweep)
{
    const struct case_file *file = reader->file;
    for (size_t i = 0; i < sweep->dtype_count; i++) {
        bool known = false;
        for (size_t j = 0; j < file->dtype_count; j++)
            known = known || file->dtypes[j] == sweep->dtypes[i];
        if (!known)
            return yaml_error(reader, item, "the type %s is not among this file's 'dtypes'",
                              dtype_info(sweep->dtypes[i])->name);
    }
    return true;
}

static bool read_sweep(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    struct sweep *sweep = (struct sweep *)target + index;
    sweep->about = "";
    sweep->position = yaml_position(item, NULL);
    if (!fy_node_is_mapping(item))
        return yaml_error(reader, item, "found no mapping, expected a case like {%s: 1}",
                          reader->file->dimensions[0].name);
    void *place = NULL;
    for (struct fy_node_pair *pair; (pair = fy_node_mapping_iterate(item, &place)) != NULL;) {
        if (!read_sweep_pair(reader, fy_node_pair_key(pair), fy_node_pair_value(pair), sweep))
            return false;
    }
    return check_sweep_dtypes(reader, item, sweep);
}

bool read_sweeps(struct reader *reader, struct fy_node *key, struct fy_node *value,
                 struct sweep **sweeps, size_t *count)
{
    int items =
        value != NULL && fy_node_is_sequence(value) ? fy_node_sequence_item_count(value) : 0;
    *sweeps =
        arena_allocate(&reader->file->arena, (size_t)(items > 0 ? items : 1) * sizeof **sweeps);
    if (*sweeps == NULL)
        return yaml_out_of_memory(reader);
    return yaml_read_items(reader, value, key, "a list of cases", false, MAX_SWEEPS, count,
                           read_sweep, *sweeps);
}
