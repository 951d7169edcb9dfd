/*
 * The page, or JSON, for a request that failed.
 */
#ifndef PAGES_ERROR_PAGE_H
#define PAGES_ERROR_PAGE_H

#include "pages/answer.h"
#include "pages/request.h"

/* Makes the answer for a request that failed: a page in the same frame, or JSON for the addresses
 * under /api. `code` is a short name such as "filtro_invalido" and `message` says in Portuguese
 * what is wrong and what to do. `field` names the value of the query that is wrong, or is NULL. */
void pages_error(const struct request *request, int status, const char *code, const char *message,
                 const char *field, struct answer *out);

#endif
