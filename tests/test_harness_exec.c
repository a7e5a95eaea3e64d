// links: scratch_folder amdhip64
//
// wavegauge exec: exit statuses, signals, and reports of all processes.
#include "scratch_folder.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_CHECK");
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(exec, .init = set_up, .fini = tear_down, .timeout = 300);

// A program that is a shell script.
static const char *write_program(const char *name, const char *body)
{
    char text[4096];
    snprintf(text, sizeof text, "#!/bin/sh\n%s", body);
    const char *path = scratch_write(&scratch, name, text);
    cr_assert_eq(chmod(path, 0755), 0);
    return path;
}

static struct outcome run(const char *options, const char *body)
{
    char words[1024];
    snprintf(words, sizeof words, "exec %s -- %s", options, write_program("program", body));
    return run_wavegauge(words);
}

static void expect_part(const struct text *text, const char *part)
{
    cr_expect(strstr(text_get(text), part) != NULL, "no '%s' in:\n%s", part, text_get(text));
}

#define REPORT(severity, check, line)                                                              \
    "echo '{\"check\":\"" check "\",\"kind\":\"write after read\",\"severity\":\"" severity        \
    "\",\"count\":3,\"kernel\":\"k\",\"file\":\"a.hip\",\"line\":" line                            \
    ",\"function\":\"k\",\"other_file\":\"b.hip\",\"other_line\":7,\"text\":\"t\"}'"               \
    " >> $WAVEGAUGE_REPORT_FILE\n"

Test(exec, statuses)
{
    static const struct {
        const char *options, *body;
        int status;
    } endings[] = {
        {"", "exit 0", 0},
        {"", "exit 7", 7},
        {"", "kill -SEGV $$", 139},
        {"", "kill -TERM $$", 143},
        {"", REPORT("error", "racecheck", "5") "exit 7", 66},
        {"--error-exit-code 9", REPORT("error", "racecheck", "5") "exit 0", 9},
        {"--error-exit-code 9", REPORT("warning", "racecheck", "5") "exit 4", 4},
        {"", REPORT("note", "racecheck", "5"), 0},
        {"", REPORT("error", "HIP", "0") "exit 3", 3},
        {"", "echo not JSON >> $WAVEGAUGE_REPORT_FILE", 0},
    };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct outcome outcome = run(endings[i].options, endings[i].body);
        cr_expect_eq(outcome.status, endings[i].status, "%s: %d %s", endings[i].body,
                     outcome.status, text_get(&outcome.errors));
        outcome_free(&outcome);
    }
}

Test(exec, wrong_usage)
{
    static const struct {
        const char *words, *part;
        int status;
    } wrong[] = {
        {"exec", "needs a program", 2},
        {"exec -- ./not-there", "cannot run ./not-there", 2},
        {"exec --check fast -- true", "there is no check 'fast'", 2},
        {"exec --arch gfx1 -- true", "gfx1030", 2},
        {"exec --arch gfx1030:wave64 -- true", "when the program was built", 2},
        {"exec --error-exit-code 0 -- true", "from 1 to 255", 2},
        {"exec --error-exit-code 256 -- true", "from 1 to 255", 2},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct outcome outcome = run_wavegauge(wrong[i].words);
        cr_expect_eq(outcome.status, wrong[i].status, "%s", wrong[i].words);
        expect_part(&outcome.errors, wrong[i].part);
        outcome_free(&outcome);
    }
}

// By line, errors first, then by how often; the same line of several processes is one.
Test(exec, sums_up_by_line)
{
    struct outcome outcome =
        run("", REPORT("warning", "racecheck", "9") REPORT("error", "racecheck", "5")
                    REPORT("error", "initcheck", "6") REPORT("error", "initcheck", "6"));
    cr_assert_eq(outcome.status, 66);
    expect_part(&outcome.errors, "2 mistakes in ");
    const char *first = strstr(text_get(&outcome.errors), "initcheck: write after read at a.hip:6");
    const char *second =
        strstr(text_get(&outcome.errors), "racecheck: write after read at a.hip:5");
    const char *third = strstr(text_get(&outcome.errors), "racecheck: write after read at a.hip:9");
    cr_assert(first != NULL && second != NULL && third != NULL, "%s", text_get(&outcome.errors));
    cr_expect(first < second && second < third, "%s", text_get(&outcome.errors));
    expect_part(&outcome.errors, "seen 6 times");
    expect_part(&outcome.errors, "against b.hip:7");
    outcome_free(&outcome);
}

