// `suppressions`.
#include "case_file_sections.h"

#include "check_list.h"

#include <limits.h>
#include <string.h>

static bool read_check_name(struct reader *reader, struct fy_node *key, struct fy_node *value,
                            void *target)
{
    struct suppression *suppression = target;
    suppression->check = yaml_read_text(reader, value, key, "the name of a check");
    if (suppression->check == NULL)
        return false;
    return check_name_is_known(suppression->check) ||
           yaml_error(reader, value, "there is no check '%.60s', expected one of: %s",
                      suppression->check, check_names());
}

static bool read_function(struct reader *reader, struct fy_node *key, struct fy_node *value,
                          void *target)
{
    struct suppression *suppression = target;
    suppression->function =
        yaml_read_text(reader, value, key, "the name of a kernel or function, or a glob");
    return suppression->function != NULL;
}

static bool read_line(struct reader *reader, struct fy_node *key, struct fy_node *value,
                      void *target)
{
    struct suppression *suppression = target;
    int64_t line;
    if (!yaml_read_integer(reader, value, key, 1, INT_MAX, &line))
        return false;
    suppression->line = (int)line;
    return true;
}

static bool read_reason(struct reader *reader, struct fy_node *key, struct fy_node *value,
                        void *target)
{
    struct suppression *suppression = target;
    suppression->reason =
        yaml_read_text(reader, value, key, "why these findings are no mistakes, in words");
    if (suppression->reason == NULL)
        return false;
    return suppression->reason[strspn(suppression->reason, " \t\n")] != '\0' ||
           yaml_error(reader, value,
                      "the reason is empty, expected why these findings are no mistakes");
}

static bool read_suppression(struct reader *reader, struct fy_node *item, size_t index,
                             void *target)
{
    static const struct key_reader keys[] = {{"check", true, read_check_name},
                                             {"function", true, read_function},
                                             {"line", false, read_line},
                                             {"reason", true, read_reason}};
    struct case_file *file = target;
    return yaml_read_mapping(reader, item, NULL, "a suppression", keys, sizeof keys / sizeof *keys,
                             &file->suppressions[index]);
}

bool read_suppressions(struct reader *reader, struct fy_node *key, struct fy_node *value,
                       void *target)
{
    struct case_file *file = reader->file;
    (void)target;
    return yaml_read_items(reader, value, key,
                           "a list of suppressions like {check: racecheck, function: name, reason: "
                           "words}",
                           false, MAX_SUPPRESSIONS, &file->suppression_count, read_suppression,
                           file);
}
