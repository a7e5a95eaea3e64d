#include "declared_variable.h"

#include "lds_variables.h"
#include "source_lines.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdio.h>
#include <string.h>

// Bounds on what broken or hostile debug information can make us walk.
enum { MAXIMUM_DEPTH = 64, MAXIMUM_ENTRIES = 1000000 };

enum { FRAME_POINTER = 65 }; // s33, as DWARF numbers it

struct search {
    Dwarf_Addr pc;
    const struct stack_place *stack; // NULL: a register is looked for
    unsigned register_number;
    struct declared_variable *variable;
    bool found;
    unsigned entries;    // looked at
    const char *missing; // what, when nothing is found
};

static bool type_of(Dwarf_Die *entry, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    Dwarf_Die named;
    return dwarf_formref_die(dwarf_attr_integrate(entry, DW_AT_type, &attribute), &named) &&
           dwarf_peel_type(&named, type) == 0;
}

// The member of a structure at an offset. The innermost one is named; elements of arrays are not
// told apart.
static void add_member(Dwarf_Die *type, uint64_t offset, struct declared_variable *variable)
{
    Dwarf_Die inside = *type, member;
    Dwarf_Word bytes, begin;
    Dwarf_Attribute attribute;
    for (unsigned depth = 0; depth < MAXIMUM_DEPTH; depth++) {
        if (dwarf_tag(&inside) == DW_TAG_array_type) {
            Dwarf_Die element;
            if (!type_of(&inside, &element) || dwarf_aggregate_size(&element, &bytes) != 0 ||
                bytes == 0)
                return;
            offset %= bytes;
            inside = element;
            continue;
        }
        if (dwarf_child(&inside, &member) != 0)
            return;
        bool found = false;
        do {
            Dwarf_Die member_type;
            if (dwarf_tag(&member) != DW_TAG_member || !dwarf_diename(&member) ||
                !type_of(&member, &member_type) || dwarf_aggregate_size(&member_type, &bytes) != 0)
                continue;
            if (dwarf_formudata(dwarf_attr(&member, DW_AT_data_member_location, &attribute),
                                &begin) != 0)
                begin = 0;
            if (offset < begin || offset - begin >= bytes)
                continue;
            size_t length = strlen(variable->name);
            snprintf(variable->name + length, sizeof variable->name - length, ".%s",
                     dwarf_diename(&member));
            variable->member_file = dwarf_decl_file(&member);
            if (dwarf_decl_line(&member, &variable->member_line) != 0)
                variable->member_file = NULL;
            offset -= begin;
            inside = member_type;
            found = true;
            break;
        } while (dwarf_siblingof(&member, &member) == 0);
        if (!found)
            return;
    }
}

static bool describe(Dwarf_Die *entry, uint64_t offset, struct declared_variable *variable)
{
    Dwarf_Die type;
    const char *name = dwarf_diename(entry), *file = dwarf_decl_file(entry);
    if (!name || !file || dwarf_decl_line(entry, &variable->line) != 0)
        return false;
    snprintf(variable->name, sizeof variable->name, "%s", name);
    variable->file = file;
    variable->member_file = NULL;
    if (type_of(entry, &type))
        add_member(&type, offset, variable);
    return true;
}

static bool is_on_stack(const struct search *search, Dwarf_Die *entry, const Dwarf_Op *operation,
                        uint64_t *offset)
{
    Dwarf_Die type;
    Dwarf_Word bytes;
    if (operation->atom != DW_OP_fbreg || !type_of(entry, &type) ||
        dwarf_aggregate_size(&type, &bytes) != 0)
        return false;
    *offset = (uint64_t)search->stack->offset - operation->number;
    return *offset < bytes;
}

static bool is_register(const struct search *search, const Dwarf_Op *operations, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned atom = operations[i].atom;
        if (atom == DW_OP_regx && operations[i].number == search->register_number)
            return true;
        if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31 &&
            atom - DW_OP_reg0 == search->register_number)
            return true;
    }
    return false;
}

static void look_at(struct search *search, Dwarf_Die *entry)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *operations;
    size_t count;
    uint64_t offset = 0;
    if (!dwarf_attr(entry, DW_AT_location, &attribute) ||
        dwarf_getlocation_addr(&attribute, search->pc, &operations, &count, 1) != 1 || !count)
        return;
    bool here = search->stack ? count == 1 && is_on_stack(search, entry, operations, &offset)
                              : is_register(search, operations, count);
    if (here && describe(entry, offset, search->variable))
        search->found = true;
}

