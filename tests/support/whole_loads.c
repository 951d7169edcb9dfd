/* SPDX-License-Identifier: MIT */
/* Loads a file once for each statement that may fail, and checks the table after each load. */
#include "tests/support/whole_loads.h"

#include "base/date.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/profile.h"
#include "run/cycle.h"
#include "run/exit_code.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The load in which a statement fails. */
enum whole_load {
    LOAD_FIRST,  /* loads the old file into an empty database */
    LOAD_SECOND, /* loads the new file over the old one */
    LOAD_VERIFY, /* the same with --verify */
    LOAD_PLAN,   /* rehearses the same, and writes nothing */
};

enum { STATEMENTS_MAX = 1000 };

static struct {
    const struct contract_database *database;
    const struct statement_fault *fault;
    int least; /* more statements than these are expected */
} under_test;

static const char old_file[] = "UC / MD;Data execucao;Cod;TOI;Equipe;Status\n"
                               "0000001;05/03/2025;C1;;RS-PEL-F001M;Baixado\n"
                               "0000002;05/03/2025;C2;;RS-PEL-F001M;Baixado\n"
                               "0000003;06/03/2025;C3;;RS-PEL-F001M;Baixado\n"
                               "0000004;06/03/2025;C4;;RS-PEL-F001M;Baixado\n"
                               "0000005;07/03/2025;C0;;RS-PEL-F001M;Baixado\n"
                               "0000006;07/03/2025;C1;;RS-PEL-F001M;Baixado\n"
                               "0000007;07/03/2025;C2;;RS-PEL-F001M;Baixado\n"
                               "0000008;07/03/2025;C3;;RS-PEL-F001M;Baixado\n"
                               "0000009;07/03/2025;C4;;RS-PEL-F001M;Baixado\n"
                               "0000010;08/03/2025;C0;;RS-PEL-F001M;Baixado\n"
                               "0000011;08/03/2025;C1;;RS-PEL-F001M;Baixado\n"
                               "0000012;;C2;;RS-PEL-F001M;Baixado\n";

static const char new_file[] = "UC / MD;Data execucao;Cod;TOI;Equipe;Status;Observacao nova\n"
                               "0000001;05/03/2025;C1;;RS-PEL-F001M;Cancelado;a\n"
                               "0000002;05/03/2025;C2;;RS-PEL-F001M;Cancelado;b\n"
                               "0000003;06/03/2025;C3;;RS-PEL-F001M;Cancelado;c\n"
                               "0000004;06/03/2025;C4;;RS-PEL-F001M;Baixado;\n"
                               "0000005;07/03/2025;C0;;RS-PEL-F001M;Baixado;\n"
                               "0000006;07/03/2025;C1;;RS-PEL-F001M;Baixado;\n"
                               "0000007;07/03/2025;C2;;RS-PEL-F001M;Baixado;\n"
                               "0000008;07/03/2025;C3;;RS-PEL-F001M;Baixado;\n"
                               "0000010;08/03/2025;C0;;RS-PEL-F001M;Baixado;\n"
                               "0000012;;C2;;RS-PEL-F001M;Baixado;\n"
                               "ragged;05/03/2025;C1\n"
                               "0000021;08/03/2025;C1;;RS-PEL-F001M;Baixado;\n"
                               "0000022;08/03/2025;C1;;RS-PEL-F001M;Baixado;\n"
                               "0000023;08/03/2025;C1;;RS-PEL-F001M;Baixado;d\n"
                               "0000024;;C1;;RS-PEL-F001M;Baixado;\n";

/* Expected: rows, cancelled rows, the first and the last, counted by hand above. The ragged line
 * keeps no row, because no row begins like it. */
static const char digest[] = "SELECT count(*) || ' ' || count(CASE WHEN \"STATUS\" = 'CANCELADO' "
                             "THEN 1 END) || ' ' || min(\"UC / MD\") || ' ' || max(\"UC / MD\")"
                             " FROM general_reports";
static const char old_digest[] = "12 0 0000001 0000012", new_digest[] = "14 3 0000001 0000024";

struct place {
    const struct contract_database *database;
    const struct statement_fault *fault;
    struct profile profile;
    const struct report *report;
    char *folder, *old_path, *new_path;
};

