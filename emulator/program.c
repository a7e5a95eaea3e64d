#include "program.h"

#include <llvm-c/Disassembler.h>
#include <llvm-c/Target.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa_unknown.h"
#include "memory.h"

static const struct target targets[] = {
    {"gfx1030", 0x36, GFX10},
    {"gfx1100", 0x41, GFX11},
    {"gfx90a", 0x3f, GFX9},
};

#define TARGETS (sizeof targets / sizeof targets[0])

const struct target *target_at(unsigned index)
{
    return index < TARGETS ? &targets[index] : NULL;
}

const struct target *target_by_name(const char *name)
{
    for (unsigned i = 0; i < TARGETS; i++)
        if (!strcmp(targets[i].name, name))
            return &targets[i];
    return NULL;
}

const struct target *target_by_machine(uint32_t machine)
{
    for (unsigned i = 0; i < TARGETS; i++)
        if (targets[i].machine == machine)
            return &targets[i];
    return NULL;
}

#define BLOCK 256

struct block {
    struct block *previous;
    unsigned used;
    struct instruction instructions[BLOCK];
};

struct program {
    const struct target *target;
    uint64_t code, bytes;
    unsigned lanes;
    LLVMDisasmContextRef disassembler;
    pthread_mutex_t mutex; // of everything below
    struct block *blocks;
    struct instruction **by_dword; // read without the mutex, with acquire
};

static void initialise_llvm(void)
{
    LLVMInitializeAMDGPUTargetInfo();
    LLVMInitializeAMDGPUTargetMC();
    LLVMInitializeAMDGPUDisassembler();
}

struct program *program_create(const struct target *target, uint64_t code, uint64_t bytes,
                               unsigned lanes)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, initialise_llvm);
    struct program *program = calloc(1, sizeof *program);
    if (!program)
        return NULL;
    program->target = target;
    program->code = code;
    program->bytes = bytes & ~UINT64_C(3);
    program->lanes = lanes;
    pthread_mutex_init(&program->mutex, NULL);
    const char *features = "";
    if (target->family != GFX9)
        features =
            lanes == 32 ? "+wavefrontsize32,-wavefrontsize64" : "-wavefrontsize32,+wavefrontsize64";
    program->disassembler = LLVMCreateDisasmCPUFeatures("amdgcn-amd-amdhsa", target->name, features,
                                                        NULL, 0, NULL, NULL);
    program->by_dword = calloc(program->bytes / 4 + 1, sizeof *program->by_dword);
    if (!program->disassembler || !program->by_dword) {
        program_destroy(program);
        return NULL;
    }
    return program;
}

void program_destroy(struct program *program)
{
    if (!program)
        return;
    for (struct block *block = program->blocks; block;) {
        struct block *previous = block->previous;
        for (unsigned i = 0; i < block->used; i++)
            decode_release(&block->instructions[i]);
        free(block);
        block = previous;
    }
    if (program->disassembler)
        LLVMDisasmDispose(program->disassembler);
    pthread_mutex_destroy(&program->mutex);
    free(program->by_dword);
    free(program);
}

const struct target *program_target(const struct program *program)
{
    return program->target;
}

unsigned program_lanes(const struct program *program)
{
    return program->lanes;
}

static struct instruction *new_instruction(struct program *program)
{
    struct block *block = program->blocks;
    if (!block || block->used == BLOCK) {
        block = aligned_alloc(64, (sizeof *block + 63) & ~(size_t)63);
        if (!block)
            return NULL;
        memset(block, 0, sizeof *block);
        block->previous = program->blocks;
        program->blocks = block;
    }
    return &block->instructions[block->used++];
}

// Bytes of the instruction and its text, or 0.
static size_t disassemble(const struct program *program, uint64_t address, char *text, size_t size)
{
    uint64_t left = program->code + program->bytes - address;
    // LLVM's interface takes a non-const pointer but only reads.
    return LLVMDisasmInstruction(program->disassembler, (uint8_t *)address, left < 20 ? left : 20,
                                 address, text, size);
}

static struct instruction *decode_at(struct program *program, uint64_t address)
{
    struct instruction *instruction = new_instruction(program);
    if (!instruction)
        return NULL;
    char text[512], reason[128];
    size_t size = disassemble(program, address, text, sizeof text);
    memcpy(&instruction->immediate, (const void *)address, 2);
    uint32_t word;
    memcpy(&word, (const void *)address, 4);
    instruction->format = word >> 19 & 0x7f;
    if (size == 8)
        memcpy(&instruction->literal, (const char *)address + 4, 4);
    instruction->address = address;
    instruction->size = size ? (uint8_t)size : 4;
    instruction->program = program;
    instruction->target_family = (uint8_t)program->target->family;
    if (size == 0)
        instruction->execute = execute_illegal;
    else if (!decode_text(text, program->target, program->lanes, instruction, reason,
                          sizeof reason))
        instruction->execute = execute_unknown;
    return instruction;
}

const struct instruction *program_at(struct program *program, uint64_t address)
{
    uint64_t offset = address - program->code;
    if (offset >= program->bytes || offset % 4)
        return NULL;
    struct instruction **slot = &program->by_dword[offset / 4];
    struct instruction *instruction = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
    if (instruction)
        return instruction;
    pthread_mutex_lock(&program->mutex);
    instruction = *slot;
    if (!instruction) {
        instruction = decode_at(program, address);
        __atomic_store_n(slot, instruction, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&program->mutex);
    return instruction;
}

const char *program_text(const struct program *program, const struct instruction *instruction,
                         char *text, size_t size)
{
    char raw[512];
    pthread_mutex_lock(&((struct program *)program)->mutex);
    size_t bytes = disassemble(program, instruction->address, raw, sizeof raw);
    pthread_mutex_unlock(&((struct program *)program)->mutex);
    if (!bytes) {
        uint32_t word;
        memcpy(&word, (const void *)instruction->address, 4);
        snprintf(text, size, "0x%08x (not an instruction)", word);
        return text;
    }
    const char *start = raw + strspn(raw, " \t");
    snprintf(text, size, "%s", start);
    for (char *c = text; *c; c++)
        if (*c == '\t')
            *c = ' ';
    return text;
}
