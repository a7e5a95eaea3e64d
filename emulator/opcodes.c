// Finding an opcode by its name, in the tables for this CPU.
#include "isa_tables.h"
#include "isa_unknown.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define DECLARE_BASELINE(name) extern const struct opcode ISA_TABLE_(name, baseline)[];
#define POINT_BASELINE(name)   ISA_TABLE_(name, baseline),
ISA_TABLES(DECLARE_BASELINE)
static const struct opcode *const tables_baseline[] = {ISA_TABLES(POINT_BASELINE)};
#ifdef HAVE_ISA_AVX2
#define DECLARE_AVX2(name) extern const struct opcode ISA_TABLE_(name, avx2)[];
#define POINT_AVX2(name)   ISA_TABLE_(name, avx2),
ISA_TABLES(DECLARE_AVX2)
static const struct opcode *const tables_avx2[] = {ISA_TABLES(POINT_AVX2)};
#endif
#ifdef HAVE_ISA_AVX512
#define DECLARE_AVX512(name) extern const struct opcode ISA_TABLE_(name, avx512)[];
#define POINT_AVX512(name)   ISA_TABLE_(name, avx512),
ISA_TABLES(DECLARE_AVX512)
static const struct opcode *const tables_avx512[] = {ISA_TABLES(POINT_AVX512)};
#endif

#define TABLES (sizeof tables_baseline / sizeof tables_baseline[0])

// All rows, sorted by name; rows of one name keep the order of the tables.
static const struct opcode **sorted;
static size_t sorted_count;

// WAVEGAUGE_CPU=baseline or avx2 keeps to that level.
static const struct opcode *const *best_tables(void)
{
    const char *wanted = getenv("WAVEGAUGE_CPU");
    if (wanted && !strcmp(wanted, "baseline"))
        return tables_baseline;
#ifdef HAVE_ISA_AVX512
    if (!(wanted && !strcmp(wanted, "avx2")) && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd"))
        return tables_avx512;
#endif
#ifdef HAVE_ISA_AVX2
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("bmi2"))
        return tables_avx2;
#endif
    return tables_baseline;
}

static int compare_rows(const void *a, const void *b)
{
    const struct opcode *const *x = a, *const *y = b;
    int order = strcmp((*x)->name, (*y)->name);
    return order ? order : (*x > *y) - (*x < *y);
}

static void sort_tables(void)
{
    const struct opcode *const *tables = best_tables();
    size_t count = 0;
    for (size_t i = 0; i < TABLES; i++)
        for (const struct opcode *row = tables[i]; row->name; row++)
            count++;
    const struct opcode **rows = malloc((count + 1) * sizeof *rows);
    if (!rows)
        return; // every instruction is then unknown, and says so
    size_t n = 0;
    for (size_t i = 0; i < TABLES; i++)
        for (const struct opcode *row = tables[i]; row->name; row++)
            rows[n++] = row;
    qsort(rows, count, sizeof *rows, compare_rows);
    sorted_count = count;
    sorted = rows;
}

const struct opcode *opcode_find(const char *name, enum target_family family)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, sort_tables);
    size_t low = 0, high = sorted_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(sorted[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < sorted_count && !strcmp(sorted[low]->name, name); low++)
        if (sorted[low]->targets & family)
            return sorted[low];
    return NULL;
}
