// Builds a whole HIP program for every target:  build_program SOURCE OUTPUT CACHE [WORDS FOR
// HIPCC...]
//
// A line "// build: WORDS" among the first of SOURCE gives more words for hipcc; it runs in the
// folder of SOURCE. A word --offload-arch=... there takes the place of all the targets.
#include "device_library.h"
#include "run_tool.h"
#include "support_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_WORDS 48

struct words {
    char *list[MAX_WORDS];
    int count;
};

static void add(struct words *words, char *word)
{
    if (words->count < MAX_WORDS - 1)
        words->list[words->count++] = word;
}

// The words of the build line; true when they name targets.
static bool add_asked(struct words *words, char *text)
{
    static const char marker[] = "// build:";
    bool targets = false;
    char *line = strstr(text, marker), *rest = NULL;
    if (!line)
        return false;
    line += strlen(marker);
    line[strcspn(line, "\n")] = 0;
    for (char *word = strtok_r(line, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        targets = targets || !strncmp(word, "--offload-arch", 14);
        add(words, word);
    }
    return targets;
}

static void add_targets(struct words *words)
{
    add(words, "--offload-arch=gfx1030");
    add(words, "--offload-arch=gfx1100");
    add(words, "--offload-arch=gfx90a");
}

static bool build(char *source, char *output, const char *cache, char **more)
{
    void *text = NULL;
    size_t size;
    char option[1024], error[1024], temporary[1024], log[1100];
    snprintf(temporary, sizeof temporary, "%s.temporary", output);
    snprintf(log, sizeof log, "%s.log", output);
    if (!support_make_folder(cache) || !support_make_folder(temporary) ||
        !support_device_library(cache, option, sizeof option, error, sizeof error)) {
        fprintf(stderr, "%s: %s\n", cache, error);
        return false;
    }
    if (!support_read_file(source, &text, &size))
        return false;
    struct words words = {
        .list = {WAVEGAUGE_HIPCC, "-O2", "-g", "-w", option, source, "-o", output}, .count = 8};
    for (; *more; more++)
        add(&words, *more);
    if (!add_asked(&words, text))
        add_targets(&words);
    bool built = support_run_tool(words.list, temporary, log);
    support_remove_folder(temporary);
    free(text);
    if (!built && support_read_file(log, &text, &size)) {
        fprintf(stderr, "%s", (char *)text);
        free(text);
    }
    unlink(log);
    return built;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: build_program SOURCE OUTPUT CACHE [WORDS FOR HIPCC...]\n");
        return 2;
    }
    char folder[1024];
    snprintf(folder, sizeof folder, "%s", argv[1]);
    char *slash = strrchr(folder, '/');
    if (slash) {
        *slash = 0;
        if (chdir(folder)) {
            perror(folder);
            return 1;
        }
    }
    return build(argv[1], argv[2], argv[3], argv + 4) ? 0 : 1;
}
