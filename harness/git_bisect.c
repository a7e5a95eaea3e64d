#include "git_bisect.h"

#include "scratch_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct git_trial *find_trial(const struct git_bisect *bisect,
                                          const struct git_commit *commit)
{
    for (size_t i = 0; i < bisect->trial_count; i++) {
        if (strcmp(bisect->trials[i].commit.hash, commit->hash) == 0)
            return &bisect->trials[i];
    }
    return NULL;
}

static bool add_trial(struct git_bisect *bisect, const struct git_commit *commit,
                      enum git_verdict verdict, const char *why)
{
    struct git_trial *trials = realloc(bisect->trials, (bisect->trial_count + 1) * sizeof *trials);
    if (trials == NULL)
        return false;
    bisect->trials = trials;
    struct git_trial *trial = &trials[bisect->trial_count++];
    *trial = (struct git_trial){.commit = *commit, .verdict = verdict};
    snprintf(trial->why, sizeof trial->why, "%.*s", (int)strcspn(why, "\n"), why);
    fprintf(stderr, "wavegauge: %.12s %s%s%s\n", commit->hash,
            verdict == GIT_GOOD  ? "passes"
            : verdict == GIT_BAD ? "fails"
                                 : "is skipped",
            trial->why[0] != '\0' ? ": " : "", trial->why);
    return true;
}

static enum git_verdict judge(const struct result *result)
{
    if (result->status == STATUS_PASS)
        return GIT_GOOD;
    return result->status == STATUS_ERROR || result->status == STATUS_SKIP ? GIT_SKIPPED : GIT_BAD;
}

static bool try_source(struct git_bisect *bisect, const struct git_commit *commit,
                       const char *source, struct error *error)
{
    const struct test_case *test = bisect->test;
    struct case_file *file = case_file_variant(test->file);
    if (file == NULL)
        return error_out_of_memory(error);
    file->source = source;
    struct result *result = trial(bisect->runner, file, test->dtype, test->dims, error);
    bool good = result != NULL && (add_trial(bisect, commit, judge(result), result->message) ||
                                   error_out_of_memory(error));
    result_free(result);
    free(file);
    return good;
}

static bool try_commit(struct git_bisect *bisect, const struct git_commit *commit,
                       enum git_verdict *verdict, struct error *error)
{
    const struct git_trial *known = find_trial(bisect, commit);
    char folder[4200], source[8400];
    if (known == NULL) {
        if (!scratch_tree_create("wavegauge-git", folder, sizeof folder, error))
            return false;
        bool good = git_extract(&bisect->repository, commit, folder, source, sizeof source)
                        ? try_source(bisect, commit, source, error)
                        : add_trial(bisect, commit, GIT_SKIPPED, "has no such source") ||
                              error_out_of_memory(error);
        scratch_tree_remove(folder);
        if (!good)
            return false;
        known = find_trial(bisect, commit);
    }
    *verdict = known != NULL ? known->verdict : GIT_SKIPPED;
    return true;
}

// The untried or judged commit nearest to the middle between low and high; high when all are
// skipped.
static bool judge_middle(struct git_bisect *bisect, const struct git_commit *commits, size_t low,
                         size_t high, size_t *place, enum git_verdict *verdict, struct error *error)
{
    size_t middle = low + (high - low) / 2;
    for (size_t distance = 0; distance < high - low; distance++) {
        for (int side = -1; side <= 1; side += 2) {
            size_t index = side < 0 ? middle - distance : middle + distance;
            if ((side > 0 && distance == 0) || (side < 0 && distance > middle) || index <= low ||
                index >= high)
                continue;
            if (!try_commit(bisect, &commits[index], verdict, error))
                return false;
            if (*verdict != GIT_SKIPPED) {
                *place = index;
                return true;
            }
        }
    }
    *place = high;
    return true;
}

// Among commits[0], which is good, to commits[count - 1], which is bad.
static bool search(struct git_bisect *bisect, const struct git_commit *commits, size_t count,
                   size_t *low, size_t *high, struct error *error)
{
    *low = 0;
    *high = count - 1;
    while (*high - *low > 1) {
        size_t place;
        enum git_verdict verdict = GIT_SKIPPED;
        if (!judge_middle(bisect, commits, *low, *high, &place, &verdict, error))
            return false;
        if (place == *high)
            return true;
        *(verdict == GIT_GOOD ? low : high) = place;
    }
    return true;
}

