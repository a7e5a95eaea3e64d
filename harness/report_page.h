// index.html of a report.
#ifndef WAVEGAUGE_REPORT_PAGE_H
#define WAVEGAUGE_REPORT_PAGE_H

#include "report_history.h"
#include "report_pictures.h"

// Appends the page, which needs nothing beside it: styles, script and pictures are in it.
// `reports`: the folder with page/page.html and the like; `folder`: where the pictures are.
bool report_page_append(const struct report *report, const struct report_pictures *pictures,
                        const struct report_history *history, const char *reports,
                        const char *folder, struct text *page, struct error *error);

#endif
