#include "source_lines.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <libelf.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

// Bounds on what broken or hostile debug information can make us walk.
enum { MAXIMUM_DEPTH = 128, MAXIMUM_ENTRIES = 10000000 };

struct source_lines {
    Elf *elf;
    Dwarf *dwarf;
};

// libdw reads on demand into shared caches; reports are rare, so one lock will do.
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static struct source_lines *open_locked(const void *elf, size_t bytes)
{
    if (elf_version(EV_CURRENT) == EV_NONE)
        return NULL;
    struct source_lines *lines = calloc(1, sizeof *lines);
    if (!lines)
        return NULL;
    lines->elf = elf_memory((char *)elf, bytes);
    if (lines->elf)
        lines->dwarf = dwarf_begin_elf(lines->elf, DWARF_C_READ, NULL);
    if (lines->dwarf)
        return lines;
    elf_end(lines->elf);
    free(lines);
    return NULL;
}

struct source_lines *source_lines_open(const void *elf, size_t bytes)
{
    pthread_mutex_lock(&mutex);
    struct source_lines *lines = open_locked(elf, bytes);
    pthread_mutex_unlock(&mutex);
    return lines;
}

void source_lines_close(struct source_lines *lines)
{
    if (!lines)
        return;
    pthread_mutex_lock(&mutex);
    dwarf_end(lines->dwarf);
    elf_end(lines->elf);
    pthread_mutex_unlock(&mutex);
    free(lines);
}

// The functions around an address, outermost first: a subprogram and what was inlined into it.
struct function_chain {
    Dwarf_Die functions[MAXIMUM_DEPTH];
    unsigned count;
    unsigned entries; // looked at
};

static bool holds_scopes(int tag)
{
    return tag == DW_TAG_lexical_block || tag == DW_TAG_try_block || tag == DW_TAG_catch_block;
}

static bool is_container(int tag)
{
    return tag == DW_TAG_namespace || tag == DW_TAG_structure_type || tag == DW_TAG_class_type ||
           tag == DW_TAG_union_type || tag == DW_TAG_module;
}

