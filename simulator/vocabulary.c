/* SPDX-License-Identifier: MIT */
/* Words of the columns that the tables keep. */
#include "simulator/vocabulary.h"

#define VOCABULARY(entries)                                                                        \
    {                                                                                              \
        (entries), (uint32_t)(sizeof(entries) / sizeof((entries)[0]))                              \
    }

static const struct text status[] = {
    {"Baixado", "BAIXADO"},
    {"Executado", "EXECUTADO"},
    {"Não executado", "NÃO EXECUTADO"},
    {"Em análise", "EM ANÁLISE"},
    {"Pendente conferência", "PENDENTE CONFERÊNCIA"},
    {"Devolvido à equipe", "DEVOLVIDO À EQUIPE"},
    {"Cancelado", "CANCELADO"},
    {"improcedente", "IMPROCEDENTE"},
};

static const struct text municipality[] = {
    {"Porto Alegre", "PORTO ALEGRE"},
    {"Pelotas", "PELOTAS"},
    {"Viamão", "VIAMÃO"},
    {"Rio Grande", "RIO GRANDE"},
    {"Alvorada", "ALVORADA"},
    {"Bagé", "BAGÉ"},
    {"Guaíba", "GUAÍBA"},
    {"Camaquã", "CAMAQUÃ"},
    {"Osório", "OSÓRIO"},
    {"Tramandaí", "TRAMANDAÍ"},
    {"Capão da Canoa", "CAPÃO DA CANOA"},
    {"Canguçu", "CANGUÇU"},
    {"São Lourenço do Sul", "SÃO LOURENÇO DO SUL"},
    {"Jaguarão", "JAGUARÃO"},
    {"Santa Vitória do Palmar", "SANTA VITÓRIA DO PALMAR"},
    {"Santo Antônio da Patrulha", "SANTO ANTÔNIO DA PATRULHA"},
    {"São José do Norte", "SÃO JOSÉ DO NORTE"},
    {"Três Cachoeiras", "TRÊS CACHOEIRAS"},
    {"Imbé", "IMBÉ"},
    {"Xangri-Lá", "XANGRI-LÁ"},
    {"Maquiné", "MAQUINÉ"},
    {"Dom Pedrito", "DOM PEDRITO"},
    {"Sant’Ana da Boa Vista", "SANT’ANA DA BOA VISTA"},
    {"Eldorado do Sul", "ELDORADO DO SUL"},
};

static const struct text service[] = {
    {"Inspeção BT", "INSPEÇÃO BT"},
    {"Inspeção AT", "INSPEÇÃO AT"},
    {"Substituição de medidor", "SUBSTITUIÇÃO DE MEDIDOR"},
    {"Regularização", "REGULARIZAÇÃO"},
    {"Corte – recorte", "CORTE – RECORTE"},
    {"Religação", "RELIGAÇÃO"},
    {"Normalização; padrão 2º ramal", "NORMALIZAÇÃO; PADRÃO 2º RAMAL"},
    {"Aferição em campo", "AFERIÇÃO EM CAMPO"},
    {"Blindagem “rede anti-furto”", "BLINDAGEM “REDE ANTI-FURTO”"},
};

static const struct text code[] = {
    {"I01", "I01"},   {"I02", "I02"},   {"I05A", "I05A"}, {"N03", "N03"},
    {"n07b", "N07B"}, {"R12", "R12"},   {"S40", "S40"},   {"T-09", "T-09"},
    {"101", "101"},   {"0203", "0203"}, {"C1º", "C1º"},   {"G½", "G½"},
};

static const struct text metering[] = {
    {"Monofásica", "MONOFÁSICA"},   {"Bifásica", "BIFÁSICA"},         {"Trifásica", "TRIFÁSICA"},
    {"Telemedição", "TELEMEDIÇÃO"}, {"Indireta 5 A", "INDIRETA 5 A"}, {"Não há", "NÃO HÁ"},
};

static const struct text yes_no[] = {{"", ""}, {"Sim", "SIM"}, {"Não", "NÃO"}};

static const struct text instalment[] = {
    {"", ""},
    {"À vista", "À VISTA"},
    {"Parcelado", "PARCELADO"},
    {"Entrada + parcelas", "ENTRADA + PARCELAS"},
    {"Recusou", "RECUSOU"},
    {"Débito em fatura", "DÉBITO EM FATURA"},
};

static const struct text note[] = {
    {"", ""},
    {"Conferido", "CONFERIDO"},
    {"Conferido s/ pendência", "CONFERIDO S/ PENDÊNCIA"},
    {"Aguarda laudo", "AGUARDA LAUDO"},
    {"Foto ilegível; refazer", "FOTO ILEGÍVEL; REFAZER"},
    {"Endereço: Auf der Straße, nº 12", "ENDEREÇO: AUF DER STRASSE, Nº 12"},
    {"Titular L’Haÿ-les-Roses", "TITULAR L’HAŸ-LES-ROSES"},
    {"Capacitor 10 µF no borne", "CAPACITOR 10 ΜF NO BORNE"},
    {"Lacre \"violado\" na 1ª caixa", "LACRE \"VIOLADO\" NA 1ª CAIXA"},
    {"“Gato” no ramal – débito de € 1.200", "“GATO” NO RAMAL – DÉBITO DE € 1.200"},
    {"Cliente disse ‘volte amanhã’…", "CLIENTE DISSE ‘VOLTE AMANHÃ’…"},
    {"Linha 1 do parecer\nlinha 2; com \"aspas\"", "LINHA 1 DO PARECER\nLINHA 2; COM \"ASPAS\""},
    {"Parecer em duas linhas:\r\nfim", "PARECER EM DUAS LINHAS:\r\nFIM"},
    {"NULL", "NULL"},
    {"nan", "NAN"},
    {"None", "NONE"},
    {"C:\\laudos\\foto.jpg", "C:\\LAUDOS\\FOTO.JPG"},
    {"½ fase\tinvertida", "½ FASE\tINVERTIDA"},
    {"œuvre de Šárka Žižková – ƒ50", "ŒUVRE DE ŠÁRKA ŽIŽKOVÁ – Ƒ50"},
    {"àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ", "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ"},
};

