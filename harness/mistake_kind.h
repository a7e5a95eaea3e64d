// The kind of mistake that an edit mends, in the words that developers use for it: with a factor
// put into a subscript it was a wrong stride, with a barrier a missing barrier.
//
// It follows from where the edit stands and from what it changes, not from names, except those of
// the language and of HIP. The kinds: wrong bound, off by one, wrong stride, swapped index,
// transposed operand, missing guard, missing barrier, extra barrier, missing scale, wrong initial
// value, stale accumulator, shared array too small, race on shared, wrong lane mask, wrong wave
// size, wrong type width, int overflow, wrong reduction tail, wrong tie rule, uninitialised
// variable, wrong batch offset, non-atomic update; and, where none of these fits, wrong operand,
// wrong operator, wrong sign, wrong constant, wrong condition, wrong function, wrong bit mask,
// wrong signedness, missing term, extra term, wrong scale, missing statement, extra statement,
// wrong order, wrong array size, wrong expression.
#ifndef WAVEGAUGE_MISTAKE_KIND_H
#define WAVEGAUGE_MISTAKE_KIND_H

#include "kernel_text.h"
#include "mistake.h"
#include "place.h"

// False: out of memory.
bool mistake_of_edit(const struct kernel_text *kernel, const struct edit *edit,
                     struct mistake *mistake);

// Notes the kind of a confirmed edit at its place, which places_add has just been given with the
// same file, line and edited line. False: out of memory.
bool mistake_note(struct places *places, const char *file, int line, const char *edited_line,
                  const struct kernel_text *kernel, const struct edit *edit);

// The kind that a finding of a check proves without any edit: a value that was never set is an
// uninitialised variable. kind is NULL for findings that may have several causes.
void mistake_of_finding(const struct finding *finding, struct mistake *mistake);

// The kind that a confirmed class of the output is another word for: an index overflow is an int
// overflow. kind is NULL for classes that may have several causes.
void mistake_of_class(const char *class_name, struct mistake *mistake);

#endif