// Also those that the program does not wait for.
Test(exec, counts_what_children_find)
{
    struct outcome outcome =
        run("", "(sleep 0.3; " REPORT("error", "memcheck", "5") ") > /dev/null 2>&1 &\nexit 0");
    cr_expect_eq(outcome.status, 66, "%s", text_get(&outcome.errors));
    outcome_free(&outcome);
}

Test(exec, sets_the_environment_and_hands_on_the_arguments)
{
    char words[1024];
    snprintf(words, sizeof words, "exec --arch gfx90a --check racecheck -- %s --check a",
             write_program("program", "echo \"$WAVEGAUGE_ARCH $WAVEGAUGE_CHECK $# $1 $2\"\n"
                                      "ls ${LD_LIBRARY_PATH%%:*}/libamdhip64.so\n"));
    struct outcome outcome = run_wavegauge(words);
    cr_expect_eq(outcome.status, 0);
    expect_part(&outcome.out, "gfx90a racecheck 2 --check a\n");
    expect_part(&outcome.out, "libamdhip64.so");
    cr_expect_eq(outcome.errors.length, 0, "%s", text_get(&outcome.errors));
    outcome_free(&outcome);
}

Test(exec, leaves_no_file_behind)
{
    char words[512];
    setenv("TMPDIR", scratch.folder, 1);
    snprintf(words, sizeof words, "exec -- %s",
             write_program("program", "echo $WAVEGAUGE_REPORT_FILE"));
    struct outcome outcome = run_wavegauge(words);
    cr_assert_eq(outcome.status, 0);
    text_get(&outcome.out);
    outcome.out.data[strcspn(outcome.out.data, "\n")] = '\0';
    cr_expect(strstr(outcome.out.data, scratch.folder) == outcome.out.data);
    cr_expect_neq(access(outcome.out.data, F_OK), 0);
    outcome_free(&outcome);
}

Test(exec, passes_signals_on)
{
    const char *ready = scratch_path(&scratch, "ready");
    char body[1024];
    snprintf(body, sizeof body, "trap 'exit 5' INT\ntouch %s\nwhile :; do sleep 0.05; done", ready);
    const char *program = write_program("program", body);
    pid_t child = fork();
    if (child == 0) {
        execl(TEST_WAVEGAUGE, TEST_WAVEGAUGE, "exec", "--", program, (char *)NULL);
        _exit(126);
    }
    while (access(ready, F_OK) != 0)
        usleep(10000);
    int status;
    kill(child, SIGINT);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 5, "0x%x", (unsigned)status);
}

static const char faulty[] = "#include <hip/hip_runtime.h>\n"
                             "__global__ void fill(int *p, int n)\n"
                             "{\n"
                             "    int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
                             "    if (i <= n)\n"
                             "        p[i] = i;\n"
                             "}\n"
                             "int main(int count, char **words)\n"
                             "{\n"
                             "    int *p, n = 100;\n"
                             "    (void)words;\n"
                             "    if (hipMalloc(&p, n * sizeof *p) != hipSuccess)\n"
                             "        return 1;\n"
                             "    fill<<<1, 128>>>(p, count > 1 ? n - 1 : n);\n"
                             "    return hipDeviceSynchronize() == hipSuccess ? 0 : 3;\n"
                             "}\n";

// A real one, built as users do.
Test(exec, finds_the_line_in_a_program)
{
    char command[2048], words[1024];
    const char *source = scratch_write(&scratch, "faulty.hip", faulty);
    const char *program = scratch_path(&scratch, "faulty");
    const char *place = "";
#ifdef WAVEGAUGE_SANITIZER_RUNTIME
    place = "-no-pie"; // or the runtime does not start now and then
#endif
    snprintf(command, sizeof command, "hipcc -g --offload-arch=gfx1030 %s %s -o %s", place, source,
             program);
    cr_assert_eq(system(command), 0);
#ifdef WAVEGAUGE_SANITIZER_RUNTIME
    setenv("LD_PRELOAD", WAVEGAUGE_SANITIZER_RUNTIME, 1);
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1); // what the program itself leaks is its own
#endif
    snprintf(words, sizeof words, "exec -- %s", program);
    struct outcome outcome = run_wavegauge(words);
    cr_expect_eq(outcome.status, 66, "%s", text_get(&outcome.errors));
    expect_part(&outcome.errors, "memcheck: out of bounds at ");
    expect_part(&outcome.errors, "faulty.hip:6 in kernel _Z4fillPii, seen 1 time\n");
    outcome_free(&outcome);
    snprintf(words, sizeof words, "exec -- %s fewer", program);
    outcome = run_wavegauge(words);
    cr_expect_eq(outcome.status, 0, "%s", text_get(&outcome.errors));
    cr_expect_eq(outcome.errors.length, 0, "%s", text_get(&outcome.errors));
    outcome_free(&outcome);
}
