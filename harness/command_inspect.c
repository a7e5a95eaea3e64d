// wavegauge inspect: what a kernel's code takes of the GPU, and what it does there.
#include "commands.h"

#include "file_bytes.h"
#include "inspect_subject.h"
#include "inspection_counters.h"
#include "options.h"
#include "result_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARCH, CASE, FUNCTION, THREADS, LDS, ISA, SEED, JSON, OUTPUT, OPTION_COUNT };

static const struct option_entry table[OPTION_COUNT] = {
    [ARCH] = {"--arch", "GFX",
              "only this target, as for run; unless given, gfx1030, gfx1030:wave64, gfx1100 and "
              "gfx90a, and with a case gfx1100"},
    [CASE] = {"--case", "CASE", "run this case on the emulator and count what it does"},
    [FUNCTION] = {"--function", "GLOB", "only these functions"},
    [THREADS] = {"--threads", "N",
                 "of a workgroup, where no case says; 256 unless given, or what the kernel was "
                 "compiled for when that is less"},
    [LDS] = {"--lds", "BYTES", "that a launch adds, where no case says; 0 unless given"},
    [ISA] = {"--isa", NULL, "show the instructions beside the source"},
    [SEED] = {"--seed", "N", "of the case's input data; 1 unless given"},
    [JSON] = {"--json", "F", "write everything to this file"},
    [OUTPUT] = {"-o", "DIR", "write a page with instructions beside the source to this folder"},
};

static const char usage[] = "inspect KERNEL [options]";
static const char about[] =
    "Says what a kernel takes of the GPU: registers, LDS, scratch, spills, code, how many of its "
    "waves a SIMD holds and what keeps more away, and which instructions it is made of. KERNEL is "
    "the name of a kernel, the path of a case file, of a .hip file or of a code object, or a case "
    "id. With a case it is run on the emulator, and what it does is counted by source line: "
    "instructions, active lanes, bytes asked for and cache lines touched, LDS bank conflicts. "
    "These are facts about the code, not times.";

static const struct command_example examples[] = {
    {"wavegauge inspect topk", "registers, LDS, waves per SIMD and what limits them"},
    {"wavegauge inspect mine.hip --arch gfx90a --isa", "instructions beside the source"},
    {"wavegauge inspect topk --case f32/batch=3,vocab=101,edge=1,repeat=1 -o topk-code",
     "what a case does, line by line, as a page too"},
    {NULL, NULL},
};

static const char exit_status[] =
    "0 done, 1 the case does not run to its end, 2 wrong usage, case file, source or code object, "
    "3 the emulator or the compiler is not there, 4 there is no such case.";

struct inspect_state {
    struct inspect_subject subject;
    struct session session;
    struct inspect_api api;
    struct inspection inspection;
    struct inspection_options options;
};

static bool read_options(struct inspect_state *state, const struct option_values *values,
                         struct error *error)
{
    uint64_t threads, lds, seed;
    if (values->word_count != 1)
        return error_set(error, EXIT_USAGE, "expected one kernel: wavegauge %s", usage);
    if (!option_integer(values, table, THREADS, 1, 1024, 0, &threads, error) ||
        !option_integer(values, table, LDS, 0, 65536, 0, &lds, error) ||
        !option_integer(values, table, SEED, 0, INT64_MAX, 1, &seed, error))
        return false;
    state->options.function = values->values[FUNCTION];
    state->options.threads = (unsigned)threads;
    state->options.dynamic_lds = (unsigned)lds;
    state->session.device_kind = "emu";
    state->session.arch = values->values[ARCH];
    state->session.checks = "none";
    state->session.seed = seed;
    return inspect_subject_find(&state->subject, values->words[0], values->values[CASE], error);
}

static bool add_target(struct inspect_state *state, const char *name, struct error *error)
{
    struct target target;
    struct code_object object;
    if (!target_parse(name, &target, error) ||
        !inspect_subject_build(&state->subject, &target, &object, error))
        return false;
    bool good = inspection_add_target(&state->inspection, &state->api, &object.image, name,
                                      &state->options, error);
    code_object_free(&object);
    return good;
}

