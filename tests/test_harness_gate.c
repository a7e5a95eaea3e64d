// links: scratch_folder
//
// What makes a gate that one can trust, on the fake runtime: shards and their merging, the journal
// and --resume, refusals before anything runs, annotations, what is said at the end.
#include "scratch_folder.h"

#include "harness/shard.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SMALL "weighted_matmul/f32/batch=1,heads=2,seq_q=4,seq_k=4,head_dim=8"

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_CASES");
    unsetenv("GITHUB_ACTIONS");
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(gate, .init = set_up, .fini = tear_down, .timeout = 600);

static void expect_part(const struct text *text, const char *part)
{
    cr_expect(strstr(text_get(text), part) != NULL, "no '%s' in:\n%s", part, text_get(text));
}

// Runs `wavegauge WORDS`, each @ in them being the scratch folder.
static struct outcome run(const char *mistake, const char *words)
{
    struct text all = {0};
    for (; *words != '\0'; words++) {
        if (*words == '@')
            text_append(&all, "%s", scratch.folder);
        else
            text_append_bytes(&all, words, 1);
    }
    struct outcome outcome = run_with_fake(&scratch, mistake, text_get(&all));
    text_free(&all);
    return outcome;
}

static void expect_end(const char *mistake, const char *words, int status, const char *part)
{
    struct outcome outcome = run(mistake, words);
    cr_expect_eq(outcome.status, status, "%s: %d\n%s%s", words, outcome.status,
                 text_get(&outcome.out), text_get(&outcome.errors));
    const struct text *said = status == 0 || status == 1 ? &outcome.out : &outcome.errors;
    cr_expect(strstr(text_get(said), part) != NULL, "%s: no '%s' in\n%s%s", words, part,
              text_get(&outcome.out), text_get(&outcome.errors));
    outcome_free(&outcome);
}

static json_t *load(const char *name)
{
    json_error_t error;
    json_t *document = json_load_file(scratch_path(&scratch, name), 0, &error);
    cr_assert_not_null(document, "%s: %s", name, error.text);
    return document;
}

static json_t *cases_of(json_t *document)
{
    return json_object_get(document, "cases");
}

static void forget_times(json_t *document)
{
    size_t index;
    json_t *record;
    json_object_del(json_object_get(document, "environment"), "date");
    json_array_foreach(cases_of(document), index, record)
    {
        json_object_del(record, "timing");
    }
}

Test(gate, shards_are_balanced_and_complete)
{
    enum { COUNT = 500 };
    static double costs[COUNT], turned_costs[COUNT];
    static char names[COUNT][16];
    const char *ids[COUNT], *turned_ids[COUNT];
    size_t shards[COUNT], turned[COUNT];
    for (size_t count = 1; count <= 17; count += 4) {
        double loads[17] = {0}, total = 0, dearest = 0;
        for (size_t i = 0; i < COUNT; i++) {
            costs[i] = (double)((i * 7919 + 13) % 101) + (i == 77 ? 900 : 1);
            snprintf(names[i], sizeof names[i], "case%zu", i);
            ids[i] = names[i];
            turned_costs[COUNT - 1 - i] = costs[i];
            turned_ids[COUNT - 1 - i] = names[i];
            total += costs[i];
            dearest = costs[i] > dearest ? costs[i] : dearest;
        }
        cr_assert(shard_assign(costs, ids, COUNT, count, shards));
        cr_assert(shard_assign(turned_costs, turned_ids, COUNT, count, turned));
        for (size_t i = 0; i < COUNT; i++) {
            cr_assert_lt(shards[i], count);
            cr_assert_eq(shards[i], turned[COUNT - 1 - i], "the order of cases matters");
            loads[shards[i]] += costs[i];
        }
        for (size_t i = 0; i < count; i++)
            cr_expect_leq(loads[i], total / (double)count + dearest);
        // The dearest case apart, shards differ by less than the next dearest.
        for (size_t i = 0; total / (double)count > 900 && i < count; i++)
            cr_expect(loads[i] > total / (double)count - 103, "%zu: %g of %g", i, loads[i], total);
    }
}

