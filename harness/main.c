#include "commands.h"

int main(int argument_count, char **arguments)
{
    return wavegauge(argument_count, arguments);
}
