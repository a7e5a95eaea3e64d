// `tensors`: {weights: {io: in, shape: [rows, columns], fill: normal}, ...}
#include "case_file_sections.h"

#include "expression.h"

#include <string.h>

static bool read_io(struct reader *reader, struct fy_node *key, struct fy_node *value, void *target)
{
    struct tensor *tensor = target;
    static const char expected[] = "in, out, inout or scratch";
    const char *text = yaml_read_text(reader, value, key, expected);
    if (text == NULL)
        return false;
    for (int io = IO_IN; io <= IO_SCRATCH; io++) {
        if (strcmp(text, tensor_io_name((enum tensor_io)io)) == 0) {
            tensor->io = (enum tensor_io)io;
            return true;
        }
    }
    return yaml_error(reader, value, "found '%.60s', expected %s", text, expected);
}

static bool read_extent(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    struct tensor *tensor = target;
    return yaml_read_formula(reader, item, NULL, "an expression over the dims",
                             &tensor->shape[index]);
}

static bool read_shape(struct reader *reader, struct fy_node *key, struct fy_node *value,
                       void *target)
{
    struct tensor *tensor = target;
    return yaml_read_items(reader, value, key, "a list of extents like [rows, columns]", false,
                           MAX_RANK, &tensor->rank, read_extent, target);
}

static bool read_tensor_dtype(struct reader *reader, struct fy_node *key, struct fy_node *value,
                              void *target)
{
    struct tensor *tensor = target;
    const char *text = yaml_read_text(reader, value, key, "an element type");
    if (text == NULL)
        return false;
    if (strcmp(text, "{dtype}") == 0)
        return true;
    tensor->has_own_dtype = dtype_from_name(text, &tensor->dtype);
    return tensor->has_own_dtype ||
           yaml_error(reader, value, "found '%.60s', expected one of: %s", text, dtype_names());
}

static bool read_pair_item(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    return yaml_read_number(reader, item, NULL, "a number", (double *)target + index);
}

static bool read_two_numbers(struct reader *reader, struct fy_node *key, struct fy_node *value,
                             const char *expected, struct fill *fill)
{
    double numbers[2];
    size_t count;
    if (!yaml_read_items(reader, value, key, expected, false, 2, &count, read_pair_item, numbers))
        return false;
    if (count != 2)
        return yaml_error(reader, value, "found %zu number, expected %s", count, expected);
    fill->a = numbers[0];
    fill->b = numbers[1];
    return true;
}

static bool read_normal(struct reader *reader, struct fy_node *key, struct fy_node *value,
                        void *target)
{
    struct fill *fill = target;
    fill->kind = FILL_NORMAL;
    return read_two_numbers(reader, key, value, "[mean, standard deviation]", fill);
}

static bool read_uniform(struct reader *reader, struct fy_node *key, struct fy_node *value,
                         void *target)
{
    struct fill *fill = target;
    fill->kind = FILL_UNIFORM;
    if (!read_two_numbers(reader, key, value, "[lowest, highest]", fill))
        return false;
    return fill->a < fill->b ||
           yaml_error(reader, value, "%g is not below %g, expected [lowest, highest]", fill->a,
                      fill->b);
}

static bool read_constant(struct reader *reader, struct fy_node *key, struct fy_node *value,
                          void *target)
{
    struct fill *fill = target;
    fill->kind = FILL_CONSTANT;
    return yaml_read_number(reader, value, key, "a number", &fill->a);
}

static bool read_fill(struct reader *reader, struct fy_node *key, struct fy_node *value,
                      void *target)
{
    static const struct key_reader keys[] = {{"normal", false, read_normal},
                                             {"uniform", false, read_uniform},
                                             {"constant", false, read_constant}};
    static const struct {
        const char *name;
        struct fill fill;
    } named[] = {
        {"normal", {FILL_NORMAL, 0, 1}},   {"uniform", {FILL_UNIFORM, -1, 1}},
        {"softmax", {FILL_SOFTMAX, 0, 0}}, {"bits", {FILL_BITS, 0, 0}},
        {"zeros", {FILL_CONSTANT, 0, 0}},  {"queries", {FILL_QUERIES, 0, 1}},
        {"keys", {FILL_KEYS, 0, 1}},       {"sampler", {FILL_SAMPLER, 0, 0}},
    };
    static const char expected[] =
        "normal, uniform, softmax, bits, zeros, queries, keys, sampler, {normal: [mean, "
        "deviation]}, {uniform: [lowest, highest]} or {constant: x}";
    struct tensor *tensor = target;
    if (fy_node_is_mapping(value))
        return yaml_read_mapping(reader, value, key, "'fill'", keys, sizeof keys / sizeof *keys,
                                 &tensor->fill);
    const char *text = yaml_read_text(reader, value, key, expected);
    if (text == NULL)
        return false;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (strcmp(text, named[i].name) == 0) {
            tensor->fill = named[i].fill;
            return true;
        }
    }
    return yaml_error(reader, value, "found '%.60s', expected %s", text, expected);
}

static bool read_tensor(struct reader *reader, struct fy_node *key, struct fy_node *value,
                        struct tensor *tensor)
{
    static const struct key_reader keys[] = {{"io", true, read_io},
                                             {"shape", true, read_shape},
                                             {"fill", false, read_fill},
                                             {"dtype", false, read_tensor_dtype}};
    tensor->position = yaml_position(key, NULL);
    tensor->fill = (struct fill){FILL_NORMAL, 0, 1};
    tensor->name = yaml_read_text(reader, key, NULL, "a tensor's name");
    if (tensor->name == NULL)
        return false;
    if (!expression_name_is_valid(tensor->name))
        return yaml_error(reader, key, "found '%.60s', expected a name of letters, digits and _",
                          tensor->name);
    return yaml_read_mapping(reader, value, key, "a tensor", keys, sizeof keys / sizeof *keys,
                             tensor);
}

bool read_tensors(struct reader *reader, struct fy_node *key, struct fy_node *value, void *target)
{
    struct case_file *file = target;
    if (value == NULL || !fy_node_is_mapping(value) || fy_node_mapping_is_empty(value))
        return yaml_error(reader, key,
                          "'tensors' is no mapping, expected {name: {io: ..., shape: ...}, ...}");
    void *place = NULL;
    for (struct fy_node_pair *pair; (pair = fy_node_mapping_iterate(value, &place)) != NULL;) {
        if (file->tensor_count == MAX_TENSORS)
            return yaml_error(reader, fy_node_pair_key(pair), "more than %d tensors", MAX_TENSORS);
        struct tensor *tensor = &file->tensors[file->tensor_count];
        if (!read_tensor(reader, fy_node_pair_key(pair), fy_node_pair_value(pair), tensor))
            return false;
        file->tensor_count++;
    }
    for (size_t i = 0; i < file->tensor_count; i++) {
        if (file->tensors[i].io == IO_OUT || file->tensors[i].io == IO_INOUT)
            return true;
    }
    return yaml_error(reader, key, "no tensor has 'io: out' or 'io: inout', expected at least one");
}
