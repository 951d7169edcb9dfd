/* SPDX-License-Identifier: MIT */
/* etl-sigos check --compact: removes rows that nobody sees any more. */
#include "cli/check_compact.h"

#include "base/clock.h"
#include "base/mem.h"
#include "cli/check_lease.h"
#include "cli/findings.h"
#include "load/destination.h"
#include "load/destination_open.h"
#include "run/exit_code.h"

#include <inttypes.h>
#include <stdlib.h>

static void tell(struct findings *findings, const struct report *report,
                 const struct compaction *found, int64_t ms)
{
    switch (found->outcome) {
    case COMPACTION_NOTHING:
        findings_addf(findings, FINDING_OK, "compaction", NULL, "%s: there is nothing to remove",
                      report->name);
        return;
    case COMPACTION_DONE:
        findings_addf(findings, FINDING_OK, "compaction", NULL,
                      "%s: %" PRIu64 " rows and %" PRIu64 " marks went in %.1f s", report->name,
                      found->rows, found->marks, (double)ms / 1000);
        return;
    case COMPACTION_WAITS:
        findings_addf(findings, FINDING_WARNING, "compaction",
                      "let those queries end, and call `etl-sigos check --compact` again",
                      "%s: %" PRIu64 " rows went; queries that have run for minutes may still need"
                      " the rest",
                      report->name, found->rows);
        return;
    }
}

/* Damage is taken back first, as `check` does: a compaction does not go over it. */
static bool compact(struct destination *dest, const struct report *report,
                    struct findings *findings, struct error *err)
{
    const int64_t began_ms = clock_ms();
    struct compaction found;

    if (!destination_migrate(dest, report, err) ||
        !destination_repair(dest, report, findings_advise, findings, err) ||
        !destination_compact(dest, report, true, &found, err))
        return false;
    tell(findings, report, &found, clock_ms() - began_ms);
    return true;
}

static bool compact_all(const struct invocation *invocation, const struct report *const *reports,
                        size_t count, struct findings *findings, struct error *err)
{
    struct destination *dest = NULL;
    struct check_lease lease = {0};

    bool ok = destination_open(invocation->settings.database, &dest, err) &&
              destination_migrate(dest, NULL, err) && check_lease_take(&lease, dest, err);
    for (size_t i = 0; ok && i < count; i++)
        ok = compact(dest, reports[i], findings, err);
    if (dest)
        destination_release_lease(dest);
    destination_close(dest);
    return ok;
}

bool check_compact(const struct invocation *invocation, int *code, struct error *err)
{
    const struct report **reports = mem_array(invocation->profile.report_count, sizeof(*reports));
    struct findings findings = {.json = invocation->options.json};
    struct error failure;
    size_t count;

    const bool ok = invocation_reports(invocation, reports, &count, err);
    if (ok && !compact_all(invocation, reports, count, &findings, &failure))
        findings_fail(&findings, "compaction", &failure);
    free(reports);
    *code = findings.code;
    return ok;
}
