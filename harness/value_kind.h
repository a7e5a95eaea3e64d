// What the values of options are, by what the help calls them: "D" is a device wherever it stands.
#ifndef WAVEGAUGE_VALUE_KIND_H
#define WAVEGAUGE_VALUE_KIND_H

#include <stddef.h>

enum value_kind_type { VALUE_FREE, VALUE_CHOICE, VALUE_LIST, VALUE_FILE, VALUE_FOLDER };

struct value_kind {
    const char *name;
    enum value_kind_type type;
    const char *choices; // of VALUE_CHOICE and VALUE_LIST, with blanks between; else NULL
    const char *about;
};

// The kind of this name, or NULL.
const struct value_kind *value_kind_find(const char *name);

// All of them; the last has no name.
extern const struct value_kind value_kinds[];

#endif
