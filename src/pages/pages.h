/*
 * The pages that analysts read, their rows, and the same figures as CSV and JSON. Everything is
 * computed by the views of the layers (sql/layers/) and only formatted here.
 */
#ifndef PAGES_PAGES_H
#define PAGES_PAGES_H

#include "base/error.h"
#include "load/destination.h"
#include "pages/answer.h"
#include "pages/request.h"

/*
 * Answers a GET. The destination is within a read (destination_begin_read), so all figures of an
 * answer are of one moment. What is wrong with the request is an answer of status 400 or 404 that
 * says so in Portuguese. Fails with ERROR_DATABASE if the database does not answer, or with
 * ERROR_SYSTEM; the answer is then to be thrown away.
 */
bool pages_answer(struct destination *reader, const struct request *request, struct answer *out,
                  struct error *err);

#endif
