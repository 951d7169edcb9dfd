/*
 * What every column of the layers means, in the words of analysts: sql/layers/dicionario.tsv.
 *
 * A line is: where, column, description, with tabs between. "Where" is a model, "prata" for all
 * silver views, or * for all; the most special line counts. A column * stands for those that have
 * no line.
 */
#ifndef LAYERS_DICTIONARY_H
#define LAYERS_DICTIONARY_H

#include "load/destination.h"

/* Within work: fills the table etl_dicionario with all columns that the models have in this
 * database, those that exports added too, and in PostgreSQL writes them as comments of the columns.
 * A column without a description has NULL. */
bool dictionary_write(struct destination *dest, struct error *err);

#endif
