// Where an output is wrong: by axis, by residue, by size of the error, and as a picture.
#ifndef WAVEGAUGE_EXTENT_H
#define WAVEGAUGE_EXTENT_H

#include "tensor_view.h"

enum {
    LEVEL_RIGHT = 0,
    LEVEL_LARGEST = 8, // above 10^7 times what is allowed
    LEVEL_OTHER_KIND,  // NaN or infinity on one side, or not written
    LEVEL_COUNT
};

struct extent_axis {
    int64_t first, last;  // places with a wrong element
    int64_t wrong_places; // how many have one
};

// Zero-initialise.
struct extent {
    struct tensor_view view;
    unsigned char *levels; // by element: LEVEL_RIGHT, or n for an error of up to 10^n times what is
                           // allowed
    size_t wrong;
    struct extent_axis axes[MAX_RANK];
    size_t histogram[LEVEL_COUNT];
};

// An extent without a wrong element; false when there is no memory. Free with extent_free.
bool extent_create(const struct tensor_view *view, struct extent *extent);
void extent_free(struct extent *extent);

// Notes an error; the largest of an element counts.
void extent_note(struct extent *extent, size_t index, unsigned char level);

// The level of an error; ratio: of the error to what is allowed.
unsigned char extent_level(double ratio);

// To call after the last note.
void extent_finish(struct extent *extent);

// Places from `*first` on of an axis, the last part of it after a multiple of `*tile`, hold all the
// wrong elements, and some others are right: the last tile. `tile` is the largest power of two that
// fits.
bool extent_is_tail(const struct extent *extent, size_t axis, int64_t *first, int64_t *tile);

// Elements are wrong exactly where the place on an axis (SIZE_MAX: the flat index), modulo
// `modulus`, is one of less than all residues: at all of its `size` places, in two periods at
// least, or between `first` and `last`, the first and last place that is wrong, in eight. The
// smallest such modulus of 2 to 256.
struct stripe {
    size_t axis;
    int64_t modulus;
    int64_t first, last, size;
    unsigned char residues[256]; // flags: wrong
};
bool extent_find_stripe(const struct extent *extent, struct stripe *stripe);
void stripe_describe(const struct stripe *stripe, const struct extent *extent, struct text *text);

// A few lines: how many, where by axis, in which stripe, and how large.
void extent_describe(const struct extent *extent, struct text *text);

// A picture of at most 64 x 20 characters of the matrix (the last two axes) with the most wrong
// elements, with a line above that says what it shows.
void extent_draw(const struct extent *extent, struct text *text);

// The first element of the matrix with the most wrong elements, and its rows and columns.
size_t extent_worst_matrix(const struct extent *extent, size_t *rows, size_t *columns);

#endif
