/* SPDX-License-Identifier: MIT */
/* Draws keys of services so that they cannot collide. */
#include "simulator/service.h"

#include "base/date.h"
#include "simulator/calendar.h"
#include "simulator/random.h"

#include <stdio.h>
#include <string.h>

enum {
    CONSUMERS = 300007,     /* a prime, so that any step visits all before repeating one */
    UC_SPACE = 9999991,     /* a prime, too */
    RETURN_OWN_TOI = 50000, /* above any general slot: returns' own TOI numbers begin here */
    RETURN_SHARE = 5,       /* one return for so many services */
    /* Besides one row of every UNDATED_DAYS-th day: together 1 in 4,000 at 40 rows a day. */
    UNDATED_PER_MILLION = 200,
    UNDATED_DAYS = 400,
    SIBLINGS_PER_MILLION = 40000,
    RETURN_LOST_PER_MILLION = 20000, /* returns of services that the general report does not know */
};

enum salt {
    SALT_SLOTS,
    SALT_FIRST_CONSUMER,
    SALT_STEP,
    SALT_CONSUMER,
    SALT_UNDATED,
    SALT_UNDATED_PHASE,
    SALT_SIBLING,
    SALT_CODE,
    SALT_CODE_2,
    SALT_TEAM,
    SALT_TEAM_2,
    SALT_TOI,
    SALT_RETURNED,
    SALT_LOST,
};

uint64_t service_day_key(const struct history *history, enum report_kind kind, int32_t day)
{
    return random_mix(random_mix(history->seed, (uint64_t)kind), (uint32_t)day);
}

uint64_t service_row_key(const struct history *history, enum report_kind kind, int32_t day,
                         struct history_id id)
{
    return random_mix(service_day_key(history, kind, day), (uint64_t)id.born << 32 | id.slot);
}

uint32_t service_slots(const struct history *history, int32_t day)
{
    uint64_t key = service_day_key(history, REPORT_GENERAL, day);
    uint32_t noise = 850 + random_below(key, SALT_SLOTS, 301); /* 0.85 to 1.15 */
    uint64_t millionths = (uint64_t)history->rows * calendar_load(day) * noise;
    uint32_t slots = (uint32_t)((millionths + 500000) / 1000000);

    return slots ? slots : 1;
}

static bool undated(const struct history *history, enum report_kind kind, int32_t day,
                    struct history_id id)
{
    uint32_t phase =
        random_below(random_mix(history->seed, (uint64_t)kind), SALT_UNDATED_PHASE, UNDATED_DAYS);
    bool due = id.born == 0 && id.slot == 0 && (uint32_t)day % UNDATED_DAYS == phase;

    return due || random_chance(service_row_key(history, kind, day, id), SALT_UNDATED,
                                UNDATED_PER_MILLION);
}

/* Writes the consumer's UC, distinct for each consumer. Most are plain numbers; one in thirty is a
 * meter, half of these in lower case. */
static void name_consumer(struct service *out, uint32_t consumer)
{
    uint32_t number = (uint32_t)((uint64_t)(consumer + 1) * 4793 % UC_SPACE);

    out->consumer = consumer;
    if (consumer % 30 != 0) {
        snprintf(out->uc_shown, sizeof out->uc_shown, "%u", 30000000 + number);
        snprintf(out->uc_held, sizeof out->uc_held, "%u", 30000000 + number);
        return;
    }
    snprintf(out->uc_shown, sizeof out->uc_shown, "%c%08u", consumer % 60 ? 'E' : 'e', number);
    snprintf(out->uc_held, sizeof out->uc_held, "E%08u", number);
}

/* Writes a TOI: yy ddd nnnnn, and "/g" if generation g added the row. No two rows of a report have
 * the same one. */
