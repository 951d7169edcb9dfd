/*
 * The models whose rows anybody may have as CSV and JSON, by name: the only ones. A name from an
 * address is looked up here and never put into SQL.
 */
#ifndef PAGES_MODELS_H
#define PAGES_MODELS_H

#include "pages/answer.h"
#include "pages/page.h"

/* A link to a model's CSV; its texts live as long as the page. */
struct csv_link {
    const char *address;   /* NULL: none */
    const char *file_name; /* NULL: the server says it */
};

/*
 * Makes the link to a model's CSV with those of the filters that it has. In a file that is read
 * offline the address is the CSV itself, and there is none if it has more than 200 kB or takes too
 * long. Aborts if there is no such model: names come from the program. Fails as csv_write does.
 */
bool model_link(struct page *page, const char *model, const struct filters *filters,
                struct csv_link *out, struct error *err);

/* Answers /csv/NAME and /api/NAME. */
bool models_csv(struct destination *reader, const struct request *request, const char *name,
                struct answer *out, struct error *err);
bool models_json(struct destination *reader, const struct request *request, const char *name,
                 struct answer *out, struct error *err);

#endif
