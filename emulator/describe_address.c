#include "describe_address.h"

#include "declared_variable.h"
#include "demangle.h"
#include "lds_variables.h"
#include "memory.h"

#include <inttypes.h>
#include <string.h>

// Farther than this from any allocation, the nearest one says nothing.
#define FAR_AWAY (UINT64_C(1) << 32)
// The same for a variable inside a code object.
#define NEAR_VARIABLE 4096

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static const char *origin(const struct allocation *allocation)
{
    if (allocation->name[0])
        return allocation->name;
    switch (allocation->kind) {
    case ALLOCATION_DEVICE:
        return "hipMalloc";
    case ALLOCATION_HOST:
        return "hipHostMalloc";
    case ALLOCATION_REGISTERED:
        return "hipHostRegister";
    case ALLOCATION_CODE:
        return "code object";
    }
    return "of the runtime";
}

static void write_allocation(FILE *out, const struct allocation *allocation)
{
    if (allocation->name[0] && allocation->kind == ALLOCATION_DEVICE) {
        fprintf(out, "%s (%" PRIu64 " bytes at 0x%" PRIx64 ", allocation #%" PRIu64 ")",
                allocation->name, allocation->end - allocation->begin, allocation->begin,
                allocation->serial);
        return;
    }
    fprintf(out, "the %" PRIu64 "-byte allocation at 0x%" PRIx64 " (%s, #%" PRIu64 ")",
            allocation->end - allocation->begin, allocation->begin, origin(allocation),
            allocation->serial);
}

// "3 bytes after " and the like; bytes of the access that lie inside are said too.
static void write_offset(FILE *out, uint64_t address, uint32_t size, uint64_t begin, uint64_t end)
{
    if (address < begin) {
        uint64_t before = begin - address;
        fprintf(out, "%" PRIu64 " byte%s before ", before, plural(before));
    } else if (address >= end) {
        uint64_t after = address - end;
        if (after)
            fprintf(out, "%" PRIu64 " byte%s after ", after, plural(after));
        else
            fprintf(out, "right after ");
    } else if (size > end - address) {
        uint64_t past = size - (end - address);
        fprintf(out, "%" PRIu64 " byte%s past the end of ", past, plural(past));
    } else {
        fprintf(out, "at byte %" PRIu64 " of ", address - begin);
    }
}

// The variable of a code object that holds the address or ends shortly before it.
static const struct variable *variable_near(uint64_t address, const struct code_object *object)
{
    const struct variable *nearest = NULL;
    for (uint32_t i = 0; i < object->variable_count; i++) {
        const struct variable *variable = &object->variables[i];
        if (variable->address <= address && (!nearest || variable->address > nearest->address))
            nearest = variable;
    }
    return nearest && address - nearest->address < nearest->bytes + NEAR_VARIABLE ? nearest : NULL;
}

// False: it is in another allocation, or near no part with a name.
static bool describe_part(FILE *out, const struct code_object *object, const struct fault *fault)
{
    if (fault->address - object->code < object->code_bytes) {
        fprintf(out, "in the code of the kernels");
        return true;
    }
    const struct variable *variable = variable_near(fault->address, object);
    if (!variable)
        return false;
    char name[256];
    write_offset(out, fault->address, fault->size, variable->address,
                 variable->address + variable->bytes);
    fprintf(out, "variable %s of %" PRIu64 " byte%s", demangle(variable->name, name, sizeof name),
            variable->bytes, plural(variable->bytes));
    return true;
}

static void describe_global(FILE *out, const struct launch_request *request,
                            const struct fault *fault)
{
    fprintf(out, "address 0x%" PRIx64, fault->address);
    if (fault->address < 4096)
        fprintf(out, ", a null pointer");
    const struct allocation *nearest = memory_nearest(fault->address);
    if (!nearest) {
        fprintf(out, ": nothing is allocated");
        return;
    }
    uint64_t distance = fault->address < nearest->begin ? nearest->begin - fault->address
                        : fault->address < nearest->end ? 0
                                                        : fault->address - nearest->end;
    if (distance > FAR_AWAY) {
        if (fault->address >= 4096)
            fprintf(out, ": not near any allocation");
        return;
    }
    fprintf(out, ": ");
    const struct code_object *object = request->kernel->object;
    if (object && nearest == object->memory && describe_part(out, object, fault))
        return;
    write_offset(out, fault->address, fault->size, nearest->begin, nearest->end);
    write_allocation(out, nearest);
    if (nearest->freed)
        fprintf(out, ", which has been freed");
}

