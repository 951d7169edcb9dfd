/* SPDX-License-Identifier: MIT */
/* The filters of a page as links, sentences, JSON and SQL. */
#include "tests/unit/test_pages_asked.h"

static void expect_link(const char *query, const struct filter_change *changes, size_t count,
                        const char *expected)
{
    BUF_DONE struct buf link = BUF_INIT(TEXT_MAX);
    struct asked asked;

    ask_well(&asked, query);
    filters_link(&link, "/linhas", ALL, &asked.filters, changes, count);
    assert_string_equal(buf_text(&link), expected);
    arena_done(&asked.arena);
}

static void equal_filters_give_equal_addresses(void **state)
{
    (void)state;
    expect_link("", NULL, 0, "/linhas");
    expect_link("equipe=B&grupo=BT&equipe=A&de=01/09/2026&regional=&equipe=B", NULL, 0,
                "/linhas?de=2026-09-01&grupo=BT&equipe=A&equipe=B");
    expect_link("equipe=A&de=2026-09-01&equipe=B&grupo=%20BT%20", NULL, 0,
                "/linhas?de=2026-09-01&grupo=BT&equipe=A&equipe=B");
}

static void foreign_text_in_a_link_is_percent_encoded(void **state)
{
    (void)state;
    expect_link("municipio=SANT'ANA%20%26%20%C3%89%3C%2Fa%3E%3F%23%3D%2B&mes=2026-09", NULL, 0,
                "/linhas?municipio=SANT%27ANA%20%26%20%C3%89%3C%2Fa%3E%3F%23%3D%2B&mes=2026-09-01");
}

static void a_link_changes_one_value_and_what_contradicts_it(void **state)
{
    static const struct filter_change regional = {FILTER_REGIONAL, "NORTE"};
    static const struct filter_change none = {FILTER_REGIONAL, NULL};
    static const struct filter_change period = {FILTER_PERIODO, "90d"};
    static const struct filter_change day = {FILTER_DIA, "2026-11-25"};
    static const struct filter_change days[] = {{FILTER_DE, "2026-01-01"},
                                                {FILTER_ATE, "2026-01-31"}};
    static const struct filter_change teams[] = {{FILTER_EQUIPE, "D"}, {FILTER_EQUIPE, "C"}};
    static const struct filter_change no_team = {FILTER_EQUIPE, NULL};
    static const char after[] = "apos=-,00112233445566778899aabbccddeeff";
    static const struct filter_change next = {FILTER_APOS,
                                              "2026-09-01,00112233445566778899aabbccddeeff"};
    BUF_DONE struct buf with_after = BUF_INIT(TEXT_MAX);

    (void)state;
    expect_link("regional=SUL&grupo=BT", &regional, 1, "/linhas?regional=NORTE&grupo=BT");
    expect_link("grupo=BT", &regional, 1, "/linhas?regional=NORTE&grupo=BT");
    expect_link("regional=SUL&grupo=BT", &none, 1, "/linhas?grupo=BT");
    expect_link("de=2026-09-01&ate=2026-09-30", &period, 1, "/linhas?periodo=90d");
    expect_link("periodo=90d&grupo=BT", &day, 1, "/linhas?dia=2026-11-25&grupo=BT");
    expect_link("periodo=90d", days, 2, "/linhas?de=2026-01-01&ate=2026-01-31");
    expect_link("dia=2026-11-25", days, 2, "/linhas?de=2026-01-01&ate=2026-01-31");
    expect_link("equipe=A&equipe=B", teams, 2, "/linhas?equipe=C&equipe=D");
    expect_link("equipe=A&equipe=B", &no_team, 1, "/linhas");
    buf_addf(&with_after, "regional=SUL&%s", after);
    expect_link(buf_text(&with_after), NULL, 0,
                "/linhas?regional=SUL&apos=-%2C00112233445566778899aabbccddeeff");
    expect_link(buf_text(&with_after), &regional, 1, "/linhas?regional=NORTE");
    expect_link(buf_text(&with_after), &next, 1,
                "/linhas?regional=SUL&apos=2026-09-01%2C00112233445566778899aabbccddeeff");
}

static void a_link_to_a_page_carries_only_what_it_has(void **state)
{
    BUF_DONE struct buf link = BUF_INIT(TEXT_MAX);
    struct asked asked;

    (void)state;
    ask_well(&asked, "regional=SUL&motivo=X&equipe=A&limite=7");
    filters_link(&link, "/hoje", FILTERS_OF_PAGES, &asked.filters, NULL, 0);
    assert_string_equal(buf_text(&link), "/hoje?regional=SUL&equipe=A");
    buf_reset(&link);
    filters_link(&link, "/hoje", FILTER_BIT(FILTER_REGIONAL), &asked.filters, NULL, 0);
    assert_string_equal(buf_text(&link), "/hoje?regional=SUL");
    arena_done(&asked.arena);
}

