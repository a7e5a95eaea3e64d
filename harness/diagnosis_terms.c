// Reductions over the wrong terms: the reference with some places of a reduced dimension left out,
// read twice, or with more of them than there are.
//
// A dimension is reduced when inputs have it and the output does not. Leaving places out makes the
// dimension smaller, which suits softmax and maxima as well as sums; for tensors that are not
// affected alike, and since a parameter may depend on the size of a dimension, one tensor is zeroed
// in the same places as well.
#include "index_mistake.h"
#include "recomputation.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum term_kind {
    TERMS_FROM,       // places n and on are missing
    TERMS_BEFORE,     // places before n are missing
    TERMS_ONE,        // place n is missing
    TERMS_RESIDUES,   // places whose residue modulo n is from a up are missing
    TERMS_LOW,        // places whose residue modulo n is below a are missing
    TERMS_TILE,       // places of tile a of n are missing
    TERMS_MORE_ZERO,  // up to n places, the further ones zero
    TERMS_MORE_EDGE,  // up to n places, the last one again
    TERMS_MORE_FIRST, // up to n places, from the first on again
    TERMS_MORE_FLAT,  // up to n places, what follows in memory
    TERMS_TWICE       // places from a up to n twice
};

struct term_hypothesis {
    enum term_kind kind;
    int64_t n, a;
    const char *axis; // the dimension's name
    size_t dimension;
    int64_t size;
    size_t zeroed; // tensor to zero in the missing places; SIZE_MAX: the dimension shrinks
    struct recomputation *recomputation;
    const int64_t *chosen; // where each place of the changed dimension comes from
    int64_t chosen_count;
};

static bool is_missing(const struct term_hypothesis *terms, int64_t place)
{
    switch (terms->kind) {
    case TERMS_FROM:
        return place >= terms->n;
    case TERMS_BEFORE:
        return place < terms->n;
    case TERMS_ONE:
        return place == terms->n;
    case TERMS_RESIDUES:
        return place % terms->n >= terms->a;
    case TERMS_LOW:
        return place % terms->n < terms->a;
    case TERMS_TILE:
        return place / terms->n == terms->a;
    default:
        return false;
    }
}

// The places that take part, in order; -1 - k: place k beyond the end.
static int64_t *choose(const struct term_hypothesis *terms, int64_t *count)
{
    int64_t most = 2 * terms->size + (terms->n > 0 ? terms->n : 0);
    int64_t *chosen = malloc((size_t)(most + 1) * sizeof *chosen);
    *count = 0;
    if (chosen == NULL)
        return NULL;
    for (int64_t k = 0; k < terms->size; k++) {
        if (!is_missing(terms, k))
            chosen[(*count)++] = k;
        if (terms->kind == TERMS_TWICE && k >= terms->a && k < terms->n)
            chosen[(*count)++] = k;
    }
    if (terms->kind >= TERMS_MORE_ZERO && terms->kind <= TERMS_MORE_FLAT) {
        for (int64_t k = terms->size; k < terms->n; k++)
            chosen[(*count)++] = terms->kind == TERMS_MORE_EDGE    ? terms->size - 1
                                 : terms->kind == TERMS_MORE_FIRST ? (k - terms->size) % terms->size
                                                                   : -1 - k;
    }
    return chosen;
}

static bool predict_resized(struct inquiry *inquiry, const struct evidence *evidence,
                            const void *hypothesis)
{
    const struct term_hypothesis *terms = hypothesis;
    return recomputation_resize(terms->recomputation, evidence, terms->axis, terms->chosen,
                                terms->kind == TERMS_MORE_FLAT) &&
           recomputation_match(inquiry, terms->recomputation, evidence);
}

