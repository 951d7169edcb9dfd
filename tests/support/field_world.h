/*
 * Random services and returns of a field, as plain structs, and a plain recount of the gold figures
 * over them: the truth that tests of the layers compare with. It shares nothing with the program:
 * amounts, times and deadlines are numbers here before they become the texts of a file.
 */
#ifndef TESTS_SUPPORT_FIELD_WORLD_H
#define TESTS_SUPPORT_FIELD_WORLD_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { WORLD_MAX = 400, NONE = -10000 };

/* The index of a text in its list in field_world.c, or a number; NONE: the cell is blank. */
struct service {
    int day; /* 0 … 89: days from 01/01/2025; NONE: without a date */
    int uc, cod, toi, team, town, kind, status;
    int delivered, notified; /* index in the list of yes and no */
    int closed, receipt;     /* days after the service */
    int start, end;          /* seconds since midnight */
    long long cents;
    int amount_form; /* how the amount is written; see amount_text */
    int parts;
    bool meter_found, meter_new, checked, branch[3], mason;
};

struct back { /* a return */
    int day, uc, cod, toi, team, reason, solved;
};

struct world {
    struct service services[WORLD_MAX];
    struct back backs[WORLD_MAX];
    size_t service_count, back_count;
};

/* Adds, changes and removes some rows of the days first … last, by rand(). Keys stay unique. */
void world_change(struct world *world, int first, int last);

/* Writes the rows of the days first … last as exports of the portal have them. */
void world_services_file(const struct world *world, int first, int last, struct buf *out);
void world_backs_file(const struct world *world, int first, int last, struct buf *out);

/* Recounts: one line a group, values with a tab between, sorted. */
void world_months(const struct world *world, struct buf *out);        /* ouro_mes */
void world_productivity(const struct world *world, struct buf *out);  /* ouro_produtividade */
void world_distributions(const struct world *world, struct buf *out); /* ouro_distribuicao_mes */
void world_tickets(const struct world *world, struct buf *out);       /* ouro_ticket_mes */

/* The columns of each recount, for the SELECT. */
extern const char world_months_columns[], world_productivity_columns[],
    world_distributions_columns[], world_tickets_columns[];

#endif
