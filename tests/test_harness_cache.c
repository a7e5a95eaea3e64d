// links: scratch_folder
//
// Kernel builds and their cache, with a compiler that counts how often it is called. What must
// cause a new build does, what must not does not, and damage is repaired.
#include "scratch_folder.h"

#include "harness/cache.h"
#include "harness/device_library.h"
#include "harness/kernel_build.h"
#include "harness/sha256.h"
#include "harness/subprocess.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct scratch scratch;
static char source_path[512];

// A file whose time is in the past: one that changes while the compiler runs is not kept.
static const char *write_old(const char *name, const char *contents)
{
    struct timespec past[2] = {{1000000000, 0}, {1000000000, 0}};
    const char *path = scratch_write(&scratch, name, contents);
    utimensat(AT_FDCWD, path, past, 0);
    return path;
}

static void set_up(void)
{
    scratch = scratch_create();
    setenv("WAVEGAUGE_HIPCC", TEST_FAKE_HIPCC, 1);
    setenv("WAVEGAUGE_CACHE", scratch_path(&scratch, "a cache/of kernels"), 1);
    setenv("FAKE_HIPCC_LOG", scratch_path(&scratch, "log"), 1);
    // Nothing here needs a device library: find none.
    setenv("HIP_DEVICE_LIB_PATH", scratch.folder, 1);
    write_old("a header.h", "one\n");
    snprintf(source_path, sizeof source_path, "%s",
             write_old("a kernel.hip", "#include \"a header.h\"\nbody\n"));
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(cache, .init = set_up, .fini = tear_down);

static int calls(void)
{
    const char *path = scratch_path(&scratch, "log");
    int count = 0;
    if (access(path, R_OK) != 0)
        return 0;
    struct text log = scratch_read(path);
    for (size_t i = 0; i < log.length; i++)
        count += log.data[i] == '\n';
    text_free(&log);
    return count;
}

static struct kernel_source a_source(void)
{
    return (struct kernel_source){.path = source_path, .arch = "gfx1030"};
}

// Builds, and says whether the compiler was called for it.
static bool builds_anew(const struct kernel_source *source)
{
    struct code_object object;
    struct error error;
    int before = calls();
    cr_assert(code_object_build(source, &object, &error), "%s", error.text);
    cr_assert_eq(strncmp(text_get(&object.image), "fake", 4), 0);
    bool anew = calls() > before;
    cr_assert_eq(object.from_cache, !anew);
    code_object_free(&object);
    return anew;
}

Test(cache, second_build_does_not_start_the_compiler)
{
    struct kernel_source source = a_source();
    cr_assert(builds_anew(&source));
    cr_assert_not(builds_anew(&source));
    cr_assert_not(builds_anew(&source));
    cr_assert_eq(calls(), 1);
}

Test(cache, source_header_flags_target_and_environment_count)
{
    struct kernel_source source = a_source();
    const char *flags[] = {"-DX=1"};
    cr_assert(builds_anew(&source));
    write_old("a kernel.hip", "#include \"a header.h\"\nodd!\n"); // same size, same time
    cr_assert(builds_anew(&source));
    write_old("a header.h", "two\n"); // same size, same time
    cr_assert(builds_anew(&source));
    source.flags = flags;
    source.flag_count = 1;
    cr_assert(builds_anew(&source));
    flags[0] = "-DX=2";
    cr_assert(builds_anew(&source));
    source.arch = "gfx90a";
    cr_assert(builds_anew(&source));
    source.wave64 = true;
    cr_assert(builds_anew(&source));
    setenv("HIPCC_COMPILE_FLAGS_APPEND", "-DY", 1);
    cr_assert(builds_anew(&source));
    cr_assert_not(builds_anew(&source));
}

// The command line of the last call, as the log has it.
static bool last_call_has(const char *words)
{
    struct text log = scratch_read(scratch_path(&scratch, "log"));
    bool has = strstr(last_line(&log), words) != NULL;
    text_free(&log);
    return has;
}

// The device library names the compiler that made it.
Test(cache, a_newer_llvm_gets_other_options)
{
    const char *flags[] = {"-O0"};
    struct kernel_source source = a_source();
    source.flags = flags;
    source.flag_count = 1;
    source.is_emulated = true;
    scratch_write(&scratch, "ocml.bc", "BC Debian clang version 15.0.5 wchar_size");
    scratch_write(&scratch, "oclc_isa_version_1030.bc", "");
    scratch_write(&scratch, "oclc_abi_version_400.bc", ""); // Debian 12 has it, too
    cr_assert(builds_anew(&source));
    cr_assert(last_call_has(" -O0 ") && !last_call_has("unaligned"));

    scratch_write(&scratch, "ocml.bc", "BC Debian clang version 17.0.6 wchar_size");
    write_old("a header.h", "new\n");
    cr_assert(builds_anew(&source));
    cr_assert(last_call_has("-disable-llvm-passes") && !last_call_has(" -O0 "));
    cr_assert(last_call_has("-unaligned-access-mode"));
    source.is_emulated = false; // a real GPU gets what everybody's build gets
    cr_assert(builds_anew(&source));
    cr_assert_not(last_call_has("-unaligned-access-mode"));
}

Test(cache, going_back_finds_the_old_object)
{
    struct kernel_source source = a_source();
    cr_assert(builds_anew(&source));
    write_old("a kernel.hip", "other\n");
    cr_assert(builds_anew(&source));
    write_old("a kernel.hip", "#include \"a header.h\"\nbody\n");
    cr_assert_not(builds_anew(&source));
}

Test(cache, another_compiler_counts)
{
    struct kernel_source source = a_source();
    struct text script = scratch_read(TEST_FAKE_HIPCC);
    cr_assert(builds_anew(&source));
    const char *other = scratch_write(&scratch, "hipcc", text_get(&script));
    chmod(other, 0755);
    setenv("WAVEGAUGE_HIPCC", other, 1);
    cr_assert(builds_anew(&source));
    cr_assert_not(builds_anew(&source));
    text_append(&script, "# a new version\n");
    scratch_write(&scratch, "hipcc", text_get(&script));
    cr_assert(builds_anew(&source));
    text_free(&script);
}

Test(cache, vanished_header_counts)
{
    struct kernel_source source = a_source();
    cr_assert(builds_anew(&source));
    unlink(scratch_path(&scratch, "a header.h"));
    cr_assert(builds_anew(&source));
}

// Calls change(path) for each file in a folder of the cache; returns their number.
static int for_each_file(const char *folder, void (*change)(const char *path))
{
    char name[256], path[1024];
    int count = 0;
    snprintf(name, sizeof name, "a cache/of kernels/%s", folder);
    DIR *directory = opendir(scratch_path(&scratch, name));
    cr_assert_not_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", scratch_path(&scratch, name), entry->d_name);
        change(path);
        count++;
    }
    closedir(directory);
    return count;
}

