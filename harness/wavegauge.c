#include "commands.h"

#include "options.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    int (*run)(int argument_count, char **arguments);
    const char *help;
};

static const struct command commands[] = {
    {"run", command_run, "run cases and say which kernels are right"},
    {"list", command_list, "show kernels and cases"},
    {"merge", command_merge, "make one result of those of several shards"},
    {"bisect", command_bisect, "say what is wrong with a failing case, and where"},
    {"bench", command_bench, "time kernels on a real GPU"},
    {"compare", command_compare, "say what became faster or slower between two results of bench"},
    {"exec", command_exec, "run any HIP program on the emulated GPU"},
    {"devices", command_devices, "show what cases can run on here"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

// Promised, not there yet: better said than taken for a typing mistake.
static const char *const planned[] = {"report", "inspect", "new", "history"};

static void print_usage(FILE *stream)
{
    fprintf(stream,
            "usage: wavegauge COMMAND ...\n\n"
            "Tests AMD HIP kernels against references, on an emulated GPU or a real one.\n\n"
            "commands:\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(stream, "  %-9s %s\n", commands[i].name, commands[i].help);
    fprintf(stream,
            "\n`wavegauge COMMAND --help` says more. `wavegauge --version` names this version.\n");
}

static int report_unknown(const char *name)
{
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < sizeof planned / sizeof *planned; i++) {
        if (strcmp(planned[i], name) == 0) {
            fprintf(stderr, "wavegauge: the command '%s' is not in this version\n", name);
            return EXIT_USAGE;
        }
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    const char *near = nearest_name(name, names, COMMAND_COUNT);
    fprintf(stderr, "wavegauge: there is no command '%s'%s%s%s; 'wavegauge --help' shows them\n",
            name, near != NULL ? ", did you mean '" : "", near != NULL ? near : "",
            near != NULL ? "'?" : "");
    return EXIT_USAGE;
}

int wavegauge(int argument_count, char **arguments)
{
    const char *name = argument_count > 1 ? arguments[1] : NULL;
    if (name == NULL) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_usage(stdout);
        return EXIT_PASSED;
    }
    if (strcmp(name, "--version") == 0) {
        printf("wavegauge %s\n", WAVEGAUGE_VERSION);
        return EXIT_PASSED;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(argument_count - 1, arguments + 1);
    }
    return report_unknown(name);
}
