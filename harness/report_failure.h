// One failure in full, in HTML: what is wrong, what kind of mistake it looks like, where, with the
// source, and the commands that show it again.
#ifndef WAVEGAUGE_REPORT_FAILURE_H
#define WAVEGAUGE_REPORT_FAILURE_H

#include "report.h"
#include "text.h"

void report_failure_append(const struct report *report, const struct report_case *entry,
                           struct text *html);

// A picture as it stands in the page itself; nothing when it is no PNG or SVG. `about` is what it
// shows, for those who do not see it.
void html_append_picture(struct text *html, const char *path, const char *about);

#endif
