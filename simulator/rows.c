/* SPDX-License-Identifier: MIT */
/* Draws the columns one by one and shifts them by audits. */
#include "simulator/rows.h"

#include "simulator/random.h"
#include "simulator/service.h"

#include <stdarg.h>
#include <stdio.h>

/* Salts of a column's draws. They differ from those of service.c, which are small. */
enum { SALT_COLUMN = 1000, SALT_COLUMN_2 = 2000, SALT_PRESENT = 3000 };

struct pen {
    struct history_row *row;
    const uint32_t *shift;
    int32_t today;
};

static bool present(const struct pen *pen, int column, uint32_t per_million)
{
    return pen->shift[column] ||
           random_chance(pen->row->key, SALT_PRESENT + (uint64_t)column, per_million);
}

/* Draws a number below `span`. Its alterations differ from each other as long as step and span have
 * no common factor. */
static uint32_t number(const struct pen *pen, int column, uint32_t span, uint32_t step)
{
    uint32_t drawn = random_below(pen->row->key, SALT_COLUMN + (uint64_t)column, span);
    return (uint32_t)((drawn + (uint64_t)pen->shift[column] * step) % span);
}

/* Draws an entry of a vocabulary, earlier ones more often. */
static void words(const struct pen *pen, int column, const struct vocabulary *vocabulary)
{
    uint32_t a = number(pen, column, vocabulary->count, 0);
    uint32_t b = random_below(pen->row->key, SALT_COLUMN_2 + (uint64_t)column, vocabulary->count);
    uint32_t entry = ((a < b ? a : b) + pen->shift[column]) % vocabulary->count;

    pen->row->values[column].text = vocabulary->entries[entry];
}

static void fixed(const struct pen *pen, int column, const char *shown, const char *held)
{
    pen->row->values[column].text = (struct text){shown, held};
}

__attribute__((format(printf, 2, 3))) static const char *compose(const struct pen *pen,
                                                                 const char *format, ...)
{
    char *text = pen->row->composed[pen->row->composed_count++];
    va_list args;

    va_start(args, format);
    vsnprintf(text, HISTORY_COMPOSED_SIZE, format, args);
    va_end(args);
    return text;
}

static void same(const struct pen *pen, int column, const char *text)
{
    fixed(pen, column, text, text);
}

/* Draws a day from `from` to `from + span - 1` days after the service; none if it lies after
 * today. */
static void date_after(const struct pen *pen, int column, uint32_t per_million, int32_t from,
                       uint32_t span)
{
    int32_t date = pen->row->day + from + (int32_t)number(pen, column, span, 1);
    bool known = present(pen, column, per_million) && date <= pen->today;

    pen->row->values[column].number = known ? date : HISTORY_NONE;
}

static void meter(const struct pen *pen, int column, uint32_t per_million)
{
    bool there = present(pen, column, per_million);
    same(pen, column, there ? compose(pen, "1%07u", number(pen, column, 9999991, 1)) : "");
}

/* Draws money as the portal writes it: 1.234,56 */
static void money(const struct pen *pen, int column, uint32_t per_million)
{
    uint32_t cents = number(pen, column, 989999, 7331) + 1000;

    if (!present(pen, column, per_million))
        same(pen, column, "");
    else if (cents < 100000)
        same(pen, column, compose(pen, "%u,%02u", cents / 100, cents % 100));
    else
        same(pen, column,
             compose(pen, "%u.%03u,%02u", cents / 100000, cents / 100 % 1000, cents % 100));
}

/* Draws a start from 07:30 to 17:29 and an end 10 to 169 minutes later; one third has seconds. */
static void times(const struct pen *pen, int start_column, int end_column)
{
    uint32_t seconds = random_chance(pen->row->key, SALT_COLUMN_2 + (uint64_t)start_column, 333333)
                           ? number(pen, start_column, 60, 1)
                           : 0;
    uint32_t start = 27000 + number(pen, start_column, 600, 1) * 60 + seconds;
    uint32_t end = start + (10 + number(pen, end_column, 160, 1)) * 60;

    pen->row->values[start_column].number =
        present(pen, start_column, 960000) ? (int32_t)start : HISTORY_NONE;
    pen->row->values[end_column].number =
        present(pen, end_column, 940000) ? (int32_t)end : HISTORY_NONE;
}

static void uc(const struct pen *pen, int column, const struct service *service)
{
    const char *shown = compose(pen, "%s", service->uc_shown);
    fixed(pen, column, shown, compose(pen, "%s", service->uc_held));
}

