// links: wavegauge_emu_static harness_places
//
// The code objects that fuzzing found worth keeping, once more through the fuzz target; so are
// their beginnings.
#define WHOLE_EMULATOR
#include "fuzz/fuzz_code_object.c"

#include "support/replay_folder.h"

#include <criterion/criterion.h>

Test(fuzz_code_object, corpus_replays)
{
    cr_assert_geq(
        replay_folder(TEST_SOURCE_FOLDER "/tests/fuzz/code_objects", LLVMFuzzerTestOneInput), 100);
}
