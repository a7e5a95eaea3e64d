// The cache of built kernels, keyed by content.
//
// Two kinds of file. An object is named after the SHA-256 of what is in it, so a damaged one is
// found out when it is read. A manifest is named after everything that is known before the compiler
// runs (source path and contents, compiler, target, flags, environment); it lists every file that
// the compiler read and the object that came out. An object is used only while every listed file is
// as it was.
#ifndef WAVEGAUGE_CACHE_H
#define WAVEGAUGE_CACHE_H

#include "error.h"
#include "text.h"

#include <time.h>

struct cache {
    char folder[4096];
};

// WAVEGAUGE_CACHE, else $XDG_CACHE_HOME/wavegauge, else ~/.cache/wavegauge; made when it is not
// there.
bool cache_open(struct cache *cache, struct error *error);

// The path of something in the cache, such as "device-libs/gfx1100"; the folder it is in is made.
bool cache_path(const struct cache *cache, const char *name, char *path, size_t capacity,
                struct error *error);

// True, and the object appended to `object`, when the manifest `key` (64 hexadecimal digits) is
// there, nothing that it lists has changed and the object is whole.
bool cache_find(const struct cache *cache, const char *key, struct text *object);

// Keeps an object under `key`. `dependencies` are the files that the compiler read, one path per
// line. When one of them was changed after `started`, nobody knows which contents the object comes
// from, and it is not kept.
bool cache_store(const struct cache *cache, const char *key, const char *dependencies,
                 struct timespec started, const struct text *object, struct error *error);

// Waits until no other process builds `key`. -1 when locking is impossible; then two processes may
// do the same work, which is a waste and no mistake. Give the result to cache_unlock.
int cache_lock(const struct cache *cache, const char *key);
void cache_unlock(int lock);

#endif
