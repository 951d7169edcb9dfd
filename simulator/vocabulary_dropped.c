/* SPDX-License-Identifier: MIT */
/* Words of the columns that the tables do not keep; they only make a file hard to read. */
#include "simulator/vocabulary.h"

#define VOCABULARY(entries)                                                                        \
    {                                                                                              \
        (entries), (uint32_t)(sizeof(entries) / sizeof((entries)[0]))                              \
    }

static const struct text file_regional[] = {
    {"Metropolitana", ""}, {"Litoral Norte", ""}, {"Campanha", ""}, {"Zona Sul", ""}, {"", ""},
};

static const struct text company[] = {
    {"Energisul Serviços", ""},
    {"Rede & Cia Ltda.", ""},
    {"Eletro \"Pampa\" S.A.", ""},
    {"", ""},
};

static const struct text person[] = {
    {"Zoë Gonçalves", ""},
    {"João Assunção", ""},
    {"Márcia D’Ávila", ""},
    {"I. Müller", ""},
    {"", ""},
    {"Conceição Peña; ramal 12", ""},
};

static const struct text left_as[] = {
    {"Ligada", ""}, {"Cortada", ""}, {"Sem medição", ""}, {"Auto-religada", ""}, {"", ""},
};

static const struct text not_closed[] = {
    {"", ""}, {"Aguarda aferição", ""}, {"Falta AR", ""}, {"Divergência de nº", ""}, {"NULL", ""},
};

static const struct text commercial[] = {
    {"fiscalizacao", ""}, {"corte", ""}, {"ligacao_nova", ""}, {"", ""}, {"troca_medidor", ""},
};

static const struct text observation[] = {
    {"", ""},
    {"ok", ""},
    {"Portão fechado; cão bravo", ""},
    {"Chave nº 3\natrás da \"caixa azul\"", ""},
    {"Vizinho: “só à tarde”", ""},
    {";;;", ""},
    {"\"", ""},
    {"Dia 1;01/02/2023;texto\r\nDia 2;02/02/2023;texto", ""},
    {"Consumo médio ± zero", ""},
};

const struct vocabulary vocabulary_file_regional = VOCABULARY(file_regional);
const struct vocabulary vocabulary_company = VOCABULARY(company);
const struct vocabulary vocabulary_person = VOCABULARY(person);
const struct vocabulary vocabulary_left_as = VOCABULARY(left_as);
const struct vocabulary vocabulary_not_closed = VOCABULARY(not_closed);
const struct vocabulary vocabulary_commercial = VOCABULARY(commercial);
const struct vocabulary vocabulary_observation = VOCABULARY(observation);
