/*
 * The texts that the rows of field_world.h may have, and what each means.
 */
#ifndef TESTS_SUPPORT_FIELD_LISTS_H
#define TESTS_SUPPORT_FIELD_LISTS_H

#include <stdbool.h>

#define LIST_COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))

static const char *const ucs[] = {"1001", "1002", "1003", "1004", "1005"};
static const char *const cods[] = {"101", "102"};
static const char *const tois[] = {"T1", "T2", "T3"};
/* The region and group follow from the team: PEL is SUL, A0 is AT. */
static const struct {
    const char *name, *region, *group;
} teams[] = {
    {"RS-PEL-F001M", "SUL", "BT"},
    {"POA2A001", "NORTE", "AT"},
    {"RS-POA-F017C", "NORTE", "BT"},
    {"RS-PEL-A009", "SUL", "AT"},
};
static const char *const towns[] = {"PELOTAS", "PORTO ALEGRE", "RIO GRANDE"};
static const struct {
    const char *name;
    bool inspection;
} kinds[] = {{"INSPECAO BT", true}, {"FISCALIZACAO", true}, {"CORTE", false}};
static const struct {
    const char *name;
    bool produced;
} states[] = {{"BAIXADO", true}, {"EXECUTADO", true}, {"PENDENTE", false}};
static const struct {
    const char *name;
    bool yes;
} answers[] = {{"SIM", true}, {"X", true}, {"NAO", false}};
static const char *const reasons[] = {"CLIENTE AUSENTE", "ENDERECO"};

#endif
