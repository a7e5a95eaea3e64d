// `launches`: [{function: f_{dtype}, grid: [...], block: [...], lds: 0, args: [...]}, ...]
#include "case_file_sections.h"

#include <ctype.h>
#include <string.h>

static bool read_function(struct reader *reader, struct fy_node *key, struct fy_node *value,
                          void *target)
{
    struct launch *launch = target;
    launch->position = yaml_position(value, key);
    launch->function =
        yaml_read_text(reader, value, key, "a kernel's name; {dtype} stands for the case's type");
    return launch->function != NULL;
}

static bool read_grid_item(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    struct launch *launch = target;
    return yaml_read_formula(reader, item, NULL, "a number of workgroups", &launch->grid[index]);
}

static bool read_grid(struct reader *reader, struct fy_node *key, struct fy_node *value,
                      void *target)
{
    size_t count;
    return yaml_read_items(reader, value, key, "one to three numbers of workgroups: [x, y, z]",
                           true, 3, &count, read_grid_item, target);
}

static bool read_block_item(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    struct launch *launch = target;
    return yaml_read_formula(reader, item, NULL, "a number of threads", &launch->block[index]);
}

static bool read_block(struct reader *reader, struct fy_node *key, struct fy_node *value,
                       void *target)
{
    size_t count;
    return yaml_read_items(reader, value, key, "one to three numbers of threads: [x, y, z]", true,
                           3, &count, read_block_item, target);
}

static bool read_lds(struct reader *reader, struct fy_node *key, struct fy_node *value,
                     void *target)
{
    struct launch *launch = target;
    return yaml_read_formula(reader, value, key, "bytes of dynamic LDS", &launch->lds);
}

static bool read_scalar_argument(struct case_file *file, const char *text, struct position position,
                                 struct argument *argument)
{
    static const struct {
        const char *name;
        enum argument_kind kind;
    } types[] = {{"i32", ARGUMENT_I32}, {"u32", ARGUMENT_U32}, {"i64", ARGUMENT_I64},
                 {"u64", ARGUMENT_U64}, {"f32", ARGUMENT_F32}, {"f64", ARGUMENT_F64}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t length = strlen(types[i].name);
        if (strncmp(text, types[i].name, length) != 0 || !isspace((unsigned char)text[length]))
            continue;
        text += length + strspn(text + length, " \t");
        argument->kind = types[i].kind;
        argument->value.position = position;
        argument->value.text = arena_copy_text(&file->arena, text, strlen(text));
        return argument->value.text != NULL;
    }
    return false;
}

static bool read_argument(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    static const char expected[] =
        "a tensor's name or a type (i32, u32, i64, u64, f32, f64) and an expression";
    struct launch *launch = target;
    struct argument *argument = &launch->arguments[index];
    const char *text = yaml_read_text(reader, item, NULL, expected);
    if (text == NULL)
        return false;
    argument->position = yaml_position(item, NULL);
    argument->tensor = case_file_find_tensor(reader->file, text);
    if (argument->tensor != SIZE_MAX) {
        argument->kind = ARGUMENT_TENSOR;
        return true;
    }
    return read_scalar_argument(reader->file, text, yaml_position(item, NULL), argument) ||
           yaml_error(reader, item, "found '%.60s', which is no tensor of this file; expected %s",
                      text, expected);
}

static bool read_arguments(struct reader *reader, struct fy_node *key, struct fy_node *value,
                           void *target)
{
    struct launch *launch = target;
    return yaml_read_items(reader, value, key, "a list of the kernel's arguments", false,
                           MAX_ARGUMENTS, &launch->argument_count, read_argument, target);
}

static bool read_launch(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    static const struct key_reader keys[] = {{"function", true, read_function},
                                             {"grid", true, read_grid},
                                             {"block", true, read_block},
                                             {"lds", false, read_lds},
                                             {"args", true, read_arguments}};
    struct case_file *file = target;
    struct launch *launch = &file->launches[index];
    for (int i = 0; i < 3; i++)
        launch->grid[i].text = launch->block[i].text = "1";
    launch->lds.text = "0";
    return yaml_read_mapping(reader, item, NULL, "a launch", keys, sizeof keys / sizeof *keys,
                             launch);
}

bool read_launches(struct reader *reader, struct fy_node *key, struct fy_node *value, void *target)
{
    struct case_file *file = target;
    return yaml_read_items(reader, value, key, "a list of launches", false, MAX_LAUNCHES,
                           &file->launch_count, read_launch, target);
}
