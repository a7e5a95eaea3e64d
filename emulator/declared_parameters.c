#include "declared_parameters.h"

#include "declared_type.h"
#include "source_lines.h"

#include <dwarf.h>
#include <stdio.h>
#include <string.h>

// Bounds on what broken or hostile debug information can make us walk.
enum { MAXIMUM_DEPTH = 32, MAXIMUM_ENTRIES = 1000000, MOST_ELEMENTS = 64 };

struct search {
    const struct kernel *kernel;
    Dwarf_Addr entry; // of the kernel, as the debug information counts
    struct declared_parameters *declared;
    unsigned entries; // looked at
    bool skips_empty; // structures with nothing in them, which not every compiler passes on
    bool found;
};

static struct wavegauge_part *add_part(struct search *search, const char *name, uint64_t offset,
                                       uint64_t size)
{
    struct declared_parameters *declared = search->declared;
    if (declared->part_count == MOST_PARTS)
        return NULL;
    struct wavegauge_part *part = &declared->parts[declared->part_count++];
    *part = (struct wavegauge_part){.offset = (uint32_t)offset, .size = (uint32_t)size};
    snprintf(part->name, sizeof part->name, "%s", name);
    return part;
}

static void describe_pointee(Dwarf_Die *pointer, struct wavegauge_part *part)
{
    Dwarf_Die type, element;
    bool is_const, ignored;
    part->is_pointer = 1;
    part->vector = 1;
    if (!declared_type_of(pointer, &type))
        return;
    declared_type_peel(&type, &type, &is_const);
    part->is_const = is_const;
    part->element_bytes = (uint32_t)declared_type_size(&type);
    part->type = declared_number(&type);
    if (part->type != WAVEGAUGE_TYPE_OTHER || !declared_is_vector(&type) ||
        !declared_element(&type, &element))
        return;
    declared_type_peel(&element, &element, &ignored);
    uint64_t bytes = declared_type_size(&element);
    part->type = declared_number(&element);
    part->vector = bytes > 0 ? (uint32_t)(part->element_bytes / bytes) : 1;
}

static bool add_type(struct search *search, Dwarf_Die *declared_type, const char *name,
                     uint64_t offset, unsigned depth);

static bool add_elements(struct search *search, Dwarf_Die *type, Dwarf_Die *element,
                         const char *name, uint64_t offset, unsigned depth)
{
    char element_name[64];
    uint64_t bytes = declared_type_size(element);
    uint64_t count = bytes > 0 ? declared_type_size(type) / bytes : 0;
    if (count > MOST_ELEMENTS)
        return false;
    for (uint64_t i = 0; i < count; i++) {
        snprintf(element_name, sizeof element_name, "%.50s[%u]", name, (unsigned)i);
        if (!add_type(search, element, element_name, offset + i * bytes, depth))
            return false;
    }
    return true;
}

static bool has(Dwarf_Die *entry, unsigned attribute_name)
{
    Dwarf_Attribute attribute;
    return dwarf_attr(entry, attribute_name, &attribute) != NULL;
}

static bool add_member(struct search *search, Dwarf_Die *member, const char *name, uint64_t offset,
                       unsigned depth)
{
    Dwarf_Die type;
    Dwarf_Attribute attribute;
    Dwarf_Word place = 0;
    char member_name[64];
    int tag = dwarf_tag(member);
    const char *own_name = dwarf_diename(member);
    if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || has(member, DW_AT_external) ||
        has(member, DW_AT_declaration))
        return true;
    if (has(member, DW_AT_bit_size) || has(member, DW_AT_data_bit_offset) ||
        !declared_type_of(member, &type))
        return false;
    if (has(member, DW_AT_data_member_location) &&
        dwarf_formudata(dwarf_attr(member, DW_AT_data_member_location, &attribute), &place) != 0)
        return false;
    if (own_name)
        snprintf(member_name, sizeof member_name, "%.30s%s%.30s", name, name[0] ? "." : "",
                 own_name);
    else
        snprintf(member_name, sizeof member_name, "%s", name);
    return add_type(search, &type, member_name, offset + place, depth);
}

static bool add_members(struct search *search, Dwarf_Die *type, const char *name, uint64_t offset,
                        unsigned depth)
{
    Dwarf_Die child;
    if (dwarf_child(type, &child) != 0)
        return true;
    do {
        if (++search->entries > MAXIMUM_ENTRIES)
            return false;
        if (!add_member(search, &child, name, offset, depth))
            return false;
    } while (dwarf_siblingof(&child, &child) == 0);
    return true;
}

// Adds the parts of a type. False: it has something that is no list of parts, as a union.
static bool add_type(struct search *search, Dwarf_Die *declared_type, const char *name,
                     uint64_t offset, unsigned depth)
{
    Dwarf_Die type, element;
    bool is_const;
    if (depth > MAXIMUM_DEPTH || ++search->entries > MAXIMUM_ENTRIES)
        return false;
    declared_type_peel(declared_type, &type, &is_const);
    int tag = dwarf_tag(&type);
    uint64_t size = declared_type_size(&type);
    enum wavegauge_type number = declared_number(&type);
    if (number != WAVEGAUGE_TYPE_OTHER || tag == DW_TAG_pointer_type) {
        struct wavegauge_part *part = add_part(search, name, offset, size);
        if (!part)
            return false;
        part->type = number;
        if (tag == DW_TAG_pointer_type)
            describe_pointee(&type, part);
        return true;
    }
    if (declared_element(&type, &element))
        return add_elements(search, &type, &element, name, offset, depth + 1);
    if (tag == DW_TAG_structure_type || tag == DW_TAG_class_type)
        return add_members(search, &type, name, offset, depth + 1);
    return false;
}

