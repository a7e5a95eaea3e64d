// Calls from a running kernel to the host: printf, assert messages, device malloc.
//
// A wave takes a packet from the free stack of the buffer, fills in 8 words for each lane, puts the
// packet on the ready stack, signals (s_sendmsg MSG_INTERRUPT) and spins on the packet's ready bit.
// Layouts and protocol are those of ROCm's device library (ockl).
#ifndef WAVEGAUGE_HOSTCALL_H
#define WAVEGAUGE_HOSTCALL_H

#include <stdint.h>

// The device address of the buffer, ready for a launch; 0: out of memory.
uint64_t hostcall_begin(void);

// Serve every packet that is ready. Any thread may call it at any time between begin and end; cheap
// when there is nothing to do. To be called on s_sendmsg(MSG_INTERRUPT).
void hostcall_service(void);

// The launch is over: drop what faulted waves left unfinished.
void hostcall_end(void);

#endif
