#include "declared_type.h"

#include <dwarf.h>
#include <stdio.h>
#include <string.h>

// Bounds on what broken or hostile debug information can make us walk.
enum { MAXIMUM_DEPTH = 32, MAXIMUM_CHILDREN = 10000 };

bool declared_type_of(Dwarf_Die *entry, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    return dwarf_formref_die(dwarf_attr_integrate(entry, DW_AT_type, &attribute), type) != NULL;
}

static bool is_qualifier(int tag)
{
    return tag == DW_TAG_const_type || tag == DW_TAG_volatile_type || tag == DW_TAG_restrict_type ||
           tag == DW_TAG_atomic_type;
}

static bool is_pointer(int tag)
{
    return tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type ||
           tag == DW_TAG_rvalue_reference_type;
}

static void append_type(Dwarf_Die *type, unsigned depth, char *text, size_t size)
{
    Dwarf_Die inner;
    int tag = type ? dwarf_tag(type) : 0;
    const char *name = type && !is_qualifier(tag) && !is_pointer(tag) ? dwarf_diename(type) : NULL;
    size_t length = strlen(text);
    if (name || depth == 0 || !type || (!is_qualifier(tag) && !is_pointer(tag))) {
        snprintf(text + length, size - length, "%s", name ? name : type ? "?" : "void");
        return;
    }
    bool known = declared_type_of(type, &inner);
    bool value = known && !is_pointer(dwarf_tag(&inner));
    if (tag == DW_TAG_const_type && (value || !known))
        snprintf(text + length, size - length, "const ");
    append_type(known ? &inner : NULL, depth - 1, text, size);
    length = strlen(text);
    if (is_pointer(tag))
        snprintf(text + length, size - length, "%s%c",
                 length > 0 && text[length - 1] == '*' ? "" : " ",
                 tag == DW_TAG_pointer_type ? '*' : '&');
}

const char *declared_type_text(Dwarf_Die *type, char *text, size_t size)
{
    text[0] = '\0';
    append_type(type, MAXIMUM_DEPTH, text, size);
    return text;
}

void declared_type_peel(Dwarf_Die *type, Dwarf_Die *peeled, bool *is_const)
{
    Dwarf_Die inner;
    *peeled = *type;
    *is_const = false;
    for (unsigned depth = 0; depth < MAXIMUM_DEPTH; depth++) {
        int tag = dwarf_tag(peeled);
        *is_const = *is_const || tag == DW_TAG_const_type;
        if ((!is_qualifier(tag) && tag != DW_TAG_typedef) || !declared_type_of(peeled, &inner))
            return;
        *peeled = inner;
    }
}

uint64_t declared_type_size(Dwarf_Die *type)
{
    Dwarf_Word bytes;
    return dwarf_aggregate_size(type, &bytes) == 0 ? bytes : 0;
}

static enum wavegauge_type whole_number(uint64_t bytes, bool is_signed)
{
    switch (bytes) {
    case 1:
        return is_signed ? WAVEGAUGE_TYPE_I8 : WAVEGAUGE_TYPE_U8;
    case 2:
        return is_signed ? WAVEGAUGE_TYPE_I16 : WAVEGAUGE_TYPE_U16;
    case 4:
        return is_signed ? WAVEGAUGE_TYPE_I32 : WAVEGAUGE_TYPE_U32;
    case 8:
        return is_signed ? WAVEGAUGE_TYPE_I64 : WAVEGAUGE_TYPE_U64;
    default:
        return WAVEGAUGE_TYPE_OTHER;
    }
}

static enum wavegauge_type base_number(Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    Dwarf_Word encoding = 0;
    const char *name = dwarf_diename(type);
    uint64_t bytes = declared_type_size(type);
    dwarf_formudata(dwarf_attr(type, DW_AT_encoding, &attribute), &encoding);
    switch (encoding) {
    case DW_ATE_boolean:
        return bytes == 1 ? WAVEGAUGE_TYPE_BOOL : WAVEGAUGE_TYPE_OTHER;
    case DW_ATE_float:
        if (bytes == 2)
            return name && strstr(name, "bf16") ? WAVEGAUGE_TYPE_BF16 : WAVEGAUGE_TYPE_F16;
        return bytes == 4   ? WAVEGAUGE_TYPE_F32
               : bytes == 8 ? WAVEGAUGE_TYPE_F64
                            : WAVEGAUGE_TYPE_OTHER;
    default:
        return whole_number(bytes, encoding == DW_ATE_signed || encoding == DW_ATE_signed_char);
    }
}

static bool is_class(Dwarf_Die *type)
{
    int tag = dwarf_tag(type);
    return tag == DW_TAG_structure_type || tag == DW_TAG_class_type;
}

// HIP's classes that stand for one number.
static enum wavegauge_type number_of_class(Dwarf_Die *type)
{
    static const char *const halves[] = {"__half", "half"};
    static const char *const bfloats[] = {"hip_bfloat16", "__hip_bfloat16", "bfloat16"};
    const char *name = dwarf_diename(type);
    if (!name || declared_type_size(type) != 2)
        return WAVEGAUGE_TYPE_OTHER;
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++)
        if (!strcmp(name, halves[i]))
            return WAVEGAUGE_TYPE_F16;
    for (size_t i = 0; i < sizeof bfloats / sizeof *bfloats; i++)
        if (!strcmp(name, bfloats[i]))
            return WAVEGAUGE_TYPE_BF16;
    return WAVEGAUGE_TYPE_OTHER;
}

enum wavegauge_type declared_number(Dwarf_Die *type)
{
    Dwarf_Die inner;
    bool is_const;
    if (dwarf_tag(type) == DW_TAG_base_type)
        return base_number(type);
    if (dwarf_tag(type) == DW_TAG_enumeration_type) {
        if (!declared_type_of(type, &inner))
            return whole_number(declared_type_size(type), true);
        declared_type_peel(&inner, &inner, &is_const);
        return dwarf_tag(&inner) == DW_TAG_base_type ? base_number(&inner) : WAVEGAUGE_TYPE_OTHER;
    }
    return is_class(type) ? number_of_class(type) : WAVEGAUGE_TYPE_OTHER;
}

bool declared_is_vector(Dwarf_Die *type)
{
    static const char prefix[] = "HIP_vector_type<";
    Dwarf_Attribute attribute;
    if (dwarf_tag(type) == DW_TAG_array_type)
        return dwarf_attr(type, DW_AT_GNU_vector, &attribute) != NULL;
    const char *name = is_class(type) ? dwarf_diename(type) : NULL;
    return name && !strncmp(name, prefix, sizeof prefix - 1);
}

// The first template argument of `HIP_vector_type<float, 4U>`.
static bool template_argument(Dwarf_Die *type, Dwarf_Die *argument)
{
    Dwarf_Die child;
    if (dwarf_child(type, &child) != 0)
        return false;
    for (unsigned i = 0; i < MAXIMUM_CHILDREN; i++) {
        if (dwarf_tag(&child) == DW_TAG_template_type_parameter)
            return declared_type_of(&child, argument);
        if (dwarf_siblingof(&child, &child) != 0)
            return false;
    }
    return false;
}

bool declared_element(Dwarf_Die *type, Dwarf_Die *element)
{
    if (dwarf_tag(type) == DW_TAG_array_type)
        return declared_type_of(type, element);
    return declared_is_vector(type) && template_argument(type, element);
}
