#include "shrink.h"

#include "shape_outcome.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL = 4, MAX_ROUNDS = 4 };

// Letters only: numbers and places differ from shape to shape.
static bool same_words(const char *left, const char *right)
{
    for (int letters = 0; letters < 24; letters++) {
        while (*left != '\0' && !isalpha((unsigned char)*left))
            left++;
        while (*right != '\0' && !isalpha((unsigned char)*right))
            right++;
        if (*left != *right)
            return false;
        if (*left == '\0')
            return true;
        left++;
        right++;
    }
    return true;
}

bool failure_is_same(const struct result *left, const struct result *right)
{
    const struct finding *one = result_first_error(left), *other = result_first_error(right);
    if (left->status != right->status || left->status == STATUS_PASS ||
        left->status == STATUS_SKIP || (one == NULL) != (other == NULL))
        return false;
    if (one != NULL)
        return strcmp(one->check, other->check) == 0 && strcmp(one->kind, other->kind) == 0;
    return left->status != STATUS_ERROR || same_words(left->message, right->message);
}

static bool word_is_in(const char *formula, const char *word)
{
    size_t length = strlen(word);
    for (const char *found = formula; (found = strstr(found, word)) != NULL; found++) {
        bool starts = found == formula || !(isalnum((unsigned char)found[-1]) || found[-1] == '_');
        if (starts && !(isalnum((unsigned char)found[length]) || found[length] == '_'))
            return true;
    }
    return false;
}

// Other dimensions choose a mode rather than a size.
static bool is_size(const struct case_file *file, size_t dimension)
{
    const char *name = file->dimensions[dimension].name;
    for (size_t i = 0; i < file->tensor_count; i++) {
        for (size_t j = 0; j < file->tensors[i].rank; j++) {
            if (word_is_in(file->tensors[i].shape[j].text, name))
                return true;
        }
    }
    return false;
}

static bool try_values(struct shape_outcomes *outcomes, const int64_t *dims, size_t dimension,
                       const int64_t *values, size_t count, enum shape_outcome *answers,
                       struct error *error)
{
    int64_t shapes[MAX_SHAPES][MAX_DIMENSIONS];
    for (size_t i = 0; i < count; i++) {
        memcpy(shapes[i], dims, sizeof shapes[i]);
        shapes[i][dimension] = values[i];
    }
    return shape_outcomes_find(outcomes, (const int64_t(*)[MAX_DIMENSIONS])shapes, count, answers,
                               error);
}

// The smallest of the values, in rising order, that fails the same way; 0: none.
static bool smallest_failing(struct shape_outcomes *outcomes, const int64_t *dims, size_t dimension,
                             const int64_t *values, size_t count, int64_t *found,
                             struct error *error)
{
    enum shape_outcome answers[MAX_SHAPES];
    *found = 0;
    if (!try_values(outcomes, dims, dimension, values, count, answers, error))
        return false;
    for (size_t i = count; i-- > 0;) {
        if (answers[i] == SHAPE_FAILS)
            *found = values[i];
    }
    return true;
}

// Between a value that does not fail and one that does, three at a time.
static bool search_boundary(struct shape_outcomes *outcomes, int64_t *dims, size_t dimension,
                            int64_t low, struct error *error)
{
    int64_t high = dims[dimension];
    while (high - low > 1 && trial_time_left(outcomes->runner)) {
        int64_t values[3] = {0}, found;
        size_t count = 0;
        for (int64_t part = 1; part <= 3; part++) {
            int64_t value = low + (high - low) * part / 4;
            if (value > low && value < high && (count == 0 || value > values[count - 1]))
                values[count++] = value;
        }
        if (!smallest_failing(outcomes, dims, dimension, values, count, &found, error))
            return false;
        for (size_t i = 0; i < count; i++) {
            if (found == 0 || values[i] < found)
                low = values[i];
        }
        if (found > 0)
            high = found;
    }
    dims[dimension] = high;
    return true;
}

static size_t add_value(int64_t *values, size_t count, int64_t value, int64_t lowest,
                        int64_t highest)
{
    for (size_t i = 0; i < count; i++) {
        if (values[i] == value)
            return count;
    }
    if (value < lowest || value > highest || count == MAX_SHAPES)
        return count;
    values[count] = value;
    return count + 1;
}

