// `launches`: [{function: f_{dtype}, grid: [...], block: [...], lds: 0, args: [...]}, ...]
#include "case_file_sections.h"

#include "argument_type.h"

#include <stdio.h>
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

static bool copy_formula(struct reader *reader, const char *text, struct argument *argument)
{
    text += strspn(text, " \t");
    argument->value.position = argument->position;
    argument->value.text = arena_copy_text(&reader->file->arena, text, strlen(text));
    return argument->value.text != NULL || yaml_out_of_memory(reader);
}

static bool read_plain_argument(struct reader *reader, struct fy_node *item, const char *expected,
                                struct argument *argument)
{
    const char *text = yaml_read_text(reader, item, NULL, expected);
    if (text == NULL)
        return false;
    argument->position = yaml_position(item, NULL);
    argument->size = sizeof(void *);
    argument->tensor = case_file_find_tensor(reader->file, text);
    argument->kind = argument->tensor != SIZE_MAX ? ARGUMENT_TENSOR : argument_type_find(text);
    if (argument->tensor != SIZE_MAX)
        return true;
    if (argument->kind == ARGUMENT_TENSOR)
        return yaml_error(reader, item,
                          "found '%.60s', which is no tensor of this file; expected %s (%s)", text,
                          expected, argument_type_names());
    const struct argument_type *type = argument_type(argument->kind);
    argument->size = type->size;
    return copy_formula(reader, text + strlen(type->name), argument);
}

// `pad 4`: bytes that nothing is said of.
static bool read_padding(struct fy_node *item, struct argument *argument)
{
    int bytes, end = 0;
    const char *text = fy_node_is_scalar(item) ? fy_node_get_scalar0(item) : NULL;
    if (text == NULL || sscanf(text, "pad %d%n", &bytes, &end) != 1 || text[end] != '\0' ||
        bytes < 1 || bytes > MAX_ARGUMENT_BYTES)
        return false;
    argument->kind = ARGUMENT_PADDING;
    argument->size = (size_t)bytes;
    return true;
}

static bool read_member(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    struct argument *member = &((struct argument *)target)->members[index];
    return read_padding(item, member) ||
           read_plain_argument(reader, item,
                               "a tensor's name, a type and an expression, or `pad` and a number "
                               "of bytes",
                               member);
}

// Each member at the next multiple of its size, the whole a multiple of the largest of these.
static size_t lay_out(struct argument *structure)
{
    size_t offset = 0, largest = 1;
    for (size_t i = 0; i < structure->member_count; i++) {
        struct argument *member = &structure->members[i];
        size_t alignment = member->kind == ARGUMENT_PADDING ? 1 : member->size;
        largest = alignment > largest ? alignment : largest;
        member->offset = (offset + alignment - 1) / alignment * alignment;
        offset = member->offset + member->size;
    }
    return (offset + largest - 1) / largest * largest;
}

static bool read_structure(struct reader *reader, struct fy_node *item, struct argument *argument)
{
    size_t pointers = 0;
    argument->kind = ARGUMENT_STRUCTURE;
    argument->position = yaml_position(item, NULL);
    argument->members =
        arena_allocate(&reader->file->arena, MAX_MEMBERS * sizeof *argument->members);
    if (argument->members == NULL)
        return yaml_out_of_memory(reader);
    if (!yaml_read_items(reader, item, NULL, "the members of a structure", false, MAX_MEMBERS,
                         &argument->member_count, read_member, argument))
        return false;
    argument->size = lay_out(argument);
    for (size_t i = 0; i < argument->member_count; i++)
        pointers += argument->members[i].kind == ARGUMENT_TENSOR;
    if (argument->size > MAX_ARGUMENT_BYTES || pointers > MAX_ARGUMENT_POINTERS)
        return yaml_error(reader, item,
                          "a structure of %zu bytes with %zu tensors, expected at most %d bytes "
                          "and %d tensors",
                          argument->size, pointers, MAX_ARGUMENT_BYTES, MAX_ARGUMENT_POINTERS);
    return true;
}

static bool read_argument(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    struct launch *launch = target;
    struct argument *argument = &launch->arguments[index];
    // An empty one has no position of its own.
    if (fy_node_is_sequence(item) && fy_node_sequence_is_empty(item))
        return case_file_error(reader->file, launch->position, reader->error,
                               "argument %zu is an empty list, expected the members of a structure",
                               index + 1);
    if (fy_node_is_sequence(item))
        return read_structure(reader, item, argument);
    return read_plain_argument(reader, item,
                               "a tensor's name, a type and an expression, or a list of these for "
                               "a structure",
                               argument);
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