// The good commit and those of a range behind it.
static bool list_from(struct git_bisect *bisect, const char *from, const char *to,
                      struct git_commit **commits, size_t *count, struct error *error)
{
    struct git_commit *range;
    struct git_commit first;
    if (!git_resolve(&bisect->repository, from, &first, error) ||
        !git_list_commits(&bisect->repository, from, to, &range, count, error))
        return false;
    *commits = calloc(*count + 1, sizeof **commits);
    if (*commits != NULL) {
        (*commits)[0] = first;
        memcpy(*commits + 1, range, *count * sizeof *range);
    }
    *count += 1;
    free(range);
    return *commits != NULL || error_out_of_memory(error);
}

static bool keep_candidates(struct git_bisect *bisect, const struct git_commit *commits,
                            size_t count, struct error *error)
{
    bisect->candidates = calloc(count + 1, sizeof *bisect->candidates);
    if (bisect->candidates == NULL)
        return error_out_of_memory(error);
    memcpy(bisect->candidates, commits, count * sizeof *commits);
    bisect->candidate_count = count;
    return true;
}

// What a merge brought in is looked for on the other side.
static bool look_into_merge(struct git_bisect *bisect, struct error *error);

static bool search_range(struct git_bisect *bisect, const struct git_commit *commits, size_t count,
                         struct error *error)
{
    size_t low, high;
    if (!search(bisect, commits, count, &low, &high, error))
        return false;
    bisect->found = high - low == 1;
    bisect->first_bad = commits[high];
    return bisect->found ? look_into_merge(bisect, error)
                         : keep_candidates(bisect, commits + low + 1, high - low, error);
}

static bool look_into_merge(struct git_bisect *bisect, struct error *error)
{
    struct git_commit second, *commits = NULL;
    size_t count = 0;
    enum git_verdict verdict;
    char first[80], other[80];
    snprintf(first, sizeof first, "%.64s^1", bisect->first_bad.hash);
    snprintf(other, sizeof other, "%.64s^2", bisect->first_bad.hash);
    if (!git_resolve(&bisect->repository, other, &second, NULL))
        return true;
    if (!try_commit(bisect, &second, &verdict, error))
        return false;
    if (verdict != GIT_BAD)
        return true;
    bool good = list_from(bisect, first, other, &commits, &count, error);
    // The first parent is good, and so is what both sides come from unless it was mended there.
    if (good && count >= 2)
        good = search_range(bisect, commits, count, error);
    free(commits);
    return good;
}

static bool check_ends(struct git_bisect *bisect, const struct git_commit *commits, size_t count,
                       bool *usable, struct error *error)
{
    enum git_verdict good_end, bad_end;
    *usable = false;
    if (!try_commit(bisect, &commits[count - 1], &bad_end, error))
        return false;
    bisect->bad_passes = bad_end == GIT_GOOD;
    if (bad_end != GIT_BAD) {
        snprintf(bisect->why, sizeof bisect->why, "the case %s at %.12s, the bad end of %.200s",
                 bad_end == GIT_GOOD ? "passes" : "cannot be judged", commits[count - 1].hash,
                 bisect->range);
        return true;
    }
    if (!try_commit(bisect, &commits[0], &good_end, error))
        return false;
    *usable = good_end == GIT_GOOD;
    if (!*usable)
        snprintf(bisect->why, sizeof bisect->why, "the case %s at %.12s, the good end of %.200s",
                 good_end == GIT_BAD ? "fails already" : "cannot be judged", commits[0].hash,
                 bisect->range);
    return true;
}

bool git_bisect_run(struct git_bisect *bisect, struct error *error)
{
    const char *dots = strstr(bisect->range, "..");
    if (dots == NULL || dots == bisect->range || dots[2] == '\0' || dots[2] == '.')
        return error_set(error, EXIT_USAGE, "--git %s: expected GOOD..BAD", bisect->range);
    char *from = strndup(bisect->range, (size_t)(dots - bisect->range));
    struct git_commit *commits = NULL, bad;
    size_t count = 0;
    bool usable = false;
    bool good = from != NULL || error_out_of_memory(error);
    good = good && git_repository_find(&bisect->repository, bisect->test->file->source, error) &&
           git_resolve(&bisect->repository, dots + 2, &bad, error) &&
           list_from(bisect, from, bad.hash, &commits, &count, error);
    if (good && count < 2)
        good = error_set(error, EXIT_USAGE, "--git %s: there is no commit in that range",
                         bisect->range);
    good = good && check_ends(bisect, commits, count, &usable, error);
    if (good && usable)
        good = search_range(bisect, commits, count, error);
    free(commits);
    free(from);
    return good;
}

int git_bisect_exit_status(const struct git_bisect *bisect)
{
    if (bisect->found || bisect->candidate_count > 0)
        return 1;
    return bisect->bad_passes ? 0 : 125;
}