static void a_sentence_tells_what_is_filtered(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"de=2026-09-01&ate=2026-09-30&regional=SUL&equipe=B&equipe=A",
         "01/09/2026 a 30/09/2026 · regional SUL · equipes A, B"},
        {"dia=2026-11-26&equipe=A", "26/11/2026 · equipe A"},
        {"de=2026-09-01", "desde 01/09/2026"},
        {"ate=2026-09-30&grupo=BT", "até 30/09/2026 · grupo BT"},
        {"periodo=30d", "28/10/2026 a 26/11/2026"},
        {"municipio=<b>&tipo=CORTE", "município <b> · tipo CORTE"},
        {"relatorio=retornos&mes=2026-09-01&aberto=1&faixa=8-15&motivo=FOTO",
         "retornos · setembro de 2026 · motivo FOTO · dias 8-15 · em aberto"},
        {"anomalia=sem_horario&conta=valor_ilegivel&ordem=-uc&tudo=1",
         "sem horário · valor ilegível"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        BUF_DONE struct buf sentence = BUF_INIT(TEXT_MAX);
        struct asked asked;
        ask_well(&asked, cases[i][0]);
        filters_sentence(&sentence, &asked.filters);
        assert_string_equal(buf_text(&sentence), cases[i][1]);
        arena_done(&asked.arena);
    }
}

