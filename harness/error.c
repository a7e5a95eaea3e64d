#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void mark_cut(char *text, size_t capacity, int wanted)
{
    static const char mark[] = " [cut]";
    if (wanted >= (int)capacity)
        memcpy(text + capacity - sizeof mark, mark, sizeof mark);
}

int error_fill(struct error *error, enum exit_status status, const char *format, ...)
{
    if (error == NULL)
        return 0;
    error->status = status;
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    mark_cut(error->text, sizeof error->text, wanted);
    return 0;
}

int error_fill_front(struct error *error, const char *format, ...)
{
    if (error == NULL)
        return 0;
    char old[sizeof error->text];
    memcpy(old, error->text, sizeof old);
    va_list arguments;
    va_start(arguments, format);
    int used = vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    if (used < 0 || used >= (int)sizeof error->text)
        return 0;
    size_t left = sizeof error->text - (size_t)used;
    mark_cut(error->text + used, left, snprintf(error->text + used, left, "%s", old));
    return 0;
}
