// links: scratch_folder
//
// The inputs that fuzzing found worth keeping, once more through the fuzz target; so are their
// beginnings.
#include "fuzz/fuzz_case_file.c"

#include "harness/file_bytes.h"

#include <criterion/criterion.h>
#include <dirent.h>

static size_t replay(const char *folder)
{
    char path[1024];
    size_t count = 0;
    DIR *entries = opendir(folder);
    cr_assert_not_null(entries, "%s", folder);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        struct text contents = {0};
        struct error error;
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        cr_assert(file_read(path, &contents, &error), "%s", error.text);
        // Without the NUL behind the text: reading past the end is seen by the sanitizer.
        for (size_t length = contents.length;; length /= 2) {
            uint8_t *bytes = malloc(length + (length == 0));
            cr_assert_not_null(bytes);
            if (length > 0)
                memcpy(bytes, contents.data, length);
            LLVMFuzzerTestOneInput(bytes, length);
            free(bytes);
            if (length == 0)
                break;
        }
        text_free(&contents);
        count++;
    }
    closedir(entries);
    return count;
}

Test(fuzz_case_file, corpus_replays)
{
    cr_assert_geq(replay(TEST_SOURCE_FOLDER "/tests/fuzz/case_files"), 30);
}

Test(fuzz_case_file, own_case_files_replay)
{
    cr_assert_geq(replay(TEST_SOURCE_FOLDER "/cases"), 2);
}
