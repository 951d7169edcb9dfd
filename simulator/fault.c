/* SPDX-License-Identifier: MIT */
/* Counts requests and draws chance from the seed. */
#include "simulator/fault.h"

#include "simulator/random.h"

#include <inttypes.h>

bool fault_add(struct fault_table *table, const char *spec, struct error *err)
{
    if (table->count == FAULTS_MAX)
        return error_set(err, ERROR_CONFIG, "more than %d faults", FAULTS_MAX);
    if (!fault_parse(spec, &table->faults[table->count], err))
        return false;
    table->count++;
    table->set++;
    return true;
}

void fault_clear(struct fault_table *table)
{
    table->count = 0;
}

static bool counts(const struct fault *fault, const struct fault_ask *ask)
{
    if (fault->subject != ask->subject)
        return false;
    if (ask->subject != FAULT_OF_EXPORT)
        return true;
    return (fault->report == FAULT_ANY || fault->report == (int32_t)ask->report) &&
           (fault->window == INT32_MIN || fault->window == ask->first);
}

static bool applies(const struct fault *fault, uint64_t key)
{
    return (!fault->nth || fault->seen == fault->nth) &&
           (!fault->first || fault->seen <= fault->first) &&
           random_chance(key, fault->seen, fault->per_million);
}

bool fault_pick(struct fault_table *table, const struct fault_ask *ask, struct fault *out)
{
    struct fault *picked = NULL;

    for (size_t i = 0; i < table->count; i++) {
        struct fault *fault = &table->faults[i];
        if (!counts(fault, ask))
            continue;
        fault->seen++;
        if (applies(fault, random_mix(table->seed, table->set - table->count + i)))
            picked = fault;
    }
    if (!picked)
        return false;
    picked->applied++;
    *out = *picked;
    return true;
}

void fault_show(const struct fault_table *table, struct buf *out)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < table->count; i++)
        buf_addf(out, "%s{\"spec\": \"%s\", \"seen\": %" PRIu64 ", \"applied\": %" PRIu64 "}",
                 i ? ", " : "", table->faults[i].spec, table->faults[i].seen,
                 table->faults[i].applied);
    buf_add_char(out, ']');
}
