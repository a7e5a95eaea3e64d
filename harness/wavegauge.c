#include "commands.h"

#include "completion.h"
#include "help.h"
#include "manual.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

const struct command *const commands[] = {
    &command_run,          &command_list,        &command_merge,
    &command_bisect,       &command_bench,       &command_compare,
    &command_report,       &command_history_add, &command_history_show,
    &command_history_gate, &command_inspect,     &command_new,
    &command_exec,         &command_devices,     NULL,
};

// What the build and the shells ask for; no user types these.
static const struct {
    const char *name;
    int (*run)(int argument_count, char **arguments);
} hidden[] = {{"manual", manual_print}, {"complete", completion_print}};

bool command_is_of(const struct command *command, const char *group)
{
    size_t length = strlen(group);
    return strncmp(command->name, group, length) == 0 && command->name[length] == ' ';
}

const struct command *command_find(char *const *words, int count, int *used)
{
    for (size_t i = 0; count > 0 && commands[i] != NULL; i++) {
        const struct command *command = commands[i];
        bool is_part = count > 1 && command_is_of(command, words[0]) &&
                       strcmp(command->name + strlen(words[0]) + 1, words[1]) == 0;
        if (!is_part && strcmp(command->name, words[0]) != 0)
            continue;
        *used = is_part ? 2 : 1;
        return command;
    }
    return NULL;
}

static bool is_group(const char *name)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (command_is_of(commands[i], name))
            return true;
    }
    return false;
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int report_unknown(const char *name)
{
    const char *names[sizeof commands / sizeof *commands];
    size_t count = 0;
    for (; commands[count] != NULL; count++)
        names[count] = commands[count]->name;
    const char *near = nearest_name(name, names, count);
    fprintf(stderr, "wavegauge: there is no command '%s'%s%s%s; 'wavegauge --help' shows them\n",
            name, near != NULL ? ", did you mean '" : "", near != NULL ? near : "",
            near != NULL ? "'?" : "");
    return EXIT_USAGE;
}

// A word that several commands begin with, and behind it none of those that they go on with.
static int report_group(const char *group, const char *word)
{
    if (word != NULL && asks_for_help(word)) {
        help_print_group(stdout, group);
        return EXIT_PASSED;
    }
    if (word == NULL) {
        help_print_group(stderr, group);
        return EXIT_USAGE;
    }
    char name[256];
    snprintf(name, sizeof name, "%s %s", group, word);
    return report_unknown(name);
}

int wavegauge(int argument_count, char **arguments)
{
    const char *name = argument_count > 1 ? arguments[1] : NULL;
    if (name == NULL) {
        help_print_program(stderr);
        return EXIT_USAGE;
    }
    if (asks_for_help(name) || strcmp(name, "help") == 0) {
        help_print_program(stdout);
        return EXIT_PASSED;
    }
    if (strcmp(name, "--version") == 0) {
        printf("wavegauge %s\n", WAVEGAUGE_VERSION);
        return EXIT_PASSED;
    }
    int used = 0;
    const struct command *command = command_find(arguments + 1, argument_count - 1, &used);
    if (command != NULL)
        return command_start(command, argument_count - used, arguments + used);
    if (is_group(name))
        return report_group(name, arguments[2]);
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        if (strcmp(hidden[i].name, name) == 0)
            return hidden[i].run(argument_count - 1, arguments + 1);
    }
    return report_unknown(name);
}