Test(gate, shard_is_parsed)
{
    static const char *const wrong[] = {"",
                                        "1",
                                        "0/3",
                                        "4/3",
                                        "1/0",
                                        "-1/3",
                                        "1/3x",
                                        "a/3",
                                        "1/-3",
                                        "1/3/3",
                                        "1/",
                                        "1/1001",
                                        "99999999999999999999/99999999999999999999"};
    struct shard shard;
    struct error error;
    cr_assert(shard_parse("2/3", &shard, &error));
    cr_assert(shard.index == 2 && shard.count == 3);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_expect_not(shard_parse(wrong[i], &shard, &error), "%s", wrong[i]);
        cr_expect_eq(error.status, EXIT_USAGE);
    }
    expect_end(NULL, "run --shard 3/2 " SMALL, 2, "--shard 3/2: expected I/N");
}

// What the fake runtime has kernels for.
#define KNOWN " buffer_copy weighted_matmul"

// Together the shards are the whole run, in its order, each case once.
Test(gate, merged_shards_are_the_whole_run)
{
    expect_end(NULL, "run --json @/all.json" KNOWN, 0, " passed, 0 failed");
    expect_end(NULL, "run --shard 1/3 --json @/1.json" KNOWN, 0, " passed, 0 failed");
    expect_end(NULL, "run --shard 2/3 -j 2 --json @/2.json" KNOWN, 0, " passed, 0 failed");
    expect_end(NULL, "run --shard 3/3 --json @/3.json" KNOWN, 0, " passed, 0 failed");
    struct outcome outcome =
        run(NULL, "merge @/3.json @/1.json @/2.json -o @/m.json --junit @/m.xml --require 76");
    cr_assert_eq(outcome.status, 0, "%s", text_get(&outcome.errors));
    cr_assert(strstr(last_line(&outcome.out), " passed, 0 failed") != NULL);
    outcome_free(&outcome);
    json_t *all = load("all.json"), *merged = load("m.json");
    forget_times(all);
    forget_times(merged);
    cr_assert_eq(json_array_size(cases_of(all)), 76);
    cr_assert(json_equal(all, merged));
    for (int i = 1; i <= 3; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d.json", i);
        json_t *part = load(name);
        cr_expect_geq(json_array_size(cases_of(part)), 1);
        cr_expect_lt(json_array_size(cases_of(part)), json_array_size(cases_of(all)));
        json_decref(part);
    }
    cr_assert_eq(access(scratch_path(&scratch, "m.xml"), R_OK), 0);
    json_decref(all);
    json_decref(merged);
}

Test(gate, merge_refuses_what_is_not_one_run)
{
    scratch_write(&scratch, "text.json", "{\n nothing\n");
    scratch_write(&scratch, "other.json", "{\"schema\": \"other/1\", \"cases\": []}");
    scratch_write(&scratch, "bare.json",
                  "{\"schema\": \"wavegauge/1\", \"environment\": {}, \"cases\": [{}]}");
    expect_end(NULL, "run --shard 1/2 --json @/1.json weighted_matmul", 0, "");
    expect_end(NULL, "run --shard 2/2 --json @/2.json weighted_matmul", 0, "");
    expect_end(NULL, "run --shard 2/2 --seed 2 --json @/seed.json weighted_matmul", 0, "");
    expect_end(NULL, "run --shard 2/3 --json @/third.json weighted_matmul", 0, "");
    expect_end(NULL, "run --shard 2/2 --arch gfx1030 --json @/arch.json weighted_matmul", 0, "");
    expect_end(NULL, "run --json @/whole.json " SMALL, 0, "");
    expect_end(NULL, "merge @/1.json -o @/m.json", 2, "the shard 2/2 is missing");
    expect_end(NULL, "merge @/1.json @/1.json -o @/m.json", 2, "are both shard 1/2");
    expect_end(NULL, "merge @/1.json @/seed.json -o @/m.json", 2,
               "the seed is 1 in one and 2 in the other");
    expect_end(NULL, "merge @/1.json @/arch.json -o @/m.json", 2, "the arch is \"gfx1100\" in one");
    expect_end(NULL, "merge @/1.json @/third.json -o @/m.json", 2, "are not of one run");
    expect_end(NULL, "merge @/1.json @/whole.json -o @/m.json", 2, "are not of one run");
    expect_end(NULL, "merge @/whole.json @/whole.json -o @/m.json", 2, "the case " SMALL " is in");
    expect_end(NULL, "merge @/text.json -o @/m.json", 2, "text.json:2:");
    expect_end(NULL, "merge @/other.json -o @/m.json", 2, "no document of the schema wavegauge/1");
    expect_end(NULL, "merge @/bare.json -o @/m.json", 2, "bare.json: case 1: ");
    expect_end(NULL, "merge @/none.json -o @/m.json", 2, "none.json");
    expect_end(NULL, "merge -o @/m.json", 2, "merge needs the files");
    expect_end(NULL, "merge @/1.json @/2.json", 2, "merge needs -o F");
    cr_assert_neq(access(scratch_path(&scratch, "m.json"), F_OK), 0);
}

