// wavegauge list: kernels and their cases.
#include "commands.h"

#include "options.h"
#include "selection.h"

#include <stdio.h>
#include <string.h>

enum { ALL, OPTION_COUNT };

static const struct option_entry table[OPTION_COUNT] = {
    [ALL] = {"--all", NULL, "the larger set: what `sweeps` of the case files has, too"},
};

static const char usage[] = "list [SELECT...] [options]";
static const char about[] = "Shows the kernels and the cases that `wavegauge run` with the same "
                            "words would run, with what each case is there to catch.";

static const struct command_example examples[] = {
    {"wavegauge list", "all of them"},
    {"wavegauge list 'flash_nocausal/f16/*'", "some"},
    {NULL, NULL},
};

static const char exit_status[] = "0 shown, 2 a wrong case file, 4 no case is selected.";

// Several files may have cases of one kernel.
static bool is_listed(const struct selection *selection, size_t count, const char *kernel)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(selection->cases.cases[i].file->kernel, kernel) == 0)
            return true;
    }
    return false;
}

static void print_cases(const struct selection *selection)
{
    const struct case_file *file = NULL;
    size_t kernels = 0, width = 0;
    for (size_t i = 0; i < selection->cases.count; i++) {
        size_t length = strlen(selection->cases.cases[i].id);
        width = length > width ? length : width;
    }
    for (size_t i = 0; i < selection->cases.count; i++) {
        const struct test_case *test = &selection->cases.cases[i];
        if (i == 0 || test->file != file) {
            file = test->file;
            kernels += !is_listed(selection, i, file->kernel);
            printf("%s%s%s\n", file->kernel, file->about[0] != '\0' ? ": " : "", file->about);
        }
        if (test->about[0] != '\0')
            printf("  %-*s  %s\n", (int)width, test->id, test->about);
        else
            printf("  %s\n", test->id);
    }
    printf("%zu kernels, %zu cases\n", kernels, selection->cases.count);
}

static bool select_cases(struct selection *selection, const struct option_values *values,
                         struct error *error)
{
    if (values->values[ALL] != NULL)
        return selection_create_from_all(selection, values->words, values->word_count, error);
    return selection_create(selection, values->words, values->word_count, error);
}

static int list(const struct option_values *values)
{
    struct selection selection;
    struct error error;
    if (!select_cases(&selection, values, &error))
        return report_error(&error);
    print_cases(&selection);
    selection_free(&selection);
    return EXIT_PASSED;
}

const struct command command_list = {
    .name = "list",
    .brief = "show kernels and cases",
    .usage = usage,
    .about = about,
    .table = table,
    .table_count = OPTION_COUNT,
    .examples = examples,
    .exit_status = exit_status,
    .run = list,
};
