// wavegauge history: results over time.
#include "commands.h"

#include "history_add.h"
#include "history_gate.h"
#include "history_plot.h"
#include "history_table.h"
#include "options.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DB, WAIT, COMMON };
enum { HOST = COMMON, COMMIT, DATE, ADD_COUNT };
enum { MACHINE = COMMON, LAST, THRESHOLD, ERROR_THRESHOLD, GATE_COUNT };
enum { JUMPS = GATE_COUNT, OUTPUT, SHOW_COUNT };

enum { GATE_LAST = 10 };

#define COMMON_OPTIONS                                                                             \
    [DB] = {"--db", "F",                                                                           \
            "the history's file; $WAVEGAUGE_HISTORY or one in the home unless given"},             \
    [WAIT] = {"--wait", "S", "seconds to wait for another process that writes; 10 unless given"}

#define READING_OPTIONS                                                                            \
    COMMON_OPTIONS, [MACHINE] = {"--machine", "NAME", "only machines with this in their name"},    \
                    [LAST] = {"--last", "N",                                                       \
                              "of each case; show: 50 runs, gate: 10 unless given"},               \
                    [THRESHOLD] = {"--threshold", "P",                                             \
                                   "smaller differences of time do not matter; 2% unless given"},  \
                    [ERROR_THRESHOLD] = {                                                          \
                        "--error", "P",                                                            \
                        "nor do those of errors, in shares of what is allowed; 10%"}

static const struct option_entry add_table[ADD_COUNT] = {
    COMMON_OPTIONS,
    [HOST] = {"--host", "NAME", "the machine's name, in place of what the results say"},
    [COMMIT] = {"--commit", "ID", "the commit, in the same way"},
    [DATE] = {"--date", "DATE", "the date, in the same way: 2026-11-23T12:00:00Z"},
};
static const struct option_entry gate_table[GATE_COUNT] = {READING_OPTIONS};
static const struct option_entry show_table[SHOW_COUNT] = {
    READING_OPTIONS,
    [JUMPS] = {"--jumps", NULL, "only cases with a jump"},
    [OUTPUT] = {"-o", "DIR", "draw them, too: PNG, SVG, their data and the script (gnuplot)"},
};

static const char add_usage[] = "history add RESULT.json... [options]";
static const char add_about[] =
    "Keeps results of `wavegauge run --json` and `wavegauge bench --json`. One that is there "
    "already is not added again. All files are added, or none when one of them is wrong.";

static const struct command_example add_examples[] = {
    {"wavegauge history add run.json bench.json", "what two commands wrote"},
    {"wavegauge history add --db history.db --host ci run.json", "of machines with changing names"},
    {NULL, NULL},
};

static const char add_exit_status[] =
    "0 they are in the history, 2 wrong usage, files or database.";

static const char show_usage[] = "history show [SELECT...] [options]";
static const char show_about[] =
    "Prints errors and times of cases by date and commit and marks jumps: E-divisive means, with "
    "Student's t test at 1% (docs/history.md). SELECT is a kernel's name, a case id, a glob over "
    "ids, or a case file; all cases unless given.";

static const struct command_example show_examples[] = {
    {"wavegauge history show 'flash_nocausal/f16/*' -o plots", "as tables and as pictures"},
    {"wavegauge history show --jumps", "only what jumped"},
    {NULL, NULL},
};

static const char show_exit_status[] =
    "0 shown, 2 wrong usage or database, 3 gnuplot is not there, 4 nothing to show.";

static const char gate_usage[] = "history gate [SELECT...] [options]";
static const char gate_about[] =
    "Holds the newest run of each machine, and the newest bench, against the last N before it. "
    "Regressions: a case that passed and now fails; an error that is more above the highest than "
    "--error; a time that is slower, as `wavegauge compare` has it, than the median of the runs, "
    "beyond what these differ among themselves.";

static const struct command_example gate_examples[] = {
    {"wavegauge history gate", "the newest against the last ten"},
    {"wavegauge history gate topk --last 20 --threshold 5%", "one kernel, more patiently"},
    {NULL, NULL},
};

static const char gate_exit_status[] =
    "0 no regression, 1 there is one, 2 wrong usage or database, 4 nothing to judge.";

// What show and gate have in common. Zero-initialise; close with view_close.
struct view {
    struct history_store store;
    struct history_filter filter;
    struct history_runs runs;
    struct history_rules rules;
    uint64_t last;
};

static const char *value_of(const struct option_values *values, size_t index)
{
    return values->values[index];
}

static bool read_rules(const struct option_values *values, struct history_rules *rules,
                       struct error *error)
{
    const char *time = value_of(values, THRESHOLD), *errors = value_of(values, ERROR_THRESHOLD);
    *rules = history_usual_rules;
    return (time == NULL || share_parse("--threshold", time, 0, &rules->time, error)) &&
           (errors == NULL || share_parse("--error", errors, 0, &rules->error, error));
}

static bool view_open(struct view *view, const struct option_values *values, uint64_t last,
                      struct error *error)
{
    uint64_t seconds;
    view->filter =
        (struct history_filter){values->words, values->word_count, value_of(values, MACHINE)};
    return read_rules(values, &view->rules, error) &&
           option_integer(values, show_table, LAST, 1, 1000000, last, &view->last, error) &&
           option_integer(values, show_table, WAIT, 0, 1000000, 10, &seconds, error) &&
           history_store_open(&view->store, value_of(values, DB), (unsigned)seconds, error) &&
           history_runs_read(&view->store, &view->filter, &view->runs, error);
}

static void view_close(struct view *view)
{
    history_runs_free(&view->runs);
    history_store_close(&view->store);
}