Test(gate, merge_ends_as_the_run)
{
    expect_end("shifted", "run --json @/bad.json " SMALL, 1, "");
    expect_end(NULL, "run --json @/good.json buffer_copy", 0, "");
    expect_end("shifted", "run --fail-fast --shard 1/1 --json @/part.json weighted_matmul", 1, "");
    expect_end(NULL, "merge @/bad.json @/good.json -o @/m.json", 1, "wavegauge run --device emu");
    expect_end(NULL, "merge @/good.json -o @/m.json --require 20", 0, "");
    expect_end(NULL, "merge @/good.json -o @/m.json --require 2000", 4, "--require asks for 2000");
    scratch_write(&scratch, "empty.json",
                  "{\"schema\": \"wavegauge/1\", \"environment\": {}, \"cases\": []}");
    expect_end(NULL, "merge @/empty.json -o @/m.json", 4, "no case ran");
    // A shard whose run was cut short must not look like the whole.
    json_t *good = load("good.json");
    json_object_set_new(
        good, "shard",
        json_pack("{s:i, s:i, s:i, s:[]}", "index", 1, "count", 1, "of", 90, "numbers"));
    json_t *numbers = json_object_get(json_object_get(good, "shard"), "numbers");
    for (size_t i = 0; i < json_array_size(cases_of(good)); i++)
        json_array_append_new(numbers, json_integer((json_int_t)i));
    cr_assert_eq(json_dump_file(good, scratch_path(&scratch, "short.json"), 0), 0);
    json_decref(good);
    expect_end(NULL, "merge @/short.json -o @/m.json", 4, "of the 90 cases of these shards did");
}

static size_t lines_of(const char *name)
{
    struct text text = scratch_read(scratch_path(&scratch, name));
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += text.data[i] == '\n';
    text_free(&text);
    return count;
}

// Starts a run that hangs at its first weighted_matmul, and kills it there.
static void run_and_kill(void)
{
    char json[512], journal[512];
    snprintf(json, sizeof json, "%s", scratch_path(&scratch, "r.json"));
    snprintf(journal, sizeof journal, "%s", scratch_path(&scratch, "r.json.journal"));
    setenv("WAVEGAUGE_DEVICE_LIBRARY", TEST_FAKE_HIP, 1);
    setenv("WAVEGAUGE_HIPCC", TEST_FAKE_HIPCC, 1);
    setenv("WAVEGAUGE_CACHE", scratch_path(&scratch, "cache"), 1);
    setenv("FAKE_HIP_MISTAKE", "hang", 1);
    fflush(NULL);
    pid_t process = fork();
    if (process == 0) {
        freopen("/dev/null", "w", stdout);
        execl(TEST_WAVEGAUGE, TEST_WAVEGAUGE, "run", "--timeout", "0", "--json", json,
              "buffer_copy", "weighted_matmul/f32", (char *)NULL);
        _exit(126);
    }
    // All copies, the header and the environment.
    while (access(journal, F_OK) != 0 || lines_of("r.json.journal") < 34)
        usleep(10000);
    kill(process, SIGKILL);
    cr_assert_eq(waitpid(process, NULL, 0), process);
    cr_assert_neq(access(json, F_OK), 0);
}

#define KILLED "run --resume --json @/r.json buffer_copy weighted_matmul/f32"

