#include "loaded_objects.h"

#include <pthread.h>
#include <stdlib.h>

static struct {
    pthread_mutex_t mutex;
    struct code_object **objects;
    size_t count, capacity;
} loaded = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static bool grow(void)
{
    size_t capacity = loaded.capacity ? 2 * loaded.capacity : 16;
    struct code_object **objects = realloc(loaded.objects, capacity * sizeof *objects);
    if (!objects)
        return false;
    loaded.objects = objects;
    loaded.capacity = capacity;
    return true;
}

bool loaded_objects_add(struct code_object *object)
{
    pthread_mutex_lock(&loaded.mutex);
    bool room = loaded.count < loaded.capacity || grow();
    if (room)
        loaded.objects[loaded.count++] = object;
    pthread_mutex_unlock(&loaded.mutex);
    return room;
}

void loaded_objects_remove(struct code_object *object)
{
    pthread_mutex_lock(&loaded.mutex);
    for (size_t i = 0; i < loaded.count; i++) {
        if (loaded.objects[i] == object) {
            loaded.objects[i] = loaded.objects[--loaded.count];
            break;
        }
    }
    pthread_mutex_unlock(&loaded.mutex);
}

struct code_object *code_object_at(uint64_t address)
{
    struct code_object *found = NULL;
    pthread_mutex_lock(&loaded.mutex);
    for (size_t i = 0; i < loaded.count && !found; i++)
        if (address - loaded.objects[i]->code < loaded.objects[i]->code_bytes)
            found = loaded.objects[i];
    pthread_mutex_unlock(&loaded.mutex);
    return found;
}