// A code object holds some targets; that others are not in it is no mistake.
static bool add_targets_of_object(struct inspect_state *state, struct error *error)
{
    static const char *const names[] = {"gfx1030", "gfx1100", "gfx90a"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!add_target(state, names[i], error) && error->status != EXIT_USAGE)
            return false;
    return state->inspection.target_count > 0;
}

static bool add_targets(struct inspect_state *state, struct error *error)
{
    static const char *const names[] = {"gfx1030", "gfx1030:wave64", "gfx1100", "gfx90a"};
    const char *arch = state->session.arch;
    if (arch != NULL || state->subject.test != NULL)
        return add_target(state, arch != NULL ? arch : "gfx1100", error);
    if (state->subject.object != NULL)
        return add_targets_of_object(state, error);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!add_target(state, names[i], error))
            return false;
    return true;
}

static bool has_kernels(const struct inspect_state *state, struct error *error)
{
    for (size_t i = 0; i < state->inspection.target_count; i++)
        if (state->inspection.targets[i].kernel_count > 0)
            return true;
    return error_set(error, EXIT_NOTHING, "%s has no kernel%s%s", state->inspection.subject,
                     state->options.function != NULL ? " whose name fits " : "",
                     state->options.function != NULL ? state->options.function : "");
}

static bool name_subject(struct inspection *inspection, const char *path, struct error *error)
{
    char *absolute = realpath(path, NULL);
    const char *name = absolute != NULL ? absolute : path;
    inspection->subject = arena_copy_text(&inspection->arena, name, strlen(name));
    free(absolute);
    return inspection->subject != NULL || error_out_of_memory(error);
}

static bool investigate(struct inspect_state *state, struct error *error)
{
    struct inspect_subject *subject = &state->subject;
    state->options.shapes = subject->shapes;
    state->options.shape_count = subject->shape_count;
    state->options.only_shapes = subject->test != NULL;
    if (!name_subject(&state->inspection,
                      subject->object != NULL ? subject->object : subject->source, error) ||
        !session_open(&state->session, error) ||
        !inspect_api_find(&state->session.device, &state->api, error) ||
        !add_targets(state, error) || !has_kernels(state, error))
        return false;
    return subject->test == NULL ||
           inspection_run_case(&state->inspection, &state->inspection.targets[0], &state->api,
                               &state->session, subject->test, error);
}

static bool write_page(const struct inspection *inspection, const char *folder, struct error *error)
{
    struct text page = {0};
    char *path = format_text("%s/index.html", folder);
    inspection_append_page(inspection, &page);
    bool good = (path != NULL && !page.failed) || error_out_of_memory(error);
    good = good && make_folders(folder, error) &&
           file_write_atomically(path, text_get(&page), page.length, error);
    text_free(&page);
    free(path);
    return good;
}

static bool write_json(const struct inspection *inspection, const char *path, struct error *error)
{
    json_t *document = inspection_to_json(inspection);
    bool good =
        document != NULL ? json_write_file(path, document, error) : error_out_of_memory(error);
    json_decref(document);
    return good;
}

static bool show(const struct inspect_state *state, const struct option_values *values,
                 struct error *error)
{
    struct text page = {0};
    inspection_append_terminal(&state->inspection, values->values[ISA] != NULL, &page);
    bool good = !page.failed || error_out_of_memory(error);
    if (good)
        fputs(text_get(&page), stdout);
    text_free(&page);
    if (good && values->values[JSON] != NULL)
        good = write_json(&state->inspection, values->values[JSON], error);
    if (good && values->values[OUTPUT] != NULL)
        good = write_page(&state->inspection, values->values[OUTPUT], error);
    return good;
}

static int run(const struct option_values *values)
{
    struct inspect_state state = {0};
    struct error error = {0};
    bool good = read_options(&state, values, &error) && investigate(&state, &error) &&
                show(&state, values, &error);
    int status = good ? EXIT_PASSED : report_error(&error);
    inspection_free(&state.inspection);
    session_close(&state.session);
    inspect_subject_free(&state.subject);
    return status;
}

const struct command command_inspect = {
    .name = "inspect",
    .brief = "say what a kernel takes of the GPU and what it does there",
    .usage = usage,
    .about = about,
    .table = table,
    .table_count = OPTION_COUNT,
    .examples = examples,
    .exit_status = exit_status,
    .run = run,
};