static bool parts_fit(const struct wavegauge_parameter *parameter)
{
    uint64_t end = 0;
    for (size_t i = 0; i < parameter->part_count; i++) {
        const struct wavegauge_part *part = &parameter->parts[i];
        if (part->offset < end || (uint64_t)part->offset + part->size > parameter->size)
            return false;
        end = (uint64_t)part->offset + part->size;
    }
    return true;
}

static bool is_empty_structure(Dwarf_Die *type)
{
    Dwarf_Die peeled, child;
    bool is_const;
    declared_type_peel(type, &peeled, &is_const);
    int tag = dwarf_tag(&peeled);
    if (tag != DW_TAG_structure_type && tag != DW_TAG_class_type)
        return false;
    if (dwarf_child(&peeled, &child) != 0)
        return true;
    for (unsigned i = 0; i < MAXIMUM_ENTRIES; i++) {
        if (dwarf_tag(&child) == DW_TAG_member || dwarf_tag(&child) == DW_TAG_inheritance)
            return false;
        if (dwarf_siblingof(&child, &child) != 0)
            return true;
    }
    return false;
}

static bool add_parameter(struct search *search, Dwarf_Die *entry)
{
    Dwarf_Die type;
    struct declared_parameters *declared = search->declared;
    if (!declared_type_of(entry, &type))
        return false;
    if (search->skips_empty && is_empty_structure(&type))
        return true;
    if (declared->count == MOST_PARAMETERS || declared->count == search->kernel->explicit_arguments)
        return false;
    const struct kernel_argument *argument = &search->kernel->arguments[declared->count];
    struct wavegauge_parameter *parameter = &declared->parameters[declared->count++];
    const char *name = dwarf_diename(entry);
    unsigned first = declared->part_count;
    *parameter =
        (struct wavegauge_parameter){.offset = argument->offset,
                                     .size = argument->size,
                                     .is_pointer = argument->kind == ARGUMENT_GLOBAL_BUFFER};
    snprintf(parameter->name, sizeof parameter->name, "%s", name ? name : "");
    declared_type_text(&type, parameter->type, sizeof parameter->type);
    if (declared_type_size(&type) != argument->size)
        return false;
    parameter->parts = &declared->parts[first];
    bool known = add_type(search, &type, "", 0, 0);
    parameter->part_count = declared->part_count - first;
    if (!known || !parts_fit(parameter)) {
        declared->part_count = first;
        parameter->part_count = 0;
    }
    return true;
}

static unsigned count_parameters(struct search *search, Dwarf_Die *function)
{
    Dwarf_Die child;
    unsigned count = 0;
    if (dwarf_child(function, &child) != 0)
        return 0;
    do
        count += dwarf_tag(&child) == DW_TAG_formal_parameter;
    while (++search->entries < MAXIMUM_ENTRIES && dwarf_siblingof(&child, &child) == 0);
    return count;
}

static void read_parameters(struct search *search, Dwarf_Die *function)
{
    Dwarf_Die child;
    struct declared_parameters *declared = search->declared;
    const char *name = dwarf_diename(function);
    declared->function = name ? name : "";
    dwarf_decl_line(function, &declared->line);
    search->skips_empty = count_parameters(search, function) != search->kernel->explicit_arguments;
    search->found = true;
    if (dwarf_child(function, &child) == 0) {
        do {
            if (++search->entries > MAXIMUM_ENTRIES)
                search->found = false;
            else if (dwarf_tag(&child) == DW_TAG_formal_parameter)
                search->found = add_parameter(search, &child);
        } while (search->found && dwarf_siblingof(&child, &child) == 0);
    }
    search->found = search->found && declared->count == search->kernel->explicit_arguments;
}

// True: the kernel was there, whether it could be read or not.
static bool find_function(struct search *search, Dwarf_Die *parent, unsigned depth)
{
    Dwarf_Die child;
    Dwarf_Addr begin;
    if (depth > MAXIMUM_DEPTH || dwarf_child(parent, &child) != 0)
        return false;
    do {
        int tag = dwarf_tag(&child);
        if (++search->entries > MAXIMUM_ENTRIES)
            return true;
        if (tag == DW_TAG_namespace || tag == DW_TAG_structure_type || tag == DW_TAG_class_type) {
            if (find_function(search, &child, depth + 1))
                return true;
        } else if (tag == DW_TAG_subprogram && dwarf_lowpc(&child, &begin) == 0 &&
                   begin == search->entry) {
            read_parameters(search, &child);
            return true;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

static void read_units(struct Dwarf *dwarf, void *user)
{
    struct search *search = user;
    Dwarf_CU *unit = NULL;
    Dwarf_Die root;
    uint8_t type;
    while (++search->entries < MAXIMUM_ENTRIES &&
           dwarf_get_units(dwarf, unit, &unit, NULL, &type, &root, NULL) == 0)
        if (type == DW_UT_compile && find_function(search, &root, 0))
            return;
}

bool declared_parameters_read(const struct kernel *kernel, struct declared_parameters *declared)
{
    struct search search = {.kernel = kernel,
                            .entry = kernel->entry - kernel->object->load_offset,
                            .declared = declared};
    *declared = (struct declared_parameters){.function = ""};
    source_lines_use(code_object_lines(kernel->object), read_units, &search);
    return search.found;
}
