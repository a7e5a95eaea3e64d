#include "make_rule.h"

#include <string.h>

void make_rule_list_files(const char *rule, struct text *list)
{
    const char *next = strstr(rule, ": ");
    bool inside = false;
    for (next = next != NULL ? next + 2 : ""; *next != '\0'; next++) {
        if (next[0] == '\\' && next[1] == '\n') {
            next++;
        } else if (*next == ' ' || *next == '\n') {
            if (inside)
                text_append(list, "\n");
            inside = false;
        } else {
            bool escaped = next[0] == '\\' && (next[1] == ' ' || next[1] == '#');
            if (escaped || (next[0] == '$' && next[1] == '$'))
                next++;
            text_append_bytes(list, next, 1);
            inside = true;
        }
    }
}
