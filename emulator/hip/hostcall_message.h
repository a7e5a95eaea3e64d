// Messages of any length, sent 7 words at a time by one lane; a whole one is a printf or fprintf.
#ifndef WAVEGAUGE_HOSTCALL_MESSAGE_H
#define WAVEGAUGE_HOSTCALL_MESSAGE_H

#include <stdint.h>

// words: a descriptor and up to 7 words of content. The answer is put in words[0]: the descriptor
// to go on with, or the result of the call when the message is complete.
void hostcall_message(uint64_t words[8]);

void hostcall_message_drop_all(void);

#endif
