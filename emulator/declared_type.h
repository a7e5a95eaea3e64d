// Types in debug information, as `wavegauge new` wants to know them.
#ifndef WAVEGAUGE_DECLARED_TYPE_H
#define WAVEGAUGE_DECLARED_TYPE_H

#include "wavegauge_describe.h"

#include <elfutils/libdw.h>
#include <stdbool.h>

// The type of a declaration or of another type (`const int` of the typedef `rows_t`); false: void.
bool declared_type_of(Dwarf_Die *entry, Dwarf_Die *type);

// "const float *", cut to size; returns text.
const char *declared_type_text(Dwarf_Die *type, char *text, size_t size);

// Without qualifiers and typedefs; *is_const says whether `const` was among them.
void declared_type_peel(Dwarf_Die *type, Dwarf_Die *peeled, bool *is_const);

// Bytes; 0: unknown.
uint64_t declared_type_size(Dwarf_Die *type);

// Of a peeled type that is one number: HIP's half and bfloat16 classes count as such.
enum wavegauge_type declared_number(Dwarf_Die *type);

// The element type of an array or a vector, HIP's float4 and the like among them; false for others.
bool declared_element(Dwarf_Die *type, Dwarf_Die *element);
bool declared_is_vector(Dwarf_Die *type);

#endif
