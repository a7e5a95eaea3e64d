// The findings of a launch's checks, told line by line of the source.
#include "barrier_place.h"
#include "checks/checks.h"
#include "demangle.h"
#include "describe_address.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>

static const char *severity_name(enum finding_severity severity)
{
    static const char *const names[] = {"error", "warning", "note"};
    return names[severity];
}

// Two findings that one report covers: the same thing on the same lines, in unrolled or inlined
// copies of the code.
static bool same_lines(const struct place *a, const struct place *b)
{
    if (!a->count || !b->count)
        return !a->count && !b->count && a->object == b->object;
    const struct source_frame *first = &a->frames[report_own_frame(a)],
                              *second = &b->frames[report_own_frame(b)];
    return first->line == second->line && strcmp(first->file, second->file) == 0;
}

struct finding_group {
    const struct finding *finding; // the first
    struct place here, other;
    uint64_t count;
    unsigned code_places; // pairs of instructions
    const char *kind, *text;
    bool stores, loads; // racecheck: two that store have met, one that loads and one that stores
};

static struct place place_of(const struct launch_request *request,
                             const struct finding_place *place)
{
    struct place empty = {.count = 0};
    return place->instruction ? report_place(request, place->instruction->address) : empty;
}

static bool races_with_itself(const struct finding *finding, const struct place *here,
                              const struct place *other)
{
    return finding->check == CHECK_RACE && here->count && same_lines(here, other);
}

static bool belongs(const struct finding_group *group, const struct finding *finding,
                    const struct place *here, const struct place *other)
{
    return group->finding->check == finding->check &&
           group->finding->severity == finding->severity && same_lines(&group->here, here) &&
           same_lines(&group->other, other) &&
           (strcmp(group->finding->kind, finding->kind) == 0 ||
            races_with_itself(finding, here, other));
}

// What several threads do to one place by one line, loading it, computing and storing it.
static void judge_update(struct finding_group *group)
{
    if (group->stores && group->loads) {
        group->kind = "write after write";
        group->text = "threads load, change and store the same place, so that updates get lost: it "
                      "needs atomicAdd or another atomic";
    }
}

static size_t group_findings(const struct launch_request *request, const struct findings *findings,
                             struct finding_group *groups)
{
    size_t count = 0;
    for (size_t i = 0; i < findings_count(findings); i++) {
        const struct finding *finding = findings_at(findings, i);
        struct place here = place_of(request, &finding->here);
        struct place other = place_of(request, &finding->other);
        size_t k = 0;
        while (k < count && !belongs(&groups[k], finding, &here, &other))
            k++;
        if (k == count)
            groups[count++] = (struct finding_group){.finding = finding,
                                                     .here = here,
                                                     .other = other,
                                                     .kind = finding->kind,
                                                     .text = finding->text};
        groups[k].count += finding->count;
        groups[k].code_places++;
        if (races_with_itself(finding, &here, &other)) {
            bool stores = finding->here.write && finding->other.write;
            groups[k].stores |= stores;
            groups[k].loads |= !stores;
            judge_update(&groups[k]);
        }
    }
    return count;
}

static void write_side(FILE *out, const struct finding_place *place, const struct place *source,
                       const char *what)
{
    fprintf(out, "  %sblock (%u,%u,%u), thread (%u,%u,%u)\n", what, place->block[0],
            place->block[1], place->block[2], place->thread[0], place->thread[1], place->thread[2]);
    for (unsigned i = 0; i < source->count; i++)
        report_frame(out, &source->frames[i], i > 0);
    if (source->count == 0)
        fprintf(out, "  no source line: compile with -g to see it\n");
}

// What the two sides of a finding have to do with it.
struct side_words {
    const char *here, *other;
};

static struct side_words side_words(const struct finding *finding)
{
    bool different = strcmp(finding->kind, "different barriers") == 0;
    switch (finding->check) {
    case CHECK_SYNC:
        return (struct side_words){"waiting at the barrier: ", different
                                                                   ? "waiting at another one: "
                                                                   : "missing, went another way: "};
    case CHECK_WAIT:
        return (struct side_words){"", "loaded by "};
    case CHECK_INIT:
        return (struct side_words){"", "the value was first read by "};
    default:
        if (!finding->other.instruction)
            return (struct side_words){"", ""};
        return (struct side_words){finding->here.write ? "write by " : "read by ",
                                   finding->other.write ? "against a write by "
                                                        : "against a read by "};
    }
}

// Where the barrier belongs that a race says is missing.
static void write_barrier_place(FILE *out, const struct finding_group *group)
{
    struct barrier_place place;
    if (group->finding->check != CHECK_RACE || !strstr(group->text, "no __syncthreads()") ||
        !barrier_place_find(&group->other, &group->here, &place))
        return;
    fprintf(out, "  a __syncthreads() is missing after %s:%d or before %s:%d\n", place.after_file,
            place.after_line, place.before_file, place.before_line);
}