static int compare_values(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

// Values below `value` that mistakes like: all of few, else around powers of two and just below.
static size_t values_below(int64_t value, int64_t *values)
{
    size_t count = 0;
    for (int64_t i = 1; i <= 3; i++)
        count = add_value(values, count, value - i, 1, value - 1);
    for (int64_t i = 1; i <= 8; i++)
        count = add_value(values, count, i, 1, value - 1);
    for (int64_t power = 16; power < value; power *= 2) {
        for (int64_t i = -1; i <= 1; i++)
            count = add_value(values, count, power + i, 1, value - 1);
    }
    qsort(values, count, sizeof *values, compare_values);
    return count;
}

static bool reduce_dimension(struct shape_outcomes *outcomes, int64_t *dims, size_t dimension,
                             struct error *error)
{
    int64_t values[MAX_SHAPES], found;
    size_t count = 0;
    while (count < SMALL && (int64_t)count + 1 < dims[dimension]) {
        values[count] = (int64_t)count + 1;
        count++;
    }
    if (!smallest_failing(outcomes, dims, dimension, values, count, &found, error))
        return false;
    if (found > 0) {
        dims[dimension] = found;
        return true;
    }
    if (dims[dimension] <= SMALL + 1)
        return true;
    if (!search_boundary(outcomes, dims, dimension, SMALL, error))
        return false;
    // What was skipped over may fail as well.
    count = values_below(dims[dimension], values);
    if (!trial_time_left(outcomes->runner))
        return true;
    if (!smallest_failing(outcomes, dims, dimension, values, count, &found, error))
        return false;
    if (found > 0)
        dims[dimension] = found;
    return true;
}

static bool reduce_each(struct shape_outcomes *outcomes, int64_t *dims, struct error *error)
{
    const struct case_file *file = outcomes->file;
    bool done[MAX_DIMENSIONS] = {false};
    // The largest first: what comes after is then cheap.
    for (size_t round = 0; round < file->dimension_count; round++) {
        size_t largest = MAX_DIMENSIONS;
        for (size_t i = 0; i < file->dimension_count; i++) {
            if (!done[i] && (largest == MAX_DIMENSIONS || dims[i] > dims[largest]))
                largest = i;
        }
        if (largest == MAX_DIMENSIONS)
            break;
        done[largest] = true;
        if (is_size(file, largest)) {
            if (!reduce_dimension(outcomes, dims, largest, error))
                return false;
            continue;
        }
        int64_t otherwise = file->dimensions[largest].default_value;
        enum shape_outcome answer;
        if (dims[largest] == otherwise)
            continue;
        if (!try_values(outcomes, dims, largest, &otherwise, 1, &answer, error))
            return false;
        if (answer == SHAPE_FAILS)
            dims[largest] = otherwise;
    }
    return true;
}

// Two dimensions at once, for failures that need them to differ, or to be alike.
static bool reduce_pair(struct shape_outcomes *outcomes, int64_t *dims, size_t one, size_t other,
                        bool *changed, struct error *error)
{
    int64_t shapes[8][MAX_DIMENSIONS];
    enum shape_outcome answers[8];
    const int64_t a = dims[one], b = dims[other];
    const int64_t pairs[8][2] = {{1, 1}, {2, 2}, {1, 2},         {2, 1},
                                 {2, 3}, {3, 2}, {a / 2, b / 2}, {a - 1, b - 1}};
    size_t count = 0;
    for (size_t i = 0; i < 8; i++) {
        if (pairs[i][0] < 1 || pairs[i][1] < 1 || pairs[i][0] > a || pairs[i][1] > b ||
            pairs[i][0] * pairs[i][1] >= a * b)
            continue;
        memcpy(shapes[count], dims, sizeof shapes[count]);
        shapes[count][one] = pairs[i][0];
        shapes[count++][other] = pairs[i][1];
    }
    if (!shape_outcomes_find(outcomes, (const int64_t(*)[MAX_DIMENSIONS])shapes, count, answers,
                             error))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (answers[i] == SHAPE_FAILS &&
            shapes[i][one] * shapes[i][other] < dims[one] * dims[other]) {
            memcpy(dims, shapes[i], sizeof shapes[i]);
            *changed = true;
        }
    }
    return true;
}

