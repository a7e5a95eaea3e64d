// The code objects that are loaded now, so that an address in their code can be named.
#ifndef WAVEGAUGE_LOADED_OBJECTS_H
#define WAVEGAUGE_LOADED_OBJECTS_H

#include "code_object.h"

// False: out of memory.
bool loaded_objects_add(struct code_object *object);
// Nothing happens when it is not there.
void loaded_objects_remove(struct code_object *object);

#endif
