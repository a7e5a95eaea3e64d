#include "replay_folder.h"

#include "support_file.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Without the byte behind the contents: reading past the end is seen by the sanitizer.
static void replay(const void *contents, size_t size, int (*target)(const uint8_t *, size_t))
{
    for (size_t length = size;; length /= 2) {
        uint8_t *bytes = malloc(length + (length == 0));
        cr_assert_not_null(bytes);
        if (length > 0)
            memcpy(bytes, contents, length);
        target(bytes, length);
        free(bytes);
        if (length == 0)
            break;
    }
}

size_t replay_folder(const char *folder, int (*target)(const uint8_t *data, size_t size))
{
    char path[1024];
    size_t count = 0;
    DIR *entries = opendir(folder);
    cr_assert_not_null(entries, "%s", folder);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        void *contents;
        size_t size;
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        cr_assert(support_read_file(path, &contents, &size), "%s cannot be read", path);
        replay(contents, size, target);
        free(contents);
        count++;
    }
    closedir(entries);
    return count;
}
