#include "timing_api.h"

#include <dlfcn.h>

bool timing_api_find(const struct device *device, struct timing_api *api, struct error *error)
{
#define TIMING_LOOK_UP(function, result, parameters)                                               \
    *(void **)&api->function = dlsym(device->library, #function);                                  \
    if (api->function == NULL)                                                                     \
        return error_set(error, EXIT_MISSING, "%s has no function %s, which timing needs",         \
                         device->library_path, #function);
    TIMING_FUNCTIONS(TIMING_LOOK_UP)
#undef TIMING_LOOK_UP
    return true;
}

int timing_attribute(const struct timing_api *api, int attribute, int otherwise)
{
    int value = 0;
    if (api->hipDeviceGetAttribute(&value, attribute, 0) != 0 || value <= 0)
        return otherwise;
    return value;
}
