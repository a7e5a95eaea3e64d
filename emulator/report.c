// Reports of what went wrong on the device, for people and for the report handler.
#include "demangle.h"
#include "describe_address.h"
#include "report.h"
#include "report_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct {
    pthread_mutex_t mutex;
    wavegauge_report_handler handler;
    void *user;
} delivery = {.mutex = PTHREAD_MUTEX_INITIALIZER};

__attribute__((visibility("default"))) void
wavegaugeSetReportHandler(wavegauge_report_handler handler, void *user)
{
    pthread_mutex_lock(&delivery.mutex);
    delivery.handler = handler;
    delivery.user = user;
    pthread_mutex_unlock(&delivery.mutex);
}

// The handler runs without the lock, so that it may set another one.
void report_deliver(const struct wavegauge_report *report)
{
    pthread_mutex_lock(&delivery.mutex);
    wavegauge_report_handler handler = delivery.handler;
    void *user = delivery.user;
    pthread_mutex_unlock(&delivery.mutex);
    report_file_append(report);
    if (handler)
        handler(report, user);
    else
        fputs(report->text, stderr);
}

struct kind_text {
    const char *check, *kind;
};

static struct kind_text kind_text(enum fault_kind kind)
{
    switch (kind) {
    case FAULT_OUT_OF_BOUNDS:
        return (struct kind_text){"memcheck", "out of bounds"};
    case FAULT_MISALIGNED:
        return (struct kind_text){"memcheck", "misaligned"};
    case FAULT_USE_AFTER_FREE:
        return (struct kind_text){"memcheck", "use after free"};
    case FAULT_READ_ONLY:
        return (struct kind_text){"memcheck", "write to read-only memory"};
    case FAULT_UNSUPPORTED:
        return (struct kind_text){"unsupported", "unsupported"};
    case FAULT_ILLEGAL:
        return (struct kind_text){"unsupported", "illegal instruction"};
    case FAULT_TRAP:
        return (struct kind_text){"trap", "trap"};
    case FAULT_TIMEOUT:
        return (struct kind_text){"timeout", "timeout"};
    case FAULT_BARRIER:
        return (struct kind_text){"synccheck", "barrier deadlock"};
    }
    return (struct kind_text){"", ""};
}

static const char *space_name(enum memory_space space)
{
    switch (space) {
    case SPACE_GLOBAL:
        return "global memory";
    case SPACE_LDS:
        return "LDS";
    case SPACE_SCRATCH:
        return "scratch";
    case SPACE_SCALAR:
        return "global memory (scalar load)";
    case SPACE_CODE:
        return "code";
    }
    return "memory";
}

struct place report_place(const struct launch_request *request, uint64_t pc)
{
    struct place place = {.count = 0};
    struct code_object *object = request->kernel->object;
    if (!object || pc - object->code >= object->code_bytes)
        object = code_object_at(pc);
    place.object = object;
    if (object)
        place.count =
            source_lines_find(code_object_lines(object), pc - object->load_offset, place.frames);
    return place;
}

static bool is_toolkit_header(const char *file)
{
    return strncmp(file, "/usr/include/", 13) == 0 || strncmp(file, "/usr/lib/", 9) == 0 ||
           strncmp(file, "/opt/rocm", 9) == 0 || strstr(file, "/lib/clang/") ||
           strstr(file, "/hip/amd_detail/");
}

bool report_has_own_frame(const struct place *place)
{
    const struct source_frame *frame = &place->frames[report_own_frame(place)];
    return place->count && frame->line && !is_toolkit_header(frame->file);
}

unsigned report_own_frame(const struct place *place)
{
    for (unsigned i = 0; i < place->count; i++)
        if (place->frames[i].line && !is_toolkit_header(place->frames[i].file))
            return i;
    return 0;
}

void report_frame(FILE *out, const struct source_frame *frame, bool is_inlined)
{
    char function[512];
    demangle(frame->function, function, sizeof function);
    fprintf(out, "  %s ", is_inlined ? "  inlined at" : "at");
    if (!frame->file[0] || !frame->line)
        fprintf(out, "%s", frame->file[0] ? frame->file : "an unknown line");
    else if (frame->column)
        fprintf(out, "%s:%d:%d", frame->file, frame->line, frame->column);
    else
        fprintf(out, "%s:%d", frame->file, frame->line);
    if (function[0])
        fprintf(out, " in %s", function);
    fputc('\n', out);
}

