// links: amdhip64
//
// Whole programs as hipcc builds them, run unchanged on the drop-in library, one process for each
// program and target.
//
// A program exits with 0 when all is right. What it prints is in its .expected file, or else is
// "ok". stderr must not have the dynamic linker's complaints.
#include "support_file.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_RUNS 256

struct program_run {
    char program[64];
    char target[16];
};

static int is_program(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && !strcmp(dot, ".hip");
}

static char *read_text(const char *folder, const char *name)
{
    char path[1024];
    void *text = NULL;
    size_t size;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return support_read_file(path, &text, &size) ? text : NULL;
}

// A program is built for every target unless its build line names some.
static bool built_for(const char *source, const char *target)
{
    char option[64];
    snprintf(option, sizeof option, "--offload-arch=%s", target);
    char *text = read_text(WAVEGAUGE_TEST_PROGRAM_SOURCES, source);
    bool built = text && (!strstr(text, "--offload-arch") || strstr(text, option));
    free(text);
    return built;
}

ParameterizedTestParameters(hip_programs, run_unchanged)
{
    static struct program_run runs[MAX_RUNS];
    static const char *const targets[] = {"gfx1030", "gfx1100", "gfx90a"};
    size_t count = 0;
    struct dirent **entries = NULL;
    int files = scandir(WAVEGAUGE_TEST_PROGRAM_SOURCES, &entries, is_program, alphasort);
    for (int i = 0; i < files; i++) {
        for (size_t t = 0; t < 3 && count < MAX_RUNS; t++) {
            if (!built_for(entries[i]->d_name, targets[t]))
                continue;
            snprintf(runs[count].program, sizeof runs[count].program, "%.*s",
                     (int)strcspn(entries[i]->d_name, "."), entries[i]->d_name);
            snprintf(runs[count].target, sizeof runs[count].target, "%s", targets[t]);
            count++;
        }
        free(entries[i]);
    }
    free(entries);
    return cr_make_param_array(struct program_run, runs, count, NULL);
}

// Runs a program with its output in folder/out and folder/err; gives its wait status.
static int run_in(const char *folder, const char *program, const char *target)
{
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (!child) {
        char out[256], err[256], path[1024];
        snprintf(out, sizeof out, "%s/out", folder);
        snprintf(err, sizeof err, "%s/err", folder);
        snprintf(path, sizeof path, "%s/%s", WAVEGAUGE_TEST_PROGRAMS, program);
        setenv("LD_LIBRARY_PATH", WAVEGAUGE_DROP_IN_FOLDER, 1);
#ifdef WAVEGAUGE_SANITIZER_RUNTIME
        setenv("LD_PRELOAD", WAVEGAUGE_SANITIZER_RUNTIME, 1);
        setenv("ASAN_OPTIONS", "detect_leaks=0", 1); // what the program itself leaks is its own
#endif
        if (target)
            setenv("WAVEGAUGE_ARCH", target, 1);
        else
            unsetenv("WAVEGAUGE_ARCH");
        if (freopen(out, "w", stdout) && freopen(err, "w", stderr))
            execl(path, path, (char *)NULL);
        _exit(126);
    }
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    return status;
}

ParameterizedTest(struct program_run *run, hip_programs, run_unchanged)
{
    char folder[] = "/tmp/wavegauge-test-XXXXXX", name[128];
    cr_assert_not_null(mkdtemp(folder));
    int status = run_in(folder, run->program, run->target);
    char *out = read_text(folder, "out"), *err = read_text(folder, "err");
    support_remove_folder(folder);
    cr_assert_not_null(out);
    cr_assert_not_null(err);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s on %s: status 0x%x\n%s%s",
              run->program, run->target, (unsigned)status, out, err);
    snprintf(name, sizeof name, "%s.expected", run->program);
    char *expected = read_text(WAVEGAUGE_TEST_PROGRAM_SOURCES, name);
    cr_assert_str_eq(out, expected ? expected : "ok\n", "%s on %s printed\n%s", run->program,
                     run->target, out);
    cr_assert_null(strstr(err, "no version information"), "%s", err);
    free(expected);
    free(out);
    free(err);
}

// Without WAVEGAUGE_ARCH the device is the first target of the program; a wrong one is explained.
Test(hip_programs, choose_the_first_target_of_the_program)
{
    char folder[] = "/tmp/wavegauge-test-XXXXXX";
    cr_assert_not_null(mkdtemp(folder));
    int status = run_in(folder, "vector_add", NULL);
    cr_assert_eq(status, 0);
    status = run_in(folder, "vector_add", "gfx906");
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    char *out = read_text(folder, "out"), *err = read_text(folder, "err");
    support_remove_folder(folder);
    cr_assert(strstr(out, "no ROCm-capable device is detected"), "%s", out);
    cr_assert(strstr(err, "gfx906") && strstr(err, "gfx1030, gfx1100, gfx90a"), "%s", err);
    free(out);
    free(err);
}
