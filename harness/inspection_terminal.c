// An inspection on the terminal: a table of facts, the mix of instructions, what a case did and
// which lines it comes from.
#include "inspection.h"

#include "inspection_lines.h"
#include "inspection_listing.h"
#include "place.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LINES_SHOWN = 5 };

static int widest_name(const struct inspected_target *target)
{
    size_t widest = strlen("kernel");
    for (size_t i = 0; i < target->kernel_count; i++) {
        size_t length = strlen(target->kernels[i].facts.name);
        widest = length > widest ? length : widest;
    }
    return widest < 60 ? (int)widest : 60;
}

void append_waves(struct text *page, const struct wavegauge_occupancy *occupancy)
{
    if (occupancy->simds == 0 || occupancy->waves % occupancy->simds == 0)
        text_append(page, "%u", occupancy->simds > 0 ? occupancy->waves / occupancy->simds : 0);
    else
        text_append(page, "%.2f", (double)occupancy->waves / occupancy->simds);
    text_append(page, " of %u", occupancy->simd_waves);
}

static void append_facts(const struct inspected_kernel *kernel, int width, struct text *page)
{
    const struct wavegauge_kernel *facts = &kernel->facts;
    char stack[32], threads[32];
    struct text waves = {0};
    append_waves(&waves, &kernel->occupancy);
    snprintf(stack, sizeof stack, "%u%s", facts->scratch_bytes, facts->dynamic_stack ? "+" : "");
    snprintf(threads, sizeof threads, "%u%s", kernel->threads, kernel->assumed ? "?" : "");
    text_append(page, "  %-*.*s %5u %5u %5u %6u %7s %6u %6" PRIu64 " %9s  %-10s %s\n", width, width,
                facts->name, facts->vgprs, facts->agprs, facts->sgprs,
                facts->lds_bytes + kernel->dynamic_lds, stack,
                facts->vgpr_spills + facts->sgpr_spills, facts->code_bytes, threads,
                text_get(&waves),
                kernel->occupancy.workgroups > 0 ? limits_text(&kernel->occupancy)
                                                 : "the workgroup fits nowhere");
    text_free(&waves);
}

// "vector 120, scalar 33", the most first.
static void append_kinds(const uint64_t counts[WAVEGAUGE_KIND_COUNT], struct text *page)
{
    bool said[WAVEGAUGE_KIND_COUNT] = {false};
    for (size_t shown = 0; shown < WAVEGAUGE_KIND_COUNT; shown++) {
        size_t most = WAVEGAUGE_KIND_COUNT;
        for (size_t i = 0; i < WAVEGAUGE_KIND_COUNT; i++)
            if (!said[i] && counts[i] > 0 &&
                (most == WAVEGAUGE_KIND_COUNT || counts[i] > counts[most]))
                most = i;
        if (most == WAVEGAUGE_KIND_COUNT)
            break;
        said[most] = true;
        text_append(page, "%s%s %" PRIu64, shown > 0 ? ", " : "", kind_name(most), counts[most]);
    }
}

static void append_target(const struct inspected_target *target, struct text *page)
{
    uint64_t counts[WAVEGAUGE_KIND_COUNT];
    int width = widest_name(target);
    bool assumed = false;
    text_append(page, "\n%s\n", target->name);
    text_append(page, "  %-*s VGPRs AGPRs SGPRs    LDS scratch spills   code workgroup  %-10s %s\n",
                width, "kernel", "waves/SIMD", "limited by");
    for (size_t i = 0; i < target->kernel_count; i++) {
        append_facts(&target->kernels[i], width, page);
        assumed |= target->kernels[i].assumed;
    }
    if (assumed)
        text_append(page, "  ?: no case says how large a workgroup is; --threads N does\n");
    text_append(page, "  instructions in the code:\n");
    for (size_t i = 0; i < target->kernel_count; i++) {
        inspected_kernel_mix(&target->kernels[i], counts);
        text_append(page, "  %-*.*s ", width, width, target->kernels[i].facts.name);
        append_kinds(counts, page);
        text_append(page, "\n");
    }
}

static double percent(uint64_t part, uint64_t whole)
{
    return whole > 0 ? 100 * (double)part / (double)whole : 0;
}

