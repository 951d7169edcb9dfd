/* SPDX-License-Identifier: MIT */
/* What the address of a page may say, and what is answered otherwise. */
#include "pages/measures.h"
#include "tests/unit/test_pages_asked.h"

static void what_is_wrong_is_named_in_portuguese(void **state)
{
    static const struct {
        const char *query, *field, *message;
    } cases[] = {
        {"de=31/02/2026", "de", "de: 31/02/2026 não é uma data"},
        {"ate=2026-02-29", "ate", "ate: 2026-02-29 não é uma data"},
        {"dia=ontem", "dia", "dia: ontem não é uma data"},
        {"de=1/9/2026", "de", "de: 1/9/2026 não é uma data"},
        {"de=01/01/10000", "de", "de: 01/01/10000 não é uma data"},
        {"cor=azul", "cor", "cor: esta página não tem este filtro"},
        {"cor=", "cor", "cor: esta página não tem este filtro"},
        {"regional=SUL&regional=SUL", "regional", "regional: está duas vezes no endereço"},
        {"regional=&regional=SUL", "regional", "regional: está duas vezes no endereço"},
        {"periodo=31d", "periodo", "periodo: 31d não vale; use 30d, 90d, 12m, mes"},
        {"periodo=30d&de=2026-09-01", "periodo", "periodo: não vale junto com de ou ate"},
        {"dia=2026-09-01&ate=2026-09-01", "dia", "dia: não vale junto com de, ate ou periodo"},
        {"dia=2026-09-01&periodo=mes", "dia", "dia: não vale junto com de, ate ou periodo"},
        {"de=2026-09-30&ate=2026-09-01", "de", "de: 30/09/2026 vem depois de ate, 01/09/2026"},
        {"de=2024-09-30&ate=2026-09-30", "de",
         "de: o período passa de 24 meses; para vê-lo inteiro, acrescente tudo=1"},
        {"de=2020-01-01", "de",
         "de: o período passa de 24 meses; para vê-lo inteiro, acrescente tudo=1"},
        {"tudo=0", "tudo", "tudo: 0 não vale; use 1"},
        {"mes=2026-09-02", "mes", "mes: 2026-09-02 não é um mês, como 2026-09-01"},
        {"mes=2026-13", "mes", "mes: 2026-13 não é um mês, como 2026-09-01"},
        {"faixa=15-8", "faixa", "faixa: 15-8 não é uma faixa de dias, como 8-15"},
        {"faixa=08-15", "faixa", "faixa: 08-15 não é uma faixa de dias, como 8-15"},
        {"faixa=>", "faixa", "faixa: > não é uma faixa de dias, como 8-15"},
        {"faixa=999999999999-9999999999999", "faixa",
         "faixa: 999999999999-9999999999999 não é uma faixa de dias, como 8-15"},
        {"execucao=a/b", "execucao", "execucao: a/b não é a identidade de uma execução"},
        {"apos=2026-09-01,xyz", "apos", "apos: 2026-09-01,xyz não é uma linha"},
        {"ordem=a;b", "ordem", "ordem: a;b não é o nome de uma coluna"},
        {"ordem=-", "ordem", "ordem: - não é o nome de uma coluna"},
        {"limite=0", "limite", "limite: 0 não é um número de 1 a 5000"},
        {"limite=5001", "limite", "limite: 5001 não é um número de 1 a 5000"},
        {"limite=-1", "limite", "limite: -1 não é um número de 1 a 5000"},
        {"limite=1e3", "limite", "limite: 1e3 não é um número de 1 a 5000"},
        {"relatorio=geral", "relatorio",
         "relatorio: geral não vale; use servicos, retornos, rejeitadas, mudancas"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct asked asked;
        if (ask(&asked, cases[i].query))
            fail_msg("%s was accepted", cases[i].query);
        assert_string_equal(asked.problem.field, cases[i].field);
        assert_string_equal(asked.problem.message, cases[i].message);
        arena_done(&asked.arena);
    }
}

static void a_message_repeats_only_the_beginning_of_a_long_value(void **state)
{
    BUF_DONE struct buf query = BUF_INIT(TEXT_MAX);
    struct asked asked;

    (void)state;
    buf_add_text(&query, "regional=");
    for (int i = 0; i < 501; i++)
        buf_add_text(&query, "é");
    assert_false(ask(&asked, buf_text(&query)));
    /* 60 bytes: 30 letters of two */
    assert_string_equal(asked.problem.message, "regional: éééééééééééééééééééééééééééééé… "
                                               "é longo demais");
    arena_done(&asked.arena);

    buf_reset(&query);
    for (int i = 0; i < 100; i++)
        buf_add_text(&query, "aé");
    buf_add_text(&query, "=1");
    assert_false(ask(&asked, buf_text(&query)));
    assert_string_equal(asked.problem.field, "aéaéaéaéaéaéaéaéaéaéaéaéaéaéaéaéaéaéaéaé");
    arena_done(&asked.arena);
}

static void a_filter_that_the_page_does_not_have_is_unknown(void **state)
{
    struct asked asked;

    (void)state;
    assert_false(ask_of(&asked, "motivo=X", FILTERS_OF_PAGES, LATEST));
    assert_string_equal(asked.problem.field, "motivo");
    arena_done(&asked.arena);
    assert_true(ask_of(&asked, "motivo=X", FILTERS_OF_ROWS, LATEST));
    arena_done(&asked.arena);
    assert_false(ask_of(&asked, "limite=10", FILTERS_OF_ROWS, LATEST));
    arena_done(&asked.arena);
    assert_true(ask_of(&asked, "limite=5000", FILTERS_OF_API, LATEST));
    assert_int_equal(asked.filters.limit, 5000);
    arena_done(&asked.arena);
}

static void empty_values_of_a_form_are_no_filters(void **state)
{
    struct asked asked;

    (void)state;
    ask_well(&asked, "de=&ate=&regional=&grupo=&equipe=&equipe=%20");
    assert_false(filters_any(&asked.filters, ALL));
    assert_false(asked.filters.has_first || asked.filters.has_last);
    arena_done(&asked.arena);
}

static void periods_count_back_from_the_last_day(void **state)
{
    static const struct {
        const char *query, *latest, *first, *last;
    } cases[] = {
        {"periodo=30d", LATEST, "2026-10-28", LATEST},
        {"periodo=90d", LATEST, "2026-08-29", LATEST},
        {"periodo=12m", LATEST, "2025-11-01", LATEST},
        {"periodo=mes", LATEST, "2026-11-01", LATEST},
        {"periodo=mes", "2026-03-01", "2026-03-01", "2026-03-01"},
        {"periodo=12m", "2024-02-29", "2023-02-01", "2024-02-29"},
        {"periodo=90d", "0001-01-05", "0001-01-01", "0001-01-05"},
        {"periodo=12m", "0001-01-05", "0001-01-01", "0001-01-05"},
        {"periodo=12m", "9999-12-31", "9998-12-01", "9999-12-31"},
        {"dia=26/11/2026", LATEST, LATEST, LATEST},
        {"de=01/09/2026&ate=2026-09-30", LATEST, "2026-09-01", "2026-09-30"},
        {"de=2024-10-01&ate=2026-09-30", LATEST, "2024-10-01", "2026-09-30"},
        {"de=2024-10-31&ate=2026-10-30", LATEST, "2024-10-31", "2026-10-30"},
        {"de=0001-01-01&ate=9999-12-31&tudo=1", LATEST, "0001-01-01", "9999-12-31"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct asked asked;
        if (!ask_of(&asked, cases[i].query, ALL, cases[i].latest))
            fail_msg("%s: %s", cases[i].query, asked.problem.message);
        assert_true(asked.filters.has_first && asked.filters.has_last);
        if (asked.filters.first != day_of(cases[i].first) ||
            asked.filters.last != day_of(cases[i].last))
            fail_msg("%s of %s", cases[i].query, cases[i].latest);
        arena_done(&asked.arena);
    }
}

static void a_page_adds_the_days_that_are_missing(void **state)
{
    static const struct {
        const char *query, *first, *last;
    } cases[] = {
        {"", "2026-08-29", "2026-11-26"},
        {"de=2026-11-01", "2026-11-01", "2026-11-26"},
        {"de=2026-12-01", "2026-12-01", "2026-12-01"},
        {"ate=2026-08-31", "2026-06-03", "2026-08-31"},
        {"dia=2026-01-02", "2026-01-02", "2026-01-02"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct asked asked;
        ask_well(&asked, cases[i].query);
        filters_default_days(&asked.filters, day_of("2026-08-29"), day_of("2026-11-26"));
        assert_int_equal(asked.filters.first, day_of(cases[i].first));
        assert_int_equal(asked.filters.last, day_of(cases[i].last));
        arena_done(&asked.arena);
    }
}

static void bands_of_days_have_two_ends(void **state)
{
    struct asked asked;
    int32_t from = 0, to = 0;

    (void)state;
    ask_well(&asked, "faixa=8-15");
    assert_true(filters_band(&asked.filters, &from, &to));
    assert_int_equal(from, 8);
    assert_int_equal(to, 15);
    arena_done(&asked.arena);
    ask_well(&asked, "faixa=>90");
    assert_string_equal(asked.filters.values[FILTER_FAIXA], "> 90");
    assert_true(filters_band(&asked.filters, &from, &to));
    assert_int_equal(from, 91);
    assert_int_equal(to, INT32_MAX);
    arena_done(&asked.arena);
    ask_well(&asked, "");
    assert_false(filters_band(&asked.filters, &from, &to));
    arena_done(&asked.arena);
}

static void at_most_twenty_teams_count_each_once(void **state)
{
    BUF_DONE struct buf query = BUF_INIT(TEXT_MAX);
    struct asked asked;

    (void)state;
    for (int i = 20; i > 0; i--)
        buf_addf(&query, "equipe=T%02d&", i);
    buf_add_text(&query, "equipe=T07");
    ask_well(&asked, buf_text(&query));
    assert_int_equal(asked.filters.team_count, 20);
    assert_string_equal(asked.filters.teams[0], "T01");
    assert_string_equal(asked.filters.teams[19], "T20");
    arena_done(&asked.arena);
    buf_add_text(&query, "&equipe=T00");
    assert_false(ask(&asked, buf_text(&query)));
    assert_string_equal(asked.problem.message, "equipe: no máximo 20 equipes");
    arena_done(&asked.arena);
}

/* A link carries only what the address is then read as. */
static void what_a_link_may_carry_is_what_an_address_is_read_as(void **state)
{
    static const char *const bad[] = {"", " X", "X ", "A\nB", "A\rB", "\tX", "A\x7F", "A\xC2\x85"};
    static const char *const good[] = {"X", "A B", "\xC2\xA0X", "É", "<script>", "%00", "A&B=C"};
    char longest[FILTERS_TEXT_MAX + 2];

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        if (filter_can_ask(bad[i]))
            fail_msg("a link may carry '%s'", bad[i]);
    for (size_t i = 0; i < COUNT(good); i++) {
        struct arena arena = {0};
        struct filters filters;
        struct filters_problem problem;
        const struct request_value value = {"municipio", good[i]};
        const struct request request = {.values = &value, .value_count = 1};
        assert_true(filter_can_ask(good[i]));
        assert_true(filters_read(&request, ALL, day_of(LATEST), &arena, &filters, &problem));
        assert_string_equal(filters.values[FILTER_MUNICIPIO], good[i]);
        arena_done(&arena);
    }
    memset(longest, 'A', sizeof(longest));
    longest[FILTERS_TEXT_MAX + 1] = '\0';
    assert_false(filter_can_ask(longest));
    longest[FILTERS_TEXT_MAX] = '\0';
    assert_true(filter_can_ask(longest));
}

/* A word of conta without a condition would count all services. */
static void every_word_of_conta_is_a_measure(void **state)
{
    size_t count = 0;

    (void)state;
    for (const struct filter_word *word = filter_rules[FILTER_CONTA].words; word->value; word++) {
        const struct measure *measure = measure_find(word->value);
        assert_non_null(measure);
        assert_string_equal(measure->name, word->value);
        assert_non_null(word->phrase);
        count++;
    }
    assert_int_equal(count, 19);
    assert_null(measure_find("servicos"));
    assert_null(measure_find(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_named_in_portuguese),
        cmocka_unit_test(a_message_repeats_only_the_beginning_of_a_long_value),
        cmocka_unit_test(a_filter_that_the_page_does_not_have_is_unknown),
        cmocka_unit_test(empty_values_of_a_form_are_no_filters),
        cmocka_unit_test(periods_count_back_from_the_last_day),
        cmocka_unit_test(a_page_adds_the_days_that_are_missing),
        cmocka_unit_test(bands_of_days_have_two_ends),
        cmocka_unit_test(at_most_twenty_teams_count_each_once),
        cmocka_unit_test(what_a_link_may_carry_is_what_an_address_is_read_as),
        cmocka_unit_test(every_word_of_conta_is_a_measure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