// The last __shared__ variable that begins at or before the address.
static const struct lds_variable *lds_variable_at(const struct lds_variable *variables,
                                                  unsigned count, uint64_t address)
{
    const struct lds_variable *found = NULL;
    for (unsigned i = 0; i < count; i++)
        if (variables[i].offset <= address)
            found = &variables[i];
    return found;
}

static void describe_lds_variable(FILE *out, const struct launch_request *request,
                                  const struct fault *fault)
{
    struct lds_variable variables[MOST_LDS_VARIABLES];
    uint32_t fixed = request->kernel->lds_bytes;
    unsigned count = lds_variables_find(request->kernel, variables);
    const struct lds_variable *found = lds_variable_at(variables, count, fault->address);
    if (fixed && request->dynamic_lds && fault->address >= fixed) {
        write_offset(out, fault->address, fault->size, fixed,
                     (uint64_t)fixed + request->dynamic_lds);
        fprintf(out, "the %u bytes of dynamic LDS; ", request->dynamic_lds);
        return;
    }
    if (!found)
        return;
    write_offset(out, fault->address, fault->size, found->offset,
                 (uint64_t)found->offset + found->bytes);
    fprintf(out, "__shared__ %s (%u bytes); ", found->name, found->bytes);
}

static void describe_lds(FILE *out, const struct launch_request *request, const struct fault *fault)
{
    uint32_t fixed = request->kernel->lds_bytes;
    uint64_t size = (uint64_t)fixed + request->dynamic_lds;
    fprintf(out, "LDS address 0x%" PRIx64 ": ", fault->address);
    if (size == 0) {
        fprintf(out, "the block has no LDS");
        return;
    }
    describe_lds_variable(out, request, fault);
    write_offset(out, fault->address, fault->size, 0, size);
    fprintf(out, "the %" PRIu64 " bytes of LDS of the block (%u static, %u dynamic)", size, fixed,
            request->dynamic_lds);
}

static void describe_scratch(FILE *out, const struct launch_request *request,
                             const struct fault *fault)
{
    uint64_t size = request->kernel->scratch_bytes;
    if (request->kernel->dynamic_stack)
        size += request->stack_bytes;
    fprintf(out, "scratch address 0x%" PRIx64 ": ", fault->address);
    if (size == 0) {
        fprintf(out, "the kernel has no scratch");
        return;
    }
    write_offset(out, fault->address, fault->size, 0, size);
    fprintf(out, "the %" PRIu64 " bytes of scratch of the thread", size);
    if (request->kernel->dynamic_stack && fault->address >= size)
        fprintf(out, "; recursion too deep? hipDeviceSetLimit(hipLimitStackSize) gives more");
}

void describe_address(FILE *out, const struct launch_request *request, const struct fault *fault)
{
    switch (fault->space) {
    case SPACE_LDS:
        describe_lds(out, request, fault);
        break;
    case SPACE_SCRATCH:
        describe_scratch(out, request, fault);
        break;
    default:
        describe_global(out, request, fault);
    }
}

void describe_declaration(FILE *out, const struct launch_request *request,
                          const struct fault *fault)
{
    struct declared_variable variable;
    uint32_t fixed = request->kernel->lds_bytes;
    bool is_dynamic = request->dynamic_lds > 0 && fault->address >= fixed;
    if (fault->space != SPACE_LDS || is_dynamic ||
        !declared_in_lds(request->kernel, fault->address, &variable))
        return;
    bool is_member = variable.member_file != NULL;
    fprintf(out, "  declared at %s:%d as '%s'\n", is_member ? variable.member_file : variable.file,
            is_member ? variable.member_line : variable.line, variable.name);
}