// Scopes around the address, from the outside to the inside: the last variable found is the one.
static void walk(struct search *search, Dwarf_Die *scope, unsigned depth)
{
    Dwarf_Die child;
    if (depth > MAXIMUM_DEPTH || dwarf_child(scope, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);
        if (++search->entries > MAXIMUM_ENTRIES)
            return;
        if (tag == DW_TAG_variable || tag == DW_TAG_formal_parameter)
            look_at(search, &child);
        else if ((tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) &&
                 dwarf_haspc(&child, search->pc) > 0)
            walk(search, &child, depth + 1);
    } while (dwarf_siblingof(&child, &child) == 0);
}

// Is the frame of the function where we think it is?
static bool frame_is_known(const struct search *search, Dwarf_Die *function)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *operations;
    size_t count;
    if (!search->stack || search->stack->outermost)
        return true;
    return dwarf_attr(function, DW_AT_frame_base, &attribute) &&
           dwarf_getlocation(&attribute, &operations, &count) == 0 && count == 1 &&
           operations[0].atom == DW_OP_regx && operations[0].number == FRAME_POINTER;
}

static void find_function(struct search *search, Dwarf_Die *parent, unsigned depth)
{
    Dwarf_Die child;
    if (depth > MAXIMUM_DEPTH || dwarf_child(parent, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);
        if (++search->entries > MAXIMUM_ENTRIES)
            return;
        if (tag == DW_TAG_namespace || tag == DW_TAG_structure_type || tag == DW_TAG_class_type) {
            find_function(search, &child, depth + 1);
        } else if (tag == DW_TAG_subprogram && dwarf_haspc(&child, search->pc) > 0) {
            if (frame_is_known(search, &child)) {
                search->missing = "none of the function's variables is there";
                walk(search, &child, 0);
            } else {
                search->missing = "where the function's frame begins is not known";
            }
            return;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
}

static void read_units(struct Dwarf *dwarf, void *user)
{
    struct search *search = user;
    search->missing = "it describes no function at this address";
    Dwarf_CU *unit = NULL;
    Dwarf_Die root;
    uint8_t type;
    while (!search->found && ++search->entries < MAXIMUM_ENTRIES &&
           dwarf_get_units(dwarf, unit, &unit, NULL, &type, &root, NULL) == 0)
        if (type == DW_UT_compile)
            find_function(search, &root, 0);
}

static bool run(struct code_object *object, struct search *search)
{
    search->missing = "there is none";
    if (object) {
        search->pc -= object->load_offset;
        source_lines_use(code_object_lines(object), read_units, search);
    }
    search->variable->missing = search->missing;
    return search->found;
}

bool declared_on_stack(struct code_object *object, const struct stack_place *place,
                       struct declared_variable *variable)
{
    struct search search = {.pc = place->pc, .stack = place, .variable = variable};
    return run(object, &search);
}

bool declared_in_register(struct code_object *object, uint64_t pc, unsigned register_number,
                          struct declared_variable *variable)
{
    struct search search = {.pc = pc, .register_number = register_number, .variable = variable};
    return run(object, &search);
}

struct lds_search {
    const struct lds_variable *from;
    uint64_t offset;
    struct declared_variable *variable;
    bool found;
};

static void read_lds(struct Dwarf *dwarf, void *user)
{
    struct lds_search *search = user;
    Dwarf_Die entry;
    search->found = dwarf_offdie(dwarf, search->from->entry, &entry) &&
                    describe(&entry, search->offset, search->variable);
}

bool declared_in_lds(const struct kernel *kernel, uint64_t address,
                     struct declared_variable *variable)
{
    struct lds_variable variables[MOST_LDS_VARIABLES];
    const struct lds_variable *from = NULL;
    unsigned count = lds_variables_find(kernel, variables);
    for (unsigned i = 0; i < count && variables[i].offset <= address; i++)
        from = &variables[i];
    if (!from)
        return false;
    struct lds_search search = {
        .from = from, .offset = address - from->offset, .variable = variable};
    if (search.offset >= from->bytes)
        search.offset = from->bytes - 1;
    source_lines_use(code_object_lines(kernel->object), read_lds, &search);
    return search.found;
}
