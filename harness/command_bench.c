// wavegauge bench: how fast kernels are on a real GPU, and whether they are right at that speed.
#include "commands.h"

#include "bench_case.h"
#include "bench_document.h"
#include "bench_self_test.h"
#include "bench_terminal.h"
#include "options.h"
#include "program_path.h"
#include "result_json.h"
#include "selection.h"
#include "terminal.h"
#include "timing_document.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    DEVICE,
    JSON,
    BASELINE,
    AGAINST,
    PEERS,
    THRESHOLD,
    NOISE,
    TIME,
    LEAST_TIME,
    HOT,
    SEED,
    LIST,
    SELF_TEST,
    OPTION_COUNT
};

static const struct option_entry table[OPTION_COUNT] = {
    [DEVICE] = {"--device", "D", "amd or nvidia"},
    [JSON] = {"--json", "F", "write results, all samples and the environment to this file"},
    [BASELINE] = {"--baseline", "F", "compare with an earlier --json at the end"},
    [AGAINST] = {"--against", "F.hip", "time this version of the kernel in turn, old new new old"},
    [PEERS] = {"--peers", NULL, "time cuBLAS and the driver's copy in turn with what they do too"},
    [THRESHOLD] = {"--threshold", "P", "differences below this do not matter; 2% unless given"},
    [NOISE] = {"--noise", "P", "width of the median's 95% interval to reach; 0.5% unless given"},
    [TIME] = {"--time", "S", "seconds of samples for a case at most; 3 unless given"},
    [LEAST_TIME] = {"--least-time", "S", "seconds of samples at least; 0.3 unless given"},
    [HOT] = {"--hot", NULL, "leave the cache as it is, and one set of buffers"},
    [SEED] = {"--seed", "N", "of the input data; 1 unless given"},
    [LIST] = {"--list", NULL, "show the cases that would be timed"},
    [SELF_TEST] = {"--self-test", NULL, "time kernels of known duration and noise instead"},
};

static const char usage[] = "bench [SELECT...] --device D [options]";
static const char about[] =
    "Times the shapes under `bench` of the case files on a GPU, by the device's own events, with "
    "the cache flushed, until the noise is low enough; a wrong result before or after is a "
    "failure. Each line: median, half the width of its 95% interval, share of what a copy and what "
    "arithmetic reach on this device in the same run, and which of them binds. docs/benchmarks.md "
    "explains it.";

static const struct command_example examples[] = {
    {"wavegauge bench --device nvidia --json now.json --baseline before.json",
     "against an earlier result"},
    {"wavegauge bench weighted_matmul/f32 --device nvidia --against new_version.hip",
     "two versions in turn"},
    {"wavegauge bench weighted_matmul buffer_copy --device nvidia --peers",
     "beside cuBLAS and the driver's copy"},
    {NULL, NULL},
};

static const char exit_status[] =
    "0 all timed and right (and nothing slower), 1 a case failed or is slower, 2 wrong usage or "
    "case file, 3 the device or the compiler is not there, 4 nothing was timed.";

