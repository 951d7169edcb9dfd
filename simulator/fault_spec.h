/*
 * Reads a fault: KIND[:KEY=VALUE[,KEY=VALUE]...][@WHEN[,WHEN]...]
 *
 *     http500                       every export is answered with 500
 *     cut:percent=30,reset=1@3      the third export from now on
 *     short@window=2026-08-25       the export whose first day that is, each time
 *     stall@window=2026-08-25,first=1   the first time only
 *     http503@rate=0.1              one in ten, drawn from the seed
 *
 * WHEN restricts a fault: N (the N-th), first=K (the first K), rate=P (that share), every.
 * window=DAY and report=general|return say which exports are counted. Faults of logins count logins
 * that are tried, the fault of pages counts how often the report page is shown.
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
    FAULT_HTTP429,    /* retry=SECONDS: the Retry-After */
    FAULT_HANG,       /* no answer at all */
    FAULT_STALL,      /* percent= or bytes= of the body, then nothing */
    FAULT_SLOW,       /* rate=BYTES a second, ms=MILLISECONDS more until the file is made */
    FAULT_CUT,        /* percent= or bytes= of the body; reset=1: by RST; transfer= */
    FAULT_FATAL,      /* percent= or bytes= of the file, then the error of PHP */
    FAULT_HTML,       /* a page under the file's name */
    FAULT_LOGIN_FILE, /* the login page under the file's name */
    FAULT_HEADER,     /* no rows */
    FAULT_SHORT,      /* percent= or bytes= of the file, whole rows */
    FAULT_EMPTY,      /* no bytes */
    FAULT_PERIOD,     /* the period days=N earlier */
    FAULT_REPORT,     /* the other report's file, under its own name or name= */
    FAULT_STALE,      /* the file of the window before */
    FAULT_DIALOG,     /* an alert box instead of a file */
    FAULT_MESSAGE,    /* words on the page instead of a file */
    FAULT_EXPIRED,    /* the session ends before the export */
    FAULT_COLUMN,     /* one column more, name= */
    FAULT_RENAMED,    /* column name= is called to= */
    FAULT_UNNAMED,    /* no file name */
    FAULT_MISNAMED,   /* name= as the file's name */
    FAULT_MIXED,      /* two encodings in the file: spoil_text.h */
    /* percent= or bytes= of the file, whole rows, then the message of the error that ended the
     * export */
    FAULT_LAST_WORDS,
    FAULT_FOOTER,  /* "Total de registros" behind the last row, without a line end */
    FAULT_TOTALS,  /* a row of totals with the header's separators */
    FAULT_CTRL_Z,  /* DOS's end of a text */
    FAULT_PADDING, /* bytes= NULs, else up to a multiple of 512 */
    FAULT_PACKED,  /* packed or in UTF-16, with or without a name that says so: spoil_text.h */
    FAULT_LAYOUT,  /* the report page has its button elsewhere, without its id */
    FAULT_LOGIN500,
    FAULT_LOCKED,           /* the account is blocked */
    FAULT_BLOCKED,          /* the same on another page, where no locator finds the words */
    FAULT_EXPIRED_PASSWORD, /* a form for a new password */
    FAULT_CAPTCHA,          /* the login form again, which also asks for letters in an image */
};

enum fault_subject { FAULT_OF_EXPORT, FAULT_OF_PAGE, FAULT_OF_LOGIN };

enum { FAULT_SPEC_SIZE = 160, FAULT_TEXT_SIZE = 48, FAULT_ANY = -1 };

struct fault {
    enum fault_kind kind;
    enum fault_subject subject;
    char spec[FAULT_SPEC_SIZE]; /* as it was written: only letters, digits and .,:=@_/ - */

    uint32_t percent;
    int64_t bytes;    /* -1: percent is used */
    int32_t transfer; /* enum sim_transfer, or FAULT_ANY: that of the portal */
    uint32_t reset, retry, rate, ms, days;
    char name[FAULT_TEXT_SIZE], to[FAULT_TEXT_SIZE];

    uint32_t nth, first, per_million; /* 0, 0, 1000000: no restriction */
    int32_t report;                   /* enum report_kind, or FAULT_ANY */
    int32_t window;                   /* a day, or INT32_MIN: any */

    uint64_t seen, applied; /* requests that were counted, and those to which it was applied */
};

/* Reads a fault. ERROR_CONFIG says what is wrong in the text. */
bool fault_parse(const char *spec, struct fault *out, struct error *err);

#endif
