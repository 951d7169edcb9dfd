/*
 * Holds the words of the portal as pairs: as the export shows a word and as the table must hold it.
 *
 * The pairs are typed by hand, not computed, because the truth must not share code with the program
 * under test. Everything is UTF-8, and every shown text can be written in Windows-1252. Earlier
 * entries are drawn more often; where a column may be empty, entry 0 is the empty text.
 */
#ifndef SIMULATOR_VOCABULARY_H
#define SIMULATOR_VOCABULARY_H

#include <stdint.h>

struct text {
    const char *shown;
    const char *held;
};

struct vocabulary {
    const struct text *entries;
    uint32_t count; /* at least 2, so that an alteration can always alter */
};

struct team {
    struct text name;
    const char *regional;
    const char *grupo;
};

/* Kept columns. */
extern const struct vocabulary vocabulary_status;
extern const struct vocabulary vocabulary_municipality;
extern const struct vocabulary vocabulary_service;
extern const struct vocabulary vocabulary_code;
extern const struct vocabulary vocabulary_metering;
extern const struct vocabulary vocabulary_yes_no;     /* entry 0 empty */
extern const struct vocabulary vocabulary_instalment; /* entry 0 empty */
extern const struct vocabulary vocabulary_note;       /* entry 0 empty */
extern const struct vocabulary vocabulary_return_status;
extern const struct vocabulary vocabulary_reason;
extern const struct vocabulary vocabulary_detail; /* entry 0 empty */

/* Dropped columns, of which only the shown text is used. */
extern const struct vocabulary vocabulary_file_regional;
extern const struct vocabulary vocabulary_company;
extern const struct vocabulary vocabulary_person;
extern const struct vocabulary vocabulary_left_as;
extern const struct vocabulary vocabulary_not_closed;
extern const struct vocabulary vocabulary_commercial;
extern const struct vocabulary vocabulary_observation;

enum { VOCABULARY_TEAMS = 16 };
extern const struct team vocabulary_teams[VOCABULARY_TEAMS];

#endif
