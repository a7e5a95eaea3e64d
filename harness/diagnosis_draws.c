// Rules of sampling that a kernel got wrong.
#include "inquiry.h"

void inquire_draws(struct inquiry *inquiry)
{
    (void)inquiry;
}
