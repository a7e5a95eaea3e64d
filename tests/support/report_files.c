#include "report_files.h"

#include <stdio.h>

struct outcome run_report(const struct scratch *scratch, const char *words)
{
    struct text line = {0};
    text_append(&line, "report ");
    for (; *words != '\0'; words++) {
        if (*words == '@')
            text_append(&line, "%s", scratch_path(scratch, ""));
        else
            text_append(&line, "%c", *words);
    }
    struct outcome outcome = run_wavegauge(text_get(&line));
    text_free(&line);
    return outcome;
}

void report_document(const struct scratch *scratch, const char *name, const char *environment,
                     const char *cases)
{
    struct text document = {0};
    text_append(&document, "{\"schema\": \"wavegauge/1\", \"environment\": {%s}, \"cases\": [%s]}",
                environment, cases);
    scratch_write(scratch, name, text_get(&document));
    text_free(&document);
}

void report_add_case(struct text *cases, const char *id, const char *status, double time)
{
    text_append(
        cases, "%s{\"id\": \"k/f32/%s\", \"kernel\": \"k\", \"dtype\": \"f32\", \"status\": \"%s\"",
        cases->length > 0 ? ", " : "", id, status);
    if (time > 0) {
        text_append(cases, ", \"timing\": {\"median_us\": %g, \"samples_us\": [", time);
        for (int i = 0; i < 20; i++)
            text_append(cases, "%s%g", i > 0 ? ", " : "", time * (1 + 0.0001 * i));
        text_append(cases, "]}");
    }
    text_append(cases, "}");
}

void report_write_odd(const struct scratch *scratch)
{
    static const char odd[] =
        "{\"id\": \"<script>window.done=1</script>/f32/\\\"onload=x'\\n|`@all`\xff=1\", "
        "\"kernel\": \"<script>alert(1)</script>\", \"dtype\": \"\\\" \\\\ $(x)\", \"status\": "
        "\"fail\", \"message\": \"</pre><img src=x onerror=alert(2)>\\n\\n# title\", "
        "\"tolerance_ratio\": null, \"max_abs\": 2, \"repro\": \"</code>`x`\", \"dims\": "
        "{\"<b>\": 3}, \"pattern\": {\"class\": \"<i>c\", \"detail\": \"d\", \"heat_map\": "
        "\"/etc/passwd\"}, \"findings\": [{\"check\": \"<u>\", \"kind\": \"k\", \"file\": "
        "\"/etc/passwd\", \"line\": 1, \"text\": \"<b>t\"}]}";
    report_document(scratch, "odd.json", "\"device\": \"<em>\", \"device_name\": \"<em>\"", odd);
}

static const char bisected[] =
    "{\"schema\": \"wavegauge/bisect-1\", \"id\": \"k/f32/n=1\", \"kernel\": \"k\", \"dtype\": "
    "\"f32\", \"status\": \"fail\", \"message\": \"m\", \"repro\": \"wavegauge run one\", "
    "\"findings\": [{\"check\": \"racecheck\", \"kind\": \"read after write\", \"severity\": "
    "\"error\", \"count\": 3, \"file\": \"%s\", \"line\": 2, \"other_file\": \"%s\", "
    "\"other_line\": 4, \"text\": \"seen\"}], \"pattern\": {\"class\": \"tail tile\", "
    "\"confirmed\": true, \"detail\": \"d\", \"map\": \"#.#\", \"heat_map\": \"%s\"}, "
    "\"smallest\": {\"dims\": {\"n\": 33}, \"repro\": \"wavegauge run smallest\"}, \"boundaries\": "
    "[{\"text\": \"passes up to n = 32\"}], \"mistake\": {\"kind\": \"missing barrier\", \"edit\": "
    "\"__syncthreads();\", \"file\": \"%s\", \"line\": 2}, \"place\": [{\"file\": \"%s\", "
    "\"line\": 2, \"why\": \"because\"}]}";

void report_write_failure(const struct scratch *scratch, const char *picture)
{
    char source[512], map[512] = "", document[8192];
    struct text cases = {0};
    snprintf(source, sizeof source, "%s",
             scratch_write(scratch, "k.hip", "one\ntwo < 2;\nthree\nfour\nfive\n"));
    if (picture[0] != '\0')
        snprintf(map, sizeof map, "%s", scratch_path(scratch, picture));
    snprintf(document, sizeof document, bisected, source, source, map, source, source);
    scratch_write(scratch, "b.json", document);
    report_add_case(&cases, "n=0", "pass", 0);
    report_add_case(&cases, "n=1", "fail", 0);
    report_document(scratch, "r.json", EMULATOR, cases.data);
    text_free(&cases);
}
