/*
 * The models whose rows anybody may have as CSV and JSON, by name: the only ones. A name from an
 * address is looked up here and never put into SQL.
 */
#ifndef PAGES_MODELS_H
#define PAGES_MODELS_H

#include "pages/answer.h"
#include "pages/page.h"

/* Returns the address of a model's CSV with those of the filters that it has. Aborts if there is no
 * such model: names come from the program. */
const char *model_link(struct page *page, const char *model, const struct filters *filters);

/* Answers /csv/NAME and /api/NAME. */
bool models_csv(struct destination *reader, const struct request *request, const char *name,
                struct answer *out, struct error *err);
bool models_json(struct destination *reader, const struct request *request, const char *name,
                 struct answer *out, struct error *err);

#endif
