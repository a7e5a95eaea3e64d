#include "race_report.h"

#include <stdio.h>
#include <string.h>

void race_report_flush(struct race_report *report)
{
    for (unsigned i = 0; i < report->count; i++)
        findings_add(report->launch->checks->findings, &report->pending[i]);
    report->count = 0;
}

static void set_place(struct finding_place *place, const struct launch *launch,
                      const struct race_side *side)
{
    const uint32_t *grid = launch->request->grid, *block = launch->request->block;
    place->instruction = side->instruction;
    place->write = side->write;
    place->block[0] = (uint32_t)(side->group % grid[0]);
    place->block[1] = (uint32_t)(side->group / grid[0] % grid[1]);
    place->block[2] = (uint32_t)(side->group / grid[0] / grid[1]);
    place->thread[0] = side->thread % block[0];
    place->thread[1] = side->thread / block[0] % block[1];
    place->thread[2] = side->thread / block[0] / block[1];
}

static const char *kind_of(const struct race *race)
{
    if (race->kind)
        return race->kind;
    if (!race->later.write)
        return "read after write";
    return race->earlier.write ? "write after write" : "write after read";
}

void race_report_add(struct race_report *report, const struct race *race)
{
    const char *kind = kind_of(race);
    for (unsigned i = 0; i < report->count; i++) {
        struct finding *known = &report->pending[i];
        if (known->here.instruction == race->later.instruction &&
            known->other.instruction == race->earlier.instruction && known->kind == kind &&
            known->severity == race->severity) {
            known->count++;
            return;
        }
    }
    if (report->count == RACES_PENDING)
        race_report_flush(report);
    struct finding *finding = &report->pending[report->count++];
    memset(finding, 0, sizeof *finding);
    finding->check = CHECK_RACE;
    finding->kind = kind;
    finding->severity = race->severity;
    set_place(&finding->here, report->launch, &race->later);
    set_place(&finding->other, report->launch, &race->earlier);
    finding->has_address = true;
    finding->space = race->space;
    finding->address = race->address;
    finding->size = race->size;
    finding->count = 1;
    if (race->text)
        snprintf(finding->text, sizeof finding->text, "%s%s", race->text,
                 race->later.atomic != race->earlier.atomic ? "; only one of the two is atomic"
                                                            : "");
}
