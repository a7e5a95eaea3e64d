#include "options.h"

#include "help.h"
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_OPTIONS = 32 };

int report_error(const struct error *error)
{
    fprintf(stderr, "wavegauge: %s\n", error->text);
    return (int)error->status;
}

static bool report_unknown(const char *word, const struct option_entry *table, size_t count,
                           struct error *error)
{
    const char *names[MAX_OPTIONS];
    for (size_t i = 0; i < count; i++)
        names[i] = table[i].name;
    const char *near = nearest_name(word, names, count);
    return error_set(error, EXIT_USAGE, "there is no option %s%s%s%s; --help shows them", word,
                     near != NULL ? ", did you mean " : "", near != NULL ? near : "",
                     near != NULL ? "?" : "");
}

// The entry of an argument, and the part of it that is the value (NULL: none there).
static const struct option_entry *find_entry(const char *argument, const struct option_entry *table,
                                             size_t count, const char **attached)
{
    size_t length = strncmp(argument, "--", 2) == 0 ? strcspn(argument, "=") : 2;
    for (size_t i = 0; i < count; i++) {
        if (strlen(table[i].name) != length || strncmp(table[i].name, argument, length) != 0)
            continue;
        *attached = NULL;
        if (argument[length] != '\0')
            *attached = argument + length + (argument[length] == '=');
        return &table[i];
    }
    return NULL;
}

// Reads the option at arguments[*place] and steps to the last argument that belongs to it.
static bool parse_option(int count, char **arguments, int *place, const struct option_entry *table,
                         size_t table_count, struct option_values *values, struct error *error)
{
    const char *argument = arguments[*place], *attached;
    if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
        values->help = true;
        return true;
    }
    const struct option_entry *entry = find_entry(argument, table, table_count, &attached);
    if (entry == NULL)
        return report_unknown(argument, table, table_count, error);
    if (entry->value == NULL && attached != NULL)
        return error_set(error, EXIT_USAGE, "%s takes no value, found '%s'", entry->name, attached);
    if (entry->value == NULL)
        attached = "";
    if (attached == NULL && *place + 1 == count)
        return error_set(error, EXIT_USAGE, "%s needs a value: %s %s", entry->name, entry->name,
                         entry->value);
    if (attached == NULL)
        attached = arguments[++*place];
    values->values[entry - table] = attached;
    return true;
}

bool options_parse(int argument_count, char **arguments, const struct option_entry *table,
                   size_t table_count, struct option_values *values, struct error *error)
{
    *values = (struct option_values){0};
    values->values = calloc(table_count + 1, sizeof *values->values);
    values->words = calloc((size_t)argument_count + 1, sizeof *values->words);
    bool good = (values->values != NULL && values->words != NULL) || error_out_of_memory(error);
    bool only_words = false;
    for (int i = 1; good && i < argument_count; i++) {
        if (!only_words && strcmp(arguments[i], "--") == 0)
            only_words = true;
        else if (!only_words && arguments[i][0] == '-' && arguments[i][1] != '\0')
            good = parse_option(argument_count, arguments, &i, table, table_count, values, error);
        else
            values->words[values->word_count++] = arguments[i];
    }
    if (!good)
        options_free(values);
    return good;
}

void options_free(struct option_values *values)
{
    free(values->values);
    free(values->words);
    *values = (struct option_values){0};
}

bool option_integer(const struct option_values *values, const struct option_entry *table,
                    size_t index, uint64_t lowest, uint64_t highest, uint64_t otherwise,
                    uint64_t *number, struct error *error)
{
    const char *text = values->values[index];
    *number = otherwise;
    if (text == NULL)
        return true;
    char *end = NULL;
    errno = 0;
    if (isdigit((unsigned char)text[0]))
        *number = strtoull(text, &end, 10);
    if (end == NULL || *end != '\0' || errno != 0 || *number < lowest || *number > highest)
        return error_set(error, EXIT_USAGE,
                         "%s %s: expected a whole number from %" PRIu64 " to %" PRIu64,
                         table[index].name, text, lowest, highest);
    return true;
}

int command_start(const struct command *command, int argument_count, char **arguments)
{
    struct option_values values;
    struct error error;
    if (!options_parse(argument_count, arguments, command->table, command->table_count, &values,
                       &error))
        return report_error(&error);
    int status = EXIT_PASSED;
    if (values.help)
        help_print_command(command);
    else
        status = command->run(&values);
    options_free(&values);
    return status;
}
