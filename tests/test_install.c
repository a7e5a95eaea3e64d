// links: scratch_folder install_tree
//
// `cmake --install`: what it lays down works from wherever it is moved, and takes nothing from the
// build or the sources.
#include "scratch_folder.h"

#include "harness/subprocess.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct scratch scratch;

static struct text run_shell(const char *format, const char *a, const char *b)
{
    char script[8192];
    int status;
    snprintf(script, sizeof script, format, a, b);
    const char *const arguments[] = {"sh", "-c", script, NULL};
    struct text output = {0};
    struct error error;
    cr_assert(subprocess_run(arguments, &output, &status, &error), "%s", error.text);
    cr_assert_eq(status, 0, "%s: %s", script, text_get(&output));
    return output;
}

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_DEVICE_LIBRARY");
    setenv("WAVEGAUGE_CACHE", TEST_KERNEL_CACHE, 1);
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(install, .init = set_up, .fini = tear_down);

static void expect_files(const char *folder, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        cr_expect_eq(access(path, R_OK), 0, "%s", path);
    }
}

Test(install, can_be_moved_and_needs_nothing_else)
{
    static const char *const names[] = {
        "bin/wavegauge",
        "lib/wavegauge/libwavegauge-emu.so",
        "lib/wavegauge/libwavegauge-cuda.so",
        "lib/wavegauge/hip/libamdhip64.so.5",
        "share/wavegauge/kernels/topk.hip",
        "share/wavegauge/cases/topk.yaml",
        "share/wavegauge/reference/topk.c",
        "share/wavegauge/cuda/include/hip/hip_runtime.h",
        "share/doc/wavegauge/README.md",
        "share/doc/wavegauge/docs/checks.md",
        "share/bash-completion/completions/wavegauge",
    };
    struct text said =
        run_shell("cd '%s' && cmake --install '" TEST_BUILD_FOLDER "' --prefix first >/dev/null && "
                  "mkdir away && mv first away/'second place'%s",
                  scratch.folder, "");
    text_free(&said);
    expect_files(scratch_path(&scratch, "away/second place"), names, sizeof names / sizeof *names);
    // Which files it opens is what counts: those of the sources are there, too.
    said = run_shell(
        "cd / && '%s/away/second place/bin/wavegauge' run --json '%s/result.json' --require 1 "
        "'weighted_matmul/f32/*seq_q=4,seq_k=4,*' 2>&1",
        scratch.folder, scratch.folder);
    cr_expect(strstr(text_get(&said), "1 passed, 0 failed") != NULL, "%s", text_get(&said));
    text_free(&said);
    struct text result = scratch_read(scratch_path(&scratch, "result.json"));
    cr_expect(strstr(text_get(&result), "/away/second place/bin/../lib/wavegauge/") != NULL, "%s",
              text_get(&result));
    cr_expect(strstr(text_get(&result), TEST_BUILD_FOLDER) == NULL);
    text_free(&result);
    said = run_shell(
        "cd / && '%s/away/second place/bin/wavegauge' exec -- sh -c 'echo \"$LD_LIBRARY_PATH\"'%s",
        scratch.folder, "");
    cr_expect(strstr(text_get(&said), "/away/second place/lib/wavegauge/hip") != NULL, "%s",
              text_get(&said));
    text_free(&said);
}

Test(install, goes_under_DESTDIR)
{
    static const char *const names[] = {"usr/bin/wavegauge", "usr/share/wavegauge/cases/topk.yaml"};
    struct text said =
        run_shell("cd '%s' && DESTDIR=\"$PWD/stage\" cmake --install '" TEST_BUILD_FOLDER
                  "' --prefix /usr >/dev/null%s",
                  scratch.folder, "");
    text_free(&said);
    expect_files(scratch_path(&scratch, "stage"), names, sizeof names / sizeof *names);
}