static void append_memory(const struct inspected_target *target,
                          const struct wavegauge_counters *sum, struct text *page)
{
    if (sum->lines > 0)
        text_append(page,
                    "  global memory: %" PRIu64 " bytes asked for, %" PRIu64
                    " cache lines of %u bytes touched (%.1f bytes asked for per line)\n",
                    sum->bytes, sum->lines, target->rules.line_bytes,
                    (double)sum->bytes / (double)sum->lines);
    if (sum->lds_passes > 0)
        text_append(page,
                    "  LDS: %" PRIu64 " bytes in %" PRIu64 " passes over the banks, %" PRIu64
                    " of them (%.1f%%) by conflicts\n",
                    sum->lds_bytes, sum->lds_passes, sum->lds_conflicts,
                    percent(sum->lds_conflicts, sum->lds_passes));
    if (sum->scratch_bytes > 0)
        text_append(page, "  scratch: %" PRIu64 " bytes\n", sum->scratch_bytes);
    if (sum->scalar_bytes > 0)
        text_append(page, "  scalar loads: %" PRIu64 " bytes\n", sum->scalar_bytes);
}

// The line with most of it that has not been said.
static const struct inspected_line *next_line(const struct inspected_lines *lines, size_t metric,
                                              const struct inspected_line *after)
{
    const struct inspected_line *best = NULL;
    for (size_t i = 0; i < lines->count; i++) {
        const struct inspected_line *line = &lines->lines[i];
        uint64_t value = metric_value(metric, &line->counters);
        uint64_t limit = after != NULL ? metric_value(metric, &after->counters) : UINT64_MAX;
        if (value == 0 || value > limit || (value == limit && after != NULL && line <= after))
            continue;
        if (best == NULL || value > metric_value(metric, &best->counters))
            best = line;
    }
    return best;
}

static void append_line(const struct inspected_line *line, uint64_t value, uint64_t whole,
                        struct text *page)
{
    struct source_file file;
    int length = 0;
    const char *source = "";
    bool read = source_file_read(&file, line->file);
    if (read)
        source = source_file_line(&file, line->line, &length);
    while (length > 0 && (*source == ' ' || *source == '\t')) {
        source++;
        length--;
    }
    text_append(page, "    %5.1f%%  %12" PRIu64 "  %s:%d  %.*s\n", percent(value, whole), value,
                line->file[0] != '\0' ? shown_path(line->file) : "(no source line)", line->line,
                length < 70 ? length : 70, source);
    if (read)
        source_file_free(&file);
}

static void append_metric(const struct inspected_lines *lines, size_t metric,
                          const struct wavegauge_counters *sum, struct text *page)
{
    uint64_t whole = metric_value(metric, sum);
    const struct inspected_line *line = NULL;
    if (whole == 0)
        return;
    text_append(page, "  %s, by source line:\n", line_metrics[metric].name);
    for (int i = 0; i < LINES_SHOWN && (line = next_line(lines, metric, line)) != NULL; i++)
        append_line(line, metric_value(metric, &line->counters), whole, page);
}

static void append_counters(const struct inspected_target *target,
                            const struct inspected_kernel *kernel, struct text *page)
{
    uint64_t executed[WAVEGAUGE_KIND_COUNT];
    struct wavegauge_counters sum = inspected_kernel_sum(kernel, executed);
    struct inspected_lines lines;
    if (sum.executed == 0)
        return;
    text_append(page, "\n%s on %s executed\n  instructions of waves: %" PRIu64 ": ",
                kernel->facts.name, target->name, sum.executed);
    append_kinds(executed, page);
    text_append(page, "\n  active lanes: %.1f%% of those that the waves have\n",
                percent(sum.active_lanes, sum.lanes));
    append_memory(target, &sum, page);
    if (!inspected_lines_create(&lines, kernel)) {
        page->failed = true;
        return;
    }
    for (size_t i = 0; i < LINE_METRICS; i++)
        append_metric(&lines, i, &sum, page);
    inspected_lines_free(&lines);
}

void inspection_append_terminal(const struct inspection *inspection, bool isa, struct text *page)
{
    text_append(page, "%s\n", shown_path(inspection->subject));
    for (size_t i = 0; i < inspection->target_count; i++)
        append_target(&inspection->targets[i], page);
    if (inspection->case_id != NULL)
        text_append(page, "\nthe case %s, seed %" PRIu64 ", run once: counted, not timed\n",
                    inspection->case_id, inspection->seed);
    for (size_t i = 0; inspection->case_id != NULL && i < inspection->target_count; i++)
        for (size_t k = 0; k < inspection->targets[i].kernel_count; k++)
            append_counters(&inspection->targets[i], &inspection->targets[i].kernels[k], page);
    for (size_t i = 0; isa && i < inspection->target_count; i++)
        for (size_t k = 0; k < inspection->targets[i].kernel_count; k++)
            append_listing(inspection, &inspection->targets[i], k, page);
}
