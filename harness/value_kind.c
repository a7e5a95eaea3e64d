#include "value_kind.h"

#include <string.h>

const struct value_kind value_kinds[] = {
    {"D", VALUE_CHOICE, "emu amd nvidia", "a device"},
    {"GFX", VALUE_CHOICE, "gfx1100 gfx1100:wave64 gfx1030 gfx1030:wave64 gfx90a",
     "a target of the emulator"},
    {"LIST", VALUE_LIST, "memcheck initcheck racecheck synccheck waitcheck all none",
     "checks with commas between them"},
    {"F", VALUE_FILE, NULL, "a file"},
    {"F.hip", VALUE_FILE, NULL, "the source of a kernel"},
    {"F.yaml", VALUE_FILE, NULL, "a case file"},
    {"DIR", VALUE_FOLDER, NULL, "a folder"},
    {"N", VALUE_FREE, NULL, "a whole number"},
    {"I/N", VALUE_FREE, NULL, "two whole numbers, part I of N"},
    {"BYTES", VALUE_FREE, NULL, "a whole number of bytes"},
    {"CASE", VALUE_FREE, NULL, "a case id"},
    {"GLOB", VALUE_FREE, NULL, "names, with * and ? for what may be anything"},
    {"K", VALUE_FREE, NULL, "the name of a kernel"},
    {"NAME", VALUE_FREE, NULL, "the name of a machine"},
    {"ID", VALUE_FREE, NULL, "a commit"},
    {"DATE", VALUE_FREE, NULL, "a time in UTC: 2026-11-23T12:00:00Z"},
    {"S", VALUE_FREE, NULL, "seconds"},
    {"P", VALUE_FREE, NULL, "a share: 2% or 0.02"},
    {"GOOD..BAD", VALUE_FREE, NULL, "two commits"},
    {NULL, VALUE_FREE, NULL, NULL},
};

const struct value_kind *value_kind_find(const char *name)
{
    for (const struct value_kind *kind = value_kinds; kind->name != NULL; kind++) {
        if (strcmp(kind->name, name) == 0)
            return kind;
    }
    return NULL;
}
