/*
 * The columns of etl_windows and the values that an entry of the ledger has in them: one list for
 * all databases.
 */
#ifndef LOAD_LEDGER_FIELDS_H
#define LOAD_LEDGER_FIELDS_H

#include "model/ledger.h"

#include <stdint.h>
#include <time.h>

enum { LEDGER_FIELD_COUNT = 28 };

enum ledger_type {
    LEDGER_TEXT,
    LEDGER_DAY,
    LEDGER_FLAG,
    LEDGER_COUNT,
    LEDGER_INSTANT,
    LEDGER_REAL
};

struct ledger_field {
    const char *column;
    enum ledger_type type; /* which member of the union is set */
    union {
        const char *text; /* NULL: SQL NULL; borrowed from the entry */
        int32_t day;
        bool flag;
        uint64_t count;
        time_t instant;
        double real;
    };
};

/* Fills `out` with the columns of etl_windows and the entry's values; its texts are borrowed from
 * the entry. */
void ledger_fields(const struct ledger_entry *entry, struct ledger_field out[LEDGER_FIELD_COUNT]);

/* Returns the window with the days that a column of dates can hold in every version of every
 * database: from 1970-01-02 to 2105-12-31, the nearest ones for others. Rows have no days beyond
 * these. A window without days ends before it begins, here too. */
struct window ledger_days_that_fit(struct window window);

#endif
