/*
 * Checks that every header name of an export belongs to one column or is dropped, never both.
 */
#ifndef CONFIG_HEADER_CLAIMS_H
#define CONFIG_HEADER_CLAIMS_H

#include "base/error.h"
#include "config/node.h"
#include "model/report.h"

#include <stdbool.h>

/*
 * Compares the `from` names of all columns and the `drop` list with each other, in the form in
 * which transform/ compares them with a file (model/header.h). A derived column takes nothing from
 * the file, so its name may be dropped, as the portal's own "Regional" is. `root` is the file that
 * `report` was read from. Fails with ERROR_CONFIG.
 */
bool header_claims_check(struct node root, const struct report *report, struct error *err);

#endif
