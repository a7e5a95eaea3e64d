// A kernel's source, with the files of the repository that it includes, as a commit has it.
#ifndef WAVEGAUGE_GIT_SOURCE_H
#define WAVEGAUGE_GIT_SOURCE_H

#include "error.h"
#include "text.h"

#include <stddef.h>

struct git_commit {
    char hash[65];
};

struct git_repository {
    char top[4096];  // its folder
    char path[4096]; // of the source, from there
};

// The repository that holds the file, which is there now.
bool git_repository_find(struct git_repository *repository, const char *source,
                         struct error *error);

// The commits of a range, oldest first, along first parents: what `from`..`to` has.
bool git_list_commits(const struct git_repository *repository, const char *from, const char *to,
                      struct git_commit **commits, size_t *count, struct error *error);

// The full hash of any name of a commit.
bool git_resolve(const struct git_repository *repository, const char *name,
                 struct git_commit *commit, struct error *error);

// Writes the source and what it includes below `folder`, which is made, at the same places as in
// the repository. False, without anything being wrong, when the commit has no such source.
bool git_extract(const struct git_repository *repository, const struct git_commit *commit,
                 const char *folder, char *source, size_t capacity);

// What git prints for these words, after `git -C top`. False when it fails.
bool git_run(const struct git_repository *repository, const char *const *words, size_t count,
             struct text *output);

#endif