static void cut(const char *path)
{
    struct stat status;
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(truncate(path, status.st_size / 2), 0);
}

static void flip(const char *path)
{
    FILE *stream = fopen(path, "r+");
    cr_assert_not_null(stream);
    fseek(stream, 6, SEEK_SET);
    fputc('#', stream);
    fclose(stream);
}

static void delete (const char *path)
{
    cr_assert_eq(unlink(path), 0);
}

static void empty(const char *path)
{
    cr_assert_eq(truncate(path, 0), 0);
}

Test(cache, damage_is_noticed_and_repaired)
{
    static void (*const damages[])(const char *path) = {cut, flip, empty, delete};
    static const char *const folders[] = {"objects", "manifests"};
    struct kernel_source source = a_source();
    cr_assert(builds_anew(&source));
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 2; j++) {
            cr_assert_eq(for_each_file(folders[j], damages[i]), 1);
            cr_expect(builds_anew(&source), "%zu %s", i, folders[j]);
            cr_expect_not(builds_anew(&source), "%zu %s", i, folders[j]);
        }
    }
}

// A header that was written after the compiler started may not be what the compiler saw.
Test(cache, files_changed_during_the_build_are_not_trusted)
{
    struct kernel_source source = a_source();
    struct timespec future[2] = {{4000000000, 0}, {4000000000, 0}};
    utimensat(AT_FDCWD, scratch_path(&scratch, "a header.h"), future, 0);
    cr_assert(builds_anew(&source));
    cr_assert(builds_anew(&source));
}

Test(cache, several_at_once_build_once)
{
    struct kernel_source source = a_source();
    setenv("FAKE_HIPCC_SLEEP", "0.3", 1);
    for (int i = 0; i < 4; i++) {
        if (fork() == 0) {
            struct code_object object;
            _exit(code_object_build(&source, &object, NULL) ? 0 : 1);
        }
    }
    for (int i = 0; i < 4; i++) {
        int status;
        cr_assert(wait(&status) > 0);
        cr_assert_eq(status, 0);
    }
    cr_assert_eq(calls(), 1);
}

