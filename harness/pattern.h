// What kind of mistake a wrong output shows. docs/patterns.md lists the classes.
#ifndef WAVEGAUGE_PATTERN_H
#define WAVEGAUGE_PATTERN_H

#include "text.h"

// Texts are the pattern's own; NULL is as good as "", and in a result none is.
struct pattern {
    char *class_name; // "" when no output was looked at, "unknown" when no class fits
    char *detail;     // the evidence in words, or why nothing was looked at
    char *probe;      // which elements the kernel read instead of the right ones; lines, or ""
    char *extent;     // where the wrong elements are; lines, or ""
    char *map;        // the same as a picture in text, or ""
    char *heat_map;   // the path of the picture on file, or ""
    bool confirmed;   // recomputing with the suspected mistake gives what the kernel gave
    double share;     // of the wrong elements that the class explains, 0 to 1
};

// Makes texts that are NULL empty ones; false when there is no memory for that.
bool pattern_complete(struct pattern *pattern);

// Frees what the pattern holds, not the pattern.
void pattern_free(struct pattern *pattern);

// Appends what a person should read, in lines without a newline after the last: "looks like: class
// (confirmed: detail)", where, with the picture if asked for, and what the probe saw. Nothing for
// an empty pattern.
void pattern_describe(const struct pattern *pattern, bool with_map, struct text *text);

#endif