Test(gate, a_killed_run_is_continued)
{
    expect_end(NULL, "run --json @/all.json buffer_copy weighted_matmul/f32", 0, "");
    run_and_kill();
    size_t lines = lines_of("r.json.journal");
    // With this mistake a copy that ran again would fail.
    expect_end("write beside", KILLED, 0, " passed, 0 failed");
    cr_assert_neq(access(scratch_path(&scratch, "r.json.journal"), F_OK), 0);
    json_t *all = load("all.json"), *resumed = load("r.json");
    cr_assert_geq(lines, 34);
    forget_times(all);
    forget_times(resumed);
    cr_assert(json_equal(all, resumed));
    json_decref(all);
    json_decref(resumed);
    // The journal is gone: a new run.
    expect_end("write beside", KILLED, 1, " failed");
}

static void append_to_journal(const char *text)
{
    FILE *stream = fopen(scratch_path(&scratch, "r.json.journal"), "a");
    cr_assert_not_null(stream);
    fputs(text, stream);
    fclose(stream);
}

// Cut in the middle of any line, also the first: what is whole is kept, the rest runs again.
Test(gate, a_torn_last_line_is_dropped)
{
    run_and_kill();
    struct text whole = scratch_read(scratch_path(&scratch, "r.json.journal"));
    append_to_journal("{\"id\": \"weighted_mat");
    expect_end(NULL, KILLED, 0, " passed, 0 failed");
    for (size_t cut = 1; cut < whole.length; cut += whole.length / 5) {
        FILE *stream = fopen(scratch_path(&scratch, "r.json.journal"), "w");
        fwrite(whole.data, 1, cut, stream);
        fclose(stream);
        expect_end(NULL, KILLED, 0, "47 passed, 0 failed");
    }
    text_free(&whole);
}

Test(gate, a_journal_of_another_run_is_refused)
{
    run_and_kill();
    size_t lines = lines_of("r.json.journal");
    expect_end(NULL, KILLED " --seed 2", 2, "is of another --seed");
    expect_end(NULL, KILLED " --arch gfx1030", 2, "is of another --arch");
    expect_end(NULL, KILLED " --shard 1/2", 2, "is of another --shard");
    expect_end(NULL, KILLED " weighted_matmul/f16", 2, "is of another selection");
    expect_end(NULL, "run --resume " SMALL, 2, "--resume needs --json F");
    cr_assert_eq(lines_of("r.json.journal"), lines);
    append_to_journal("damage\n");
    expect_end(NULL, KILLED, 2, "this is no line of a journal of this run");
    scratch_write(&scratch, "r.json.journal", "{\"journal\": \"other/1\"}\n");
    expect_end(NULL, KILLED, 2, "was written by something else");
    struct outcome outcome = run(NULL, KILLED);
    cr_assert_eq(outcome.out.length, 0);
    outcome_free(&outcome);
}

// A run that stops early keeps its journal; its failure is not run again either.
Test(gate, fail_fast_can_be_continued)
{
    expect_end("shifted", "run --fail-fast --json @/r.json weighted_matmul/f32", 1, "");
    cr_assert_eq(access(scratch_path(&scratch, "r.json.journal"), F_OK), 0);
    expect_end(NULL, "run --resume --fail-fast --json @/r.json weighted_matmul/f32", 1,
               "0 passed, 1 failed");
    expect_end(NULL, "run --resume --json @/r.json weighted_matmul/f32", 1, "14 passed, 1 failed");
}

static void write_own(const char *source, const char *function, const char *arguments)
{
    char contents[2048];
    scratch_write(&scratch, "own.hip", source);
    snprintf(contents, sizeof contents,
             "kernel: own\nsource: own.hip\nreference: weighted_matmul\n"
             "dims: {batch: 1, heads: 1, seq_q: 3, seq_k: 5, head_dim: 7}\ndtypes: [f32]\n"
             "tensors:\n"
             "  weights: {io: in, shape: [batch, heads, seq_q, seq_k], fill: softmax}\n"
             "  v: {io: in, shape: [batch, heads, seq_k, head_dim]}\n"
             "  out: {io: out, shape: [batch, heads, seq_q, head_dim]}\n"
             "launches:\n  - function: %s\n    grid: 1\n    block: 1\n"
             "    args: [%s]\n"
             "cases: [{seq_q: 3}, {seq_q: 4}]\n",
             function, arguments);
    scratch_write(&scratch, "own.yaml", contents);
}

