/* SPDX-License-Identifier: MIT */
/* A plain recount of the gold figures over the rows of a field_world. */
#include "tests/support/field_lists.h"
#include "tests/support/field_world.h"

#include <stdlib.h>
#include <string.h>

/* A team that is blank is NORTE and BT, as the portal's report has it. */
static const char *region_of(int team)
{
    return team == NONE ? "NORTE" : teams[team].region;
}

static const char *group_of(int team)
{
    return team == NONE ? "BT" : teams[team].group;
}

static int month_of(int day)
{
    return day < 31 ? 0 : day < 59 ? 1 : 2;
}

static const char *const month_names[] = {"2025-01-01", "2025-02-01", "2025-03-01"};
static const char *const regions[] = {"NORTE", "SUL"};
static const char *const groups[] = {"AT", "BT"};

struct group {
    int month;
    const char *region, *name;
};

static bool is_in(const struct group *g, int day, int team)
{
    return day != NONE && month_of(day) == g->month && strcmp(region_of(team), g->region) == 0 &&
           strcmp(group_of(team), g->name) == 0;
}

static void for_each_group(const struct world *world, struct buf *out,
                           void (*count)(const struct world *, const struct group *, struct buf *))
{
    for (int m = 0; m < LIST_COUNT(month_names); m++)
        for (int r = 0; r < LIST_COUNT(regions); r++)
            for (int g = 0; g < LIST_COUNT(groups); g++)
                count(world, &(struct group){m, regions[r], groups[g]}, out);
}

static bool is_readable(const struct service *s)
{
    return s->cents != NONE && s->amount_form != 4;
}

/* Seconds in the field, or NONE. */
static int seconds_of(const struct service *s)
{
    if (s->start == NONE || s->end == NONE)
        return NONE;
    return s->end - s->start + (s->end < s->start ? 86400 : 0);
}

static int minutes_of(const struct service *s)
{
    const int seconds = seconds_of(s);

    return seconds == NONE || seconds > 12 * 3600 ? NONE : seconds / 60;
}

static bool is_yes(int answer)
{
    return answer != NONE && answers[answer].yes;
}

/* 2: a return of the same unit, day, code and team; 1: of the same unit, day and record. */
static int match_of(const struct world *world, const struct service *s)
{
    int match = 0;

    for (size_t i = 0; i < world->back_count; i++) {
        const struct back *b = &world->backs[i];
        if (s->uc == NONE || b->uc != s->uc || b->day != s->day)
            continue;
        if (s->cod != NONE && b->cod == s->cod && s->team != NONE && b->team == s->team)
            return 2;
        if (s->toi != NONE && b->toi == s->toi)
            match = 1;
    }
    return match;
}

const char world_months_columns[] =
    "mes, regional, grupo, servicos, produzidos, inspecoes, toi, toi_inspecao, retornos,"
    " retornos_exatos, com_horario, sem_horario, horario_anomalo, min_campo, baixados, "
    "baixados_no_prazo,"
    " abertos, baixa_anomala, toi_entregues, toi_notificados, ar_recebidos, ar_no_prazo,"
    " ar_pendentes, negociados, valor_centavos, valor_ilegivel, parcelas, medidores, ramais_mono,"
    " ramais_bi, ramais_tri, pedreiro, afericao_pendente";

enum { MEASURES = 30 };

static void measure(const struct world *world, const struct service *s, long long m[MEASURES])
{
    const bool record = s->toi != NONE;
    const bool inspection = s->kind != NONE && kinds[s->kind].inspection;
    const int match = match_of(world, s), seconds = seconds_of(s), minutes = minutes_of(s);
    const bool deal = is_readable(s) && s->cents > 0;
    const bool odd = seconds != NONE && (seconds > 12 * 3600 || s->end < s->start);
    const long long values[MEASURES] = {
        1,
        s->status != NONE && states[s->status].produced,
        inspection,
        record,
        record && inspection,
        match > 0,
        match == 2,
        minutes != NONE,
        seconds == NONE,
        odd,
        minutes == NONE ? 0 : minutes,
        s->closed != NONE && s->closed >= 0,
        s->closed != NONE && s->closed >= 0 && s->closed <= 5,
        s->closed == NONE,
        s->closed != NONE && s->closed < 0,
        record && is_yes(s->delivered),
        record && is_yes(s->notified),
        s->receipt != NONE && s->receipt >= 0,
        s->receipt != NONE && s->receipt >= 0 && s->receipt <= 15,
        record && !is_yes(s->delivered) && s->receipt == NONE,
        deal,
        deal ? s->cents : 0,
        s->cents != NONE && s->amount_form == 4,
        deal && s->parts != NONE ? s->parts : 0,
        s->meter_new,
        s->branch[0],
        s->branch[1],
        s->branch[2],
        s->mason,
        record && s->meter_found && s->meter_new && !s->checked,
    };

    for (int i = 0; i < MEASURES; i++)
        m[i] += values[i];
}

