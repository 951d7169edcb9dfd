/*
 * Reads the XML with which S3 answers: lists of objects and errors (pure).
 */
#ifndef S3_ANSWER_H
#define S3_ANSWER_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Returns the text of the first element of that name behind `xml`, with the references of XML
 * replaced; the caller frees it. NULL if there is none, or it has another reference. *end,
 * if not NULL, becomes where the element ends. */
char *s3_answer_text(const char *xml, const char *name, const char **end);

/* Calls `each` for the key of each object of a ListObjectsV2 answer, in its order. *more: there are
 * further ones behind the last. ERROR_SYSTEM if it is no such answer. A call that returns false
 * ends it: false, with its error. */
typedef bool s3_each_key(void *arg, const char *key, struct error *err);
bool s3_answer_list(const char *xml, s3_each_key *each, void *arg, bool *more, struct error *err);

#endif
