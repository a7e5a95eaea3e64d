#include "source_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_SOURCE (4L << 20)

char *source_text_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    if (!file)
        return NULL;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size >= 0 && size < LARGEST_SOURCE && (text = malloc((size_t)size + 1))) {
        rewind(file);
        size_t got = fread(text, 1, (size_t)size, file);
        text[got] = 0;
        if (strlen(text) != got) {
            free(text);
            text = NULL;
        }
    }
    fclose(file);
    return text;
}

bool source_text_line(const char *path, int line, char *text, size_t size)
{
    char *whole = source_text_read(path);
    const char *at = whole;
    for (int i = 1; at && i < line; i++) {
        at = strchr(at, '\n');
        at += at != NULL;
    }
    if (at)
        snprintf(text, size, "%.*s", (int)strcspn(at, "\n"), at);
    free(whole);
    return at != NULL;
}
