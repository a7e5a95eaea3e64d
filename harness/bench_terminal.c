#include "bench_terminal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct bench_terminal bench_terminal_create(const struct case_list *cases)
{
    struct bench_terminal terminal = {
        .progress = isatty(STDERR_FILENO) == 1, .total = cases->count, .begin = seconds_now()};
    for (size_t i = 0; i < cases->count; i++) {
        int length = (int)strlen(cases->cases[i].id);
        if (length > terminal.width)
            terminal.width = length;
    }
    return terminal;
}

static void clear(struct bench_terminal *terminal)
{
    if (terminal->shown)
        fputs("\r\033[K", stderr);
    terminal->shown = false;
}

void bench_terminal_progress(struct bench_terminal *terminal, size_t samples, double noise)
{
    if (!terminal->progress)
        return;
    clear(terminal);
    double spent = seconds_now() - terminal->begin;
    fprintf(stderr, "[%zu/%zu] %.70s", terminal->done + 1, terminal->total, terminal->id);
    if (samples > 0)
        fprintf(stderr, "  %zu samples, noise %.2g%%", samples, 100 * noise);
    if (terminal->done > 0) {
        double left = spent / (double)terminal->done * (double)(terminal->total - terminal->done);
        fprintf(stderr, "  about %.0f s left", left);
    }
    fflush(stderr);
    terminal->shown = true;
}

void bench_terminal_print_device(const struct bench *bench)
{
    const struct device_timer *timer = &bench->timer;
    struct clock_reading clock = clock_read(&timer->clock);
    printf("%s (%s)", bench->session.device.name, bench->session.device.arch);
    if (clock.known)
        printf(", clock %u MHz of %u", clock.mhz, timer->clock.highest_mhz);
    else
        printf(", clock not known: throttling would go unseen");
    printf("\nceilings: copy %.0f GB/s (read and written), fma f32 %.1f TFLOP/s, f16 %.1f TFLOP/s "
           "(vector units); an event pair %.2g us\n",
           1e-9 * bench->ceilings.copy_bytes_per_second, 1e-12 * bench->ceilings.fma_f32,
           1e-12 * bench->ceilings.fma_f16, timer->overhead_us);
}

static void print_remarks(const struct bench_record *record)
{
    printf("  n=%zu", record->versions[0].count);
    if (record->batch > 1)
        printf(" x %zu", record->batch);
    if (record->stop != STOP_NOISE_REACHED)
        printf(", %s", stop_reason_name(record->stop));
    if (record->dropped > 0)
        printf(", %zu dropped: throttled", record->dropped);
    if (record->power_capped > 0)
        printf(", %zu at the power limit", record->power_capped);
    if (!record->hot && !record->outgrows_cache)
        printf(", inputs fit the cache");
}

static void print_timing(const struct bench_record *record)
{
    const struct sample_statistics *statistics = &record->versions[0].statistics;
    printf("%10.2f us +-%.2f%%", statistics->median, 50 * sample_noise(statistics));
    if (record->bytes > 0)
        printf("  %7.1f GB/s %5.1f%%", 1e-9 * bench_rate(record, record->bytes),
               100 * record->share.memory);
    if (record->flops > 0)
        printf("  %7.2f TFLOP/s %5.1f%%", 1e-12 * bench_rate(record, record->flops),
               100 * record->share.compute);
    if (record->share.binds[0] != '\0')
        printf("  %s", record->share.binds);
    print_remarks(record);
}

static void print_peer(const struct bench_record *record)
{
    printf("        %.3f x as fast as %s, %.2f us", record->ratio.ratio, record->peer_name,
           record->versions[1].statistics.median);
    if (record->ratio.has_interval)
        printf(" (%.3f to %.3f)", record->ratio.low, record->ratio.high);
    printf("\n");
}

void bench_terminal_print(struct bench_terminal *terminal, const struct bench_record *record,
                          double threshold)
{
    const struct result *result = record->result;
    clear(terminal);
    terminal->done++;
    printf("%-7s %-*s", status_name(result->status), terminal->width, result->id);
    if (record->versions[0].count > 0)
        print_timing(record);
    printf("\n");
    if (result->status != STATUS_PASS)
        printf("        %s\n", result->message);
    if (record->peer_message != NULL)
        printf("        %s was not timed: %s\n", record->peer_name, record->peer_message);
    if (record->has_ratio && record->has_peer)
        print_peer(record);
    else if (record->has_ratio) {
        char why[256];
        timing_explain(&record->ratio, threshold, why, sizeof why);
        printf("        %s: %.2f us with %s, %s\n", timing_verdict_name(record->verdict),
               record->versions[1].statistics.median, record->versions[1].source, why);
    }
    fflush(stdout);
}
