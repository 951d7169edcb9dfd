/*
 * The seven pages in one file that is read without a server or network, and printed.
 */
#ifndef PAGES_REPORT_FILE_H
#define PAGES_REPORT_FILE_H

#include "base/buf.h"
#include "base/error.h"
#include "load/destination.h"
#include "pages/request.h"

/* The bytes that a browser would else fetch; they contain no "</script" or "</style". */
struct report_assets {
    const char *style, *script, *chart;
    size_t style_len, script_len, chart_len;
};

/*
 * Appends the file. `values` are filters, as in the address of a page; each page uses those that it
 * has. The destination is within a read. ERROR_CONFIG: a filter that no page has, or a bad value
 * (in Portuguese, as pages say it), or the database has no layers or no data. Fails else as
 * pages_answer does.
 */
bool report_file_write(struct destination *reader, const struct site *site,
                       const struct request_value *values, size_t value_count,
                       const struct report_assets *assets, struct buf *out, struct error *err);

#endif
