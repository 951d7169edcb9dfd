/*
 * The block of JSON from which the page's script draws the charts (painel.js):
 *
 *     chart_data_begin(out);
 *     chart_data_add(out, &chart, &table);     for each chart
 *     chart_data_end(out);
 */
#ifndef PAGES_CHART_DATA_H
#define PAGES_CHART_DATA_H

#include "pages/format.h"
#include "pages/query_table.h"

enum { CHART_SERIES_MAX = 6 };

enum chart_series_flags {
    SERIES_DASHED = 1,     /* tracejado */
    SERIES_NO_POINTS = 2,  /* pontos: false */
    SERIES_STEPS = 4,      /* degrau */
    SERIES_TICKS = 8,      /* tique: a short line for each point */
    SERIES_BAND = 16,      /* faixa: filled down to the next series */
    SERIES_INVISIBLE = 32, /* invisivel: only the lower end of a band */
    SERIES_SILENT = 64,    /* mudo: not in the box under the pointer */
    SERIES_PALE = 128,     /* apagadas, imaturos: pale or dashed where the chart's `pale` says so */
};

struct chart_series {
    const char *name;
    size_t cell;         /* which column of the query */
    enum cell_kind kind; /* of a ratio the chart shows per cent, of cents reais */
    const char *type;    /* "bar", "line"; NULL: the chart's */
    const char *colour;  /* a token such as "--serie-2"; NULL: the first */
    const char *format;  /* as the chart's; NULL: the chart's */
    unsigned flags;
    unsigned order;  /* 0: not given */
    unsigned radius; /* of points; 0: not given */
};

struct chart {
    const char *id;   /* of <canvas data-grafico> */
    const char *type; /* "bar", "line" */
    size_t label_cell;
    /* KIND_DATE: labels are 28/09 with titles "seg, 28/09/2026"; KIND_MONTH: set/26 with "setembro
     * de 2026"; KIND_INSTANT: 28/09 with "28/09/2026 15:30"; else the text. */
    enum cell_kind label_kind;
    const char *format; /* "0" whole, "1" one decimal, "%", "R$" */
    const char *axis;   /* as format, for the axis; "Rk" for millions; NULL: the format */
    bool has_min, has_max, not_from_zero;
    double min, max;
    const struct chart_series *series;
    size_t series_count;
    /* Whether a row still grows; counts for the series with SERIES_PALE. NULL: none does. */
    bool (*pale)(void *arg, const struct query_table *table, size_t row);
    /* Appends the address that a click on a row opens. NULL: none. */
    void (*link)(void *arg, const struct query_table *table, size_t row, struct buf *address);
    void *arg;
};

/* A cell that is no number becomes null: a gap. Whatever stands in the texts, the block ends where
 * chart_data_end ends it. */
void chart_data_begin(struct buf *out);
void chart_data_add(struct buf *out, const struct chart *chart, const struct query_table *table);
void chart_data_end(struct buf *out);

#endif
