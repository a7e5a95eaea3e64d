// A kind of mistake, in the words that developers use for it. docs/patterns.md lists them.
#ifndef WAVEGAUGE_MISTAKE_H
#define WAVEGAUGE_MISTAKE_H

// Static texts.
struct mistake {
    const char *kind; // NULL: not known
    const char *also; // a second name that fits as well, or NULL
};

#endif
