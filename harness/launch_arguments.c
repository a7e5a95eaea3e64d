#include "launch_arguments.h"

#include <string.h>

// A kernel that takes more parameters than the case file gives must not make the runtime read past
// our list: the spare ones are zeros.
static unsigned char zeros[4096];

void launch_arguments_fill(struct launch_arguments *arguments, const struct plan_launch *launch,
                           void *const addresses[MAX_TENSORS])
{
    for (size_t i = 0; i < MAX_ARGUMENTS + SPARE_PARAMETERS; i++)
        arguments->parameters[i] = zeros;
    for (size_t i = 0; i < launch->argument_count; i++) {
        const struct plan_argument *argument = &launch->arguments[i];
        memcpy(arguments->values[i], argument->value, argument->size);
        for (size_t j = 0; j < argument->pointer_count; j++)
            memcpy(arguments->values[i] + argument->pointers[j].offset,
                   &addresses[argument->pointers[j].tensor], sizeof addresses[0]);
        arguments->parameters[i] = arguments->values[i];
    }
}
