#include "report_plot.h"

#include "case_words.h"
#include "json_value.h"

#include <math.h>
#include <string.h>

enum { MAX_SERIES = 48 };

// What one line of the legend stands for. Of all kernels behind the last: that one.
struct series {
    const char *kernel, *dtype; // dtype NULL: any
};

// Appends the lines of a case, if it has any.
typedef void append_points(const struct report *report, const struct report_case *entry,
                           struct text *data);

static bool belongs(const struct series *series, const struct report_case *entry)
{
    return strcmp(series->kernel, entry->kernel) == 0 &&
           (series->dtype == NULL || strcmp(series->dtype, entry->dtype) == 0);
}

static size_t list_series(const struct report *report, bool by_dtype, struct series *list)
{
    size_t count = 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct report_case *entry = &report->cases[i];
        size_t known = 0;
        while (known < count && !belongs(&list[known], entry))
            known++;
        if (known == count && count < MAX_SERIES)
            list[count++] = (struct series){entry->kernel, by_dtype ? entry->dtype : NULL};
    }
    return count;
}

// In double quotes of a data file, where nothing can be escaped.
static void append_title(struct text *data, const char *raw)
{
    for (; *raw != '\0'; raw++) {
        bool odd = (unsigned char)*raw < 0x20 || *raw == '"' || *raw == '\\';
        text_append(data, "%c", odd ? '?' : *raw);
    }
}

static void append_series(const struct report *report, bool by_dtype, append_points *append,
                          struct text *data)
{
    struct series list[MAX_SERIES];
    size_t count = list_series(report, by_dtype, list);
    for (size_t i = 0; i < count; i++) {
        struct text points = {0};
        for (size_t j = 0; j < report->count; j++) {
            if (belongs(&list[i], &report->cases[j]))
                append(report, &report->cases[j], &points);
        }
        if (points.length > 0) {
            text_append(data, "%s\"", data->length > 0 ? "\n\n" : "");
            append_title(data, list[i].kernel);
            append_title(data, by_dtype ? " " : "");
            append_title(data, by_dtype ? list[i].dtype : "");
            text_append(data, "\"\n%s", points.data);
        }
        text_free(&points);
    }
}

// Onto an axis of powers of ten, on which neither 0 nor infinity has a place.
static double onto_axis(double value, double lowest, double highest)
{
    return fmin(fmax(value, lowest), highest);
}

static void append_share(const struct report *report, const struct report_case *entry,
                         struct text *data)
{
    double ratio = json_number(entry->numbers, "tolerance_ratio");
    if (!isnan(ratio))
        text_append(data, "%zu %.4g\n", (size_t)(entry - report->cases) + 1,
                    onto_axis(ratio, 1e-6, 1e4));
}

static void append_error(const struct report *report, const struct report_case *entry,
                         struct text *data)
{
    double terms = case_terms(entry), error = json_number(entry->numbers, "max_abs");
    (void)report;
    if (terms > 1 && !isnan(error))
        text_append(data, "%.9g %.4g\n", terms, onto_axis(error, 1e-9, 1e6));
}

static void append_time(const struct report *report, const struct report_case *entry,
                        struct text *data)
{
    double bytes = json_number(entry->timing, "bytes");
    (void)report;
    if (bytes > 0)
        text_append(data, "%.9g %.6g %.6g %.6g\n", bytes, json_number(entry->timing, "median_us"),
                    json_number(entry->timing, "low_us"), json_number(entry->timing, "high_us"));
}

static void append_rate(const struct report *report, const struct report_case *entry,
                        struct text *data)
{
    double bytes = json_number(entry->timing, "bytes");
    double flops = json_number(entry->timing, "flops");
    (void)report;
    if (bytes > 0 && flops > 0)
        text_append(data, "%.6g %.6g\n", flops / bytes,
                    json_number(entry->timing, "flops_per_second") / 1e12);
}

static void append_peer(const struct report *report, const struct report_case *entry,
                        struct text *data)
{
    double ours = json_number(entry->timing, "median_us");
    (void)report;
    for (size_t i = 0; ours > 0 && i < entry->peer_count; i++)
        text_append(data, "%.6g %.6g\n", ours, json_number(entry->peers[i], "median_us") / ours);
}

static size_t count_timed(const struct report *report, const struct report_case *end)
{
    size_t count = 0;
    for (const struct report_case *entry = report->cases; entry < end; entry++)
        count += entry->timed != NULL;
    return count;
}

