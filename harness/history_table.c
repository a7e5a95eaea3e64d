#include "history_table.h"

#include <math.h>
#include <stdio.h>

static void append_probability(struct text *text, double probability)
{
    if (probability < 1e-12)
        text_append(text, " (p < 1e-12)");
    else
        text_append(text, " (p = %.1g)", probability);
}

static void append_error(struct text *text, double error)
{
    // Where jumps are looked for, what is beyond that is cut off.
    if (error >= HISTORY_LARGEST_ERROR)
        text_append(text, "%d or more", HISTORY_LARGEST_ERROR);
    else
        text_append(text, "%.3g", error);
}

void history_jump_append(const struct history_jump *jump, const struct history_point *point,
                         struct text *text)
{
    if (jump->status)
        text_append(text, point->status == STATUS_PASS ? "passes" : "%s, passed before",
                    status_name(point->status));
    if (jump->has_error) {
        text_append(text, "%serror ", text->length > 0 ? "; " : "");
        append_error(text, jump->error.before);
        text_append(text, " -> ");
        append_error(text, jump->error.after);
        append_probability(text, jump->error.probability);
    }
    if (jump->has_time) {
        double ratio = jump->time.after / jump->time.before;
        text_append(text, "%s%s x%.3f", text->length > 0 ? "; " : "",
                    ratio > 1 ? "slower" : "faster", ratio);
        append_probability(text, jump->time.probability);
    }
}

static void print_numbers(const struct history_point *point)
{
    const struct sample_statistics *time = &point->time;
    if (history_point_has_error(point, point) && isfinite(point->tolerance_ratio))
        printf("  error %-9.4g", point->tolerance_ratio);
    else
        printf("  error %-9s", "-");
    if (time->count > 0)
        printf("  %10.2f us +-%.2f%%", time->median,
               100 * (time->high - time->low) / 2 / time->median);
}

static void print_point(const struct history_point *point, const struct history_jump *jump)
{
    char commit[12];
    struct text mark = {0};
    history_jump_append(jump, point, &mark);
    printf("  %s  %-11s  %-7s", point->run->date, history_commit_shown(point->run, commit),
           status_name(point->status));
    print_numbers(point);
    printf("%s%s\n", mark.length > 0 ? "  <- " : "", text_get(&mark));
    text_free(&mark);
}

void history_table_print(const struct history_series *series, const struct history_jump *jumps)
{
    printf("%s  on %s, %s\n", series->id, series->points[0].run->machine_name,
           series->points[0].run->kind);
    for (size_t i = 0; i < series->count; i++)
        print_point(&series->points[i], &jumps[i]);
}
