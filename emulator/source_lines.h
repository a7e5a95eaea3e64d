// From a device address to source lines, by the code object's DWARF.
#ifndef WAVEGAUGE_SOURCE_LINES_H
#define WAVEGAUGE_SOURCE_LINES_H

#include <stddef.h>
#include <stdint.h>

struct source_frame {
    const char *file; // "" when unknown; lives as long as the source_lines
    const char *function;
    int line, column; // 0: unknown
};

#define SOURCE_FRAMES 16

struct source_lines;

// elf must outlive the result. NULL when there is no debug information or it is broken.
struct source_lines *source_lines_open(const void *elf, size_t bytes);
void source_lines_close(struct source_lines *lines);

// Frames of an ELF virtual address, innermost inlined function first; returns how many, 0 when
// unknown.
unsigned source_lines_find(struct source_lines *lines, uint64_t address,
                           struct source_frame frames[SOURCE_FRAMES]);

// For what else is to be read from the debug information: calls use while nobody else reads it.
struct Dwarf; // of libdw
void source_lines_use(struct source_lines *lines, void (*use)(struct Dwarf *dwarf, void *user),
                      void *user);

#endif
