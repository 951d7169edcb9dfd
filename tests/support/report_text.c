/* SPDX-License-Identifier: MIT */
/* The YAML of a good report, and the same with a line replaced. */
#include "tests/support/report_text.h"

#include "base/buf.h"
#include "tests/support/unit.h"

static const char *const good[] = {
    /*  1 */ "report: items",
    /*  2 */ "aliases: [thing]",
    /*  3 */ "export:",
    /*  4 */ "  open:",
    /*  5 */ "    - select: ['//select[1]', '#kind']",
    /*  6 */ "      value: all",
    /*  7 */ "  window:",
    /*  8 */ "    - date: '#first'",
    /*  9 */ "      value: first",
    /* 10 */ "    - date: '#last'",
    /* 11 */ "      value: last",
    /* 12 */ "    - click: '#go'",
    /* 13 */ "  files: items*.csv",
    /* 14 */ "windows:",
    /* 15 */ "  begin: 2022-03-01",
    /* 16 */ "  end: today + 1",
    /* 17 */ "  days: 30",
    /* 18 */ "  incremental_days: 60",
    /* 19 */ "  incremental_step: 15",
    /* 20 */ "  from_end: true",
    /* 21 */ "columns:",
    /* 22 */ "  - {name: ID, type: text}",
    /* 23 */ "  - {name: DAY, type: date, from: [Data execução, DAY]}",
    /* 24 */ "  - {name: TEAM, type: text, from: Equipe}",
    /* 25 */ "  - {name: PLACE, type: text}",
    /* 26 */ "  - {name: LOADED, type: timestamp}",
    /* 27 */ "  - {name: NOTE, type: text, from: Observação}",
    /* 28 */ "drop: [Place, Other]",
    /* 29 */ "derive:",
    /* 30 */ "  - {name: PLACE, from: TEAM, contains: PEL, then: SUL, else: ''}",
    /* 31 */ "extracted_at: LOADED",
    /* 32 */ "key:",
    /* 33 */ "  - ID",
    /* 34 */ "  - DAY",
    /* 35 */ "window_date: DAY",
    /* 36 */ "limits:",
    /* 37 */ "  max_delete_ratio: 0.2",
    /* 38 */ "  min_deletes: 10",
    /* 39 */ "  max_reject_ratio: 0.01",
    /* 40 */ "  max_foreign_ratio: 0",
    /* 41 */ "  min_rejects: 20",
    /* 42 */ "new_columns: refuse",
};

bool report_text_read(size_t line, const char *replacement, struct arena *arena, struct report *out,
                      struct error *err)
{
    BUF_DONE struct buf text = BUF_INIT(64 * 1024);
    struct node_file *file = NULL;

    for (size_t i = 0; i < COUNT(good); i++)
        buf_addf(&text, "%s\n", i + 1 == line ? replacement : good[i]);
    bool ok = node_open("items.yaml", buf_text(&text), text.len, arena, &file, err) &&
              report_read(node_root(file), "items.yaml", out, err);
    node_close(file);
    return ok;
}

void report_text_expect_refused(const struct report_mistake *mistakes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena arena = {0};
        struct report report = {0};
        struct error err = {0};
        assert_false(
            report_text_read(mistakes[i].line, mistakes[i].replacement, &arena, &report, &err));
        assert_string_equal(err.message, mistakes[i].message);
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_null(report.name); /* untouched */
        arena_done(&arena);
    }
}
