// wavegauge exec: any HIP program on the emulated GPU, with its checks.
#include "commands.h"

#include "check_list.h"
#include "child_process.h"
#include "device.h"
#include "options.h"
#include "program_path.h"
#include "report_summary.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHECK, ARCH, ERROR_EXIT_CODE, OPTION_COUNT };

// What no program uses for something else by custom.
enum { FINDINGS_EXIT_STATUS = 66 };

static const struct option_entry table[OPTION_COUNT] = {
    [CHECK] = {"--check", "LIST", CHECK_LIST_HELP},
    [ARCH] = {"--arch", "GFX",
              "what the emulator is: gfx1030, gfx1100 or gfx90a; the first one that the program "
              "carries unless given"},
    [ERROR_EXIT_CODE] = {"--error-exit-code", "N",
                         "exit status when there are findings; 66 unless "
                         "given"},
};

static const char usage[] = "exec [options] -- PROGRAM [ARGUMENTS...]";
static const char about[] =
    "Runs a HIP program, as hipcc built it, on the emulated GPU, and says at its end what the "
    "checks found, by source line, on stderr. Build it with -g to see lines. What the processes "
    "find that the program starts counts as well.";

static const struct command_example examples[] = {
    {"wavegauge exec -- ./program 1000", "with every check"},
    {"wavegauge exec --check racecheck,memcheck --arch gfx1030 -- ./program 1000",
     "with two, as another target"},
    {NULL, NULL},
};

static const char exit_status[] =
    "66 (--error-exit-code) when there are findings, else the program's own, or 128 and the number "
    "of the signal that ended it; 2 when there is no such program.";

// The drop-in comes before any HIP runtime of the system.
static bool use_drop_in(struct error *error)
{
    static const char *const names[] = {"hip/libamdhip64.so", "wavegauge/hip/libamdhip64.so"};
    char path[4400];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!program_find_library(names[i], path, sizeof path))
            continue;
        *strrchr(path, '/') = '\0';
        char *folder = realpath(path, NULL);
        const char *others = getenv("LD_LIBRARY_PATH");
        bool more = others != NULL && others[0] != '\0';
        char *all = folder == NULL
                        ? NULL
                        : format_text("%s%s%s", folder, more ? ":" : "", more ? others : "");
        bool good = all != NULL && setenv("LD_LIBRARY_PATH", all, 1) == 0;
        free(folder);
        free(all);
        return good || error_out_of_memory(error);
    }
    return error_set(error, EXIT_MISSING,
                     "hip/libamdhip64.so is not beside this program: build it (ninja -C build)");
}

static bool use_target(const char *text, struct error *error)
{
    struct target target;
    if (text == NULL)
        return true;
    if (!target_parse(text, &target, error))
        return false;
    if (target.wave64)
        return error_set(error, EXIT_USAGE,
                         "--arch %s: how many lanes a wave has was decided when the program was "
                         "built, expected --arch %s",
                         text, target.arch);
    return setenv("WAVEGAUGE_ARCH", target.arch, 1) == 0 || error_out_of_memory(error);
}

static bool prepare(const struct option_values *values, uint64_t *findings_status,
                    struct error *error)
{
    const char *checks = values->values[CHECK];
    if (values->word_count == 0)
        return error_set(error, EXIT_USAGE, "exec needs a program: wavegauge %s", usage);
    return option_integer(values, table, ERROR_EXIT_CODE, 1, 255, FINDINGS_EXIT_STATUS,
                          findings_status, error) &&
           (checks == NULL || check_list_is_valid(checks, error)) &&
           use_target(values->values[ARCH], error) && check_list_apply(checks, error) &&
           use_drop_in(error);
}

static bool make_report_file(char *path, size_t capacity, struct error *error)
{
    const char *folder = getenv("TMPDIR");
    if (folder == NULL || folder[0] == '\0')
        folder = "/tmp";
    if ((size_t)snprintf(path, capacity, "%s/wavegauge-exec-XXXXXX", folder) >= capacity)
        return error_set(error, EXIT_USAGE, "the path in TMPDIR is too long");
    int file = mkstemp(path);
    if (file < 0)
        return error_set(error, EXIT_FAILED, "cannot make a file like %s: %s", path,
                         strerror(errno));
    close(file);
    if (setenv("WAVEGAUGE_REPORT_FILE", path, 1) == 0)
        return true;
    unlink(path);
    return error_out_of_memory(error);
}

static int run_program(const struct option_values *values, int findings_status)
{
    char path[4400];
    int status = 0;
    struct error error;
    struct report_summary summary = {0};
    if (!make_report_file(path, sizeof path, &error))
        return report_error(&error);
    bool good = child_process_run(values->words, &status, &error) &&
                report_summary_read(&summary, path, &error);
    unlink(path);
    if (!good)
        status = report_error(&error);
    else
        report_summary_print(&summary, values->words[0]);
    if (good && summary.errors > 0)
        status = findings_status;
    report_summary_free(&summary);
    return status;
}

static int run(const struct option_values *values)
{
    struct error error;
    uint64_t findings_status;
    if (!prepare(values, &findings_status, &error))
        return report_error(&error);
    return run_program(values, (int)findings_status);
}

const struct command command_exec = {
    .name = "exec",
    .brief = "run any HIP program on the emulated GPU",
    .usage = usage,
    .about = about,
    .table = table,
    .table_count = OPTION_COUNT,
    .examples = examples,
    .exit_status = exit_status,
    .run = run,
};
