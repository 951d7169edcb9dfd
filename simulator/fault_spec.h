/*
 * A fault, and how it is written: KIND[:KEY=VALUE[,KEY=VALUE]...][@WHEN[,WHEN]...]
 *
 *     http500                       every export is answered with 500
 *     cut:percent=30,reset=1@3      the third export asked for from now on
 *     short@window=2026-08-25       the export whose first day that is, each time
 *     stall@window=2026-08-25,first=1   the first time only
 *     http503@rate=0.1              one in ten, by the seed
 *
 * WHEN restricts: N (the N-th), first=K (the first K), rate=P (that share), every; and window=DAY,
 * report=general|return say which exports are counted at all. Login faults count logins that are
 * tried, layout counts times that the report page is shown.
 */
#ifndef SIMULATOR_FAULT_SPEC_H
#define SIMULATOR_FAULT_SPEC_H

#include "base/error.h"
#include "simulator/message.h"
#include "simulator/report.h"

#include <stdbool.h>
#include <stdint.h>

enum fault_kind {
    FAULT_HTTP500,
    FAULT_HTTP503,    /* a maintenance page */
    FAULT_HTTP429,    /* retry=SECONDS: its Retry-After */
    FAULT_HANG,       /* no answer at all */
    FAULT_STALL,      /* percent= or bytes= of the body, then nothing */
    FAULT_SLOW,       /* rate=BYTES a second, ms=LONGER to make */
    FAULT_CUT,        /* percent= or bytes= of the body; reset=1: by RST; transfer= */
    FAULT_FATAL,      /* percent= or bytes= of the file, then what PHP says when it dies */
    FAULT_HTML,       /* a page under the file's name */
    FAULT_LOGIN_FILE, /* the login page under the file's name */
    FAULT_HEADER,     /* no rows */
    FAULT_SHORT,      /* percent= or bytes= of the file, whole rows */
    FAULT_EMPTY,      /* no bytes */
    FAULT_PERIOD,     /* the period days=N earlier */
    FAULT_REPORT,     /* the other report's file, under its own name or name= */
    FAULT_STALE,      /* the file of the window asked for before */
    FAULT_DIALOG,     /* an alert box instead of a file */
    FAULT_MESSAGE,    /* words on the page instead of a file */
    FAULT_EXPIRED,    /* the session ends before the export */
    FAULT_COLUMN,     /* one column more, name= */
    FAULT_RENAMED,    /* column name= is called to= */
    FAULT_UNNAMED,    /* no file name */
    FAULT_MISNAMED,   /* name= as the file's name */
    FAULT_MIXED,      /* two encodings in the file: spoil_text.h */
    FAULT_LAST_WORDS, /* percent= or bytes= of the file, whole rows, then what the server said when
                         it failed */
    FAULT_FOOTER,     /* "Total de registros" behind the last row, without a line end */
    FAULT_TOTALS,     /* a row of totals with the header's separators */
    FAULT_CTRL_Z,     /* DOS's end of a text */
    FAULT_PADDING,    /* bytes= NULs, else up to a multiple of 512 */
    FAULT_PACKED,     /* packed or in UTF-16, named so or not: spoil_text.h */
    FAULT_LAYOUT,     /* the report page has its button elsewhere, without its id */
    FAULT_LOGIN500,
    FAULT_LOCKED,           /* the account is blocked */
    FAULT_BLOCKED,          /* the same on a page of its own, in words of no special place */
    FAULT_EXPIRED_PASSWORD, /* a form for a new password */
    FAULT_CAPTCHA,          /* the login form again, which asks for letters in an image, too */
};

enum fault_subject { FAULT_OF_EXPORT, FAULT_OF_PAGE, FAULT_OF_LOGIN };

enum { FAULT_SPEC_SIZE = 160, FAULT_TEXT_SIZE = 48, FAULT_ANY = -1 };

struct fault {
    enum fault_kind kind;
    enum fault_subject subject;
    char spec[FAULT_SPEC_SIZE]; /* as it was written; letters, digits and .,:=@_/ - only */

    uint32_t percent;
    int64_t bytes;    /* -1: percent counts */
    int32_t transfer; /* enum sim_transfer; FAULT_ANY: the portal's */
    uint32_t reset, retry, rate, ms, days;
    char name[FAULT_TEXT_SIZE], to[FAULT_TEXT_SIZE];

    uint32_t nth, first, per_million; /* 0, 0, 1000000: no restriction */
    int32_t report;                   /* enum report_kind, or FAULT_ANY */
    int32_t window;                   /* a day, or INT32_MIN: any */

    uint64_t seen, applied; /* of what it counts */
};

/* An error is ERROR_CONFIG and names what is wrong in the spec. */
bool fault_parse(const char *spec, struct fault *out, struct error *err);

#endif
