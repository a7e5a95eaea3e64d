#include "report_page.h"

#include "base64.h"
#include "file_bytes.h"
#include "report_sections.h"
#include "sha256.h"

#include <stdlib.h>
#include <string.h>

struct parts {
    struct text frame, style, script, body;
};

static bool read_part(const char *reports, const char *name, struct text *part, struct error *error)
{
    char *path = format_text("%s/page/%s", reports, name);
    bool good = path != NULL ? file_read(path, part, error) : error_out_of_memory(error);
    free(path);
    return good;
}

// By which a browser knows them: nothing else in the page is run or styles it, whatever a result
// holds.
static void append_hash(struct text *page, const struct text *part)
{
    struct sha256 hash;
    unsigned char digest[32];
    sha256_start(&hash);
    sha256_add(&hash, text_get(part), part->length);
    sha256_finish(&hash, digest);
    text_append(page, "sha256-");
    base64_append(page, digest, sizeof digest);
}

static void append_part(const struct parts *parts, const char *name, size_t length,
                        struct text *page)
{
    if (strncmp(name, "style-hash", length) == 0 && length == 10)
        append_hash(page, &parts->style);
    else if (strncmp(name, "script-hash", length) == 0 && length == 11)
        append_hash(page, &parts->script);
    else if (strncmp(name, "style", length) == 0 && length == 5)
        text_append_bytes(page, text_get(&parts->style), parts->style.length);
    else if (strncmp(name, "script", length) == 0 && length == 6)
        text_append_bytes(page, text_get(&parts->script), parts->script.length);
    else if (strncmp(name, "body", length) == 0 && length == 4)
        text_append_bytes(page, text_get(&parts->body), parts->body.length);
}

// The frame with {{names}} replaced.
static void fill_frame(const struct parts *parts, struct text *page)
{
    const char *next = text_get(&parts->frame), *open, *close;
    while ((open = strstr(next, "{{")) != NULL && (close = strstr(open, "}}")) != NULL) {
        text_append_bytes(page, next, (size_t)(open - next));
        append_part(parts, open + 2, (size_t)(close - open - 2), page);
        next = close + 2;
    }
    text_append(page, "%s", next);
}

bool report_page_append(const struct report *report, const struct report_pictures *pictures,
                        const struct report_history *history, const char *reports,
                        const char *folder, struct text *page, struct error *error)
{
    struct parts parts = {0};
    bool good = read_part(reports, "page.html", &parts.frame, error) &&
                read_part(reports, "page.css", &parts.style, error) &&
                read_part(reports, "page.js", &parts.script, error) &&
                report_sections_append(report, pictures, history, folder, &parts.body, error);
    if (good)
        fill_frame(&parts, page);
    if (good && (page->failed || parts.body.failed))
        good = error_out_of_memory(error);
    text_free(&parts.frame);
    text_free(&parts.style);
    text_free(&parts.script);
    text_free(&parts.body);
    return good;
}