static const struct text return_status[] = {
    {"Resolvido", "RESOLVIDO"}, {"Aberto", "ABERTO"},     {"Em correção", "EM CORREÇÃO"},
    {"Reprovado", "REPROVADO"}, {"Sem ação", "SEM AÇÃO"},
};

static const struct text reason[] = {
    {"Foto inconsistente", "FOTO INCONSISTENTE"},
    {"TOI sem assinatura", "TOI SEM ASSINATURA"},
    {"Medidor divergente", "MEDIDOR DIVERGENTE"},
    {"Lacre não informado", "LACRE NÃO INFORMADO"},
    {"Código errado", "CÓDIGO ERRADO"},
    {"Endereço não localizado", "ENDEREÇO NÃO LOCALIZADO"},
    {"Croqui; ausente", "CROQUI; AUSENTE"},
};

static const struct text detail[] = {
    {"", ""},
    {"Foto do medidor fora de foco", "FOTO DO MEDIDOR FORA DE FOCO"},
    {"Falta a assinatura do titular", "FALTA A ASSINATURA DO TITULAR"},
    {"Nº do medidor não confere com o cadastro", "Nº DO MEDIDOR NÃO CONFERE COM O CADASTRO"},
    {"Equipe informou \"sem acesso\"", "EQUIPE INFORMOU \"SEM ACESSO\""},
    {"Refazer:\n1) foto do borne\n2) foto do lacre",
     "REFAZER:\n1) FOTO DO BORNE\n2) FOTO DO LACRE"},
    {"Cliente ausente;\r\nretornar à tarde", "CLIENTE AUSENTE;\r\nRETORNAR À TARDE"},
    {"Rua Weißbach, 300 – fundos", "RUA WEISSBACH, 300 – FUNDOS"},
    {"Desvio de ±50 % na 3ª fase (¼ da carga)", "DESVIO DE ±50 % NA 3ª FASE (¼ DA CARGA)"},
    {"Corrente de 350 µA", "CORRENTE DE 350 ΜA"},
    {"Morador ‘Aÿmoré’ recusou “laudo”", "MORADOR ‘AŸMORÉ’ RECUSOU “LAUDO”"},
    {"null", "NULL"},
    {"NaN", "NAN"},
    {"-", "-"},
    {"¡¢£¤¥¦§¨©«¬®¯°±²³´¶·¸¹»¼¾¿×÷", "¡¢£¤¥¦§¨©«¬®¯°±²³´¶·¸¹»¼¾¿×÷"},
    {"‚„†‡ˆ‰‹›•—˜™ žluý", "‚„†‡ˆ‰‹›•—˜™ ŽLUÝ"},
};

const struct vocabulary vocabulary_status = VOCABULARY(status);
const struct vocabulary vocabulary_municipality = VOCABULARY(municipality);
const struct vocabulary vocabulary_service = VOCABULARY(service);
const struct vocabulary vocabulary_code = VOCABULARY(code);
const struct vocabulary vocabulary_metering = VOCABULARY(metering);
const struct vocabulary vocabulary_yes_no = VOCABULARY(yes_no);
const struct vocabulary vocabulary_instalment = VOCABULARY(instalment);
const struct vocabulary vocabulary_note = VOCABULARY(note);
const struct vocabulary vocabulary_return_status = VOCABULARY(return_status);
const struct vocabulary vocabulary_reason = VOCABULARY(reason);
const struct vocabulary vocabulary_detail = VOCABULARY(detail);

/* All four combinations of the two derived columns, in both cases of letters. */
const struct team vocabulary_teams[VOCABULARY_TEAMS] = {
    {{"RS-PEL-F001M", "RS-PEL-F001M"}, "SUL", "BT"},
    {{"RS-PEL-F002M", "RS-PEL-F002M"}, "SUL", "BT"},
    {{"RS-POA-F001M", "RS-POA-F001M"}, "NORTE", "BT"},
    {{"RS-POA-F002M", "RS-POA-F002M"}, "NORTE", "BT"},
    {{"RS-POA-F017C", "RS-POA-F017C"}, "NORTE", "BT"},
    {{"POA2A001", "POA2A001"}, "NORTE", "AT"},
    {{"POA2A002", "POA2A002"}, "NORTE", "AT"},
    {{"PEL1A001", "PEL1A001"}, "SUL", "AT"},
    {{"PEL1A003", "PEL1A003"}, "SUL", "AT"},
    {{"RS-OSO-F003M", "RS-OSO-F003M"}, "NORTE", "BT"},
    {{"RS-POA-MA010", "RS-POA-MA010"}, "NORTE", "AT"},
    {{"rs-pel-f009m", "RS-PEL-F009M"}, "SUL", "BT"},
    {{"poa2a004", "POA2A004"}, "NORTE", "AT"},
    {{"RS-BAG-F001M", "RS-BAG-F001M"}, "NORTE", "BT"},
    {{"Equipe Capão", "EQUIPE CAPÃO"}, "NORTE", "BT"},
    {{"", ""}, "NORTE", "BT"},
};