void rows_fill_general(struct history_row *row, const struct history *history, struct history_id id,
                       const uint32_t shift[REPORT_COLUMNS_MAX])
{
    struct pen pen = {row, shift, history->today};
    struct service service;

    service_general(&service, history, row->day, id);
    bool toi = service.toi[0] != '\0';
    row->dated = service.dated;
    uc(&pen, GENERAL_UC, &service);
    same(&pen, GENERAL_TOI, compose(&pen, "%s", service.toi));
    row->values[GENERAL_DATA_EXECUCAO].number = service.dated ? row->day : HISTORY_NONE;
    row->values[GENERAL_COD].text = service.code;
    row->values[GENERAL_EQUIPE].text = service.team->name;
    fixed(&pen, GENERAL_REGIONAL, NULL, service.team->regional);
    fixed(&pen, GENERAL_GRUPO, NULL, service.team->grupo);
    row->values[GENERAL_MUNICIPIO].text =
        vocabulary_municipality.entries[service.consumer * 7 % vocabulary_municipality.count];

    words(&pen, GENERAL_STATUS, &vocabulary_status);
    words(&pen, GENERAL_TIPO_SERVICO, &vocabulary_service);
    date_after(&pen, GENERAL_DATA_AFERICAO, 250000, 3, 40);
    words(&pen, GENERAL_TOI_ENTREGUE, &vocabulary_yes_no);
    same(&pen, GENERAL_AR,
         toi && present(&pen, GENERAL_AR, 600000)
             ? compose(&pen, "BR%09uBR", number(&pen, GENERAL_AR, 999999937, 1))
             : "");
    date_after(&pen, GENERAL_DATA_AR, toi ? 550000 : 10000, 5, 30);
    meter(&pen, GENERAL_MD_ENCONTRADO, 970000);
    meter(&pen, GENERAL_MD_INSTALADO, 350000);
    words(&pen, GENERAL_TIPO_MEDICAO, &vocabulary_metering);
    words(&pen, GENERAL_RAMAL_MONO, &vocabulary_yes_no);
    words(&pen, GENERAL_RAMAL_BI, &vocabulary_yes_no);
    words(&pen, GENERAL_RAMAL_TRI, &vocabulary_yes_no);
    words(&pen, GENERAL_SERV_DE_PEDREIRO, &vocabulary_yes_no);
    words(&pen, GENERAL_PARCELAMENTO, &vocabulary_instalment);
    money(&pen, GENERAL_RS_NEGOCIADO, toi ? 450000 : 0);
    words(&pen, GENERAL_BACKOFFICE, &vocabulary_note);
    date_after(&pen, GENERAL_DATA_BAIXADO, 800000, 0, 21);
    times(&pen, GENERAL_HORA_INICIO, GENERAL_HORA_FIM);
    same(&pen, GENERAL_COD_FINANCIAMENTO,
         present(&pen, GENERAL_COD_FINANCIAMENTO, 150000)
             ? compose(&pen, "F%06u", number(&pen, GENERAL_COD_FINANCIAMENTO, 999983, 1))
             : "");
    same(&pen, GENERAL_QTD_PARCELAS,
         present(&pen, GENERAL_QTD_PARCELAS, 200000)
             ? compose(&pen, "%u", 1 + number(&pen, GENERAL_QTD_PARCELAS, 60, 1))
             : "");
    words(&pen, GENERAL_NOTIFICADO, &vocabulary_yes_no);
}

void rows_fill_return(struct history_row *row, const struct history *history, struct history_id id,
                      const uint32_t shift[REPORT_COLUMNS_MAX])
{
    struct pen pen = {row, shift, history->today};
    struct service service;

    service_return(&service, history, row->day, id);
    row->dated = service.dated;
    uc(&pen, RETURN_UC, &service);
    same(&pen, RETURN_TOI, compose(&pen, "%s", service.toi));
    row->values[RETURN_DATA_EXECUCAO].number = service.dated ? row->day : HISTORY_NONE;
    row->values[RETURN_CODIGO].text = service.code;
    row->values[RETURN_EQUIPE].text = service.team->name;
    fixed(&pen, RETURN_REGIONAL, NULL, service.team->regional);
    fixed(&pen, RETURN_GRUPO, NULL, service.team->grupo);

    meter(&pen, RETURN_MD_INSTALADO, 400000);
    date_after(&pen, RETURN_DATA_RESOLVIDO, 700000, 1, 45);
    words(&pen, RETURN_MOTIVO, &vocabulary_reason);
    words(&pen, RETURN_MOTIVO_DETALHADO, &vocabulary_detail);
    words(&pen, RETURN_MOTIVO_DETALHADO_2, &vocabulary_detail);
    words(&pen, RETURN_STATUS, &vocabulary_return_status);
}