static void write_head(FILE *out, const struct fault *fault)
{
    struct kind_text names = kind_text(fault->kind);
    fprintf(out, "wavegauge: %s", names.check);
    if (strcmp(names.check, names.kind) != 0)
        fprintf(out, ": %s", names.kind);
    if (fault->is_access)
        fprintf(out, ": %s of %u byte%s %s %s", fault->write ? "write" : "read", fault->size,
                fault->size == 1 ? "" : "s", fault->write ? "to" : "from",
                space_name(fault->space));
    if (fault->text[0])
        fprintf(out, ": %s", fault->text);
    fputc('\n', out);
}

static void write_kernel(FILE *out, const struct launch_request *request, const struct fault *fault)
{
    const char *name = request->kernel->name;
    char plain[512];
    demangle(name, plain, sizeof plain);
    fprintf(out, "  in kernel %s", plain);
    if (strcmp(plain, name) != 0)
        fprintf(out, " [%s]", name);
    fprintf(out, ", block (%u,%u,%u), thread (%u,%u,%u)\n", fault->block[0], fault->block[1],
            fault->block[2], fault->thread[0], fault->thread[1], fault->thread[2]);
}

static void write_instruction(FILE *out, const struct launch_request *request,
                              const struct fault *fault, const struct place *place)
{
    if (fault->instruction[0])
        fprintf(out, "  instruction %s", fault->instruction + strspn(fault->instruction, " \t"));
    else
        fprintf(out, "  instruction");
    uint64_t entry = request->kernel->entry;
    if (!place->object)
        fprintf(out, " at 0x%" PRIx64 ", outside any code\n", fault->pc);
    else if (fault->pc >= entry)
        fprintf(out, " at %s+0x%" PRIx64 "\n", request->kernel->name, fault->pc - entry);
    else
        fprintf(out, " at code offset 0x%" PRIx64 "\n", fault->pc - place->object->code);
}

static void write_fault(FILE *out, const struct launch_request *request, const struct fault *fault,
                        const struct place *place)
{
    write_head(out, fault);
    write_kernel(out, request, fault);
    for (unsigned i = 0; i < place->count; i++)
        report_frame(out, &place->frames[i], i > 0);
    if (place->count == 0)
        fprintf(out, "  no source line: compile with -g to see it\n");
    if (fault->is_access) {
        fprintf(out, "  ");
        describe_address(out, request, fault);
        fputc('\n', out);
        describe_declaration(out, request, fault);
    }
    write_instruction(out, request, fault, place);
}

struct wavegauge_report report_empty(void)
{
    return (struct wavegauge_report){.check = "",
                                     .kind = "",
                                     .severity = "error",
                                     .count = 1,
                                     .kernel = "",
                                     .file = "",
                                     .function = "",
                                     .object = "",
                                     .other_file = "",
                                     .other_function = "",
                                     .text = ""};
}

void report_fault(const struct launch_request *request, const struct fault *fault)
{
    struct place place = report_place(request, fault->pc);
    struct kind_text names = kind_text(fault->kind);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out) {
        write_fault(out, request, fault, &place);
        fclose(out);
    }
    struct wavegauge_report report = report_empty();
    report.check = names.check;
    report.kind = names.kind;
    report.kernel = request->kernel->name;
    report.address = fault->address;
    report.size = fault->size;
    report.text = text ? text : "wavegauge: out of memory for a report\n";
    if (place.count) {
        const struct source_frame *frame = &place.frames[report_own_frame(&place)];
        report.file = frame->file;
        report.function = frame->function;
        report.line = frame->line;
    }
    memcpy(report.block, fault->block, sizeof report.block);
    memcpy(report.thread, fault->thread, sizeof report.thread);
    report_deliver(&report);
    free(text);
}

void report_text(const char *check, const char *kind, const char *kernel, const char *text)
{
    char *whole = NULL;
    if (asprintf(&whole, "wavegauge: %s: %s: %s\n%s%s%s", check, kind, text,
                 kernel[0] ? "  in kernel " : "", kernel, kernel[0] ? "\n" : "") < 0)
        whole = NULL;
    struct wavegauge_report report = report_empty();
    report.check = check;
    report.kind = kind;
    report.kernel = kernel;
    report.text = whole ? whole : text;
    report_deliver(&report);
    free(whole);
}
