#include "inspect_api.h"

#include <dlfcn.h>

static bool find(const struct device *device, const char *name, void *place, struct error *error)
{
    void *found = dlsym(device->library, name);
    if (found == NULL)
        return error_set(error, EXIT_MISSING,
                         "%s has no function %s, which inspect needs: it takes the emulator that "
                         "was built with this program",
                         device->library_path, name);
    *(void **)place = found;
    return true;
}

bool inspect_api_find(const struct device *device, struct inspect_api *api, struct error *error)
{
    return find(device, "wavegaugeInspect", &api->inspect, error) &&
           find(device, "wavegaugeInspectEnd", &api->end, error) &&
           find(device, "wavegaugeInspectKernelCount", &api->kernel_count, error) &&
           find(device, "wavegaugeInspectKernel", &api->kernel, error) &&
           find(device, "wavegaugeInspectOccupancy", &api->occupancy, error) &&
           find(device, "wavegaugeInspectInstructions", &api->instructions, error) &&
           find(device, "wavegaugeInspectRules", &api->rules, error) &&
           find(device, "wavegaugeSetCounterHandler", &api->set_counter_handler, error);
}
