/*
 * The report `visits` of tests/golden/transform/profile, and texts that the transform reads as
 * exports of it.
 */
#ifndef TESTS_SUPPORT_VISITS_H
#define TESTS_SUPPORT_VISITS_H

#include "transform/transform.h"

#include <stdbool.h>
#include <stddef.h>

/* A header with all of the report's columns. */
#define VISITS_HEADER "Medidor;Dia;Equipe;Observacao;Inicio;Fechado em\n"

/* cmocka's set-up and tear-down of a group: loads the profile and sets its time zone. */
int visits_open(void **state);
int visits_close(void **state);

/* Returns the report, which lives until visits_close. */
const struct report *visits_report(void);

/* Returns a window that asks for March 2025 and owns all of it but its last day. */
struct scope visits_march(void);

/* Transforms `text` as an export of `report`; `transform` belongs to that report. The caller ends
 * `batch` with batch_done, also where it is refused. Fails as transform_file and
 * transform_finish. */
bool visits_read(struct transform *transform, const struct report *report, const char *text,
                 size_t len, struct batch *batch, struct error *err);

/* As visits_read, with the report `visits` and a transform of its own. */
bool visits_read_text(const char *text, size_t len, struct batch *batch, struct error *err);

#endif
