// An inquiry: the evidence of one failure, and the best explanation found so far.
//
// A hypothesis predicts the output of every run. It is scored by the share of wrong elements that
// it predicts, and of all elements. Hypotheses are tried in the order in which one would believe
// them, simple ones first: of two that explain as much, the first stays.
#ifndef WAVEGAUGE_INQUIRY_H
#define WAVEGAUGE_INQUIRY_H

#include "evidence.h"

enum { MAX_EVIDENCE = 40 };

enum strength {
    STRENGTH_NONE,
    STRENGTH_PARTIAL,   // most of the wrong elements
    STRENGTH_RANDOM,    // all of the wrong elements on random data, but not on exact data
    STRENGTH_WRONG,     // all of the wrong elements, but not the right ones
    STRENGTH_EVERYWHERE // every element of the output
};

struct guess {
    char class_name[48];
    char detail[640];
    enum strength strength;
    double share; // of the wrong elements
};

struct inquiry {
    const struct diagnosis_request *request;
    struct evidence
        evidence[MAX_EVIDENCE]; // with a wrong element each, and right ones for contrast
    size_t count;
    size_t output;
    const struct tensor_view *view; // of the output
    const struct extent *extent;    // of all evidence together
    double deadline;                // on inquiry_seconds()'s clock
    bool out_of_time;
    struct guess best;
    // Room for predictions, view->count elements each.
    double *value, *tolerance;
    unsigned char *matched;
};

// Flags in inquiry->matched the elements of one evidence that the hypothesis predicts. False when
// it predicts nothing there, for instance since the reference has no answer.
typedef bool predict_function(struct inquiry *inquiry, const struct evidence *evidence,
                              const void *hypothesis);

// Scores a hypothesis and keeps it when it is better than what there was. `words` completes the
// sentence "equals ...", for instance "the reference with 'v' transposed". True when nothing better
// need be looked for, or when time is up.
bool inquiry_try(struct inquiry *inquiry, const char *class_name, const char *words,
                 predict_function *predict, const void *hypothesis);

// "tail tile" or "lane stripe" where the wrong elements are one; else `otherwise`.
const char *inquiry_class_by_place(const struct inquiry *inquiry, const char *otherwise);

// The same for evidence that is no prediction by elements: the detail is taken as it is.
void inquiry_conclude(struct inquiry *inquiry, const char *class_name, const char *detail,
                      bool everywhere, double share);

// Seconds of processor time that this process has used: what else the machine does must not change
// what is found.
double inquiry_seconds(void);

bool inquiry_is_settled(struct inquiry *inquiry);

// Flags where inquiry->value, within inquiry->tolerance, is what came out.
void inquiry_match_values(struct inquiry *inquiry, const struct evidence *evidence);

// Runs the kernel on further seeds until there are `count` sets of evidence, the last of random
// data. False when it cannot.
bool inquiry_gather_more(struct inquiry *inquiry, size_t count);

// All wrong elements and all elements, of all evidence.
size_t inquiry_wrong(const struct inquiry *inquiry);
size_t inquiry_elements(const struct inquiry *inquiry);

// The steps of the inquiry, in this order, each in a file of its own.
// What stands in wrong elements: nothing, zeros, NaN, stale values.
void inquire_contents(struct inquiry *inquiry);
void inquire_values(struct inquiry *inquiry);    // diagnosis_values.c: sign, scale, offset
void inquire_mapping(struct inquiry *inquiry);   // diagnosis_mapping.c: places by no formula
void inquire_rows(struct inquiry *inquiry);      // diagnosis_values.c: factors by the row
void inquire_places(struct inquiry *inquiry);    // diagnosis_places.c: elsewhere in the output
void inquire_inputs(struct inquiry *inquiry);    // diagnosis_inputs.c: inputs read wrongly
void inquire_terms(struct inquiry *inquiry);     // diagnosis_terms.c: terms of a reduction
void inquire_causal(struct inquiry *inquiry);    // diagnosis_causal.c: masks that depend on the row
void inquire_draws(struct inquiry *inquiry);     // diagnosis_draws.c: rules of sampling
void inquire_extent(struct inquiry *inquiry);    // diagnosis_extent.c
void inquire_precision(struct inquiry *inquiry); // diagnosis_precision.c

#endif
