#include "case_words.h"

#include "json_value.h"
#include "sha256.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

// Whether all characters stay as they are.
static bool append_slug(const char *raw, struct text *text)
{
    bool same = true;
    for (; *raw != '\0'; raw++) {
        bool plain = (isalnum((unsigned char)*raw) && (unsigned char)*raw < 0x80) ||
                     strchr("-_=.,/", *raw) != NULL;
        text_append(text, "%c", plain ? *raw : '-');
        same = same && (plain || *raw == ' ');
    }
    return same;
}

void case_append_anchor(const struct report *report, const struct report_case *entry,
                        struct text *text)
{
    const char *target = report->targets[entry->target].name;
    bool same = append_slug(target, text);
    text_append(text, "/");
    if (append_slug(entry->id, text) && same)
        return;
    struct sha256 hash;
    char hex[65];
    sha256_start(&hash);
    sha256_add_text(&hash, target);
    sha256_add_text(&hash, entry->id);
    sha256_finish_hex(&hash, hex);
    text_append(text, "-%.12s", hex);
}

void case_append_shape(const struct report_case *entry, struct text *text)
{
    const char *name, *between = "";
    json_t *value;
    json_object_foreach(json_object_get(entry->record, "dims"), name, value)
    {
        text_append(text, "%s%" JSON_INTEGER_FORMAT, between, json_integer_value(value));
        between = " × ";
    }
}

void case_append_dimensions(const json_t *dims, struct text *text)
{
    const char *name, *between = "";
    json_t *value;
    json_object_foreach((json_t *)dims, name, value)
    {
        text_append(text, "%s%s=%" JSON_INTEGER_FORMAT, between, name, json_integer_value(value));
        between = ", ";
    }
}

const json_t *case_pattern(const struct report_case *entry)
{
    const json_t *pattern = json_object_get(entry->bisection, "pattern");
    if (!json_is_object(pattern))
        pattern = json_object_get(entry->record, "pattern");
    return json_is_object(pattern) ? pattern : NULL;
}

void case_append_pattern(const struct report_case *entry, struct text *text)
{
    const json_t *pattern = case_pattern(entry);
    const char *name = json_text(pattern, "class");
    if (name[0] == '\0' || strcmp(name, "unknown") == 0)
        return;
    text_append(text, "%s%s", name,
                json_is_true(json_object_get(pattern, "confirmed")) ? " (confirmed)" : "");
}

const json_t *case_findings(const struct report_case *entry)
{
    const json_t *findings = json_object_get(entry->bisection, "findings");
    return json_array_size(findings) > 0 ? findings : json_object_get(entry->record, "findings");
}

void case_append_findings(const struct report_case *entry, struct text *text)
{
    const json_t *findings = case_findings(entry);
    size_t count = json_array_size(findings);
    const json_t *first = json_array_get(findings, 0);
    const char *file = json_text(first, "file"), *slash = strrchr(file, '/');
    if (count == 0)
        return;
    text_append(text, "%s: %s", json_text(first, "check"), json_text(first, "kind"));
    if (json_whole(first, "line") > 0)
        text_append(text, " at %s:%" PRId64, slash != NULL ? slash + 1 : file,
                    json_whole(first, "line"));
    if (count > 1)
        text_append(text, " and %zu more", count - 1);
}

double case_peer_speed(const struct report_case *entry, struct text *name)
{
    const json_t *fastest = NULL;
    const char *maker = "";
    double ours = json_number(entry->timing, "median_us");
    for (size_t i = 0; i < entry->peer_count; i++) {
        if (fastest != NULL &&
            json_number(entry->peers[i], "median_us") >= json_number(fastest, "median_us"))
            continue;
        fastest = entry->peers[i];
        maker = entry->peer_makers[i];
    }
    if (fastest == NULL || !(ours > 0))
        return NAN;
    text_append(name, "%s%s%s", maker, maker[0] != '\0' ? ": " : "", json_text(fastest, "name"));
    return json_number(fastest, "median_us") / ours;
}

double case_ceiling_share(const struct report_case *entry, const char **limit)
{
    double copy = json_number(entry->timing, "share_of_copy");
    double fma = json_number(entry->timing, "share_of_fma");
    *limit = json_text(entry->timing, "binds");
    return isfinite(copy) || isfinite(fma) ? fmax(copy, fma) : NAN;
}

double case_terms(const struct report_case *entry)
{
    double terms = json_number(entry->numbers, "terms");
    // Older results do not say; of kernels with keys, that is how many are summed up.
    if (!isfinite(terms))
        terms = json_number(json_object_get(entry->numbers, "dims"), "seq_k");
    return terms > 0 ? terms : NAN;
}
