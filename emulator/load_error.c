#include "load_error.h"

#include <stdarg.h>
#include <stdio.h>

void load_error_set(struct load_error *error, const char *format, ...)
{
    if (error->set)
        return;
    error->set = true;
    if (error->size == 0)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, error->size, format, arguments);
    va_end(arguments);
}
