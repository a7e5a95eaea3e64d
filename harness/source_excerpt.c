#include "source_excerpt.h"

#include "file_bytes.h"

#include <string.h>

enum { WIDEST = 100 };

// The start of a line, counted from 1; NULL when there are fewer.
static const char *find_line(const char *contents, int line)
{
    for (int i = 1; i < line && contents != NULL; i++) {
        contents = strchr(contents, '\n');
        contents = contents != NULL ? contents + 1 : NULL;
    }
    return contents != NULL && *contents != '\0' ? contents : NULL;
}

void source_excerpt_append(struct text *text, const char *file, int line, int around, int indent)
{
    struct text contents = {0};
    if (file_read(file, &contents, NULL) && find_line(text_get(&contents), line) != NULL) {
        for (int i = line - around; i <= line + around; i++) {
            const char *start = i > 0 ? find_line(text_get(&contents), i) : NULL;
            if (start == NULL)
                continue;
            int length = (int)strcspn(start, "\n");
            text_append(text, "%*s%s%5d | %.*s\n", indent, "", i == line ? ">" : " ", i,
                        length < WIDEST ? length : WIDEST, start);
        }
    }
    text_free(&contents);
}

void source_line_append(struct text *text, const char *file, int line, int most)
{
    struct text contents = {0};
    const char *start = NULL;
    if (file_read(file, &contents, NULL))
        start = find_line(text_get(&contents), line);
    if (start != NULL) {
        start += strspn(start, " \t");
        int length = (int)strcspn(start, "\n");
        text_append(text, "%.*s", length < most ? length : most, start);
    }
    text_free(&contents);
}
