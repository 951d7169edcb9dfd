/*
 * Writes a query's table as an accessible <table>.
 */
#ifndef PAGES_TABLE_HTML_H
#define PAGES_TABLE_HTML_H

#include "pages/format.h"
#include "pages/query_table.h"

enum table_column_flags {
    TABLE_ROW_HEAD = 1, /* <th scope="row"> */
    TABLE_WIDE = 2,     /* hidden on phones (class p2) */
    TABLE_BAR = 4,      /* a bar of the number's share of the column's largest; decorative */
};

struct table_column {
    const char *head;
    size_t cell; /* which column of the query */
    enum cell_kind kind;
    unsigned digits;
    unsigned flags;
    const char *bar_class;  /* of a bar: NULL s2 s3 */
    const char *order_link; /* the head is a link that sorts by this column; NULL: it is not */
    const char *order;      /* "ascending", "descending": by which the rows are sorted now; NULL */
};

struct table_view {
    const char *caption;
    const char *class_name; /* NULL: none */
    const struct table_column *columns;
    size_t column_count;
    bool reversed; /* the last row first */
    /* Appends the address that a cell links to (plain, not escaped) and returns true, or returns
     * false. NULL: no links. `column` counts in this view. */
    bool (*link)(void *arg, const struct query_table *table, size_t row, size_t column,
                 struct buf *address);
    /* Appends HTML instead of the formatted cell and returns true, or returns false. NULL: none. */
    bool (*content)(void *arg, const struct query_table *table, size_t row, size_t column,
                    struct buf *html);
    /* Returns the class of a row, or NULL. NULL: none. */
    const char *(*row_class)(void *arg, const struct query_table *table, size_t row);
    void *arg;
};

/* Appends the table within <div class="rola">, a region that scrolls and can be focused. A table
 * without rows has one row that says "Nenhuma linha." */
void table_html(struct buf *out, const struct query_table *table, const struct table_view *view);

#endif