static void name_toi(struct service *out, int32_t day, uint32_t number, uint32_t born)
{
    int year, month, dom;

    date_to_civil(day, &year, &month, &dom);
    unsigned day_of_year = (unsigned)(day - date_from_civil(year, 1, 1)) + 1;
    int len = snprintf(out->toi, sizeof out->toi, "%02u%03u%05u", (unsigned)year % 100U,
                       day_of_year % 1000U, number % 100000U);
    if (born)
        snprintf(out->toi + len, sizeof out->toi - (size_t)len, "/%u", born);
}

static const struct text *pick_code(uint64_t key, uint32_t shift)
{
    uint32_t n = vocabulary_code.count;
    uint32_t a = random_below(key, SALT_CODE, n), b = random_below(key, SALT_CODE_2, n);

    return &vocabulary_code.entries[((a < b ? a : b) + shift) % n];
}

static const struct team *pick_team(uint64_t key, uint32_t shift)
{
    uint32_t a = random_below(key, SALT_TEAM, VOCABULARY_TEAMS);
    uint32_t b = random_below(key, SALT_TEAM_2, VOCABULARY_TEAMS);

    return &vocabulary_teams[((a < b ? a : b) + shift) % VOCABULARY_TEAMS];
}

enum sibling { SIBLING_NONE, SIBLING_CODE, SIBLING_TOI, SIBLING_TEAM };

static enum sibling sibling_of(uint64_t key, struct history_id id)
{
    if (id.born || id.slot % 2 == 0 || !random_chance(key, SALT_SIBLING, SIBLINGS_PER_MILLION))
        return SIBLING_NONE;
    return (enum sibling)(SIBLING_CODE + random_below(key, SALT_SIBLING + 100, 3));
}

void service_general(struct service *out, const struct history *history, int32_t day,
                     struct history_id id)
{
    uint64_t day_key = service_day_key(history, REPORT_GENERAL, day);
    uint64_t own = service_row_key(history, REPORT_GENERAL, day, id);
    enum sibling sibling = sibling_of(own, id);
    struct history_id like = {id.born, sibling ? id.slot - 1 : id.slot};
    uint64_t key = service_row_key(history, REPORT_GENERAL, day, like);
    uint64_t first = random_below(day_key, SALT_FIRST_CONSUMER, CONSUMERS);
    uint64_t step = 1 + random_below(day_key, SALT_STEP, CONSUMERS - 1);

    *out = (struct service){.dated = !undated(history, REPORT_GENERAL, day, id)};
    name_consumer(out, id.born ? random_below(key, SALT_CONSUMER, CONSUMERS)
                               : (uint32_t)((first + like.slot * step) % CONSUMERS));
    out->code = *pick_code(key, sibling == SIBLING_CODE);
    out->team = pick_team(key, sibling == SIBLING_TEAM);
    if (!out->dated || sibling == SIBLING_TOI || id.born)
        name_toi(out, day, id.slot, id.born);
    else if (!undated(history, REPORT_GENERAL, day, like) && !random_chance(key, SALT_TOI, 600000))
        out->toi[0] = '\0';
    else
        name_toi(out, day, like.slot, 0);
}

void service_return(struct service *out, const struct history *history, int32_t day,
                    struct history_id id)
{
    uint64_t key = service_row_key(history, REPORT_RETURN, day, id);
    uint32_t first = id.slot * RETURN_SHARE, slots = service_slots(history, day);
    uint32_t left = slots > first ? slots - first : 0;
    uint32_t span = left && left < RETURN_SHARE ? left : RETURN_SHARE;
    struct history_id general = {0, first + random_below(key, SALT_RETURNED, span)};
    bool lost = id.born == 0 && random_chance(key, SALT_LOST, RETURN_LOST_PER_MILLION);

    service_general(out, history, day, general);
    out->dated = !undated(history, REPORT_RETURN, day, id);
    if (lost || id.born || (!out->dated && !out->toi[0]))
        name_toi(out, day, RETURN_OWN_TOI + id.slot, id.born);
    if (lost)
        name_consumer(out, random_below(key, SALT_CONSUMER, CONSUMERS));
}
