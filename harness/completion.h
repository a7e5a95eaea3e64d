// `wavegauge complete -- WORD... CURRENT`: what a shell can put in place of CURRENT, the word that
// is being typed, after WORD... (the program's own name left out). One candidate a line, where
// there is one followed by a tab and what it is; ":files" or ":folders" alone on a line stands for
// the paths that begin with what CURRENT has behind its "=", or is.
#ifndef WAVEGAUGE_COMPLETION_H
#define WAVEGAUGE_COMPLETION_H

int completion_print(int argument_count, char **arguments);

#endif
