/* SPDX-License-Identifier: MIT */
/* Lists the columns of the two reports. */
#include "simulator/report.h"

#include <string.h>

static const struct sim_report_column general_columns[] = {
    [GENERAL_UC] = {"UC / MD", REPORT_TEXT, true, false},
    [GENERAL_STATUS] = {"STATUS", REPORT_TEXT, false, true},
    [GENERAL_MUNICIPIO] = {"MUNICIPIO", REPORT_TEXT, false, false},
    [GENERAL_TIPO_SERVICO] = {"TIPO SERVICO", REPORT_TEXT, false, true},
    [GENERAL_DATA_EXECUCAO] = {"DATA_EXECUCAO", REPORT_DATE, true, false},
    [GENERAL_COD] = {"COD", REPORT_TEXT, true, false},
    [GENERAL_DATA_AFERICAO] = {"DATA AFERICAO", REPORT_DATE, false, true},
    [GENERAL_TOI] = {"TOI", REPORT_TEXT, true, false},
    [GENERAL_TOI_ENTREGUE] = {"TOI ENTREGUE", REPORT_TEXT, false, true},
    [GENERAL_AR] = {"AR", REPORT_TEXT, false, false},
    [GENERAL_DATA_AR] = {"DATA AR", REPORT_DATE, false, true},
    [GENERAL_MD_ENCONTRADO] = {"MD ENCONTRADO", REPORT_TEXT, false, false},
    [GENERAL_MD_INSTALADO] = {"MD INSTALADO", REPORT_TEXT, false, true},
    [GENERAL_TIPO_MEDICAO] = {"TIPO MEDICAO", REPORT_TEXT, false, true},
    [GENERAL_EQUIPE] = {"EQUIPE", REPORT_TEXT, true, false},
    [GENERAL_RAMAL_MONO] = {"RAMAL MONO", REPORT_TEXT, false, true},
    [GENERAL_RAMAL_BI] = {"RAMAL BI", REPORT_TEXT, false, false},
    [GENERAL_RAMAL_TRI] = {"RAMAL TRI", REPORT_TEXT, false, false},
    [GENERAL_SERV_DE_PEDREIRO] = {"SERV DE PEDREIRO", REPORT_TEXT, false, true},
    [GENERAL_PARCELAMENTO] = {"PARCELAMENTO", REPORT_TEXT, false, true},
    [GENERAL_RS_NEGOCIADO] = {"RS NEGOCIADO", REPORT_TEXT, false, true},
    [GENERAL_BACKOFFICE] = {"BACKOFFICE", REPORT_TEXT, false, true},
    [GENERAL_DATA_BAIXADO] = {"DATA BAIXADO", REPORT_DATE, false, true},
    [GENERAL_HORA_INICIO] = {"HORA INICIO SERVICO", REPORT_TIME, false, false},
    [GENERAL_HORA_FIM] = {"HORA FIM SERVICO", REPORT_TIME, false, true},
    [GENERAL_COD_FINANCIAMENTO] = {"COD FINANCIAMENTO", REPORT_TEXT, false, false},
    [GENERAL_QTD_PARCELAS] = {"QTD PARCELA(S)", REPORT_TEXT, false, true},
    [GENERAL_REGIONAL] = {"REGIONAL", REPORT_TEXT, false, false},
    [GENERAL_GRUPO] = {"GRUPO", REPORT_TEXT, false, false},
    [GENERAL_NOTIFICADO] = {"NOTIFICADO", REPORT_TEXT, false, true},
};

static const struct sim_report_column return_columns[] = {
    [RETURN_UC] = {"UC / MD", REPORT_TEXT, true, false},
    [RETURN_DATA_EXECUCAO] = {"DATA_EXECUCAO", REPORT_DATE, true, false},
    [RETURN_CODIGO] = {"CODIGO", REPORT_TEXT, true, false},
    [RETURN_TOI] = {"TOI", REPORT_TEXT, true, false},
    [RETURN_MD_INSTALADO] = {"MD INSTALADO", REPORT_TEXT, false, true},
    [RETURN_EQUIPE] = {"EQUIPE", REPORT_TEXT, true, false},
    [RETURN_DATA_RESOLVIDO] = {"DATA RESOLVIDO", REPORT_DATE, false, true},
    [RETURN_MOTIVO] = {"MOTIVO", REPORT_TEXT, false, true},
    [RETURN_MOTIVO_DETALHADO] = {"MOTIVO DETALHADO", REPORT_TEXT, false, true},
    [RETURN_MOTIVO_DETALHADO_2] = {"MOTIVO DETALHADO 2", REPORT_TEXT, false, true},
    [RETURN_STATUS] = {"STATUS", REPORT_TEXT, false, true},
    [RETURN_REGIONAL] = {"REGIONAL", REPORT_TEXT, false, false},
    [RETURN_GRUPO] = {"GRUPO", REPORT_TEXT, false, false},
};

#define KEPT(header, column)                                                                       \
    {                                                                                              \
        (header), (column), FILLER_NONE, NULL                                                      \
    }
#define WORDS(header, words)                                                                       \
    {                                                                                              \
        (header), -1, FILLER_WORDS, &(words)                                                       \
    }
