/*
 * A portal in memory, for tests of whole cycles: it knows its rows, writes the files that are asked
 * for, and spoils them in ways that no transport would notice. It also keeps what a person would
 * need who is asked whether a row may be missed: how many exports of this cycle had its day, and
 * whether one showed the row.
 */
#ifndef TESTS_SUPPORT_FAKE_PORTAL_H
#define TESTS_SUPPORT_FAKE_PORTAL_H

#include "extract/extractor.h"
#include "model/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers by chance that a seed repeats. */
struct chance {
    uint64_t state;
};

uint64_t chance_next(struct chance *chance);
int chance_between(struct chance *chance, int least, int most);
bool chance_is(struct chance *chance, int percent);

struct portal_row {
    int32_t date;
    int id;      /* with the date its key */
    int place;   /* within its day */
    int version; /* what else it says */
    bool there;  /* the portal has it */
    int asked;   /* exports of this cycle that looked whole and had its day, or would have, were it
                    not spoilt */
    bool shown;  /* by one of them */
};

/* What is spoilt in a cycle. */
enum fault_how {
    FAULT_NONE,
    FAULT_ONCE,        /* the first answer for one window */
    FAULT_AGAIN,       /* some of all answers, each as chance will have it */
    FAULT_SAME_ROW,    /* every answer ends before that row */
    FAULT_SAME_LENGTH, /* every answer ends after so many bytes */
    FAULT_SAME_DAY,    /* no answer has that day */
    FAULT_KINDS
};

struct portal_fault {
    enum fault_how how;
    int32_t first;  /* FAULT_ONCE: of the window */
    int percent;    /* FAULT_AGAIN */
    size_t row;     /* FAULT_SAME_ROW: its number */
    size_t length;  /* FAULT_SAME_LENGTH, behind the header */
    int32_t date;   /* FAULT_SAME_DAY */
    bool loses_end; /* only cuts; else days in the middle and whole files are lost too */
    uint64_t salt;
};

enum { PORTAL_ASKED_MAX = 512 };

struct fake_portal {
    struct extractor base;
    const char *folder;
    struct portal_row *rows; /* by date, then place */
    size_t count, room;
    /* Its manners. */
    bool includes_last_day, ends_lines, crlf;
    bool has_footer; /* that states how many records there are */
    int layout;      /* of the fields of a line */
    /* This cycle. */
    struct portal_fault fault;
    int32_t planned[PORTAL_ASKED_MAX][2]; /* the days of each window */
    size_t planned_count;
    int32_t asked[PORTAL_ASKED_MAX][2]; /* of each question */
    size_t asked_count, spoilt;
};

void fake_portal_init(struct fake_portal *portal, const char *folder);
void fake_portal_done(struct fake_portal *portal);

void fake_portal_add(struct fake_portal *portal, struct portal_row row);
void fake_portal_sort(struct fake_portal *portal); /* after the last of them */

/* The row of that key; NULL if the portal never had it. */
struct portal_row *fake_portal_find(const struct fake_portal *portal, int32_t date, int id);

/* Nothing was asked for yet. */
void fake_portal_begin_cycle(struct fake_portal *portal, struct portal_fault fault);

/* The report that it exports, with limits and windows for the caller to change. */
struct report fake_portal_report(void);

#endif