static void json_has_the_filters_and_the_days_of_a_period(void **state)
{
    static const char *const cases[][2] = {
        {"", "{}"},
        {"ate=30/09/2026&de=01/09/2026&regional=SUL",
         "{\"de\":\"2026-09-01\",\"ate\":\"2026-09-30\",\"regional\":\"SUL\"}"},
        {"periodo=mes&equipe=B&equipe=A",
         "{\"de\":\"2026-11-01\",\"ate\":\"2026-11-26\",\"periodo\":\"mes\","
         "\"equipe\":[\"A\",\"B\"]}"},
        {"dia=2026-11-26", "{\"dia\":\"2026-11-26\"}"},
        {"municipio=</script>", "{\"municipio\":\"\\u003c/script\\u003e\"}"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        BUF_DONE struct buf json = BUF_INIT(TEXT_MAX);
        struct asked asked;
        ask_well(&asked, cases[i][0]);
        filters_json(&json, &asked.filters);
        assert_string_equal(buf_text(&json), cases[i][1]);
        arena_done(&asked.arena);
    }
}

static void expect_where(const char *query, const struct filter_columns *columns, const char *sql,
                         const char *values, uint32_t without_column)
{
    BUF_DONE struct buf where = BUF_INIT(TEXT_MAX);
    BUF_DONE struct buf bound = BUF_INIT(TEXT_MAX);
    struct asked asked;

    ask_well(&asked, query);
    struct sql_values given = {.arena = &asked.arena};
    sql_bind(&given, "before");
    assert_int_equal(filters_where(&where, &given, &asked.filters, columns), without_column);
    for (size_t i = 0; i < given.count; i++)
        buf_addf(&bound, "%s%s", i ? "|" : "", given.texts[i]);
    assert_string_equal(buf_text(&where), sql);
    assert_string_equal(buf_text(&bound), values);
    arena_done(&asked.arena);
}

static void conditions_bind_their_values(void **state)
{
    static const struct filter_columns day = {
        .date = "data_execucao", .regional = "regional", .equipe = "equipe", .motivo = "r.motivo"};
    static const struct filter_columns week = {.date = "semana", .grain = GRAIN_WEEK};
    static const struct filter_columns month = {.date = "mes", .grain = GRAIN_MONTH};
    static const struct filter_columns nothing = {0};

    (void)state;
    expect_where("", &day, "", "before", 0);
    expect_where("de=2026-09-01&ate=2026-09-30&regional=S'--&equipe=B&equipe=A&motivo=M", &day,
                 " AND data_execucao >= $2 AND data_execucao <= $3 AND regional = $4"
                 " AND equipe IN ($5, $6) AND r.motivo = $7",
                 "before|2026-09-01|2026-09-30|S'--|A|B|M", 0);
    expect_where("mes=2026-02", &day, " AND data_execucao >= $2 AND data_execucao <= $3",
                 "before|2026-02-01|2026-02-28", 0);
    expect_where("mes=9999-12", &day, " AND data_execucao >= $2 AND data_execucao <= $3",
                 "before|9999-12-01|9999-12-31", 0);
    /* 16/09/2026 is a Wednesday. */
    expect_where("de=2026-09-16&ate=2026-09-20", &week, " AND semana >= $2 AND semana <= $3",
                 "before|2026-09-14|2026-09-20", 0);
    expect_where("dia=2026-09-14", &week, " AND semana >= $2 AND semana <= $3",
                 "before|2026-09-14|2026-09-14", 0);
    expect_where("de=2026-09-16&ate=2026-11-20", &month, " AND mes >= $2 AND mes <= $3",
                 "before|2026-09-01|2026-11-20", 0);
    expect_where("mes=2026-09", &month, " AND mes >= $2 AND mes <= $3",
                 "before|2026-09-01|2026-09-30", 0);
    expect_where("periodo=30d&mes=2026-09&grupo=BT&equipe=A&regional=SUL", &nothing, "", "before",
                 FILTER_BIT(FILTER_PERIODO) | FILTER_BIT(FILTER_MES) | FILTER_BIT(FILTER_GRUPO) |
                     FILTER_BIT(FILTER_EQUIPE) | FILTER_BIT(FILTER_REGIONAL));
}

/* A generator of its own, so that a failure can be repeated. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void add_random_text(struct buf *out, uint32_t *seed)
{
    static const char *const pieces[] = {"A", "é", "%", "&", "=", "+", " x", "\"", "<",
                                         "'", "/", "7", ",", ";", "#", "?",  "–",  "\\"};
    const uint32_t count = 1 + next_random(seed) % 12;

    for (uint32_t i = 0; i < count; i++)
        buf_add_text(out, pieces[next_random(seed) % COUNT(pieces)]);
}

static void add_random_day(struct buf *out, uint32_t *seed)
{
    char text[DATE_ISO_SIZE];
    const int32_t day = day_of("2025-06-01") + (int32_t)(next_random(seed) % 500);

    buf_add_text(out,
                 next_random(seed) % 2 ? date_format_iso(day, text) : date_format_br(day, text));
}

/* Makes a value for a filter; half of them are of that filter's form. */
static const char *random_value(struct arena *arena, enum filter filter, uint32_t *seed)
{
    static const char *const words[] = {
        "30d",  "90d",  "12m",      "mes", "1",   "horario",   "baixa", "retornos", "ilegivel",
        "8-15", "> 90", "pendente", "uc",  "iso", "-servicos", "500",   "dia"};
    BUF_DONE struct buf value = BUF_INIT(TEXT_MAX);

    if (filter <= FILTER_ATE || filter == FILTER_DIA)
        add_random_day(&value, seed);
    else if (next_random(seed) % 2)
        buf_add_text(&value, words[next_random(seed) % COUNT(words)]);
    else
        add_random_text(&value, seed);
    return arena_copy(arena, buf_text(&value), value.len);
}

static void expect_same(const struct filters *one, const struct filters *other)
{
    for (enum filter filter = 0; filter < FILTER_COUNT; filter++) {
        const char *first = one->values[filter], *second = other->values[filter];
        assert_true((first == NULL) == (second == NULL));
        if (first)
            assert_string_equal(first, second);
    }
    assert_int_equal(one->team_count, other->team_count);
    for (size_t i = 0; i < one->team_count; i++)
        assert_string_equal(one->teams[i], other->teams[i]);
    assert_true(one->has_first == other->has_first && one->has_last == other->has_last);
    assert_true(one->first == other->first && one->last == other->last);
    assert_int_equal(one->limit, other->limit);
}

static void a_link_read_again_gives_the_same_filters(void **state)
{
    uint32_t seed = 20261128, accepted = 0;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct asked asked = {0}, again;
        BUF_DONE struct buf link = BUF_INIT(TEXT_MAX);
        asked.count = next_random(&seed) % 6;
        for (size_t i = 0; i < asked.count; i++) {
            const enum filter filter = next_random(&seed) % FILTER_COUNT;
            asked.values[i] = (struct request_value){filter_name(filter),
                                                     random_value(&asked.arena, filter, &seed)};
        }
        const struct request request = {.values = asked.values, .value_count = asked.count};
        if (filters_read(&request, ALL, day_of(LATEST), &asked.arena, &asked.filters,
                         &asked.problem)) {
            accepted++;
            filters_link(&link, "", ALL, &asked.filters, NULL, 0);
            ask_well(&again, link.len ? buf_text(&link) + 1 : "");
            expect_same(&asked.filters, &again.filters);
            arena_done(&again.arena);
        }
        arena_done(&asked.arena);
    }
    assert_true(accepted > 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_filters_give_equal_addresses),
        cmocka_unit_test(foreign_text_in_a_link_is_percent_encoded),
        cmocka_unit_test(a_link_changes_one_value_and_what_contradicts_it),
        cmocka_unit_test(a_link_to_a_page_carries_only_what_it_has),
        cmocka_unit_test(a_sentence_tells_what_is_filtered),
        cmocka_unit_test(json_has_the_filters_and_the_days_of_a_period),
        cmocka_unit_test(conditions_bind_their_values),
        cmocka_unit_test(a_link_read_again_gives_the_same_filters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
