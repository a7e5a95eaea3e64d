#include "probe.h"

char *probe_kernel(struct inquiry *inquiry)
{
    (void)inquiry;
    return NULL;
}
