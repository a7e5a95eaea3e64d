#ifndef WAVEGAUGE_UNSUPPORTED_H
#define WAVEGAUGE_UNSUPPORTED_H

// Tell the user; returns hipErrorNotSupported, which becomes the thread's last error.
int unsupported(const char *function);

#endif