static bool add_all(const struct option_values *values, struct history_document *documents,
                    struct history_addition *additions, struct history_store *store,
                    struct error *error)
{
    const struct history_origin origin = {value_of(values, HOST), value_of(values, COMMIT),
                                          value_of(values, DATE)};
    uint64_t seconds;
    bool good = values->word_count > 0 ||
                error_set(error, EXIT_USAGE, "history add needs results: %s", add_usage);
    good = good && option_integer(values, add_table, WAIT, 0, 1000000, 10, &seconds, error);
    for (size_t i = 0; good && i < values->word_count; i++)
        good = history_document_read(&documents[i], values->words[i], &origin, error);
    good = good && history_store_begin(store, value_of(values, DB), (unsigned)seconds, error);
    for (size_t i = 0; good && i < values->word_count; i++)
        good = history_add(store, &documents[i], &additions[i], error);
    return good && history_store_commit(store, error);
}

static void print_addition(const struct history_document *document,
                           const struct history_addition *addition)
{
    if (addition->was_there) {
        printf("there already  %s, added on %s\n", document->path, addition->before);
        return;
    }
    printf("added          %s: %s of %s, commit %.11s, %zu cases, on %s%s%s, %s%s\n",
           document->path, document->kind, document->date,
           document->commit[0] != '\0' ? document->commit : "-", document->results.count,
           document->host, document->host[0] != '\0' ? ", " : "",
           document->device_name[0] != '\0' ? document->device_name : document->device,
           document->arch, document->wave64 ? ":wave64" : "");
}

static int add(const struct option_values *values)
{
    struct error error;
    struct history_store store = {0};
    size_t count = values->word_count, added = 0;
    struct history_document *documents = calloc(count + 1, sizeof *documents);
    struct history_addition *additions = calloc(count + 1, sizeof *additions);
    bool good = (documents != NULL && additions != NULL) || error_out_of_memory(&error);
    good = good && add_all(values, documents, additions, &store, &error);
    for (size_t i = 0; good && i < count; i++) {
        print_addition(&documents[i], &additions[i]);
        added += !additions[i].was_there;
    }
    if (good)
        printf("%zu added, %zu there already, in %s\n", added, count - added, store.path);
    history_store_close(&store);
    for (size_t i = 0; documents != NULL && i < count; i++)
        history_document_free(&documents[i]);
    free(documents);
    free(additions);
    return good ? EXIT_PASSED : report_error(&error);
}

struct showing {
    const struct view *view;
    bool only_jumps, draws;
    struct history_plot plot;
    size_t series, jumps;
};

static bool show_series(void *context, const struct history_series *series, struct error *error)
{
    struct showing *showing = context;
    struct history_series shown = history_series_last(series, showing->view->last);
    struct history_jump *jumps = calloc(shown.count, sizeof *jumps);
    if (jumps == NULL)
        return error_out_of_memory(error);
    size_t found = 0;
    bool good = history_jumps_find(&shown, &showing->view->rules, jumps, error);
    for (size_t i = 0; good && i < shown.count; i++)
        found += history_jump_is_there(&jumps[i]);
    if (good && (found > 0 || !showing->only_jumps)) {
        history_table_print(&shown, jumps);
        showing->series++;
        showing->jumps += found;
        good = !showing->draws || history_plot_add(&showing->plot, &shown, jumps, error);
    }
    free(jumps);
    return good;
}

static int show(const struct option_values *values)
{
    struct error error;
    struct view view = {0};
    struct showing showing = {.view = &view,
                              .only_jumps = value_of(values, JUMPS) != NULL,
                              .draws = value_of(values, OUTPUT) != NULL,
                              .plot = {.folder = value_of(values, OUTPUT)}};
    bool good =
        view_open(&view, values, HISTORY_SHOWN_RUNS, &error) &&
        history_series_read(&view.store, &view.filter, &view.runs, show_series, &showing, &error);
    if (good)
        printf("%zu cases shown, %zu jumps\n", showing.series, showing.jumps);
    good = good && (!showing.draws || history_plot_draw(&showing.plot, &error));
    history_plot_free(&showing.plot);
    view_close(&view);
    return good ? EXIT_PASSED : report_error(&error);
}

static int gate(const struct option_values *values)
{
    struct error error;
    struct view view = {0};
    struct history_gate state = {.runs = &view.runs};
    bool good = view_open(&view, values, GATE_LAST, &error);
    if (good) {
        state.rules = view.rules;
        state.last = view.last;
        history_gate_print_runs(&state);
        good = history_series_read(&view.store, &view.filter, &view.runs, history_gate_judge,
                                   &state, &error);
    }
    if (good)
        history_gate_print_summary(&state);
    view_close(&view);
    if (!good)
        return report_error(&error);
    return history_gate_regressions(&state) > 0 ? EXIT_FAILED : EXIT_PASSED;
}

const struct command command_history_add = {
    .name = "history add",
    .brief = "keep results in a file",
    .usage = add_usage,
    .about = add_about,
    .table = add_table,
    .table_count = ADD_COUNT,
    .examples = add_examples,
    .exit_status = add_exit_status,
    .run = add,
};

const struct command command_history_show = {
    .name = "history show",
    .brief = "show results over time, with jumps marked",
    .usage = show_usage,
    .about = show_about,
    .table = show_table,
    .table_count = SHOW_COUNT,
    .examples = show_examples,
    .exit_status = show_exit_status,
    .run = show,
};

const struct command command_history_gate = {
    .name = "history gate",
    .brief = "say whether the newest results are worse",
    .usage = gate_usage,
    .about = gate_about,
    .table = gate_table,
    .table_count = GATE_COUNT,
    .examples = gate_examples,
    .exit_status = gate_exit_status,
    .run = gate,
};
