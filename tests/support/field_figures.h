/*
 * A database that should show the figures of a random world (field_world.h). Everything that goes
 * wrong fails the test.
 */
#ifndef TESTS_SUPPORT_FIELD_FIGURES_H
#define TESTS_SUPPORT_FIELD_FIGURES_H

#include "config/profile.h"
#include "load/destination.h"
#include "tests/support/field_world.h"

struct field {
    char *url;
    struct profile profile;
    struct destination *look; /* reads what the loads left */
    char *folder;             /* for files; removed at the end */
    struct world world;
    unsigned seed;
    int copies; /* how many states of the tables are kept as copy_N_… */
};

/* Begins a random history. url: NULL is a new SQLite database. */
void field_open(struct field *h, const char *url, unsigned seed);
void field_close(struct field *h);

/* Adds the rows of a query: values with a tab between. */
void field_query(struct field *h, const char *sql, struct buf *out);
/* The query's rows are these; else the test fails and shows the first that differs. */
void field_expect(struct field *h, const char *sql, const char *expected);
/* The gold figures are those of a recount of the world. */
void field_expect_figures(struct field *h);

/* Writes a file that is years old, so that its time tells nothing of the run. */
void field_write_file(const char *path, const struct buf *text);

#endif
