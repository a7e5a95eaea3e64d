// Whole files at once.
#ifndef WAVEGAUGE_FILE_BYTES_H
#define WAVEGAUGE_FILE_BYTES_H

#include "error.h"
#include "text.h"

// Appends the file's contents. The error says why not.
bool file_read(const char *path, struct text *contents, struct error *error);

// Writes a file so that `path` has either its old contents or all of the new ones, also when the
// machine stops in between or somebody else writes it at the same time. A link stays, and what it
// leads to is written; what is no plain file (/dev/stdout, a pipe) is written to directly.
bool file_write_atomically(const char *path, const void *bytes, size_t count, struct error *error);

// The same for a text and a path from format_text(), which it frees; it may be NULL: out of memory.
bool file_write_text(char *path, const struct text *text, struct error *error);

// Appends to a file, which is made when it is not there, in one piece where the system does so:
// processes that append at the same time do not mix what they write.
bool file_append(const char *path, const void *bytes, size_t count, struct error *error);

// The same for a file that is not there yet; EXIT_USAGE when it is, and nothing is changed.
bool file_create(const char *path, const void *bytes, size_t count, struct error *error);

// Is there something at the path that is no plain file, or an open file under a name of its own
// (/dev/stdout), which must not be replaced?
bool file_is_special(const char *path);

// Makes a folder and those above it. True when it is there in the end.
bool make_folders(const char *path, struct error *error);

#endif