static void append_samples(const struct report *report, const struct report_case *entry,
                           struct text *data)
{
    if (entry->timed == NULL)
        return;
    const struct sample_statistics *found = &entry->timed->statistics;
    double median = found->median;
    text_append(data, "%zu %.5g %.5g %.5g %.5g\n", count_timed(report, entry) + 1,
                100 * (found->minimum / median - 1), 100 * (found->lower_quartile / median - 1),
                100 * (found->upper_quartile / median - 1), 100 * (found->maximum / median - 1));
}

static void append_ceiling(const char *target, const char *name, double copy, double fma,
                           struct text *data)
{
    static const double lowest = 0.05, highest = 5000;
    if (!(copy > 0) || !(fma > 0))
        return;
    text_append(data, "%s\"", data->length > 0 ? "\n\n" : "");
    append_title(data, target);
    text_append(data, "%s%s\"\n%.6g %.6g\n%.6g %.6g\n%.6g %.6g\n", target[0] != '\0' ? " " : "",
                name, lowest, copy * lowest / 1e12, fma / copy, fma / 1e12, highest, fma / 1e12);
}

static void append_ceilings(const struct report *report, struct text *data)
{
    for (size_t i = 0; i < report->document_count; i++) {
        const struct report_document *document = &report->documents[i];
        const json_t *ceilings = json_object_get(document->environment, "ceilings");
        double copy = json_number(ceilings, "copy_bytes_per_second");
        const char *target =
            report_has_targets(report) ? report->targets[document->target].name : "";
        append_ceiling(target, "f32 limit", copy, json_number(ceilings, "fma_f32_flops_per_second"),
                       data);
        append_ceiling(target, "f16 limit (vector units)", copy,
                       json_number(ceilings, "fma_f16_flops_per_second"), data);
    }
}

#define DATA_OF(name, by_dtype, append)                                                            \
    static void name(const struct report *report, struct text *data)                               \
    {                                                                                              \
        append_series(report, by_dtype, append, data);                                             \
    }

DATA_OF(share_data, false, append_share)
DATA_OF(error_data, true, append_error)
DATA_OF(time_data, true, append_time)
DATA_OF(peer_data, true, append_peer)
DATA_OF(sample_data, false, append_samples)

// A roofline without its roof says nothing.
static void rate_data(const struct report *report, struct text *data)
{
    struct text ceilings = {0};
    append_ceilings(report, &ceilings);
    if (ceilings.length > 0)
        append_series(report, true, append_rate, data);
    text_free(&ceilings);
}

#define NEEDS_RUN   "a file of <code>wavegauge run --json</code>"
#define NEEDS_BENCH "a file of <code>wavegauge bench --json</code>"

const struct report_plot report_plots[REPORT_PLOT_COUNT] = {
    {"error-share", "Share of the allowed error",
     "One point a case, in the order of the tables below. Above the line at 1 a case fails; exact "
     "results lie on the lower edge.",
     NEEDS_RUN, share_data, NULL, NULL},
    {"error-length", "Error against the length of the sums",
     "The largest absolute error of a case against the number of terms that one element is the sum "
     "of. Exact results lie on the lower edge.",
     NEEDS_RUN " with kernels that add up", error_data, NULL, NULL},
    {"time-size", "Time against size",
     "The median time against the bytes that a perfect kernel would move, with the 95% interval "
     "of the median.",
     NEEDS_BENCH, time_data, NULL, NULL},
    {"roofline", "Roofline",
     "Operations a second against operations per byte. The lines are what this device did at most "
     "in the same run: copying, and multiply-adds of the vector units. Kernels without "
     "floating-point work are not in it.",
     NEEDS_BENCH " with kernels that have <code>flops</code>", rate_data, "roofline-ceilings",
     append_ceilings},
    {"peers", "Against peers",
     "How many times as fast as each peer (cuBLAS, PyTorch and the like), against our own time. "
     "Above the line at 1 ours is faster.",
     NEEDS_BENCH " made with <code>--peers</code>, or one of <code>bench/peers.py</code>",
     peer_data, NULL, NULL},
    {"samples", "Distribution of the samples",
     "For each timed case, in the order of the tables: the middle half of the samples as a box, "
     "all of them as a line, relative to the median.",
     NEEDS_BENCH, sample_data, NULL, NULL},
};
