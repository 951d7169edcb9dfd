/*
 * A portal in memory, for tests of whole cycles. It has rows, writes the requested files, and
 * damages them in ways that no transport notices. For each row it counts the exports of this cycle
 * that had its day, and whether one of them showed the row: with that a test decides whether the
 * row may be deleted.
 */
#ifndef TESTS_SUPPORT_FAKE_PORTAL_H
#define TESTS_SUPPORT_FAKE_PORTAL_H

#include "extract/extractor.h"
#include "model/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Random numbers that a seed repeats. */
struct chance {
    uint64_t state;
};

uint64_t chance_next(struct chance *chance);
int chance_between(struct chance *chance, int least, int most);
bool chance_is(struct chance *chance, int percent);

struct portal_row {
    int32_t date;
    int id;      /* date and id are the key */
    int place;   /* within its day */
    int version; /* its other cells */
    bool there;  /* the portal has it */
    int asked;   /* exports of this cycle that looked whole and were asked for its day */
    bool shown;  /* one of them showed the row */
};

/* The fault of a cycle. */
enum fault_how {
    FAULT_NONE,
    FAULT_ONCE,        /* the first answer for one window */
    FAULT_AGAIN,       /* random answers, each with random damage */
    FAULT_SAME_ROW,    /* every answer ends before that row */
    FAULT_SAME_LENGTH, /* every answer ends after so many bytes */
    FAULT_SAME_DAY,    /* no answer has that day */
    FAULT_KINDS
};

struct portal_fault {
    enum fault_how how;
    int32_t first;  /* FAULT_ONCE: first day of the window */
    int percent;    /* FAULT_AGAIN */
    size_t row;     /* FAULT_SAME_ROW: its number */
    size_t length;  /* FAULT_SAME_LENGTH: bytes after the header */
    int32_t date;   /* FAULT_SAME_DAY */
    bool loses_end; /* faults cut files, and lose no days within them */
    uint64_t salt;
};

enum { PORTAL_ASKED_MAX = 512 };

struct fake_portal {
    struct extractor base;
    const char *folder;
    struct portal_row *rows; /* by date, then place */
    size_t count, room;
    /* How it writes files. */
    bool includes_last_day, ends_lines, crlf;
    bool has_footer; /* with the number of records */
    int layout;      /* the order of the fields */
    /* This cycle. */
    struct portal_fault fault;
    int32_t planned[PORTAL_ASKED_MAX][2]; /* the days of each window */
    size_t planned_count;
    int32_t asked[PORTAL_ASKED_MAX][2]; /* the days of each question */
    size_t asked_count, damaged;
};

void fake_portal_init(struct fake_portal *portal, const char *folder);
void fake_portal_done(struct fake_portal *portal);

void fake_portal_add(struct fake_portal *portal, struct portal_row row);
void fake_portal_sort(struct fake_portal *portal); /* after the last row was added */

/* Returns the row of that key, NULL if the portal never had it. */
struct portal_row *fake_portal_find(const struct fake_portal *portal, int32_t date, int id);

/* Begins a cycle with that fault. No question was asked in it yet. */
void fake_portal_begin_cycle(struct fake_portal *portal, struct portal_fault fault);

/* Returns the report that the portal exports. The caller may change its limits and windows. */
struct report fake_portal_report(void);

#endif
