// Which kernel of a source a word means.
#include "kernel_catalog.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

// "ns::scale<float>" of "void ns::scale<float>(float*, int)".
static void cut_signature(const char *plain, char *text, size_t capacity)
{
    int depth = 0;
    const char *start = plain, *end = plain;
    for (; *end != '\0' && !(*end == '(' && depth == 0); end++) {
        depth += (*end == '<') - (*end == '>');
        if (*end == ' ' && depth == 0)
            start = end + 1;
    }
    snprintf(text, capacity, "%.*s", (int)(end - start), start);
}

// "scale" of "scale<float>".
static void cut_template(const char *name, char *text, size_t capacity)
{
    snprintf(text, capacity, "%.*s", (int)strcspn(name, "<"), name);
}

enum nearness { NO_MATCH, TEMPLATE_MATCH, BASE_MATCH, EXACT_MATCH };

static enum nearness match_kernel(const struct wavegauge_kernel_description *kernel,
                                  const char *word)
{
    char qualified[512], bare[512];
    cut_signature(kernel->plain_name, qualified, sizeof qualified);
    const char *base = kernel->base_name[0] != '\0' ? kernel->base_name : qualified;
    if (strcmp(word, kernel->name) == 0 || strcmp(word, kernel->plain_name) == 0 ||
        strcmp(word, qualified) == 0)
        return EXACT_MATCH;
    if (strcmp(word, base) == 0)
        return BASE_MATCH;
    cut_template(base, bare, sizeof bare);
    if (strcmp(word, bare) == 0)
        return TEMPLATE_MATCH;
    cut_template(qualified, bare, sizeof bare);
    return strcmp(word, bare) == 0 ? TEMPLATE_MATCH : NO_MATCH;
}

// "scale_{dtype}", or "scale" for short.
static bool match_family(const struct catalog_entry *entry, const char *word)
{
    size_t stem = strlen(entry->name) - strlen("_{dtype}");
    return entry->count > 1 && (strcmp(word, entry->name) == 0 ||
                                (strlen(word) == stem && strncmp(word, entry->name, stem) == 0));
}

static void single(const struct kernel_catalog *catalog, size_t kernel, struct catalog_entry *entry)
{
    const struct wavegauge_kernel_description *description = &catalog->kernels[kernel];
    *entry = (struct catalog_entry){.count = 1, .kernels = {kernel}};
    snprintf(entry->name, sizeof entry->name, "%s", description->name);
    snprintf(entry->plain, sizeof entry->plain, "%s", description->plain_name);
}

// What to say for --kernel: the shortest name that means this entry alone.
static void name_entry(const struct kernel_catalog *catalog, const struct catalog_entry *entry,
                       char *name, size_t capacity)
{
    const struct wavegauge_kernel_description *kernel = &catalog->kernels[entry->kernels[0]];
    size_t same = 0;
    for (size_t i = 0; i < catalog->kernel_count; i++)
        same += strcmp(catalog->kernels[i].base_name, kernel->base_name) == 0;
    if (entry->count > 1)
        snprintf(name, capacity, "%s", entry->name);
    else if (kernel->base_name[0] != '\0' && same == 1)
        snprintf(name, capacity, "%s", kernel->base_name);
    else
        snprintf(name, capacity, "%s", kernel->plain_name);
}

static bool refuse(const struct kernel_catalog *catalog, const char *source, const char *word,
                   const char *what, struct error *error)
{
    struct text list = {0};
    char name[512];
    for (size_t i = 0; i < catalog->entry_count; i++) {
        const struct catalog_entry *entry = &catalog->entries[i];
        name_entry(catalog, entry, name, sizeof name);
        text_append(&list, "\n  --kernel '%s'", name);
        for (size_t j = 0; entry->count > 1 && j < entry->count; j++)
            text_append(&list, "%s%s", j == 0 ? "   for " : ", ",
                        dtype_info(entry->dtypes[j])->name);
    }
    error_set(error, EXIT_USAGE, "%s %s%s%s; choose one:%s", source, what, word != NULL ? word : "",
              word != NULL ? "'" : "", text_get(&list));
    text_free(&list);
    return false;
}

bool kernel_catalog_find(const struct kernel_catalog *catalog, const char *source, const char *word,
                         struct catalog_entry *entry, struct error *error)
{
    enum nearness best = NO_MATCH;
    size_t found = 0, count = 0;
    if (word == NULL && catalog->entry_count == 1) {
        *entry = catalog->entries[0];
        return true;
    }
    if (word == NULL)
        return refuse(catalog, source, NULL, "has several kernels", error);
    for (size_t i = 0; i < catalog->entry_count; i++) {
        if (match_family(&catalog->entries[i], word)) {
            *entry = catalog->entries[i];
            return true;
        }
    }
    for (size_t i = 0; i < catalog->kernel_count; i++) {
        enum nearness nearness = match_kernel(&catalog->kernels[i], word);
        if (nearness > best) {
            best = nearness;
            found = i;
            count = 0;
        }
        count += nearness == best && nearness != NO_MATCH;
    }
    if (count == 1) {
        single(catalog, found, entry);
        return true;
    }
    return refuse(catalog, source, word, count == 0 ? "has no kernel '" : "has several kernels '",
                  error);
}
