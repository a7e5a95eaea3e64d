#include "completion.h"

#include "commands.h"
#include "selection.h"
#include "value_kind.h"

#include <stdio.h>
#include <string.h>

static void offer(const char *candidate, const char *current, const char *about)
{
    if (strncmp(candidate, current, strlen(current)) == 0)
        printf("%s%s%s\n", candidate, about != NULL ? "\t" : "", about != NULL ? about : "");
}

// Each of some words with blanks between, behind what is already there.
static void offer_each(const char *words, const char *before, size_t before_length,
                       const char *current)
{
    char candidate[4096];
    for (size_t length; *words != '\0'; words += length + (words[length] == ' ')) {
        length = strcspn(words, " ");
        snprintf(candidate, sizeof candidate, "%.*s%.*s", (int)before_length, before, (int)length,
                 words);
        offer(candidate, current, NULL);
    }
}

// The value of an option; the first `before` characters of current are its name and "=".
static void complete_value(const char *name, const char *current, size_t before)
{
    const struct value_kind *kind = value_kind_find(name);
    enum value_kind_type type = kind != NULL ? kind->type : VALUE_FREE;
    if (type == VALUE_LIST) {
        const char *comma = strrchr(current, ',');
        before = comma != NULL ? (size_t)(comma - current) + 1 : before;
    }
    if (type == VALUE_CHOICE || type == VALUE_LIST)
        offer_each(kind->choices, current, before, current);
    else if (type != VALUE_FREE)
        printf(type == VALUE_FILE ? ":files\n" : ":folders\n");
}

// Kernels, as far as nothing says which; then their cases.
static void complete_selection(const char *current, bool is_bench)
{
    struct selection selection = {0};
    struct error error;
    printf(":files\n");
    bool good = is_bench ? selection_create_for_bench(&selection, NULL, 0, &error)
                         : selection_create(&selection, NULL, 0, &error);
    if (!good)
        return;
    const struct case_list *cases = &selection.cases;
    for (size_t i = 0; i < cases->count; i++) {
        const struct test_case *test = &cases->cases[i];
        const char *kernel = test->file->kernel;
        if (strchr(current, '/') != NULL)
            offer(test->id, current, test->about[0] != '\0' ? test->about : NULL);
        else if (i == 0 || strcmp(kernel, cases->cases[i - 1].file->kernel) != 0)
            offer(kernel, current, test->file->about);
    }
    selection_free(&selection);
}

static void complete_word(const struct command *command, const char *current)
{
    if (strstr(command->usage, "SELECT") != NULL || strstr(command->usage, "CASE") != NULL)
        complete_selection(current, command == &command_bench);
    else if (strchr(command->usage, ' ') != NULL)
        printf(":files\n");
}

static void complete_option(const struct command *command, const char *current)
{
    size_t length = strcspn(current, "=");
    for (size_t i = 0; i < command->table_count; i++) {
        const struct option_entry *option = &command->table[i];
        if (current[length] != '=')
            offer(option->name, current, option->help);
        else if (strlen(option->name) == length && strncmp(option->name, current, length) == 0 &&
                 option->value != NULL)
            complete_value(option->value, current, length + 1);
    }
    offer("--help", current, "what the command does, with examples");
}

// The option whose value the word behind `word` is, or NULL.
static const struct option_entry *waits_for_value(const struct command *command, const char *word)
{
    for (size_t i = 0; i < command->table_count; i++) {
        if (command->table[i].value != NULL && strcmp(command->table[i].name, word) == 0)
            return &command->table[i];
    }
    return NULL;
}

static void complete_in_command(const struct command *command, char **words, int count)
{
    const char *current = words[count - 1];
    const struct option_entry *waiting = NULL;
    bool only_words = false;
    for (int i = 0; i < count - 1; i++) {
        only_words = only_words || (waiting == NULL && strcmp(words[i], "--") == 0);
        waiting = waiting == NULL && !only_words ? waits_for_value(command, words[i]) : NULL;
    }
    if (waiting != NULL)
        complete_value(waiting->value, current, 0);
    else if (current[0] == '-' && !only_words)
        complete_option(command, current);
    else
        complete_word(command, current);
}

// The words that commands go on with behind `group`, or begin with, each once.
static void offer_commands(const char *group, const char *current)
{
    size_t skipped = group != NULL ? strlen(group) + 1 : 0;
    char last[64] = "";
    for (size_t i = 0; commands[i] != NULL; i++) {
        char name[64];
        if (group != NULL && !command_is_of(commands[i], group))
            continue;
        const char *rest = commands[i]->name + skipped;
        bool whole = strchr(rest, ' ') == NULL;
        snprintf(name, sizeof name, "%.*s", (int)strcspn(rest, " "), rest);
        if (strcmp(name, last) != 0)
            offer(name, current, whole ? commands[i]->brief : "several commands");
        snprintf(last, sizeof last, "%s", name);
    }
}

int completion_print(int argument_count, char **arguments)
{
    int first = argument_count > 1 && strcmp(arguments[1], "--") == 0 ? 2 : 1, used = 0;
    int count = argument_count - first;
    char **words = arguments + first;
    // The last word is not finished, and so names nothing.
    const struct command *command = command_find(words, count - 1, &used);
    if (command != NULL) {
        complete_in_command(command, words + used, count - used);
    } else if (count == 1) {
        offer_commands(NULL, words[0]);
        offer("--help", words[0], "the commands");
        offer("--version", words[0], "the version of this program");
    } else if (count == 2) {
        offer_commands(words[0], words[1]);
    }
    return EXIT_PASSED;
}