static bool predict_zeroed(struct inquiry *inquiry, const struct evidence *evidence,
                           const void *hypothesis)
{
    const struct term_hypothesis *terms = hypothesis;
    const struct tensor_view view =
        tensor_view_of(&inquiry->request->plan->tensors[terms->zeroed], false);
    const size_t axis = tensor_view_find_axis(&view, terms->axis);
    double *values = terms->recomputation->data.values[terms->zeroed];
    // What takes no part adds nothing to a sum, and is never drawn.
    const double nothing = inquiry->request->plan->reference->draws ? -INFINITY : 0;
    recomputation_restore(terms->recomputation, evidence);
    for (size_t i = 0; i < view.count; i++) {
        int64_t places[MAX_RANK] = {0};
        tensor_view_places(&view, i, places);
        if (is_missing(terms, places[axis]))
            values[i] = nothing;
        if (terms->kind == TERMS_TWICE && places[axis] >= terms->a && places[axis] < terms->n)
            values[i] *= 2;
    }
    return recomputation_match(inquiry, terms->recomputation, evidence);
}

static void describe(const struct term_hypothesis *terms, char *words, size_t capacity)
{
    const char *axis = terms->axis;
    const long long n = terms->n, a = terms->a, size = terms->size;
    switch (terms->kind) {
    case TERMS_FROM:
        if (n == size - 1)
            snprintf(words, capacity, "the last term of %s left out", axis);
        else
            snprintf(words, capacity, "the terms of %s from %lld on left out (of %lld)", axis, n,
                     size);
        break;
    case TERMS_BEFORE:
        if (n == 1)
            snprintf(words, capacity, "the first term of %s left out", axis);
        else
            snprintf(words, capacity, "the terms of %s before %lld left out (of %lld)", axis, n,
                     size);
        break;
    case TERMS_ONE:
        snprintf(words, capacity, "term %lld of %s left out", n, axis);
        break;
    case TERMS_RESIDUES:
        snprintf(words, capacity, "the terms left out where %s mod %lld is %lld or more", axis, n,
                 a);
        break;
    case TERMS_LOW:
        snprintf(words, capacity, "the terms left out where %s mod %lld is below %lld", axis, n, a);
        break;
    case TERMS_TILE:
        snprintf(words, capacity, "the terms %lld to %lld of %s left out", a * n, a * n + n - 1,
                 axis);
        break;
    case TERMS_MORE_ZERO:
        snprintf(words, capacity, "zeros taking part as %s %lld to %lld, beyond its end", axis,
                 size, n - 1);
        break;
    case TERMS_MORE_EDGE:
        snprintf(words, capacity, "the last of %s taking part again as %lld to %lld", axis, size,
                 n - 1);
        break;
    case TERMS_MORE_FIRST:
        snprintf(words, capacity, "the first of %s taking part again as %lld to %lld", axis, size,
                 n - 1);
        break;
    case TERMS_MORE_FLAT:
        snprintf(words, capacity, "what follows in memory taking part as %s %lld to %lld", axis,
                 size, n - 1);
        break;
    case TERMS_TWICE:
        if (n == a + 1)
            snprintf(words, capacity, "term %lld of %s counted twice", a, axis);
        else
            snprintf(words, capacity, "the terms %lld to %lld of %s counted twice", a, n - 1, axis);
        break;
    }
}

static const char *class_of(const struct term_hypothesis *terms)
{
    // One term too many is a bound that is off; a tile filled up is a mask that is missing.
    bool more = terms->kind >= TERMS_MORE_ZERO && terms->kind <= TERMS_MORE_FLAT;
    return more && terms->n > terms->size + 1 ? "tail tile" : "missing term in the reduction";
}

