#include "hostcall_message.h"

#include "printf_format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Descriptor: bit 0 begins a message, bit 1 ends it, bits 5-7 count the words, the rest is its
// number.
#define BEGIN        1u
#define END          2u
#define LENGTH(word) ((unsigned)((word) >> 5 & 7))
#define NUMBER(word) ((word) >> 8)
#define LENGTH_MASK  (UINT64_C(7) << 5)

#define MOST_MESSAGES (1u << 20)
#define MOST_WORDS    (1u << 20)

struct message {
    bool used, broken; // broken: too long or out of memory; dropped at its end
    uint64_t *words;
    size_t count, room;
};

static struct {
    struct message *messages;
    size_t count;
    size_t next; // where to look for an unused one
} table;

static bool grow_table(void)
{
    size_t count = table.count ? table.count * 2 : 256;
    if (count > MOST_MESSAGES)
        return false;
    struct message *grown = realloc(table.messages, count * sizeof *grown);
    if (!grown)
        return false;
    memset(grown + table.count, 0, (count - table.count) * sizeof *grown);
    table.messages = grown;
    table.next = table.count;
    table.count = count;
    return true;
}

// An unused message, or NULL.
static struct message *begin(uint64_t *number)
{
    for (size_t i = 0; i < table.count; i++) {
        size_t at = (table.next + i) % table.count;
        if (!table.messages[at].used) {
            table.next = at + 1;
            table.messages[at].used = true;
            *number = at;
            return &table.messages[at];
        }
    }
    return grow_table() ? begin(number) : NULL;
}

static void end(struct message *message)
{
    message->used = message->broken = false;
    message->count = 0;
}

static void append(struct message *message, const uint64_t *words, unsigned count)
{
    if (!message->words || message->count + count > message->room) {
        size_t room = message->room ? message->room * 2 : 64;
        uint64_t *grown = room > MOST_WORDS ? NULL : realloc(message->words, room * sizeof *grown);
        if (!grown) {
            message->broken = true;
            return;
        }
        message->words = grown;
        message->room = room;
    }
    memcpy(message->words + message->count, words, count * sizeof *words);
    message->count += count;
}

// words[0] says stdout (0) or stderr (1); a format string and its arguments follow.
static uint64_t print(const struct message *message)
{
    if (message->broken || message->count < 2)
        return UINT64_MAX;
    FILE *stream = stdout;
    if (message->words[0] == 1) {
        stream = stderr;
        fflush(stdout);
    }
    return (uint64_t)(int64_t)printf_format(stream, message->words + 1, message->count - 1);
}

void hostcall_message(uint64_t words[8])
{
    uint64_t descriptor = words[0], number = NUMBER(descriptor);
    struct message *message = NULL;
    if (descriptor & BEGIN)
        message = begin(&number);
    else if (number < table.count && table.messages[number].used)
        message = &table.messages[number];
    if (!message) { // a spoilt descriptor, or out of memory
        words[0] = UINT64_MAX & ~(uint64_t)(BEGIN | END | LENGTH_MASK);
        return;
    }
    append(message, words + 1, LENGTH(descriptor));
    if (descriptor & END) {
        words[0] = print(message);
        end(message);
    } else {
        words[0] = number << 8;
    }
}

void hostcall_message_drop_all(void)
{
    for (size_t i = 0; i < table.count; i++)
        if (table.messages[i].used)
            end(&table.messages[i]);
}
