/* SPDX-License-Identifier: MIT */
/* Random services and returns. */
#include "tests/support/field_lists.h"
#include "tests/support/field_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int any(int count)
{
    return rand() % count;
}

/* An index, or NONE once in `rarity`. */
static int maybe(int count, int rarity)
{
    return any(rarity) == 0 ? NONE : any(count);
}

static int lag(void)
{
    static const int lags[] = {NONE, NONE, -2, 0, 1, 3, 5, 6, 14, 15, 16, 40};
    return lags[any(LIST_COUNT(lags))];
}

static void roll_contents(struct service *s)
{
    s->town = maybe(LIST_COUNT(towns), 6);
    s->kind = maybe(LIST_COUNT(kinds), 8);
    s->status = maybe(LIST_COUNT(states), 8);
    s->delivered = maybe(LIST_COUNT(answers), 3);
    s->notified = maybe(LIST_COUNT(answers), 3);
    s->closed = lag();
    s->receipt = lag();
    s->start = any(4) ? any(86400) : NONE;
    s->end = any(5) ? any(86400) : NONE;
    s->cents = any(3) ? NONE : any(2000000) - 1000;
    s->amount_form = any(5);
    s->parts = maybe(13, 3);
    s->meter_found = any(2);
    s->meter_new = any(2);
    s->checked = any(2);
    s->mason = any(2);
    for (int i = 0; i < 3; i++)
        s->branch[i] = any(2);
}

static int roll_day(int first, int last)
{
    return first + any(last - first + 1);
}

static bool same_service(const struct service *a, const struct service *b)
{
    return a->day == b->day && a->uc == b->uc && a->cod == b->cod && a->toi == b->toi &&
           a->team == b->team;
}

static void add_service(struct world *world, int first, int last)
{
    struct service new = {.day = roll_day(first, last),
                          .uc = maybe(LIST_COUNT(ucs), 9),
                          .cod = maybe(LIST_COUNT(cods), 9),
                          .toi = maybe(LIST_COUNT(tois), 2),
                          .team = maybe(LIST_COUNT(teams), 8)};

    if (new.uc == NONE &&new.cod == NONE &&new.toi == NONE &&new.team == NONE)
        return; /* a line without any key is rejected */
    roll_contents(&new);
    for (size_t i = 0; i < world->service_count; i++)
        if (same_service(&world->services[i], &new))
            return;
    if (world->service_count < WORLD_MAX)
        world->services[world->service_count++] = new;
}

static void add_back(struct world *world, int first, int last)
{
    struct back new = {.day = roll_day(first, last),
                       .uc = maybe(LIST_COUNT(ucs), 9),
                       .cod = maybe(LIST_COUNT(cods), 9),
                       .toi = maybe(LIST_COUNT(tois), 2),
                       .team = maybe(LIST_COUNT(teams), 8),
                       .reason = maybe(LIST_COUNT(reasons), 5),
                       .solved = lag()};

    if (new.uc == NONE &&new.cod == NONE &&new.toi == NONE &&new.team == NONE)
        return;
    for (size_t i = 0; i < world->back_count; i++) {
        const struct back *b = &world->backs[i];
        if (b->day == new.day && b->uc == new.uc && b->cod == new.cod && b->toi == new.toi &&
            b->team == new.team)
            return;
    }
    if (world->back_count < WORLD_MAX)
        world->backs[world->back_count++] = new;
}

void world_change(struct world *world, int first, int last)
{
    for (size_t i = 0; i < world->service_count; i++) {
        struct service *s = &world->services[i];
        if (s->day < first || s->day > last || any(5))
            continue;
        if (any(3))
            roll_contents(s);
        else
            world->services[i--] = world->services[--world->service_count];
    }
    for (size_t i = 0; i < world->back_count; i++) {
        struct back *b = &world->backs[i];
        if (b->day < first || b->day > last || any(5))
            continue;
        if (any(3))
            b->solved = lag();
        else
            world->backs[i--] = world->backs[--world->back_count];
    }
    for (int n = any(40); n > 0; n--)
        add_service(world, first, last);
    for (int n = any(20); n > 0; n--)
        add_back(world, first, last);
}

/* The files. */

/* Every cell ends with a separator, of which the last becomes the line's end. */
static void end_cell(struct buf *out)
{
    buf_add_char(out, ';');
}

static void end_line(struct buf *out)
{
    out->data[out->len - 1] = '\n';
}

static void add_cell(struct buf *out, const char *text)
{
    if (text)
        buf_add_text(out, text);
    end_cell(out);
}

#define CELL(list, index) ((index) == NONE ? NULL : (list)[index])
#define NAME(list, index) ((index) == NONE ? NULL : (list)[index].name)