void git_bisect_free(struct git_bisect *bisect)
{
    free(bisect->trials);
    free(bisect->candidates);
    *bisect = (struct git_bisect){0};
}

static void append_commit(const struct git_bisect *bisect, const struct git_commit *commit,
                          struct text *page)
{
    const char *const words[] = {
        "show", "--no-patch",
        "--format=  commit  %H%n  author  %an <%ae>%n  date    %ad%n  subject %s", commit->hash};
    struct text output = {0};
    if (git_run(&bisect->repository, words, 4, &output))
        text_append(page, "%s", text_get(&output));
    text_free(&output);
}

// The change of the source itself, or of the files beside it when that did not change.
static void append_change(const struct git_bisect *bisect, struct text *page)
{
    enum { MOST_LINES = 40 };
    struct text output = {0};
    char *folder = strdup(bisect->repository.path);
    char *slash = folder != NULL ? strrchr(folder, '/') : NULL;
    if (slash != NULL)
        *slash = '\0';
    const char *const words[] = {
        "show", "--first-parent",       "--format=", "--no-color", bisect->first_bad.hash,
        "--",   bisect->repository.path};
    const char *const wider[] = {"show",
                                 "--first-parent",
                                 "--format=",
                                 "--no-color",
                                 bisect->first_bad.hash,
                                 "--",
                                 slash != NULL ? folder : "."};
    bool good = git_run(&bisect->repository, words, 7, &output);
    if (good && output.length == 0)
        git_run(&bisect->repository, wider, 7, &output);
    const char *next = text_get(&output);
    for (int i = 0; i < MOST_LINES && *next != '\0'; i++) {
        size_t length = strcspn(next, "\n");
        text_append(page, "  %.*s\n", (int)length, next);
        next += length + (next[length] == '\n');
    }
    if (*next != '\0')
        text_append(page, "  ...\n");
    text_free(&output);
    free(folder);
}

void git_bisect_append_page(const struct git_bisect *bisect, struct text *page)
{
    if (bisect->found) {
        text_append(page, "first bad commit for %s, of %zu tried:\n\n", bisect->test->id,
                    bisect->trial_count);
        append_commit(bisect, &bisect->first_bad, page);
        text_append(page, "\n");
        append_change(bisect, page);
    } else if (bisect->candidate_count > 0) {
        text_append(page,
                    "the first bad commit for %s is one of these; the others of them cannot "
                    "be judged:\n",
                    bisect->test->id);
        for (size_t i = 0; i < bisect->candidate_count; i++) {
            text_append(page, "\n");
            append_commit(bisect, &bisect->candidates[i], page);
        }
    } else {
        text_append(page, "no first bad commit: %s\n", bisect->why);
    }
}

static json_t *commit_to_json(const struct git_bisect *bisect, const struct git_commit *commit)
{
    static const char *const formats[][2] = {
        {"author", "--format=%an <%ae>"}, {"date", "--format=%aI"}, {"subject", "--format=%s"}};
    json_t *object = json_pack("{s:s}", "commit", commit->hash);
    for (size_t i = 0; i < 3; i++) {
        const char *const words[] = {"show", "--no-patch", formats[i][1], commit->hash};
        struct text output = {0};
        git_run(&bisect->repository, words, 4, &output);
        if (output.length > 0)
            output.data[strcspn(output.data, "\n")] = '\0';
        json_t *value = json_string(text_get(&output));
        json_object_set_new(object, formats[i][0], value != NULL ? value : json_string(""));
        text_free(&output);
    }
    return object;
}

json_t *git_bisect_to_json(const struct git_bisect *bisect)
{
    static const char *const verdicts[] = {"good", "bad", "skipped"};
    json_t *trials = json_array(), *candidates = json_array();
    for (size_t i = 0; i < bisect->trial_count; i++) {
        const struct git_trial *trial = &bisect->trials[i];
        json_t *why = json_string(trial->why);
        json_array_append_new(trials, json_pack("{s:s, s:s, s:o}", "commit", trial->commit.hash,
                                                "verdict", verdicts[trial->verdict], "why",
                                                why != NULL ? why : json_string("")));
    }
    for (size_t i = 0; i < bisect->candidate_count; i++)
        json_array_append_new(candidates, commit_to_json(bisect, &bisect->candidates[i]));
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:s}", "schema", "wavegauge/bisect-git-1",
                     "case", bisect->test->id, "range", bisect->range, "first_bad",
                     bisect->found ? commit_to_json(bisect, &bisect->first_bad) : json_null(),
                     "candidates", candidates, "tried", trials, "why", bisect->why);
}
