// links: scratch_folder
//
// The inputs that fuzzing found worth keeping, once more through the fuzz target; so are their
// beginnings.
#include "fuzz/fuzz_case_file.c"

#include "support/replay_folder.h"

#include <criterion/criterion.h>

Test(fuzz_case_file, corpus_replays)
{
    cr_assert_geq(
        replay_folder(TEST_SOURCE_FOLDER "/tests/fuzz/case_files", LLVMFuzzerTestOneInput), 30);
}

Test(fuzz_case_file, own_case_files_replay)
{
    cr_assert_geq(replay_folder(TEST_SOURCE_FOLDER "/cases", LLVMFuzzerTestOneInput), 2);
}
