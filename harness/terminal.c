#include "terminal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_FINDINGS_SHOWN = 4 };

static const char red[] = "\033[31m", green[] = "\033[32m", yellow[] = "\033[33m";
static const char plain[] = "\033[0m";

struct terminal terminal_create(const struct case_list *cases)
{
    const char *no_colour = getenv("NO_COLOR");
    struct terminal terminal = {
        .colour = isatty(STDOUT_FILENO) && (no_colour == NULL || no_colour[0] == '\0'),
        .progress = isatty(STDERR_FILENO),
        .total = cases != NULL ? cases->count : 0,
    };
    for (size_t i = 0; i < terminal.total; i++) {
        size_t length = strlen(cases->cases[i].id);
        if (length > terminal.longest_id)
            terminal.longest_id = length;
    }
    return terminal;
}

void terminal_clear_progress(struct terminal *terminal)
{
    if (terminal->progress_shown)
        fputs("\r\033[K", stderr);
    terminal->progress_shown = false;
}

void terminal_show_progress(struct terminal *terminal, const char *id, size_t number)
{
    if (!terminal->progress)
        return;
    terminal_clear_progress(terminal);
    fprintf(stderr, "[%zu/%zu] %.100s", number + 1, terminal->total, id);
    fflush(stderr);
    terminal->progress_shown = true;
}

static const char *status_colour(const struct terminal *terminal, enum status status)
{
    if (!terminal->colour)
        return "";
    return status == STATUS_PASS ? green : status == STATUS_SKIP ? yellow : red;
}

// A report of several lines, each moved to the right.
static void print_indented(const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        printf("        %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

static void print_finding(const struct finding *finding)
{
    if (finding->severity != SEVERITY_ERROR)
        printf("        %s, which does not fail the case:\n", severity_name(finding->severity));
    print_indented(finding->text);
    if (finding->count > 1)
        printf("        seen %" PRIu64 " times\n", finding->count);
}

// Errors first. Also of cases that pass: a warning there may be tomorrow's failure.
static void print_findings(const struct result *result)
{
    size_t shown = 0;
    for (int severity = SEVERITY_ERROR; severity <= SEVERITY_NOTE; severity++) {
        for (size_t i = 0; i < result->finding_count && shown < MAX_FINDINGS_SHOWN; i++) {
            if (result->findings[i].severity != (enum severity)severity)
                continue;
            print_finding(&result->findings[i]);
            shown++;
        }
    }
    if (result->finding_count > shown)
        printf("        and %zu more findings\n", result->finding_count - shown);
    for (size_t i = 0; i < result->suppression_count; i++) {
        const struct suppressed *entry = &result->suppressions[i];
        char line[32] = "";
        if (entry->line > 0)
            snprintf(line, sizeof line, " line %d", entry->line);
        if (entry->matched > 0)
            printf("        suppressed %" PRIu64 " times: %s in %s%s: %s\n", entry->matched,
                   entry->check, entry->function, line, entry->reason);
    }
}

static void print_pattern(const struct pattern *pattern)
{
    struct text text = {0};
    pattern_describe(pattern, true, &text);
    print_indented(text_get(&text));
    text_free(&text);
}

static void print_failure(const struct result *result, const char *about)
{
    print_indented(result->message);
    print_pattern(&result->pattern);
    if (about[0] != '\0')
        printf("        this case is there for: %s\n", about);
    print_findings(result);
    printf("        again: %s\n", result->repro);
}

void terminal_print_result(struct terminal *terminal, const struct result *result,
                           const char *about)
{
    terminal_clear_progress(terminal);
    printf("%s%-7s%s %-*s", status_colour(terminal, result->status), status_name(result->status),
           terminal->colour ? plain : "", (int)terminal->longest_id, result->id);
    if (result->status == STATUS_PASS && result->tolerance_ratio > 0)
        printf("  error %.3f of what is allowed", result->tolerance_ratio);
    else if (result->status == STATUS_PASS)
        printf("  exact");
    putchar('\n');
    if (result->status != STATUS_PASS)
        print_failure(result, about);
    else
        print_findings(result);
    fflush(stdout);
}

static void print_failed_row(const struct terminal *terminal, const struct result *result)
{
    printf("  %s%-7s%s %s\n", status_colour(terminal, result->status), status_name(result->status),
           terminal->colour ? plain : "", result->id);
    printf("          %.*s\n", (int)strcspn(result->message, "\n"), result->message);
    printf("          %s\n", result->repro);
}

static bool did_not_pass(const struct result *result)
{
    return result != NULL && result->status != STATUS_PASS && result->status != STATUS_SKIP;
}

void terminal_print_closing(struct terminal *terminal, struct result *const *results, size_t count)
{
    const struct result *slowest = NULL;
    size_t failed = 0;
    terminal_clear_progress(terminal);
    for (size_t i = 0; i < count; i++) {
        failed += did_not_pass(results[i]);
        if (results[i] != NULL &&
            (slowest == NULL || results[i]->wall_seconds > slowest->wall_seconds))
            slowest = results[i];
    }
    if (failed > 0)
        printf("\nnot passed:\n");
    for (size_t i = 0; i < count; i++) {
        if (did_not_pass(results[i]))
            print_failed_row(terminal, results[i]);
    }
    if (slowest != NULL)
        printf("%sslowest: %s, %.2f s\n", failed > 0 ? "\n" : "", slowest->id,
               slowest->wall_seconds);
}

void terminal_print_summary(struct terminal *terminal, const struct summary *summary)
{
    terminal_clear_progress(terminal);
    size_t not_passed = summary_not_passed(summary);
    const char *colour = !terminal->colour ? "" : not_passed > 0 ? red : green;
    printf("%s%zu passed, %zu failed", colour, summary->passed, not_passed);
    if (summary->skipped > 0)
        printf(", %zu skipped", summary->skipped);
    printf("%s\n", terminal->colour ? plain : "");
    fflush(stdout);
}
