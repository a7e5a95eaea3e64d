#include "compiler_findings.h"

#include "device.h"
#include "kernel_build.h"
#include "place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// "path:12:34: note: initialize the variable 'x' to silence this warning" says where the variable
// is declared that the warning before it is about.
static bool take_declaration(struct result *result, const char *line)
{
    const char *note = strstr(line, ": note: initialize the variable '"),
               *number = strchr(line, ':');
    if (note == NULL || number == NULL || number >= note || result->finding_count == 0)
        return note != NULL;
    struct finding *finding = &result->findings[result->finding_count - 1];
    const char *name = strchr(note, '\'') + 1;
    char *text = NULL;
    if (asprintf(&text, "%s\n  declared at %.*s:%d as '%.*s'", finding->text, (int)(number - line),
                 line, atoi(number + 1), (int)strcspn(name, "'"), name) >= 0) {
        free(finding->text);
        finding->text = text;
    }
    return true;
}

// "path:12:34: warning: what is wrong [-Wname]"
static void take_line(struct result *result, const char *line, size_t length, const char *folder)
{
    char text[2048], kind[128] = "";
    snprintf(text, sizeof text, "%.*s", (int)(length < 2000 ? length : 2000), line);
    char *warning = strstr(text, ": warning: ");
    if (take_declaration(result, text))
        return;
    if (warning == NULL || !place_is_in_source(text, folder))
        return;
    char *number = strchr(text, ':');
    char *option = strrchr(warning, '[');
    if (number == NULL || number >= warning)
        return;
    if (option != NULL && option[1] == '-') {
        snprintf(kind, sizeof kind, "%.*s", (int)strcspn(option + 1, ",]"), option + 1);
        option[-1] = '\0';
    }
    struct finding finding = {.check = "compiler",
                              .kind = kind,
                              .severity = SEVERITY_WARNING,
                              .count = 1,
                              .line = atoi(number + 1)};
    *number = '\0';
    finding.file = text;
    finding.text = warning + strlen(": warning: ");
    result_add_finding(result, &finding);
}

struct result *compiler_findings(const struct test_case *test, const char *arch, const char *folder)
{
    struct target target;
    struct text output = {0};
    struct result *result = calloc(1, sizeof *result);
    char *path = realpath(test->file->source, NULL);
    if (result != NULL && path != NULL && target_parse(arch, &target, NULL)) {
        struct kernel_source source = {.path = path,
                                       .arch = target.arch,
                                       .wave64 = target.wave64,
                                       .flag_count = test->file->flag_count,
                                       .flags = test->file->flags};
        if (kernel_source_warnings(&source, &output, NULL)) {
            for (const char *next = text_get(&output); *next != '\0';) {
                size_t length = strcspn(next, "\n");
                take_line(result, next, length, folder);
                next += length + (next[length] == '\n');
            }
        }
    }
    free(path);
    text_free(&output);
    return result;
}