#define SIZES "i32 batch, i32 heads, i32 seq_q, i32 seq_k, i32 head_dim"

Test(gate, wrong_kernels_and_arguments_are_refused_before_anything_runs)
{
    static const struct {
        const char *source, *function, *arguments, *part;
    } wrong[] = {
        {"syntax error\n", "weighted_matmul_f32", "weights, v, out, " SIZES,
         "own.yaml:2:9: hipcc does not compile"},
        {"", "not_there", "weights, v, out, " SIZES, "own.yaml:11:15: the kernel 'not_there'"},
        {"", "weighted_matmul_f32", "weights, v, out, i32 batch",
         "own.yaml:11:15: the kernel 'weighted_matmul_f32' takes 8 arguments, found 4"},
        {"", "weighted_matmul_f32", "weights, v, out, " SIZES ", i32 1",
         "own.yaml:14:87: the kernel 'weighted_matmul_f32' takes 8 arguments, found 9"},
        {"", "weighted_matmul_f32", "weights, v, out, out, i32 heads, i32 1, i32 1, i32 1",
         "own.yaml:14:29: argument 4 of the kernel 'weighted_matmul_f32' is a value of 4 bytes, "
         "found a tensor"},
        {"", "weighted_matmul_f32", "weights, v, i32 1, " SIZES,
         "own.yaml:14:24: argument 3 of the kernel 'weighted_matmul_f32' is a pointer of 8 bytes, "
         "found one of 4"},
        {"", "weighted_matmul_f32", "weights, v, out, i32 1, i32 1, i32 1, i64 seq_k, i32 head_dim",
         "own.yaml:14:50: argument 7 of the kernel 'weighted_matmul_f32' is a value of 4 bytes, "
         "found one of 8"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        write_own(wrong[i].source, wrong[i].function, wrong[i].arguments);
        expect_end(NULL, "run " SMALL " @/own.yaml", 2, wrong[i].part);
        struct outcome outcome = run(NULL, "run --json @/r.json -j 4 " SMALL " @/own.yaml");
        cr_expect_eq(outcome.out.length, 0, "%s", text_get(&outcome.out));
        cr_expect_neq(access(scratch_path(&scratch, "r.json"), F_OK), 0);
        cr_expect_neq(access(scratch_path(&scratch, "r.json.journal"), F_OK), 0);
        outcome_free(&outcome);
    }
    write_own("", "weighted_matmul_f32", "weights, v, out, " SIZES);
    expect_end(NULL, "run " SMALL " @/own.yaml", 0, "3 passed, 0 failed");
}

Test(gate, annotations_are_for_github_only)
{
    setenv("GITHUB_WORKSPACE", TEST_SOURCE_FOLDER, 1);
    struct outcome outcome = run("shifted", "run " SMALL);
    cr_expect_null(strstr(text_get(&outcome.out), "::error"));
    outcome_free(&outcome);
    setenv("GITHUB_ACTIONS", "true", 1);
    outcome = run("shifted", "run " SMALL);
    expect_part(&outcome.out, "\n::error file=cases/weighted_matmul.yaml,line=");
    expect_part(&outcome.out, ",title=fail weighted_matmul/f32/batch=1%2Cheads=2%2Cseq_q=4");
    expect_part(&outcome.out, "::'out': ");
    expect_part(&outcome.out, "%0Aagain: wavegauge run ");
    cr_assert_str_eq(last_line(&outcome.out), "0 passed, 1 failed");
    outcome_free(&outcome);
    // Where the device names a line of the kernel, that is the place.
    outcome = run("finding", "run " SMALL);
    expect_part(&outcome.out, "::error file=kernels/fake.hip,line=42,title=fail ");
    outcome_free(&outcome);
    outcome = run(NULL, "run " SMALL);
    cr_expect_null(strstr(text_get(&outcome.out), "::error"));
    outcome_free(&outcome);
}

Test(gate, failures_say_where_and_how_much)
{
    expect_end("off by little", "run " SMALL, 1,
               "'out': 1 of 64 elements wrong, worst out[0, 1, 0, 0] = ");
    expect_end("off by little", "run " SMALL, 1,
               "; that is at batch=0, heads=1, seq_q=0, head_dim=0\n");
    expect_end("off by little", "run " SMALL, 1, " exactly; off by ");
    expect_end("nan", "run " SMALL, 1, "that is at batch=0, heads=1, seq_q=3, head_dim=7");
    expect_end("write beside", "run buffer_copy/u8/bytes=3", 1, "; that is at ceil(");
    // On random data the allowed error is above 0.
    write_own("", "weighted_matmul_f32", "weights, v, out, " SIZES);
    struct text file = scratch_read(scratch_path(&scratch, "own.yaml"));
    text_append(&file, "check: {exact: false}\n");
    scratch_write(&scratch, "own.yaml", text_get(&file));
    text_free(&file);
    struct outcome outcome = run("off by little", "run @/own.yaml");
    const char *allowed = strstr(text_get(&outcome.out), ", allowed ");
    cr_assert_not_null(allowed, "%s", text_get(&outcome.out));
    double bound = strtod(allowed + strlen(", allowed "), NULL);
    cr_assert(bound > 0 && bound < 1e-4, "%g", bound);
    outcome_free(&outcome);
}

Test(gate, the_end_lists_what_failed_and_the_slowest)
{
    struct outcome outcome =
        run("shifted", "run " SMALL " buffer_copy/u8/bytes=3 weighted_matmul/f16/seq_q=3,seq_k=6");
    const char *table = strstr(text_get(&outcome.out), "\nnot passed:\n");
    cr_assert_not_null(table, "%s", text_get(&outcome.out));
    cr_expect(strstr(table, "  fail    " SMALL "\n          'out': ") != NULL, "%s", table);
    cr_expect(strstr(table, "          wavegauge run --device emu --arch gfx1100 --seed 1 '" SMALL
                            "'\n") != NULL,
              "%s", table);
    cr_expect(strstr(table, "weighted_matmul/f16") != NULL);
    cr_expect_null(strstr(table, "fail    buffer_copy"));
    const char *slowest = strstr(table, "\nslowest: ");
    cr_assert_not_null(slowest);
    cr_expect(strstr(slowest, " s\n1 passed, 2 failed\n") != NULL, "%s", slowest);
    outcome_free(&outcome);
    outcome = run(NULL, "run " SMALL);
    cr_expect_null(strstr(text_get(&outcome.out), "not passed"));
    expect_part(&outcome.out, "\nslowest: " SMALL ", ");
    outcome_free(&outcome);
}

Test(gate, require_counts_what_ran)
{
    expect_end(NULL, "run --require 1 " SMALL, 0, "1 passed, 0 failed");
    expect_end(NULL, "run --require 2 " SMALL, 4, "1 cases ran, --require asks for 2");
    expect_end(NULL, "run --shard 2/2 " SMALL, 4, "no case ran");
    expect_end("shifted", "run --require 2 " SMALL, 1, "0 passed, 1 failed");
}

// A result file that is a link is written where it leads to; a device is written to, not replaced.
Test(gate, results_are_written_where_links_lead)
{
    struct stat status;
    scratch_write(&scratch, "real.json", "old");
    cr_assert_eq(symlink("real.json", scratch_path(&scratch, "link.json")), 0);
    cr_assert_eq(symlink("/dev/full", scratch_path(&scratch, "full.json")), 0);
    expect_end(NULL, "run --json @/link.json " SMALL, 0, "1 passed, 0 failed");
    json_decref(load("real.json"));
    cr_assert_eq(lstat(scratch_path(&scratch, "link.json"), &status), 0);
    cr_expect(S_ISLNK(status.st_mode));
    struct outcome outcome = run(NULL, "run --json @/full.json " SMALL);
    cr_expect_neq(outcome.status, 0);
    expect_part(&outcome.errors, "No space left on device");
    expect_part(&outcome.out, "1 passed, 0 failed");
    outcome_free(&outcome);
    cr_assert_eq(lstat(scratch_path(&scratch, "full.json"), &status), 0);
    cr_expect(S_ISLNK(status.st_mode));
    expect_end(NULL, "run --resume --json @/full.json " SMALL, 2, "plain file");
}
