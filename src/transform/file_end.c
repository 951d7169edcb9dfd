/* SPDX-License-Identifier: MIT */
/* Checks the end of a file for cut records and for error messages of a server. */
#include "transform/file_end.h"

#include "base/buf.h"
#include "transform/encoding.h"

#include <inttypes.h>
#include <string.h>

enum { TAIL = 4096, SHOWN_MAX = 512 };

/* What servers write when they fail, in any kind of output. Words that a row might hold are left
 * out; file_end_check finds a line of such words by its shape. */
static const char *const failures[] = {
    "<b>Fatal error",
    "<b>Parse error",
    "<b>Warning",
    "<b>Notice",
    "<b>Deprecated",
    "PHP Fatal error:",
    "PHP Parse error:",
    "PHP Warning:",
    "PHP Notice:",
    "PHP Deprecated:",
    "\nFatal error:",
    "\nParse error:",
    "\nWarning: ",
    "\nNotice: ",
    "Fatal error: Uncaught",
    "Fatal error: Allowed memory",
    "Fatal error: Maximum execution",
    "Uncaught PDOException",
    "Uncaught Exception",
    "Uncaught Error",
    "Uncaught TypeError",
    "SQLSTATE[",
    "Allowed memory size of ",
    "Maximum execution time of ",
    "MySQL server has gone away",
    "Lost connection to MySQL server",
    "Traceback (most recent call last)",
    "Stack trace:",
    "java.lang.",
    "System.Web.",
    "System.Data.SqlClient",
    "Microsoft OLE DB Provider",
    "[Microsoft][ODBC",
    "Server Error in '/",
    "Internal Server Error",
    "502 Bad Gateway",
    "503 Service Unavailable",
    "504 Gateway",
    "Gateway Time-out",
    "</html>",
    "</HTML>",
    "</body>",
    "</BODY>",
};

static const char *find_failure(struct layout_bytes file)
{
    const size_t len = file.len < TAIL ? file.len : TAIL;

    for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++)
        if (memmem(file.data + file.len - len, len, failures[i], strlen(failures[i])))
            return failures[i] + (*failures[i] == '\n');
    return NULL;
}

bool file_ends_line(struct layout_bytes file)
{
    return file.len && (file.data[file.len - 1] == '\n' || file.data[file.len - 1] == '\r');
}

/* Refuses the file and shows its last line, so that a person can tell whether that is a footer. */
static bool refuse_last(const struct last_record *last, struct error *err)
{
    BUF_DONE struct buf shown = BUF_INIT(SHOWN_MAX);

    encoding_show(&shown, last->raw, last->raw_len);
    return error_set(err, ERROR_DATA,
                     "line %" PRIu64 ": the file ends with \"%s\", which is neither a record nor a "
                     "footer that is known: rows may be missing behind it; if it is a footer, name "
                     "it in the report's profile (footers)",
                     last->line, buf_text(&shown));
}

bool file_end_check(struct layout_bytes file, const struct last_record *last, struct error *err)
{
    const char *failure = find_failure(file);

    if (failure)
        return error_set(err, ERROR_DATA, "the file ends with an error of the server's (\"%s\")",
                         failure);
    if (!last->line || last->is_footer || !last->is_misshapen)
        return true;
    if (!file_ends_line(file))
        return error_set(err, ERROR_DATA,
                         "line %" PRIu64 ": the file ends in the middle of a record", last->line);
    return last->resembles_row || refuse_last(last, err);
}

bool file_end_check_count(int64_t stated, uint64_t line, uint64_t records, struct error *err)
{
    if (stated < 0 || (uint64_t)stated <= records)
        return true;
    return error_set(err, ERROR_DATA,
                     "line %" PRIu64 ": the file says that it has %" PRId64
                     " records and has %" PRIu64 ": it was cut",
                     line, stated, records);
}
