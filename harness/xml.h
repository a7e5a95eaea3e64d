// Text in XML and HTML.
#ifndef WAVEGAUGE_XML_H
#define WAVEGAUGE_XML_H

#include "text.h"

// Appends text as it may stand in an attribute in double quotes, or as an element's text. What XML
// cannot hold (control characters, bytes that are no UTF-8) becomes '?'.
void xml_append_escaped(struct text *text, const char *raw);
// The same of the first bytes of a text; they need no NUL behind them.
void xml_append_escaped_bytes(struct text *text, const char *raw, size_t count);

#endif