static void count_month(const struct world *world, const struct group *g, struct buf *out)
{
    long long m[MEASURES] = {0};

    for (size_t i = 0; i < world->service_count; i++)
        if (is_in(g, world->services[i].day, world->services[i].team))
            measure(world, &world->services[i], m);
    if (m[0] == 0)
        return;
    buf_addf(out, "%s\t%s\t%s", month_names[g->month], g->region, g->name);
    for (int i = 0; i < MEASURES; i++)
        buf_addf(out, "\t%lld", m[i]);
    buf_add_char(out, '\n');
}

void world_months(const struct world *world, struct buf *out)
{
    for_each_group(world, out, count_month);
}

/* Values of which the smallest is wanted that a part does not exceed. */
struct sample {
    long long values[WORLD_MAX];
    int count;
};

static int by_value(const void *left, const void *right)
{
    const long long a = *(const long long *)left, b = *(const long long *)right;

    return (a > b) - (a < b);
}

static void sample_add(struct sample *sample, long long value)
{
    sample->values[sample->count++] = value;
}

/* The nearest rank: the value at place ceil(tenths / 10 * count). */
static long long rank_of(struct sample *sample, int tenths)
{
    qsort(sample->values, (size_t)sample->count, sizeof(*sample->values), by_value);
    return sample->values[(sample->count * tenths + 9) / 10 - 1];
}

static long long total_of(const struct sample *sample)
{
    long long total = 0;

    for (int i = 0; i < sample->count; i++)
        total += sample->values[i];
    return total;
}

const char world_productivity_columns[] =
    "mes, regional, grupo, equipes_dia, servicos, p10, mediana, p90";

static void count_productivity(const struct world *world, const struct group *g, struct buf *out)
{
    struct sample sample = {.count = 0};

    for (int day = 0; day < 90; day++)
        for (int team = 0; team < LIST_COUNT(teams); team++) {
            int count = 0;
            for (size_t i = 0; i < world->service_count; i++)
                count += world->services[i].day == day && world->services[i].team == team;
            if (count > 0 && is_in(g, day, team))
                sample_add(&sample, count);
        }
    if (sample.count)
        buf_addf(out, "%s\t%s\t%s\t%d\t%lld\t%lld\t%lld\t%lld\n", month_names[g->month], g->region,
                 g->name, sample.count, total_of(&sample), rank_of(&sample, 1), rank_of(&sample, 5),
                 rank_of(&sample, 9));
}

void world_productivity(const struct world *world, struct buf *out)
{
    for_each_group(world, out, count_productivity);
}

const char world_distributions_columns[] = "mes, regional, grupo, medida, n, mediana, p90";

static void add_distribution(const struct group *g, const char *name, struct sample *sample,
                             struct buf *out)
{
    if (sample->count)
        buf_addf(out, "%s\t%s\t%s\t%s\t%d\t%lld\t%lld\n", month_names[g->month], g->region, g->name,
                 name, sample->count, rank_of(sample, 5), rank_of(sample, 9));
}

static void count_distributions(const struct world *world, const struct group *g, struct buf *out)
{
    struct sample minutes = {.count = 0}, closed = {.count = 0}, receipt = {.count = 0},
                  solved = {.count = 0};

    for (size_t i = 0; i < world->service_count; i++) {
        const struct service *s = &world->services[i];
        if (!is_in(g, s->day, s->team))
            continue;
        if (minutes_of(s) != NONE)
            sample_add(&minutes, minutes_of(s));
        if (s->closed >= 0)
            sample_add(&closed, s->closed);
        if (s->receipt >= 0)
            sample_add(&receipt, s->receipt);
    }
    for (size_t i = 0; i < world->back_count; i++)
        if (is_in(g, world->backs[i].day, world->backs[i].team) && world->backs[i].solved >= 0)
            sample_add(&solved, world->backs[i].solved);
    add_distribution(g, "min_campo", &minutes, out);
    add_distribution(g, "prazo_ar", &receipt, out);
    add_distribution(g, "prazo_baixa", &closed, out);
    add_distribution(g, "prazo_resolucao", &solved, out);
}

void world_distributions(const struct world *world, struct buf *out)
{
    for_each_group(world, out, count_distributions);
}

const char world_tickets_columns[] =
    "mes, regional, grupo, negociados, valor_centavos, round(100 * ticket_mediano, 0),"
    " round(100 * ticket_p90, 0)";

static void count_tickets(const struct world *world, const struct group *g, struct buf *out)
{
    struct sample cents = {.count = 0};

    for (size_t i = 0; i < world->service_count; i++) {
        const struct service *s = &world->services[i];
        if (is_in(g, s->day, s->team) && is_readable(s) && s->cents > 0)
            sample_add(&cents, s->cents);
    }
    if (cents.count)
        buf_addf(out, "%s\t%s\t%s\t%d\t%lld\t%lld\t%lld\n", month_names[g->month], g->region,
                 g->name, cents.count, total_of(&cents), rank_of(&cents, 5), rank_of(&cents, 9));
}

void world_tickets(const struct world *world, struct buf *out)
{
    for_each_group(world, out, count_tickets);
}