static void try_resized(struct inquiry *inquiry, struct term_hypothesis terms, const char *words)
{
    struct test_case test = *inquiry->request->plan->test;
    struct error error;
    struct recomputation recomputation = {0};
    int64_t *chosen = choose(&terms, &terms.chosen_count);
    terms.chosen = chosen;
    terms.recomputation = &recomputation;
    test.dims[terms.dimension] = terms.chosen_count;
    struct plan *plan =
        chosen != NULL && terms.chosen_count > 0 ? plan_create(&test, &error) : NULL;
    if (plan != NULL && recomputation_create(&recomputation, plan))
        inquiry_try(inquiry, class_of(&terms), words, predict_resized, &terms);
    recomputation_free(&recomputation);
    plan_free(plan);
    free(chosen);
}

static void try_zeroed(struct inquiry *inquiry, struct term_hypothesis terms, const char *words)
{
    const struct plan *plan = inquiry->request->plan;
    struct recomputation recomputation;
    char more[320];
    terms.recomputation = &recomputation;
    bool good = recomputation_create(&recomputation, plan);
    for (size_t t = 0; good && t < plan->tensor_count; t++) {
        const struct tensor_view view = tensor_view_of(&plan->tensors[t], false);
        if (recomputation.data.values[t] == NULL ||
            tensor_view_find_axis(&view, terms.axis) == SIZE_MAX)
            continue;
        terms.zeroed = t;
        snprintf(more, sizeof more, "%s ('%s' as %s there)", words, view.name,
                 plan->reference->draws ? "-inf" : "zero");
        if (inquiry_try(inquiry, class_of(&terms), more, predict_zeroed, &terms))
            break;
    }
    recomputation_free(&recomputation);
}

static bool try_terms(struct inquiry *inquiry, struct term_hypothesis terms)
{
    char what[200], words[256];
    bool more = terms.kind >= TERMS_MORE_ZERO && terms.kind <= TERMS_MORE_FLAT;
    if (inquiry_is_settled(inquiry))
        return true;
    if (more ? terms.n <= terms.size : terms.kind == TERMS_FROM && terms.n >= terms.size)
        return false;
    describe(&terms, what, sizeof what);
    snprintf(words, sizeof words, "the reference with %s", what);
    // Tokens have numbers, which would change with the size.
    if (more || !inquiry->request->plan->reference->draws)
        try_resized(inquiry, terms, words);
    if (!more && !inquiry_is_settled(inquiry))
        try_zeroed(inquiry, terms, words);
    return inquiry_is_settled(inquiry);
}

static void try_ends(struct inquiry *inquiry, struct term_hypothesis terms)
{
    for (int64_t n = 1; n <= 3 && n < terms.size; n++) {
        terms.kind = TERMS_FROM;
        terms.n = terms.size - n;
        if (try_terms(inquiry, terms))
            return;
        terms.kind = TERMS_BEFORE;
        terms.n = n;
        if (try_terms(inquiry, terms))
            return;
    }
    for (int kind = TERMS_MORE_ZERO; kind <= TERMS_MORE_FLAT; kind++) {
        for (int64_t n = 1; n <= 2; n++) {
            terms.kind = (enum term_kind)kind;
            terms.n = terms.size + n;
            if (try_terms(inquiry, terms))
                return;
        }
    }
}

// What goes wrong with tiles or waves of n.
static void try_tiles(struct inquiry *inquiry, struct term_hypothesis terms, int64_t n)
{
    const int64_t size = terms.size, whole = size / n * n, last = (size - 1) / n * n;
    const struct {
        enum term_kind kind;
        int64_t n, a;
    } list[] = {
        {TERMS_FROM, whole, 0},
        {TERMS_FROM, n, 0},
        {TERMS_BEFORE, last, 0},
        {TERMS_BEFORE, n, 0},
        {TERMS_RESIDUES, n, n / 2},
        {TERMS_LOW, n, n / 2},
        {TERMS_RESIDUES, n, n - 1},
        {TERMS_LOW, n, 1},
        {TERMS_RESIDUES, n, 1},
        {TERMS_MORE_ZERO, (size + n - 1) / n * n, 0},
        {TERMS_MORE_EDGE, (size + n - 1) / n * n, 0},
        {TERMS_MORE_FLAT, (size + n - 1) / n * n, 0},
        {TERMS_TWICE, n, 0},
        {TERMS_TWICE, size, last},
        {TERMS_FROM, last, 0},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        terms.kind = list[i].kind;
        terms.n = list[i].n;
        terms.a = list[i].a;
        bool empty = (terms.kind == TERMS_FROM && terms.n == 0) ||
                     (terms.kind == TERMS_BEFORE && (terms.n == 0 || terms.n >= size));
        if (!empty && try_terms(inquiry, terms))
            return;
    }
    for (int64_t tile = 0; n >= 4 && tile * n < size && tile < 16; tile++) {
        terms.kind = TERMS_TILE;
        terms.n = n;
        terms.a = tile;
        if (try_terms(inquiry, terms))
            return;
    }
}