static struct fault finding_access(const struct finding *finding)
{
    struct fault access = {.is_access = true,
                           .space = finding->space,
                           .write = finding->here.write,
                           .address = finding->address,
                           .size = finding->size};
    memcpy(access.block, finding->here.block, sizeof access.block);
    memcpy(access.thread, finding->here.thread, sizeof access.thread);
    return access;
}

// The variable that holds what nothing has written, or that threads race for.
static void write_declaration(FILE *out, const struct launch_request *request,
                              const struct finding *finding)
{
    const struct finding_source *source = &finding->source;
    const struct finding_place *place =
        finding->other.instruction ? &finding->other : &finding->here;
    struct code_object *object = request->kernel->object;
    struct declared_variable variable;
    const struct fault access = finding_access(finding);
    bool known = false;
    switch (source->kind) {
    case SOURCE_STACK:
        known = declared_on_stack(object, &source->stack, &variable);
        break;
    case SOURCE_REGISTER:
        known = declared_in_register(object, place->instruction->address, source->register_number,
                                     &variable);
        break;
    case SOURCE_LDS:
        known = declared_in_lds(request->kernel, source->address, &variable);
        break;
    default:
        if (finding->has_address)
            describe_declaration(out, request, &access);
        return;
    }
    if (known)
        fprintf(out, "  declared at %s:%d as '%s'\n", variable.file, variable.line, variable.name);
    else if (source->kind == SOURCE_STACK)
        fprintf(out, "  debug information does not name byte %lld of the frame at 0x%llx: %s\n",
                (long long)source->stack.offset, (unsigned long long)source->stack.pc,
                variable.missing);
}

static void write_finding(FILE *out, const struct launch_request *request,
                          const struct finding_group *group, const char *object)
{
    const struct finding *finding = group->finding;
    char kernel[512];
    demangle(request->kernel->name, kernel, sizeof kernel);
    fprintf(out, "wavegauge: %s: %s", check_name(finding->check), group->kind);
    if (finding->severity != FINDING_ERROR)
        fprintf(out, " (%s)", severity_name(finding->severity));
    if (group->text[0])
        fprintf(out, ": %s", group->text);
    fputc('\n', out);
    fprintf(out, "  in kernel %s, seen %llu time%s", kernel, (unsigned long long)group->count,
            group->count == 1 ? "" : "s");
    if (group->code_places > 1)
        fprintf(out, " at %u places of the code", group->code_places);
    fputc('\n', out);
    struct side_words words = side_words(finding);
    write_side(out, &finding->here, &group->here, words.here);
    if (finding->other.instruction)
        write_side(out, &finding->other, &group->other, words.other);
    write_barrier_place(out, group);
    write_declaration(out, request, finding);
    if (object[0])
        fprintf(out, "  %s\n", object);
}

static char *finding_object(const struct launch_request *request, const struct finding *finding)
{
    char *text = NULL;
    size_t size = 0;
    const struct fault access = finding_access(finding);
    if (!finding->has_address)
        return NULL;
    FILE *out = open_memstream(&text, &size);
    if (out) {
        describe_address(out, request, &access);
        fclose(out);
    }
    return text;
}

static void report_group(const struct launch_request *request, const struct finding_group *group)
{
    const struct finding *finding = group->finding;
    char *text = NULL, *object = finding_object(request, finding);
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out) {
        write_finding(out, request, group, object ? object : "");
        fclose(out);
    }
    struct wavegauge_report report = report_empty();
    report.check = check_name(finding->check);
    report.kind = group->kind;
    report.severity = severity_name(finding->severity);
    report.count = group->count;
    report.kernel = request->kernel->name;
    report.address = finding->has_address ? finding->address : 0;
    report.size = finding->size;
    report.object = object ? object : "";
    report.text = text ? text : "wavegauge: out of memory for a report\n";
    if (group->here.count) {
        const struct source_frame *frame = &group->here.frames[report_own_frame(&group->here)];
        report.file = frame->file;
        report.function = frame->function;
        report.line = frame->line;
    }
    if (group->other.count) {
        const struct source_frame *frame = &group->other.frames[report_own_frame(&group->other)];
        report.other_file = frame->file;
        report.other_function = frame->function;
        report.other_line = frame->line;
    }
    memcpy(report.block, finding->here.block, sizeof report.block);
    memcpy(report.thread, finding->here.thread, sizeof report.thread);
    memcpy(report.other_block, finding->other.block, sizeof report.other_block);
    memcpy(report.other_thread, finding->other.thread, sizeof report.other_thread);
    report_deliver(&report);
    free(text);
    free(object);
}

void report_findings(const struct launch_request *request, const struct findings *findings)
{
    size_t count = findings_count(findings);
    if (!count)
        return;
    struct finding_group *groups = calloc(count, sizeof *groups);
    if (!groups) {
        report_text("memory", "out of memory", request->kernel->name,
                    "findings of the checks are lost");
        return;
    }
    count = group_findings(request, findings, groups);
    for (size_t i = 0; i < count; i++)
        report_group(request, &groups[i]);
    free(groups);
}