Test(cache, errors_carry_the_compilers_words)
{
    struct kernel_source source = a_source();
    struct code_object object;
    struct error error;
    write_old("a kernel.hip", "syntax error\n");
    for (int i = 0; i < 2; i++) {
        cr_assert_not(code_object_build(&source, &object, &error));
        cr_assert(strstr(error.text, "a kernel.hip:1:1: error: this is a syntax error") != NULL,
                  "%s", error.text);
        cr_assert_eq(error.status, EXIT_FAILED);
    }
    source.path = "/not/there.hip";
    cr_assert_not(code_object_build(&source, &object, &error));
}

Test(cache, a_missing_compiler_is_its_own_error)
{
    struct kernel_source source = a_source();
    struct code_object object;
    struct error error;
    setenv("WAVEGAUGE_HIPCC", "/not/there/hipcc", 1);
    cr_assert_not(code_object_build(&source, &object, &error));
    cr_assert_eq(error.status, EXIT_MISSING);
    unsetenv("WAVEGAUGE_HIPCC");
    setenv("PATH", scratch.folder, 1);
    if (access("/opt/rocm/bin/hipcc", X_OK) != 0) {
        cr_assert_not(code_object_build(&source, &object, &error));
        cr_assert_eq(error.status, EXIT_MISSING);
        cr_assert(strstr(error.text, "apt-get install hipcc") != NULL, "%s", error.text);
    }
}

Test(cache, a_folder_that_cannot_be_made_is_said)
{
    struct kernel_source source = a_source();
    struct code_object object;
    struct error error;
    setenv("WAVEGAUGE_CACHE", scratch_path(&scratch, "a header.h/cache"), 1);
    cr_assert_not(code_object_build(&source, &object, &error));
    cr_assert_eq(error.status, EXIT_USAGE);
    cr_assert(strstr(error.text, "WAVEGAUGE_CACHE") != NULL, "%s", error.text);
}

Test(cache, no_build_leaves_anything_behind)
{
    struct kernel_source source = a_source();
    cr_assert(builds_anew(&source));
    write_old("a kernel.hip", "syntax error\n");
    code_object_build(&source, &(struct code_object){0}, NULL);
    cr_assert_eq(for_each_file("building", empty), 0);
}

Test(device_library, numbers_of_targets)
{
    cr_assert_eq(device_library_version("gfx1100"), 11000);
    cr_assert_eq(device_library_version("gfx1030"), 10300);
    cr_assert_eq(device_library_version("gfx90a"), 9010);
    cr_assert_eq(device_library_version("gfx90a:sramecc+:xnack-"), 9010);
    cr_assert_eq(device_library_version("gfx1201"), 12001);
    cr_assert_eq(device_library_version("gfx942"), 9402);
    cr_assert_eq(device_library_version("sm_90"), 0);
    cr_assert_eq(device_library_version("gfx"), 0);
    cr_assert_eq(device_library_version(""), 0);
}

// FIPS 180-4's own examples and a length that crosses blocks.
Test(sha256, known_digests)
{
    static const struct {
        const char *text;
        int times;
        const char *hex;
    } known[] = {
        {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"aaaaaaaaaa", 100000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct sha256 hash;
        char hex[65];
        sha256_start(&hash);
        for (int j = 0; j < known[i].times; j++)
            sha256_add(&hash, known[i].text, strlen(known[i].text));
        sha256_finish_hex(&hash, hex);
        cr_assert_str_eq(hex, known[i].hex);
    }
}

Test(subprocess, status_and_output)
{
    struct text output = {0};
    struct error error;
    int status;
    const char *const say[] = {"sh", "-c", "echo out; echo err >&2; exit 5", NULL};
    cr_assert(subprocess_run(say, &output, &status, &error));
    cr_assert_eq(status, 5);
    cr_assert_str_eq(text_get(&output), "out\nerr\n");
    const char *const die[] = {"sh", "-c", "kill -9 $$", NULL};
    cr_assert(subprocess_run(die, &output, &status, &error));
    cr_assert_eq(status, 137);
    const char *const none[] = {"/not/there", NULL};
    cr_assert_not(subprocess_run(none, &output, &status, &error));
    cr_assert_eq(error.status, EXIT_MISSING);
    text_free(&output);
}
