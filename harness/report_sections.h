// What stands in the page of a report, from the headline to the tables.
#ifndef WAVEGAUGE_REPORT_SECTIONS_H
#define WAVEGAUGE_REPORT_SECTIONS_H

#include "report_history.h"
#include "report_pictures.h"

bool report_sections_append(const struct report *report, const struct report_pictures *pictures,
                            const struct report_history *history, const char *folder,
                            struct text *html, struct error *error);

#endif