/* Days of 2024 to 2025 around the first of January 2025. */
static void add_day(struct buf *out, int day)
{
    static const int lengths[] = {31, 31, 28, 31, 30, 31}; /* from December 2024 */
    int month = 0, rest = day + 31;

    if (day == NONE) {
        end_cell(out);
        return;
    }
    while (rest >= lengths[month])
        rest -= lengths[month++];
    buf_addf(out, "%02d/%02d/%d", rest + 1, month == 0 ? 12 : month, month == 0 ? 2024 : 2025);
    end_cell(out);
}

static void add_lag(struct buf *out, int day, int days)
{
    add_day(out, days == NONE || day == NONE ? NONE : day + days);
}

static void add_time(struct buf *out, int seconds)
{
    if (seconds != NONE)
        buf_addf(out, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    end_cell(out);
}

/* With dots between thousands. */
static void add_thousands(struct buf *out, long long number)
{
    if (number >= 1000) {
        add_thousands(out, number / 1000);
        buf_addf(out, ".%03lld", number % 1000);
    } else {
        buf_addf(out, "%lld", number);
    }
}

/* Form 4 is no amount. */
static void add_amount(struct buf *out, const struct service *s)
{
    const long long size = s->cents < 0 ? -s->cents : s->cents;
    const char *sign = s->cents < 0 ? "-" : "";

    if (s->cents == NONE) {
        end_cell(out);
        return;
    }
    switch (s->amount_form) {
    case 0:
        buf_addf(out, "R$ %s", sign);
        add_thousands(out, size / 100);
        buf_addf(out, ",%02lld", size % 100);
        break;
    case 1:
        buf_addf(out, "%s%lld,%02lld", sign, size / 100, size % 100);
        break;
    case 2:
        buf_addf(out, "%s%lld.%02lld", sign, size / 100, size % 100);
        break;
    case 3:
        buf_addf(out, "R$\xC2\xA0%s%lld,%lld%lld", sign, size / 100, size / 10 % 10, size % 10);
        break;
    default:
        buf_add_text(out, "A NEGOCIAR");
    }
    end_cell(out);
}

static const char services_header[] =
    "UC / MD;Data execucao;Cod;TOI;Equipe;Municipio;Tipo servico;Status;TOI entregue;Notificado;"
    "Data baixado;Data AR;Hora inicio servico;Hora fim servico;RS negociado;QTD parcela(s);"
    "MD encontrado;MD instalado;Data afericao;Ramal mono;Ramal bi;Ramal tri;Serv de pedreiro\n";

static void add_service_line(const struct service *s, struct buf *out)
{
    add_cell(out, CELL(ucs, s->uc));
    add_day(out, s->day);
    add_cell(out, CELL(cods, s->cod));
    add_cell(out, CELL(tois, s->toi));
    add_cell(out, NAME(teams, s->team));
    add_cell(out, CELL(towns, s->town));
    add_cell(out, NAME(kinds, s->kind));
    add_cell(out, NAME(states, s->status));
    add_cell(out, NAME(answers, s->delivered));
    add_cell(out, NAME(answers, s->notified));
    add_lag(out, s->day, s->closed);
    add_lag(out, s->day, s->receipt);
    add_time(out, s->start);
    add_time(out, s->end);
    add_amount(out, s);
    if (s->parts == NONE)
        buf_add_text(out, "VARIAS");
    else
        buf_addf(out, "%d", s->parts);
    end_cell(out);
    add_cell(out, s->meter_found ? "M-OLD" : NULL);
    add_cell(out, s->meter_new ? "M-NEW" : NULL);
    add_lag(out, s->day, s->checked ? 3 : NONE);
    for (int i = 0; i < 3; i++)
        add_cell(out, s->branch[i] ? "1" : NULL);
    add_cell(out, s->mason ? "SIM" : "NAO");
    end_line(out);
}

void world_services_file(const struct world *world, int first, int last, struct buf *out)
{
    buf_add_text(out, services_header);
    for (size_t i = 0; i < world->service_count; i++)
        if (world->services[i].day >= first && world->services[i].day <= last)
            add_service_line(&world->services[i], out);
}

void world_backs_file(const struct world *world, int first, int last, struct buf *out)
{
    buf_add_text(out, "UC / MD;Data execucao;Codigo;TOI;Equipe;Motivo;Data resolvido\n");
    for (size_t i = 0; i < world->back_count; i++) {
        const struct back *b = &world->backs[i];
        if (b->day < first || b->day > last)
            continue;
        add_cell(out, CELL(ucs, b->uc));
        add_day(out, b->day);
        add_cell(out, CELL(cods, b->cod));
        add_cell(out, CELL(tois, b->toi));
        add_cell(out, NAME(teams, b->team));
        add_cell(out, CELL(reasons, b->reason));
        add_lag(out, b->day, b->solved);
        end_line(out);
    }
}