static bool is_function(int tag)
{
    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

// Look among the children of parent for what holds the address and go on inside it. True: found.
static bool descend(Dwarf_Die *parent, Dwarf_Addr address, unsigned depth,
                    struct function_chain *chain)
{
    Dwarf_Die child;
    if (depth >= MAXIMUM_DEPTH || dwarf_child(parent, &child) != 0)
        return false;
    do {
        if (++chain->entries > MAXIMUM_ENTRIES)
            return false;
        int tag = dwarf_tag(&child);
        if (is_container(tag)) {
            if (descend(&child, address, depth + 1, chain))
                return true;
        } else if ((is_function(tag) || holds_scopes(tag)) && dwarf_haspc(&child, address) > 0) {
            if (is_function(tag) && chain->count < MAXIMUM_DEPTH)
                chain->functions[chain->count++] = child;
            descend(&child, address, depth + 1, chain);
            return true;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

static bool unit_holds(Dwarf_Die *unit, Dwarf_Addr address)
{
    return dwarf_haspc(unit, address) > 0;
}

// The compilation unit of an address. Compilers for AMDGPU write no .debug_aranges, so look at each
// unit.
static bool find_unit(Dwarf *dwarf, Dwarf_Addr address, Dwarf_Die *found)
{
    Dwarf_CU *unit = NULL;
    uint8_t type;
    for (unsigned i = 0; i < MAXIMUM_ENTRIES; i++) {
        Dwarf_Die die;
        if (dwarf_get_units(dwarf, unit, &unit, NULL, &type, &die, NULL) != 0)
            return false;
        if (type == DW_UT_compile && unit_holds(&die, address)) {
            *found = die;
            return true;
        }
    }
    return false;
}

static const char *function_name(Dwarf_Die *function)
{
    const char *name = dwarf_diename(function); // follows DW_AT_abstract_origin
    if (name)
        return name;
    Dwarf_Attribute attribute;
    name = dwarf_formstring(dwarf_attr_integrate(function, DW_AT_linkage_name, &attribute));
    return name ? name : "";
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

// The row itself, or the last one before it in the same function that has a line: the compiler
// gives line 0 to instructions that it made of several lines.
static Dwarf_Line *row_with_line(Dwarf_Die *unit, Dwarf_Line *row, Dwarf_Addr function_begin)
{
    Dwarf_Lines *rows;
    size_t count, index = 0;
    int number = 0;
    if (dwarf_lineno(row, &number) == 0 && number > 0)
        return row;
    if (dwarf_getsrclines(unit, &rows, &count) != 0)
        return NULL;
    while (index < count && dwarf_onesrcline(rows, index) != row)
        index++;
    while (index < count && index-- > 0) {
        Dwarf_Line *before = dwarf_onesrcline(rows, index);
        Dwarf_Addr address = 0;
        dwarf_lineaddr(before, &address);
        if (address < function_begin)
            return NULL;
        if (dwarf_lineno(before, &number) == 0 && number > 0)
            return before;
    }
    return NULL;
}

// Where the line table puts the address itself; functions may be empty.
static void read_line(Dwarf_Die *unit, Dwarf_Addr address, struct function_chain *chain,
                      struct source_frame *frame)
{
    Dwarf_Addr begin = 0;
    if (chain->count)
        dwarf_lowpc(&chain->functions[0], &begin);
    Dwarf_Line *row = dwarf_getsrc_die(unit, address);
    row = row ? row_with_line(unit, row, begin) : NULL;
    if (row) {
        frame->file = or_empty(dwarf_linesrc(row, NULL, NULL));
        dwarf_lineno(row, &frame->line);
        dwarf_linecol(row, &frame->column);
    } else if (chain->count) {
        Dwarf_Die *innermost = &chain->functions[chain->count - 1];
        frame->file = or_empty(dwarf_decl_file(innermost));
        dwarf_decl_line(innermost, &frame->line);
    }
}

static int read_number(Dwarf_Die *die, unsigned attribute_name)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value;
    if (dwarf_formudata(dwarf_attr(die, attribute_name, &attribute), &value) != 0 ||
        value > INT32_MAX)
        return 0;
    return (int)value;
}

// Where an inlined function was called from.
static void read_call(Dwarf_Die *unit, Dwarf_Die *inlined, struct source_frame *frame)
{
    Dwarf_Files *files;
    size_t count;
    frame->line = read_number(inlined, DW_AT_call_line);
    frame->column = read_number(inlined, DW_AT_call_column);
    size_t file = (size_t)read_number(inlined, DW_AT_call_file);
    if (dwarf_getsrcfiles(unit, &files, &count) == 0 && file < count)
        frame->file = or_empty(dwarf_filesrc(files, file, NULL, NULL));
}

static unsigned find_locked(struct source_lines *lines, Dwarf_Addr address,
                            struct source_frame frames[SOURCE_FRAMES])
{
    Dwarf_Die unit;
    if (!find_unit(lines->dwarf, address, &unit))
        return 0;
    struct function_chain chain = {.count = 0};
    descend(&unit, address, 0, &chain);
    frames[0] = (struct source_frame){.file = "", .function = ""};
    read_line(&unit, address, &chain, &frames[0]);
    if (chain.count == 0)
        return frames[0].line ? 1 : 0;
    unsigned count = 0;
    for (unsigned i = chain.count; i-- > 0 && count < SOURCE_FRAMES;) {
        frames[count].function = function_name(&chain.functions[i]);
        count++;
        if (dwarf_tag(&chain.functions[i]) != DW_TAG_inlined_subroutine)
            break;
        if (count < SOURCE_FRAMES) {
            frames[count] = (struct source_frame){.file = "", .function = ""};
            read_call(&unit, &chain.functions[i], &frames[count]);
        }
    }
    return count;
}

unsigned source_lines_find(struct source_lines *lines, uint64_t address,
                           struct source_frame frames[SOURCE_FRAMES])
{
    if (!lines)
        return 0;
    pthread_mutex_lock(&mutex);
    unsigned count = find_locked(lines, address, frames);
    pthread_mutex_unlock(&mutex);
    return count;
}

void source_lines_use(struct source_lines *lines, void (*use)(struct Dwarf *dwarf, void *user),
                      void *user)
{
    if (!lines)
        return;
    pthread_mutex_lock(&mutex);
    use(lines->dwarf, user);
    pthread_mutex_unlock(&mutex);
}
