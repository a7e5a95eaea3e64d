// An inspection as one file of HTML that needs nothing else: no script, no picture, no network.
#include "inspection.h"

#include "inspection_lines.h"
#include "inspection_listing.h"
#include "place.h"
#include "xml.h"

#include <inttypes.h>
#include <string.h>

static const char head[] = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width\">\n<title>";
static const char style[] =
    "</title>\n<style>\n"
    "body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:100em;padding:0 1em;"
    "color:#222;background:#fff}\n"
    "table{border-collapse:collapse;margin:.5em 0}\n"
    "th,td{padding:.15em .6em;text-align:left;vertical-align:top;border-bottom:1px solid #e4e4e4}\n"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\n"
    "td.c{font:13px/1.45 ui-monospace,monospace;white-space:pre-wrap}\n"
    "tr.hot td{background:#fff0d6}\n"
    "summary{cursor:pointer;font-weight:600;margin:.6em 0}\n"
    ".bar{display:inline-block;height:.7em;background:#c26a00}\n"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}"
    "th,td{border-color:#3a3a3a}tr.hot td{background:#3d2c0c}}\n"
    "</style></head><body>\n";

static void append_cell(struct text *page, uint64_t value)
{
    text_append(page, "<td class=\"n\">%" PRIu64 "</td>", value);
}

static void append_facts(const struct inspected_kernel *kernel, struct text *page)
{
    const struct wavegauge_kernel *facts = &kernel->facts;
    const uint64_t numbers[] = {facts->lanes,
                                facts->vgprs,
                                facts->agprs,
                                facts->sgprs,
                                (uint64_t)facts->lds_bytes + kernel->dynamic_lds,
                                facts->scratch_bytes,
                                (uint64_t)facts->vgpr_spills + facts->sgpr_spills,
                                facts->code_bytes,
                                kernel->threads};
    text_append(page, "<tr><td>");
    xml_append_escaped(page, facts->name);
    text_append(page, "</td>");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        append_cell(page, numbers[i]);
    text_append(page, "<td class=\"n\">");
    append_waves(page, &kernel->occupancy);
    text_append(page, "</td><td>%s%s</td></tr>\n",
                kernel->occupancy.workgroups > 0 ? limits_text(&kernel->occupancy)
                                                 : "the workgroup fits nowhere",
                kernel->assumed ? " (workgroup size assumed)" : "");
}

static void append_fact_table(const struct inspected_target *target, struct text *page)
{
    static const char *const columns[] = {"wave",    "VGPRs",  "AGPRs", "SGPRs",     "LDS",
                                          "scratch", "spills", "code",  "workgroup", "waves/SIMD"};
    text_append(page, "<table><tr><th>kernel</th>");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        text_append(page, "<th class=\"n\">%s</th>", columns[i]);
    text_append(page, "<th>limited by</th></tr>\n");
    for (size_t i = 0; i < target->kernel_count; i++)
        append_facts(&target->kernels[i], page);
    text_append(page, "</table>\n");
}

static void append_kind_row(const char *name, uint64_t code, uint64_t executed, uint64_t most,
                            bool counted, struct text *page)
{
    text_append(page, "<tr><td>%s</td>", name);
    append_cell(page, code);
    if (counted)
        append_cell(page, executed);
    uint64_t value = counted ? executed : code;
    text_append(page, "<td><span class=\"bar\" style=\"width:%.1fem\"></span></td></tr>\n",
                most > 0 ? 20 * (double)value / (double)most : 0);
}

static void append_mix(const struct inspected_kernel *kernel, bool counted, struct text *page)
{
    uint64_t code[WAVEGAUGE_KIND_COUNT], executed[WAVEGAUGE_KIND_COUNT], most = 0;
    inspected_kernel_mix(kernel, code);
    inspected_kernel_sum(kernel, executed);
    for (size_t i = 0; i < WAVEGAUGE_KIND_COUNT; i++) {
        uint64_t value = counted ? executed[i] : code[i];
        most = value > most ? value : most;
    }
    text_append(page,
                "<table><tr><th>instructions</th><th class=\"n\">in the code</th>%s<th></th>"
                "</tr>\n",
                counted ? "<th class=\"n\">executed by waves</th>" : "");
    for (size_t i = 0; i < WAVEGAUGE_KIND_COUNT; i++)
        if (code[i] > 0)
            append_kind_row(kind_name(i), code[i], executed[i], most, counted, page);
    text_append(page, "</table>\n");
}

static void append_sums(const struct inspected_target *target,
                        const struct inspected_kernel *kernel, struct text *page)
{
    struct wavegauge_counters sum = inspected_kernel_sum(kernel, NULL);
    text_append(page,
                "<p>Counted on the emulator, not timed: %" PRIu64 " instructions of waves, %.1f%% "
                "of their lanes active; %" PRIu64 " bytes of global memory asked for in %" PRIu64
                " cache lines of %u bytes; %" PRIu64 " bytes of LDS in %" PRIu64 " passes, %" PRIu64
                " of them by bank conflicts; %" PRIu64 " bytes of scratch.</p>\n",
                sum.executed,
                sum.lanes > 0 ? 100 * (double)sum.active_lanes / (double)sum.lanes : 0, sum.bytes,
                sum.lines, target->rules.line_bytes, sum.lds_bytes, sum.lds_passes,
                sum.lds_conflicts, sum.scratch_bytes);
}

