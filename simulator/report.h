/*
 * Describes the two reports: the columns of the tables and of the files, and how the files are
 * framed.
 *
 * All of it is constant data. The values of a row have the order of the table, without
 * `DATA_EXTRACAO`; a column of a file points at one of them, or is a column that the tables drop.
 */
#ifndef SIMULATOR_REPORT_H
#define SIMULATOR_REPORT_H

#include "simulator/vocabulary.h"

#include <stdbool.h>
#include <stddef.h>

enum report_kind { REPORT_GENERAL, REPORT_RETURN };

enum report_type { REPORT_TEXT, REPORT_DATE, REPORT_TIME };

enum report_general_column {
    GENERAL_UC,
    GENERAL_STATUS,
    GENERAL_MUNICIPIO,
    GENERAL_TIPO_SERVICO,
    GENERAL_DATA_EXECUCAO,
    GENERAL_COD,
    GENERAL_DATA_AFERICAO,
    GENERAL_TOI,
    GENERAL_TOI_ENTREGUE,
    GENERAL_AR,
    GENERAL_DATA_AR,
    GENERAL_MD_ENCONTRADO,
    GENERAL_MD_INSTALADO,
    GENERAL_TIPO_MEDICAO,
    GENERAL_EQUIPE,
    GENERAL_RAMAL_MONO,
    GENERAL_RAMAL_BI,
    GENERAL_RAMAL_TRI,
    GENERAL_SERV_DE_PEDREIRO,
    GENERAL_PARCELAMENTO,
    GENERAL_RS_NEGOCIADO,
    GENERAL_BACKOFFICE,
    GENERAL_DATA_BAIXADO,
    GENERAL_HORA_INICIO,
    GENERAL_HORA_FIM,
    GENERAL_COD_FINANCIAMENTO,
    GENERAL_QTD_PARCELAS,
    GENERAL_REGIONAL,
    GENERAL_GRUPO,
    GENERAL_NOTIFICADO,
    GENERAL_COLUMNS
};

enum report_return_column {
    RETURN_UC,
    RETURN_DATA_EXECUCAO,
    RETURN_CODIGO,
    RETURN_TOI,
    RETURN_MD_INSTALADO,
    RETURN_EQUIPE,
    RETURN_DATA_RESOLVIDO,
    RETURN_MOTIVO,
    RETURN_MOTIVO_DETALHADO,
    RETURN_MOTIVO_DETALHADO_2,
    RETURN_STATUS,
    RETURN_REGIONAL,
    RETURN_GRUPO,
    RETURN_COLUMNS
};

enum { REPORT_COLUMNS_MAX = GENERAL_COLUMNS };

struct sim_report_column {
    const char *name;
    enum report_type type;
    bool key;
    bool alterable; /* an audit may change it */
};

enum report_filler { FILLER_NONE, FILLER_WORDS, FILLER_DATE, FILLER_TIME, FILLER_MONEY };

struct sim_report_file_column {
    const char *header;
    int column;                     /* index of the table's column; -1: a dropped one */
    enum report_filler filler;      /* what a dropped column holds */
    const struct vocabulary *words; /* with FILLER_WORDS */
};

struct sim_report {
    enum report_kind kind;
    const char *word;      /* its name on the command line: general, return */
    const char *title;     /* the text of a junk line above the header */
    const char *file_stem; /* the beginning of the name of a download */
    const char *newline;
    bool end_exclusive; /* the last day of a period is left out */
    const struct sim_report_column *columns;
    size_t column_count;
    const struct sim_report_file_column *file;
    size_t file_count;
};

const struct sim_report *sim_report_of(enum report_kind kind);
/* Returns the report of that name; NULL: there is none. */
const struct sim_report *sim_report_by_word(const char *word);

#endif