struct state {
    struct bench bench;
    struct selection selection;
    struct bench_terminal terminal;
    struct bench_record *records;
    size_t record_count;
    struct summary summary;
    const char *json_path, *baseline_path;
    struct timing_document baseline;
    bool slower;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

static bool parse_seconds(const struct option_values *values, size_t option, double otherwise,
                          double *seconds, struct error *error)
{
    const char *text = values->values[option];
    char *end;
    *seconds = otherwise;
    if (text == NULL)
        return true;
    *seconds = strtod(text, &end);
    if (end == text || *end != '\0' || !(*seconds >= 0) || *seconds > 86400)
        return error_set(error, EXIT_USAGE, "%s %s: expected seconds, like 3 or 0.5",
                         table[option].name, text);
    return true;
}

static bool parse_share(const struct option_values *values, size_t option, double otherwise,
                        double *share, struct error *error)
{
    *share = otherwise;
    return values->values[option] == NULL ||
           share_parse(table[option].name, values->values[option], 0, share, error);
}

static bool check_device(const char *device, struct error *error)
{
    if (device == NULL || strcmp(device, "emu") == 0)
        return error_set(error, EXIT_USAGE,
                         "bench needs a real GPU, --device amd or --device nvidia: what the "
                         "emulator takes says nothing of a kernel's speed, so nothing is ever "
                         "timed on it");
    return true;
}

static bool read_options(struct state *state, const struct option_values *values,
                         struct error *error)
{
    struct bench_options *options = &state->bench.options;
    if (!option_integer(values, table, SEED, 0, INT64_MAX, 1, &options->seed, error) ||
        !parse_share(values, THRESHOLD, 0.02, &options->threshold, error) ||
        !parse_share(values, NOISE, 0.005, &options->noise, error) ||
        !parse_seconds(values, TIME, 3, &options->most_seconds, error) ||
        !parse_seconds(values, LEAST_TIME, 0.3, &options->least_seconds, error))
        return false;
    options->hot = values->values[HOT] != NULL;
    options->against = values->values[AGAINST];
    if (options->against != NULL && access(options->against, R_OK) != 0)
        return error_set(error, EXIT_USAGE, "--against: cannot read %s", options->against);
    state->bench.peers.wanted = values->values[PEERS] != NULL;
    if (state->bench.peers.wanted && options->against != NULL)
        return error_set(error, EXIT_USAGE,
                         "--peers and --against each time a second thing in turn with the kernel; "
                         "give one of them");
    state->json_path = values->values[JSON];
    state->baseline_path = values->values[BASELINE];
    state->bench.session.device_kind = values->values[DEVICE];
    state->bench.session.seed = options->seed;
    return state->baseline_path == NULL ||
           timing_document_read(&state->baseline, state->baseline_path, error);
}

// The timer's own kernels lie with the others, and are built for the device as these are.
static bool open_timer(struct bench *bench, hipModule_t *module, struct error *error)
{
    char path[4200];
    size_t length;
    struct code_object object;
    struct kernel_source source = {.path = path, .arch = bench->session.device.arch};
    if (!program_cases_folder(path, 4096))
        return error_set(error, EXIT_MISSING,
                         "the folder of case files is not there: set WAVEGAUGE_CASES to it");
    length = strlen(path);
    snprintf(path + length, sizeof path - length, "/../kernels/fma_rate.hip");
    if (!code_object_build(&source, &object, error))
        return false;
    bool good = HIP_CALL(&bench->session.device, error,
                         hipModuleLoadData(module, text_get(&object.image))) &&
                device_timer_open(&bench->timer, &bench->session.device, *module, error);
    code_object_free(&object);
    return good || error_prefix(error, "what times kernels does not work here: ");
}

static void on_progress(size_t samples, double noise, void *user)
{
    struct state *state = user;
    bench_terminal_progress(&state->terminal, samples, noise);
}

static bool time_cases(struct state *state, struct error *error)
{
    const struct case_list *cases = &state->selection.cases;
    state->terminal = bench_terminal_create(cases);
    state->bench.on_progress = on_progress;
    state->bench.user = state;
    state->records = calloc(cases->count + 1, sizeof *state->records);
    if (state->records == NULL)
        return error_out_of_memory(error);
    bool going_on = true;
    for (size_t i = 0; i < cases->count && going_on && interrupted == 0; i++) {
        struct bench_record *record = &state->records[state->record_count++];
        struct error case_error = {0};
        state->terminal.id = cases->cases[i].id;
        bench_terminal_progress(&state->terminal, 0, 0);
        going_on = bench_case_run(&state->bench, &cases->cases[i], record, &case_error);
        if (record->result == NULL)
            return error_out_of_memory(error);
        summary_add(&state->summary, record->result->status);
        bench_terminal_print(&state->terminal, record, state->bench.options.threshold);
        state->slower = state->slower || (record->has_ratio && record->verdict == TIMING_SLOWER);
        if (!going_on && case_error.status == EXIT_MISSING) {
            *error = case_error;
            return false;
        }
    }
    if (!going_on)
        fprintf(stderr,
                "wavegauge: the device failed and is of no more use to this run; %zu of %zu cases "
                "were not timed\n",
                cases->count - state->record_count, cases->count);
    return true;
}

static bool finish(struct state *state, struct error *error)
{
    json_t *document =
        bench_document_create(&state->bench, &state->summary, state->records, state->record_count);
    bool good = document != NULL || error_out_of_memory(error);
    if (good && state->json_path != NULL)
        good = json_write_file(state->json_path, document, error);
    if (good && state->baseline_path != NULL) {
        struct timing_document now = {0};
        struct timing_counts counts = {0};
        printf("against %s:\n", state->baseline_path);
        good = timing_document_take(&now, "this run", document, error) &&
               timing_documents_compare(&state->baseline, &now, state->bench.options.threshold,
                                        &counts, error);
        state->slower = state->slower || counts.verdicts[TIMING_SLOWER] > 0;
        timing_document_free(&now);
    }
    json_decref(document);
    return good;
}

// What has no peer is timed alone.
static bool open_peers(struct state *state, struct error *error)
{
    const struct case_list *cases = &state->selection.cases;
    size_t counts[3] = {0};
    for (size_t i = 0; i < cases->count; i++)
        counts[peer_of(cases->cases[i].file, state->bench.session.device_kind)]++;
    if (counts[PEER_COPY] + counts[PEER_PRODUCT] == 0)
        fprintf(stderr, "wavegauge: --peers: none of these kernels has a peer on this device\n");
    return peers_open(&state->bench.peers, &state->bench.timer, counts[PEER_PRODUCT] > 0, error);
}

static int run_cases(struct state *state, struct error *error)
{
    struct terminal terminal = terminal_create(NULL);
    if (state->bench.peers.wanted && !open_peers(state, error))
        return report_error(error);
    if (!ceilings_measure(&state->bench.timer, &state->bench.ceilings, error))
        return report_error(error);
    bench_terminal_print_device(&state->bench);
    if (!time_cases(state, error) || !finish(state, error))
        return report_error(error);
    terminal_print_summary(&terminal, &state->summary);
    if (interrupted != 0)
        return 128 + (int)interrupted;
    int status = (int)summary_exit_status(&state->summary, 0);
    bool unfinished = state->record_count < state->selection.cases.count;
    return status == EXIT_PASSED && (state->slower || unfinished) ? EXIT_FAILED : status;
}

static int run_self_test(struct state *state, struct error *error)
{
    size_t failed;
    if (!bench_self_test(&state->bench.timer, &failed, error))
        return report_error(error);
    printf("self-test: %zu wrong\n", failed);
    return failed > 0 ? EXIT_FAILED : EXIT_PASSED;
}

static int run_on_device(struct state *state, bool self_test, struct error *error)
{
    hipModule_t module = NULL;
    struct session *session = &state->bench.session;
    if (!session_open(session, error))
        return report_error(error);
    int status;
    signal(SIGINT, on_signal);
    if (!open_timer(&state->bench, &module, error))
        status = report_error(error);
    else
        status = self_test ? run_self_test(state, error) : run_cases(state, error);
    peers_close(&state->bench.peers);
    if (state->bench.timer.device != NULL)
        device_timer_close(&state->bench.timer);
    if (module != NULL)
        session->device.api.hipModuleUnload(module);
    session_close(session);
    return status;
}

static int bench(const struct option_values *values)
{
    struct state *state = calloc(1, sizeof *state);
    struct error error = {0};
    int status;
    if (state == NULL) {
        error_out_of_memory(&error);
        return report_error(&error);
    }
    bool list = values->values[LIST] != NULL, self_test = values->values[SELF_TEST] != NULL;
    if ((!list && !check_device(values->values[DEVICE], &error)) ||
        !read_options(state, values, &error) ||
        (!self_test &&
         !selection_create_for_bench(&state->selection, values->words, values->word_count, &error)))
        status = report_error(&error);
    else if (!list)
        status = run_on_device(state, self_test, &error);
    else {
        for (size_t i = 0; i < state->selection.cases.count; i++)
            printf("%s\n", state->selection.cases.cases[i].id);
        status = EXIT_PASSED;
    }
    for (size_t i = 0; i < state->record_count; i++)
        bench_record_free(&state->records[i]);
    free(state->records);
    timing_document_free(&state->baseline);
    selection_free(&state->selection);
    free(state);
    return status;
}

const struct command command_bench = {
    .name = "bench",
    .brief = "time kernels on a real GPU",
    .usage = usage,
    .about = about,
    .table = table,
    .table_count = OPTION_COUNT,
    .examples = examples,
    .exit_status = exit_status,
    .run = bench,
};
