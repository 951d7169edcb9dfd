/* SPDX-License-Identifier: MIT */
/* Prints findings, and keeps the exit code of the first failure. */
#include "cli/findings.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "run/exit_code.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 64 * 1024 };

static void add_text(struct buf *line, const char *key, const char *text)
{
    buf_addf(line, "%s\"%s\":", line->len ? "," : "{", key);
    json_add_string(line, text, strlen(text));
}

void findings_add(const struct findings *findings, enum finding finding, const char *what,
                  const char *found, const char *advice)
{
    static const char *const names[] = {[FINDING_OK] = "ok",
                                        [FINDING_NOTE] = "note",
                                        [FINDING_WARNING] = "warning",
                                        [FINDING_FAILED] = "FAILED"};
    BUF_DONE struct buf line = BUF_INIT(LINE_MAX_BYTES);

    if (findings->json) {
        add_text(&line, "state", finding == FINDING_FAILED ? "failed" : names[finding]);
        add_text(&line, "what", what);
        add_text(&line, "found", found);
        if (advice)
            add_text(&line, "advice", advice);
        buf_add_char(&line, '}');
        puts(buf_text(&line));
    } else {
        printf("%-8s %s: %s\n", names[finding], what, found);
        if (advice)
            printf("         %s\n", advice);
    }
    fflush(stdout); /* the next check may take a while */
}

void findings_addf(const struct findings *findings, enum finding finding, const char *what,
                   const char *advice, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    va_end(args);
    findings_add(findings, finding, what, text ? text : format, advice);
    free(text);
}

void findings_fail(struct findings *findings, const char *what, const struct error *err)
{
    findings_add(findings, FINDING_FAILED, what, err->message, NULL);
    if (findings->code == EXIT_CODE_DONE)
        findings->code = exit_code_of(err);
}

bool findings_advise(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    MEM_FREE_TEXT char *wrong = mem_copy_n(cells[0].text, cells[0].len);
    MEM_FREE_TEXT char *mend = mem_copy_n(cells[1].text, cells[1].len);

    (void)count;
    (void)err;
    findings_add(arg, FINDING_WARNING, "database", wrong, mend);
    return true;
}