static void try_each(struct inquiry *inquiry, struct term_hypothesis terms)
{
    for (int64_t k = 0; k < terms.size && k < 64; k++) {
        terms.kind = TERMS_ONE;
        terms.n = k;
        if (try_terms(inquiry, terms))
            return;
        terms.kind = TERMS_TWICE;
        terms.a = k;
        terms.n = k + 1;
        if (try_terms(inquiry, terms))
            return;
    }
}

static bool is_reduced(const struct inquiry *inquiry, const char *name)
{
    const struct plan *plan = inquiry->request->plan;
    if ((tensor_view_find_axis(inquiry->view, name) != SIZE_MAX))
        return false;
    for (size_t i = 0; i < plan->tensor_count; i++) {
        const struct tensor_view view = tensor_view_of(&plan->tensors[i], false);
        if (inquiry->evidence[0].data.values[i] != NULL &&
            (tensor_view_find_axis(&view, name) != SIZE_MAX))
            return true;
    }
    return false;
}

// Dimensions of queries and keys: in an input twice or more, in the output by chance. Their sums
// are inside.
static bool is_inner(const struct inquiry *inquiry, const char *name)
{
    const struct plan *plan = inquiry->request->plan;
    size_t inputs = 0;
    for (size_t i = 0; i < plan->tensor_count; i++) {
        const struct tensor_view view = tensor_view_of(&plan->tensors[i], false);
        size_t axis = tensor_view_find_axis(&view, name);
        inputs += inquiry->evidence[0].data.values[i] != NULL && axis != SIZE_MAX &&
                  !tensor_view_axis_is_batch(&view, axis);
    }
    return inputs > 1;
}

static void try_dimension(struct inquiry *inquiry, size_t dimension)
{
    const struct plan *plan = inquiry->request->plan;
    struct term_hypothesis terms = {
        .axis = plan->test->file->dimensions[dimension].name,
        .dimension = dimension,
        .size = plan->test->dims[dimension],
        .zeroed = SIZE_MAX,
    };
    if (terms.size < 2)
        return;
    try_ends(inquiry, terms);
    for (int64_t n = 2; n <= 2048 && n < 2 * terms.size && !inquiry_is_settled(inquiry); n *= 2)
        try_tiles(inquiry, terms, n);
    if (!inquiry_is_settled(inquiry))
        try_each(inquiry, terms);
}

void inquire_terms(struct inquiry *inquiry)
{
    const struct plan *plan = inquiry->request->plan;
    const struct case_file *file = plan->test->file;
    if (plan->reference->bitwise)
        return;
    for (size_t i = 0; i < file->dimension_count && !inquiry_is_settled(inquiry); i++) {
        if (is_reduced(inquiry, file->dimensions[i].name))
            try_dimension(inquiry, i);
    }
    for (size_t i = 0; i < file->dimension_count && !inquiry_is_settled(inquiry); i++) {
        if (!is_reduced(inquiry, file->dimensions[i].name) &&
            is_inner(inquiry, file->dimensions[i].name))
            try_dimension(inquiry, i);
    }
}
