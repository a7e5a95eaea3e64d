#include "lds_variables.h"

#include "lds_declared.h"

// Optional variables beyond these are taken for unused.
enum { MOST_OPTIONAL = 10 };

static uint32_t round_up(uint32_t bytes)
{
    return (bytes + 15) / 16 * 16;
}

static unsigned append(struct lds_variable *variables, unsigned count,
                       const struct lds_variable *variable)
{
    if (count < MOST_LDS_VARIABLES)
        variables[count++] = *variable;
    return count;
}

static bool is_own(const struct lds_declared *declared, unsigned optional)
{
    for (unsigned i = 0; i < declared->own.count; i++)
        if (declared->own.entries[i] == declared->optional.entries[optional])
            return true;
    return false;
}

// A choice of variables that the kernel may have.
struct choice {
    unsigned optional; // one bit for each
    bool called;       // those of called functions come first, in every kernel
};

// The variables of a choice at their places. Returns how many when they fill the kernel's LDS.
static unsigned fill(const struct lds_declared *declared, const struct kernel *kernel,
                     struct choice choice, struct lds_variable *variables)
{
    unsigned called = 0, count;
    for (unsigned i = 0; choice.called && i < declared->called.count; i++)
        called = append(variables, called, &declared->called.variables[i]);
    uint32_t begin = round_up(lds_layout(variables, called));
    count = called;
    for (unsigned i = 0; i < declared->optional.count && i < MOST_OPTIONAL; i++) {
        if (!(choice.optional >> i & 1))
            continue;
        if (is_own(declared, i))
            return 0; // it is in every choice
        count = append(variables, count, &declared->optional.variables[i]);
    }
    for (unsigned i = 0; i < declared->own.count; i++)
        count = append(variables, count, &declared->own.variables[i]);
    uint32_t end = begin + lds_layout(variables + called, count - called);
    for (unsigned i = called; i < count; i++)
        variables[i].offset += begin;
    bool fills = kernel->lds_bytes >= end && kernel->lds_bytes <= round_up(end);
    return count && fills ? count : 0;
}

unsigned lds_variables_find(const struct kernel *kernel,
                            struct lds_variable variables[MOST_LDS_VARIABLES])
{
    struct lds_declared declared;
    if (!kernel->object || !kernel->lds_bytes || !lds_declared_read(kernel, &declared))
        return 0;
    unsigned options = declared.optional.count;
    unsigned sets = 1u << (options < MOST_OPTIONAL ? options : MOST_OPTIONAL), fitting = 0;
    struct choice fits = {0};
    for (unsigned i = 0; i < sets * 2; i++) {
        struct choice choice = {.optional = i / 2, .called = i % 2};
        if (choice.called && !declared.called.count)
            continue;
        if (fill(&declared, kernel, choice, variables)) {
            fitting++;
            fits = choice;
        }
    }
    return fitting == 1 ? fill(&declared, kernel, fits, variables) : 0;
}
