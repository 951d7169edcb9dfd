/* SPDX-License-Identifier: MIT */
/* Keeps entries in a ring. */
#include "simulator/journal.h"

#include "base/date.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Returns an entry; NULL: it was never made, or is overwritten. */
static struct journal_entry *entry(const struct journal *journal, uint64_t number)
{
    if (number == 0 || number > journal->count || journal->count - number >= JOURNAL_MAX)
        return NULL;
    return &journal->entries[number % JOURNAL_MAX];
}

void journal_done(struct journal *journal)
{
    free(journal->entries);
    *journal = (struct journal){0};
}

uint64_t journal_add(struct journal *journal, const struct order *order, uint64_t session,
                     const struct fault *fault)
{
    if (!journal->entries)
        journal->entries = mem_array(JOURNAL_MAX, sizeof *journal->entries);
    struct journal_entry *made = &journal->entries[++journal->count % JOURNAL_MAX];
    if (made->order.last && !made->done) /* a job whose file was never fetched */
        journal->running--;
    *made = (struct journal_entry){.order = *order, .session = session};
    if (fault)
        memcpy(made->fault, fault->spec, sizeof made->fault);
    if (++journal->running > journal->running_max)
        journal->running_max = journal->running;
    return journal->count;
}

void journal_status(struct journal *journal, uint64_t number, unsigned status)
{
    struct journal_entry *found = entry(journal, number);

    if (found)
        found->status = status;
}

void journal_end(struct journal *journal, uint64_t number)
{
    struct journal_entry *found = entry(journal, number);

    if (!found || found->done)
        return;
    found->done = true;
    journal->running--;
}

bool journal_before(const struct journal *journal, uint64_t number, struct order *out)
{
    const struct journal_entry *own = entry(journal, number);

    while (own && --number) {
        const struct journal_entry *found = entry(journal, number);
        if (!found)
            return false;
        if (found->order.kind == own->order.kind &&
            (found->order.first != own->order.first || found->order.last != own->order.last)) {
            *out = found->order;
            return true;
        }
    }
    return false;
}

void journal_show(const struct journal *journal, struct buf *out)
{
    uint64_t first = journal->count > JOURNAL_MAX ? journal->count - JOURNAL_MAX + 1 : 1;
    char from[DATE_ISO_SIZE], to[DATE_ISO_SIZE];

    buf_add_char(out, '[');
    for (uint64_t n = first; n <= journal->count; n++) {
        const struct journal_entry *e = entry(journal, n);
        buf_addf(out,
                 "%s\n{\"n\": %" PRIu64 ", \"report\": \"%s\", \"from\": \"%s\", \"to\": \"%s\", "
                 "\"session\": %" PRIu64 ", \"status\": %u, \"fault\": \"%s\", \"done\": %s}",
                 n > first ? "," : "", n, sim_report_of(e->order.kind)->word,
                 date_format_iso(e->order.first, from), date_format_iso(e->order.last, to),
                 e->session, e->status, e->fault, e->done ? "true" : "false");
    }
    buf_add_char(out, ']');
}
