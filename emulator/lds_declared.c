#include "lds_declared.h"

#include "source_lines.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdio.h>
#include <string.h>

// Bounds on what broken or hostile debug information can make us walk.
enum { MAXIMUM_DEPTH = 64, MAXIMUM_ENTRIES = 1000000 };

struct search {
    const struct kernel *kernel;
    struct lds_declared *declared;
    bool found; // the kernel
    bool failed;
    unsigned entries; // looked at
};

// An address followed by a change to another address space: LDS has number 2 or, in later
// compilers, 3.
static bool is_in_lds(Dwarf_Die *variable)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *operations;
    size_t count;
    if (!dwarf_attr(variable, DW_AT_location, &attribute) ||
        dwarf_getlocation(&attribute, &operations, &count) != 0 || count < 3)
        return false;
    bool space = false;
    for (size_t i = 1; i < count; i++)
        space |= operations[i].atom == DW_OP_lit2 || operations[i].atom == DW_OP_lit3;
    return (operations[0].atom == DW_OP_addrx || operations[0].atom == DW_OP_addr) && space &&
           operations[count - 1].atom == DW_OP_xderef;
}

static uint32_t lds_alignment(uint64_t bytes)
{
    return bytes > 8 ? 16 : bytes > 4 ? 8 : bytes > 2 ? 4 : bytes > 1 ? 2 : 1;
}

static bool read_variable(Dwarf_Die *entry, struct lds_variable *variable)
{
    Dwarf_Attribute attribute;
    Dwarf_Die type;
    Dwarf_Word bytes, alignment;
    const char *name = dwarf_diename(entry);
    if (!name || !dwarf_formref_die(dwarf_attr_integrate(entry, DW_AT_type, &attribute), &type) ||
        dwarf_aggregate_size(&type, &bytes) != 0 || bytes == 0 || bytes > UINT16_MAX + 1)
        return false;
    *variable = (struct lds_variable){.bytes = (uint32_t)bytes,
                                      .alignment = lds_alignment(bytes),
                                      .entry = dwarf_dieoffset(entry)};
    if (dwarf_formudata(dwarf_attr(entry, DW_AT_alignment, &attribute), &alignment) == 0 &&
        alignment > variable->alignment && alignment <= UINT16_MAX)
        variable->alignment = (uint32_t)alignment;
    snprintf(variable->name, sizeof variable->name, "%s", name);
    return true;
}

static void add(struct search *search, struct lds_declared_list *list, Dwarf_Die *entry)
{
    uint64_t place = dwarf_dieoffset(entry);
    if (!is_in_lds(entry))
        return;
    for (unsigned i = 0; i < list->count; i++)
        if (list->entries[i] == place)
            return;
    if (list->count == MOST_LDS_VARIABLES || !read_variable(entry, &list->variables[list->count]))
        search->failed = true;
    else
        list->entries[list->count++] = place;
}

static bool goes_on(struct search *search, unsigned depth)
{
    if (++search->entries > MAXIMUM_ENTRIES || depth > MAXIMUM_DEPTH)
        search->failed = true;
    return !search->failed;
}

// All variables inside a function, and inside the functions that were inlined into it.
static void walk_function(struct search *search, struct lds_declared_list *list,
                          Dwarf_Die *function, unsigned depth)
{
    Dwarf_Die child, origin;
    Dwarf_Attribute attribute;
    if (dwarf_child(function, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);
        if (!goes_on(search, depth))
            return;
        if (tag == DW_TAG_variable)
            add(search, list, &child);
        else if (tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine)
            walk_function(search, list, &child, depth + 1);
        // Static variables stay with the function as it was written.
        if (tag == DW_TAG_inlined_subroutine &&
            dwarf_formref_die(dwarf_attr(&child, DW_AT_abstract_origin, &attribute), &origin))
            walk_function(search, list, &origin, depth + 1);
    } while (dwarf_siblingof(&child, &child) == 0);
}

static bool is_kernel(const struct code_object *object, uint64_t address)
{
    for (uint32_t i = 0; i < object->kernel_count; i++)
        if (object->kernels[i].entry - object->load_offset == address)
            return true;
    return false;
}

static void take_function(struct search *search, Dwarf_Die *function)
{
    const struct code_object *object = search->kernel->object;
    struct lds_declared *declared = search->declared;
    Dwarf_Addr begin;
    if (dwarf_lowpc(function, &begin) != 0) {
        walk_function(search, &declared->optional, function, 0);
    } else if (begin == search->kernel->entry - object->load_offset) {
        search->found = true;
        walk_function(search, &declared->own, function, 0);
    } else if (!is_kernel(object, begin)) {
        walk_function(search, &declared->called, function, 0);
    }
}

static void walk_unit(struct search *search, Dwarf_Die *parent, unsigned depth)
{
    Dwarf_Die child;
    if (dwarf_child(parent, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);
        if (!goes_on(search, depth))
            return;
        if (tag == DW_TAG_variable)
            add(search, &search->declared->optional, &child);
        else if (tag == DW_TAG_namespace || tag == DW_TAG_structure_type ||
                 tag == DW_TAG_class_type)
            walk_unit(search, &child, depth + 1);
        else if (tag == DW_TAG_subprogram)
            take_function(search, &child);
    } while (dwarf_siblingof(&child, &child) == 0);
}

static void read_debug_information(struct Dwarf *dwarf, void *user)
{
    struct search *search = user;
    Dwarf_CU *unit = NULL;
    Dwarf_Die root;
    uint8_t type;
    while (!search->found && goes_on(search, 0)) {
        if (dwarf_get_units(dwarf, unit, &unit, NULL, &type, &root, NULL) != 0)
            return;
        memset(search->declared, 0, sizeof *search->declared);
        if (type == DW_UT_compile)
            walk_unit(search, &root, 0);
    }
}

bool lds_declared_read(const struct kernel *kernel, struct lds_declared *declared)
{
    struct search search = {.kernel = kernel, .declared = declared};
    source_lines_use(code_object_lines(kernel->object), read_debug_information, &search);
    return search.found && !search.failed;
}
