// Gives every file of a folder, and its beginnings of half, a quarter... of its length, to a fuzz
// target.
#ifndef WAVEGAUGE_TESTS_REPLAY_FOLDER_H
#define WAVEGAUGE_TESTS_REPLAY_FOLDER_H

#include <stddef.h>
#include <stdint.h>

// How many files there were. Fails the running test when one cannot be read.
size_t replay_folder(const char *folder, int (*target)(const uint8_t *data, size_t size));

#endif
