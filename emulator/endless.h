// Waves that do not come to an end: what is said of them, and the case in which that is certain.
#ifndef WAVEGAUGE_ENDLESS_H
#define WAVEGAUGE_ENDLESS_H

#include "wave.h"

// The time is up and the wave is still running: say where it goes round, and which waves of its
// workgroup wait at a barrier meanwhile.
void endless_report(struct wave *wave, const char *limit);

// Some waves of the workgroup are at a barrier. True, and the fault has been raised, when each of
// the others goes round in a loop that changes nothing and reads nothing but LDS, so that neither
// can ever go on.
bool endless_is_deadlock(struct workgroup *group);

#endif