static bool reduce_pairs(struct shape_outcomes *outcomes, int64_t *dims, bool *changed,
                         struct error *error)
{
    const struct case_file *file = outcomes->file;
    for (size_t i = 0; i < file->dimension_count; i++) {
        for (size_t j = i + 1; j < file->dimension_count; j++) {
            if (!is_size(file, i) || !is_size(file, j) || dims[i] <= 1 || dims[j] <= 1 ||
                !trial_time_left(outcomes->runner))
                continue;
            if (!reduce_pair(outcomes, dims, i, j, changed, error))
                return false;
        }
    }
    return true;
}

// "passes only where seq_q = seq_k"
static void describe_equality(struct shrink *shrink, size_t dimension, const int64_t *values,
                              const enum shape_outcome *answers, size_t count)
{
    struct boundary *boundary = &shrink->boundaries[dimension];
    const struct case_file *file = shrink->file;
    size_t passing = 0, failing = 0, at = 0;
    for (size_t i = 0; i < count; i++) {
        failing += answers[i] == SHAPE_FAILS || answers[i] == SHAPE_OTHER;
        if (answers[i] == SHAPE_PASSES) {
            passing++;
            at = i;
        }
    }
    if (passing != 1 || failing <= 2 || boundary->is_monotone)
        return;
    struct text names = {0};
    for (size_t i = 0; i < file->dimension_count; i++) {
        if (i != dimension && is_size(file, i) && shrink->dims[i] == values[at])
            text_append(&names, "%s%s", names.length > 0 ? " or " : "", file->dimensions[i].name);
    }
    if (names.length > 0)
        snprintf(boundary->text, sizeof boundary->text, "passes only where %.60s = %.200s",
                 file->dimensions[dimension].name, text_get(&names));
    text_free(&names);
}

static bool find_boundaries(struct shrink *shrink, const int64_t *first,
                            struct shape_outcomes *outcomes, struct error *error)
{
    for (size_t i = 0; i < shrink->file->dimension_count; i++) {
        int64_t values[MAX_SHAPES], s = shrink->dims[i];
        enum shape_outcome answers[MAX_SHAPES];
        if (!is_size(shrink->file, i) || s < 1 || !trial_time_left(shrink->runner))
            continue;
        size_t count = values_below(s, values);
        const int64_t above[] = {s,         s + 1, s + 2, s + 3,    s + 4,
                                 2 * s - 1, 2 * s, 3 * s, first[i], first[i] / 2};
        for (size_t j = 0; j < sizeof above / sizeof *above; j++)
            count = add_value(values, count, above[j], s, first[i] > s + 4 ? first[i] : s + 4);
        for (int64_t power = 8; power <= first[i]; power *= 2) {
            count = add_value(values, count, power, s, first[i]);
            count = add_value(values, count, power + 1, s, first[i]);
        }
        qsort(values, count, sizeof *values, compare_values);
        if (!try_values(outcomes, shrink->dims, i, values, count, answers, error))
            return false;
        shape_describe_boundary(shrink->file->dimensions[i].name, values, answers, count,
                                &shrink->boundaries[i]);
        describe_equality(shrink, i, values, answers, count);
    }
    return true;
}

bool shrink_run(struct shrink *shrink, struct error *error)
{
    struct shape_outcomes outcomes = {.runner = shrink->runner,
                                      .file = shrink->file,
                                      .dtype = shrink->dtype,
                                      .failure = shrink->failure};
    int64_t first[MAX_DIMENSIONS];
    memcpy(first, shrink->dims, sizeof first);
    bool good = true, changed = true;
    for (int round = 0; good && changed && round < MAX_ROUNDS; round++) {
        int64_t before[MAX_DIMENSIONS];
        memcpy(before, shrink->dims, sizeof before);
        changed = false;
        good = trial_time_left(shrink->runner) && reduce_each(&outcomes, shrink->dims, error) &&
               reduce_pairs(&outcomes, shrink->dims, &changed, error);
        changed = changed || memcmp(before, shrink->dims, sizeof before) != 0;
        if (!trial_time_left(shrink->runner))
            break;
    }
    shrink->timed_out = !trial_time_left(shrink->runner);
    if (good && !shrink->timed_out)
        good = find_boundaries(shrink, first, &outcomes, error);
    shrink->trials = outcomes.count;
    shape_outcomes_free(&outcomes);
    return good || shrink->timed_out;
}
