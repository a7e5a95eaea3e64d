// What a compiler writes with -MD: a rule of make with every file that it read.
#ifndef WAVEGAUGE_MAKE_RULE_H
#define WAVEGAUGE_MAKE_RULE_H

#include "text.h"

// From "target: file file \", to one path per line.
void make_rule_list_files(const char *rule, struct text *list);

#endif