#define FILLER(header, filler)                                                                     \
    {                                                                                              \
        (header), -1, (filler), NULL                                                               \
    }

static const struct sim_report_file_column general_file[] = {
    KEPT("UC / MD", GENERAL_UC),
    WORDS("Regional", vocabulary_file_regional),
    WORDS("Empresa", vocabulary_company),
    KEPT("Status", GENERAL_STATUS),
    WORDS("Motivo não baixado", vocabulary_not_closed),
    KEPT("Município", GENERAL_MUNICIPIO),
    KEPT("Tipo serviço", GENERAL_TIPO_SERVICO),
    WORDS("tipo_servico_comercial", vocabulary_commercial),
    KEPT("Data execução", GENERAL_DATA_EXECUCAO),
    FILLER("Hora", FILLER_TIME),
    KEPT("Cód", GENERAL_COD),
    KEPT("Data aferição", GENERAL_DATA_AFERICAO),
    KEPT("TOI", GENERAL_TOI),
    KEPT("TOI entregue", GENERAL_TOI_ENTREGUE),
    KEPT("AR", GENERAL_AR),
    KEPT("Data AR", GENERAL_DATA_AR),
    KEPT("MD encontrado", GENERAL_MD_ENCONTRADO),
    KEPT("MD instalado", GENERAL_MD_INSTALADO),
    WORDS("Sit deixada", vocabulary_left_as),
    KEPT("Tipo medição", GENERAL_TIPO_MEDICAO),
    KEPT("Equipe", GENERAL_EQUIPE),
    WORDS("Fiscal", vocabulary_person),
    KEPT("Ramal mono", GENERAL_RAMAL_MONO),
    KEPT("Ramal bi", GENERAL_RAMAL_BI),
    KEPT("Ramal tri", GENERAL_RAMAL_TRI),
    KEPT("Serv de pedreiro", GENERAL_SERV_DE_PEDREIRO),
    KEPT("Parcelamento", GENERAL_PARCELAMENTO),
    FILLER("RS Entrada", FILLER_MONEY),
    KEPT("RS negociado", GENERAL_RS_NEGOCIADO),
    WORDS("obs_at", vocabulary_observation),
    KEPT("Backoffice", GENERAL_BACKOFFICE),
    KEPT("Data baixado", GENERAL_DATA_BAIXADO),
    WORDS("Lançado por", vocabulary_person),
    FILLER("Data lançado", FILLER_DATE),
    KEPT("Hora início serviço", GENERAL_HORA_INICIO),
    KEPT("Hora fim serviço", GENERAL_HORA_FIM),
    KEPT("Cód financiamento", GENERAL_COD_FINANCIAMENTO),
    KEPT("QTD parcela(s)", GENERAL_QTD_PARCELAS),
    KEPT("Notificado", GENERAL_NOTIFICADO),
};

static const struct sim_report_file_column return_file[] = {
    KEPT("UC / MD", RETURN_UC),
    WORDS("REGIONAL", vocabulary_file_regional),
    WORDS("EMPRESA", vocabulary_company),
    KEPT("DATA EXECUÇÃO", RETURN_DATA_EXECUCAO),
    KEPT("CÓDIGO", RETURN_CODIGO),
    WORDS("TIPO SERVIÇO", vocabulary_service),
    KEPT("TOI", RETURN_TOI),
    KEPT("MD INSTALADO", RETURN_MD_INSTALADO),
    KEPT("EQUIPE", RETURN_EQUIPE),
    WORDS("FISCAL", vocabulary_person),
    FILLER("DATA ENTREGA", FILLER_DATE),
    KEPT("DATA RESOLVIDO", RETURN_DATA_RESOLVIDO),
    KEPT("MOTIVO", RETURN_MOTIVO),
    KEPT("MOTIVO DETALHADO", RETURN_MOTIVO_DETALHADO),
    KEPT("MOTIVO DETALHADO 2", RETURN_MOTIVO_DETALHADO_2),
    WORDS("RETORNO DE", vocabulary_person),
    KEPT("STATUS", RETURN_STATUS),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct sim_report reports[] = {
    [REPORT_GENERAL] = {.kind = REPORT_GENERAL,
                        .word = "general",
                        .title = "SIGOS - Protocolo geral de serviços",
                        .file_stem = "relatorio_prot_geral",
                        .newline = "\r\n",
                        .end_exclusive = false,
                        .columns = general_columns,
                        .column_count = COUNT(general_columns),
                        .file = general_file,
                        .file_count = COUNT(general_file)},
    [REPORT_RETURN] = {.kind = REPORT_RETURN,
                       .word = "return",
                       .title = "SIGOS - Serviços em retorno",
                       .file_stem = "retorno",
                       .newline = "\n",
                       .end_exclusive = true,
                       .columns = return_columns,
                       .column_count = COUNT(return_columns),
                       .file = return_file,
                       .file_count = COUNT(return_file)},
};

const struct sim_report *sim_report_of(enum report_kind kind)
{
    return &reports[kind];
}

const struct sim_report *sim_report_by_word(const char *word)
{
    for (size_t i = 0; i < COUNT(reports); i++)
        if (strcmp(reports[i].word, word) == 0)
            return &reports[i];
    return NULL;
}