static char *write_file(const char *folder, const char *name, const char *text)
{
    char *path = mem_format("%s/%s", folder, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0, 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void place_init(struct place *place, const struct contract_database *database,
                       const struct statement_fault *fault)
{
    struct error err;

    *place = (struct place){.database = database, .fault = fault};
    /* Quiet, because each run fails and tells it in its summary. */
    log_setup(LOG_ERROR + 1, LOG_TEXT);
    if (!getenv("TMPDIR") && access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 1); /* fast, for hundreds of databases */
    if (!profile_load(NULL, &place->profile, &err) ||
        !file_make_temp_dir("test-loads", &place->folder, &err))
        fail_msg("%s", err.message);
    for (size_t i = 0; i < place->profile.report_count; i++)
        if (strcmp(place->profile.reports[i].name, "general_reports") == 0)
            place->report = &place->profile.reports[i];
    assert_non_null(place->report);
    place->old_path = write_file(place->folder, "relatorio_prot_geral_old.csv", old_file);
    place->new_path = write_file(place->folder, "relatorio_prot_geral_new.csv", new_file);
}

static void place_done(struct place *place)
{
    file_remove_tree(place->folder);
    free(place->folder);
    free(place->old_path);
    free(place->new_path);
    profile_done(&place->profile);
}

static bool show_nothing(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)arg;
    (void)cells;
    (void)count;
    (void)err;
    return true;
}

/* Loads a file. Returns the exit code and sets `words` to the messages. */
static int run(const struct place *place, const char *url, enum whole_load load, char words[2048])
{
    char *path = load == LOAD_FIRST ? place->old_path : place->new_path;
    const struct settings settings = {.database = url, .jobs = 1};
    const struct cycle_options options = {
        .mode = MODE_FULL,
        .today = date_from_civil(2025, 6, 1),
        .range = {.has_first = true,
                  .has_last = true,
                  .first = date_from_civil(2025, 3, 1),
                  .last = date_from_civil(2025, 3, 31)},
        .verify = load == LOAD_VERIFY,
        .sample = load == LOAD_PLAN ? show_nothing : NULL,
    };
    struct summary summary;

    cycle_load_files(&settings, place->report, &path, 1, &options, &summary);
    snprintf(words, 2048, "%s %s", summary.error.message, summary.reports[0].failure.message);
    const int code = summary_exit_code(&summary);
    summary_done(&summary);
    return code;
}

static void expect_run(const struct place *place, const char *url, enum whole_load load)
{
    char words[2048];
    int code = run(place, url, load, words);

    /* The run before could not release its lease, and its process, this one, still lives. */
    if (code == EXIT_CODE_LOCKED) {
        free(place->database->query("DELETE FROM etl_lease"));
        code = run(place, url, load, words);
    }
    if (code != EXIT_CODE_DONE)
        fail_msg("exit code %d: %s", code, words);
}

static bool table_is(const struct place *place, const char *expected)
{
    MEM_FREE_TEXT char *there = place->database->query(place->fault->has_table);

    if (!there || strcmp(there, "1") != 0)
        return expected == NULL;
    MEM_FREE_TEXT char *found = place->database->query(digest);
    /* Without rows the maximum is NULL. */
    return expected ? found && strcmp(found, expected) == 0 : !found;
}

/* Lets one statement fail. Returns false if there are not so many. */
static bool try_statement(const struct place *place, enum whole_load load, int number)
{
    const struct statement_fault *fault = place->fault;
    const char *before = load == LOAD_FIRST ? NULL : old_digest;
    const char *after = load == LOAD_FIRST || load == LOAD_PLAN ? old_digest : new_digest;
    const char *url = place->database->create();
    char words[2048];

    if (load != LOAD_FIRST)
        expect_run(place, url, LOAD_FIRST);
    fault->arm(number);
    const int code = run(place, url, load, words);
    const bool fired = fault->fired();
    fault->arm(0);
    if (code == EXIT_CODE_DONE ? !table_is(place, after)
                               : !table_is(place, before) && !table_is(place, after))
        fail_msg("statement %d failed: exit code %d, and the table is neither old nor new: %s",
                 number, code, words);
    if (code != EXIT_CODE_DONE && (!fired || !strstr(words, fault->words)))
        fail_msg("statement %d failed: exit code %d without its reason: %s", number, code, words);
    expect_run(place, url, load);
    assert_true(table_is(place, after));
    place->database->remove();
    return fired;
}

/* Lets each statement of the load fail in turn. */
static void try_all(enum whole_load load)
{
    struct place place;
    int number = 1;

    place_init(&place, under_test.database, under_test.fault);
    while (try_statement(&place, load, number))
        assert_true(++number < STATEMENTS_MAX);
    place_done(&place);
    print_message("%d statements\n", number - 1);
    assert_true(number - 1 > under_test.least);
}

static void a_first_load_that_fails_anywhere_can_be_made_again(void **state)
{
    (void)state;
    try_all(LOAD_FIRST);
}

static void a_load_that_fails_anywhere_leaves_the_old_table_or_the_new(void **state)
{
    (void)state;
    try_all(LOAD_SECOND);
}

static void a_load_that_distrusts_the_table_does_so_too(void **state)
{
    (void)state;
    try_all(LOAD_VERIFY);
}

static void a_plan_that_fails_anywhere_has_written_nothing(void **state)
{
    (void)state;
    try_all(LOAD_PLAN);
}

int whole_loads_run(const char *name, const struct contract_database *database,
                    const struct statement_fault *fault, int least)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_load_that_fails_anywhere_can_be_made_again),
        cmocka_unit_test(a_load_that_fails_anywhere_leaves_the_old_table_or_the_new),
        cmocka_unit_test(a_load_that_distrusts_the_table_does_so_too),
        cmocka_unit_test(a_plan_that_fails_anywhere_has_written_nothing),
    };

    under_test.database = database;
    under_test.fault = fault;
    under_test.least = least;
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}
