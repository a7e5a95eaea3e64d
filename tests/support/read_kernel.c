#include "read_kernel.h"

#include <criterion/criterion.h>

void read_kernel(const struct scratch *scratch, const char *before, const char *source,
                 const char *wanted, struct kernel_text *kernel)
{
    struct error error;
    struct text text = {0};
    text_append(&text, "%s# 1 \"%s/k.hip\"%s\n%s\n", before, scratch->folder,
                before[0] != '\0' ? " 2" : "", source);
    const char *path = scratch_write(scratch, "k.i", text_get(&text));
    text_free(&text);
    cr_assert(kernel_text_read(kernel, path, scratch->folder, &wanted, 1, &error), "%s",
              error.text);
}