// "91% of the cache lines" for a tenth of anything and more.
static bool append_shares(const struct wavegauge_counters *counters,
                          const struct wavegauge_counters *sum, struct text *page)
{
    bool any = false;
    for (size_t i = 0; i < LINE_METRICS; i++) {
        uint64_t part = metric_value(i, counters);
        uint64_t whole = metric_value(i, sum);
        if (whole == 0 || (double)part < 0.1 * (double)whole)
            continue;
        text_append(page, "%s%.0f%% %s", any ? "<br>" : "", 100 * (double)part / (double)whole,
                    line_metrics[i].cause);
        any = true;
    }
    return any;
}

static void append_instructions(const struct inspected_lines *lines,
                                const struct inspected_line *line, struct text *page)
{
    text_append(page, "<td class=\"c\">");
    for (size_t i = 0; i < line->count; i++) {
        const struct inspected_instruction *instruction = lines->order[line->first + i];
        text_append(page, "%6" PRIx64 "  ", instruction->address);
        xml_append_escaped(page, instruction->text);
        text_append(page, "\n");
    }
    text_append(page, "</td>");
}

static void append_line_row(const struct inspected_lines *lines, const struct inspected_line *line,
                            const struct source_file *source, const struct wavegauge_counters *sum,
                            struct text *page)
{
    struct text shares = {0};
    int length;
    const char *words = source_file_line(source, line->line, &length);
    bool hot = sum != NULL && append_shares(&line->counters, sum, &shares);
    text_append(page, "<tr%s><td class=\"n\">%d</td><td class=\"c\">", hot ? " class=\"hot\"" : "",
                line->line);
    xml_append_escaped_bytes(page, words, (size_t)length);
    text_append(page, "</td>");
    append_instructions(lines, line, page);
    if (sum != NULL) {
        append_cell(page, line->counters.executed);
        append_cell(page, line->counters.bytes);
        append_cell(page, line->counters.lines);
        append_cell(page, line->counters.lds_conflicts);
        text_append(page, "<td class=\"n\">%.0f%%</td><td>%s</td>",
                    line->counters.lanes > 0
                        ? 100 * (double)line->counters.active_lanes / (double)line->counters.lanes
                        : 0,
                    text_get(&shares));
    }
    text_append(page, "</tr>\n");
    text_free(&shares);
}

static void append_file_head(const char *file, bool counted, struct text *page)
{
    text_append(page, "<tr><th></th><th>");
    xml_append_escaped(page, file[0] != '\0' ? shown_path(file) : "(no source line)");
    text_append(page, "</th><th>instructions</th>%s</tr>\n",
                counted ? "<th class=\"n\">executed</th><th class=\"n\">bytes</th>"
                          "<th class=\"n\">cache lines</th><th class=\"n\">conflicts</th>"
                          "<th class=\"n\">lanes</th><th>this line causes</th>"
                        : "");
}

static void append_lines(const struct inspected_kernel *kernel, bool counted, struct text *page)
{
    struct inspected_lines lines;
    struct source_file source = {0};
    struct wavegauge_counters sum = inspected_kernel_sum(kernel, NULL);
    if (!inspected_lines_create(&lines, kernel)) {
        page->failed = true;
        return;
    }
    text_append(page, "<details><summary>instructions beside the source</summary><table>\n");
    for (size_t i = 0; i < lines.count && !page->failed; i++) {
        const struct inspected_line *line = &lines.lines[i];
        if (i == 0 || strcmp(lines.lines[i - 1].file, line->file) != 0) {
            source_file_free(&source);
            page->failed |= !source_file_read(&source, line->file);
            append_file_head(line->file, counted, page);
        }
        append_line_row(&lines, line, &source, counted ? &sum : NULL, page);
    }
    text_append(page, "</table></details>\n");
    source_file_free(&source);
    inspected_lines_free(&lines);
}

static void append_target(const struct inspected_target *target, bool counted, struct text *page)
{
    text_append(page, "<h2>%s</h2>\n", target->name);
    append_fact_table(target, page);
    for (size_t i = 0; i < target->kernel_count; i++) {
        text_append(page, "<h3>");
        xml_append_escaped(page, target->kernels[i].facts.name);
        text_append(page, "</h3>\n");
        if (counted)
            append_sums(target, &target->kernels[i], page);
        append_mix(&target->kernels[i], counted, page);
        append_lines(&target->kernels[i], counted, page);
    }
}

void inspection_append_page(const struct inspection *inspection, struct text *page)
{
    const char *subject = shown_path(inspection->subject);
    text_append(page, "%s", head);
    xml_append_escaped(page, subject);
    text_append(page, "%s<h1>", style);
    xml_append_escaped(page, subject);
    text_append(page, "</h1>\n");
    if (inspection->case_id != NULL) {
        text_append(page, "<p>The case <code>");
        xml_append_escaped(page, inspection->case_id);
        text_append(page, "</code>, seed %" PRIu64 ", run once.</p>\n", inspection->seed);
    }
    text_append(page, "<p>Registers and LDS are those of one wave and one workgroup, scratch is "
                      "bytes of a work-item. Nothing here is a time.</p>\n");
    for (size_t i = 0; i < inspection->target_count; i++)
        append_target(&inspection->targets[i], inspection->case_id != NULL, page);
    text_append(page, "</body></html>\n");
}
