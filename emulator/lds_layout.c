#include "lds_variables.h"

static bool is_aligned(uint32_t offset, uint32_t alignment)
{
    return offset % alignment == 0;
}

// The variable among those from `first` on that comes next: of the greatest alignment that the
// offset has, of the greatest size then. When the offset suits none, of the least alignment.
static unsigned next_variable(const struct lds_variable *variables, unsigned first, unsigned count,
                              uint32_t offset)
{
    unsigned best = first;
    for (unsigned i = first + 1; i < count; i++) {
        const struct lds_variable *a = &variables[i], *b = &variables[best];
        bool fits = is_aligned(offset, a->alignment), best_fits = is_aligned(offset, b->alignment);
        if (fits != best_fits) {
            if (fits)
                best = i;
        } else if (a->alignment != b->alignment) {
            if ((a->alignment > b->alignment) == fits)
                best = i;
        } else if (a->bytes > b->bytes) {
            best = i;
        }
    }
    return best;
}

uint32_t lds_layout(struct lds_variable *variables, unsigned count)
{
    uint32_t end = 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned next = next_variable(variables, i, count, end);
        struct lds_variable chosen = variables[next];
        for (unsigned k = next; k > i; k--) // those before it keep their order
            variables[k] = variables[k - 1];
        chosen.offset = (end + chosen.alignment - 1) / chosen.alignment * chosen.alignment;
        end = chosen.offset + chosen.bytes;
        variables[i] = chosen;
    }
    return end;
}
