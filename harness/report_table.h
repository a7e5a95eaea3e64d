// The table of one kernel's cases, in HTML.
#ifndef WAVEGAUGE_REPORT_TABLE_H
#define WAVEGAUGE_REPORT_TABLE_H

#include "report.h"
#include "text.h"

// The cases from `first` on, `count` of them, all of one kernel. Columns in which there would be
// nothing are left out. `label`: the id of the heading.
void report_table_append(const struct report *report, size_t first, size_t count, const char *label,
                         struct text *html);

// A case id, with places where a line may break.
void html_append_id(struct text *html, const char *id);

// A text from a result, escaped.
void html_append_text(struct text *html, const struct text *raw);

#endif
