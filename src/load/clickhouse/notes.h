/*
 * Doubts and habits in ClickHouse.
 */
#ifndef LOAD_CLICKHOUSE_NOTES_H
#define LOAD_CLICKHOUSE_NOTES_H

#include "load/clickhouse/connect.h"
#include "load/notes.h"

extern const struct note_ops clickhouse_notes;

#endif
