/* SPDX-License-Identifier: MIT */
/* Profiles: the built-in one equals the Python program's, and others come from a folder. */
#include "config/profile.h"

#include "base/buf.h"
#include "base/date.h"
#include "config/node.h"
#include "config/portal_yaml.h"
#include "tests/unit/test_config_files.h"

#include <string.h>

static struct profile load(const char *dir)
{
    struct profile profile = {0};
    struct error err = {0};

    if (!profile_load(dir, &profile, &err))
        fail_msg("%s", err.message);
    return profile;
}

struct table_column {
    const char *name;
    enum column_type type;
};

static void expect_table(const struct report *report, const struct table_column *columns,
                         size_t count)
{
    assert_int_equal(report->column_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(report->columns[i].name, columns[i].name);
        assert_int_equal(report->columns[i].type, columns[i].type);
    }
}

static void the_built_in_profile_has_the_tables_of_the_python_program(void **state)
{
    static const struct table_column general[] = {
        {"UC / MD", COLUMN_TEXT},
        {"STATUS", COLUMN_TEXT},
        {"MUNICIPIO", COLUMN_TEXT},
        {"TIPO SERVICO", COLUMN_TEXT},
        {"DATA_EXECUCAO", COLUMN_DATE},
        {"COD", COLUMN_TEXT},
        {"DATA AFERICAO", COLUMN_DATE},
        {"TOI", COLUMN_TEXT},
        {"TOI ENTREGUE", COLUMN_TEXT},
        {"AR", COLUMN_TEXT},
        {"DATA AR", COLUMN_DATE},
        {"MD ENCONTRADO", COLUMN_TEXT},
        {"MD INSTALADO", COLUMN_TEXT},
        {"TIPO MEDICAO", COLUMN_TEXT},
        {"EQUIPE", COLUMN_TEXT},
        {"RAMAL MONO", COLUMN_TEXT},
        {"RAMAL BI", COLUMN_TEXT},
        {"RAMAL TRI", COLUMN_TEXT},
        {"SERV DE PEDREIRO", COLUMN_TEXT},
        {"PARCELAMENTO", COLUMN_TEXT},
        {"RS NEGOCIADO", COLUMN_TEXT},
        {"BACKOFFICE", COLUMN_TEXT},
        {"DATA BAIXADO", COLUMN_DATE},
        {"HORA INICIO SERVICO", COLUMN_TIME},
        {"HORA FIM SERVICO", COLUMN_TIME},
        {"COD FINANCIAMENTO", COLUMN_TEXT},
        {"QTD PARCELA(S)", COLUMN_TEXT},
        {"REGIONAL", COLUMN_TEXT},
        {"GRUPO", COLUMN_TEXT},
        {"DATA_EXTRACAO", COLUMN_TIMESTAMP},
        {"NOTIFICADO", COLUMN_TEXT},
    };
    static const struct table_column returns[] = {
        {"UC / MD", COLUMN_TEXT},
        {"DATA_EXECUCAO", COLUMN_DATE},
        {"CODIGO", COLUMN_TEXT},
        {"TOI", COLUMN_TEXT},
        {"MD INSTALADO", COLUMN_TEXT},
        {"EQUIPE", COLUMN_TEXT},
        {"DATA RESOLVIDO", COLUMN_DATE},
        {"MOTIVO", COLUMN_TEXT},
        {"MOTIVO DETALHADO", COLUMN_TEXT},
        {"MOTIVO DETALHADO 2", COLUMN_TEXT},
        {"STATUS", COLUMN_TEXT},
        {"REGIONAL", COLUMN_TEXT},
        {"GRUPO", COLUMN_TEXT},
        {"DATA_EXTRACAO", COLUMN_TIMESTAMP},
    };
    struct profile profile = load(NULL);
    (void)state;

    assert_int_equal(profile.report_count, 2);
    assert_string_equal(profile.reports[0].name, "general_reports");
    assert_string_equal(profile.reports[1].name, "return_reports");
    expect_table(&profile.reports[0], general, COUNT(general));
    expect_table(&profile.reports[1], returns, COUNT(returns));
    assert_ptr_equal(report_find(profile.reports, 2, "general"), &profile.reports[0]);
    assert_ptr_equal(report_find(profile.reports, 2, "return"), &profile.reports[1]);
    profile_done(&profile);
}

static void expect_names(const struct names *names, const char *const *wanted, size_t count)
{
    assert_int_equal(names->count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(names->items[i], wanted[i]);
}

static void the_built_in_profile_drops_what_the_python_program_drops(void **state)
{
    static const char *const general[] = {
        "Motivo não baixado",
        "Regional",
        "Empresa",
        "Sit deixada",
        "Fiscal",
        "tipo_servico_comercial",
        "obs_at",
        "RS Entrada",
        "Lançado por",
        "Data lançado",
        "Hora",
    };
    static const char *const returns[] = {"REGIONAL", "TIPO SERVIÇO", "FISCAL",
                                          "EMPRESA",  "DATA ENTREGA", "RETORNO DE"};
    struct profile profile = load(NULL);
    (void)state;

    expect_names(&profile.reports[0].drop, general, COUNT(general));
    expect_names(&profile.reports[1].drop, returns, COUNT(returns));
    profile_done(&profile);
}

static void the_built_in_profile_identifies_rows_as_the_python_program_does(void **state)
{
    static const char *const keys[][5] = {
        {"UC / MD", "DATA_EXECUCAO", "COD", "TOI", "EQUIPE"},
        {"UC / MD", "DATA_EXECUCAO", "CODIGO", "TOI", "EQUIPE"},
    };
    struct profile profile = load(NULL);
    (void)state;

    for (size_t r = 0; r < 2; r++) {
        const struct report *report = &profile.reports[r];
        assert_int_equal(report->key_count, 5);
        for (size_t i = 0; i < 5; i++)
            assert_string_equal(report->columns[report->key[i]].name, keys[r][i]);
        assert_string_equal(report->columns[report->window_date].name, "DATA_EXECUCAO");

        assert_int_equal(report->derivation_count, 2);
        const struct derivation *region = &report->derivations[0], *group = region + 1;
        assert_string_equal(report->columns[region->column].name, "REGIONAL");
        assert_string_equal(report->columns[region->from].name, "EQUIPE");
        assert_string_equal(region->contains, "PEL");
        assert_string_equal(region->then, "SUL");
        assert_string_equal(region->otherwise, "NORTE");
        assert_string_equal(report->columns[group->column].name, "GRUPO");
        assert_string_equal(report->columns[group->from].name, "EQUIPE");
        assert_string_equal(group->contains, "A0");
        assert_string_equal(group->then, "AT");
        assert_string_equal(group->otherwise, "BT");
    }
    profile_done(&profile);
}

static void the_built_in_profile_asks_for_the_windows_of_the_python_program(void **state)
{
    struct profile profile = load(NULL);
    const struct window_rule *general = &profile.reports[0].windows;
    const struct window_rule *returns = &profile.reports[1].windows;
    (void)state;

    assert_int_equal(general->begin, date_from_civil(2022, 3, 1));
    assert_int_equal(general->end_offset, 0);
    assert_int_equal(general->days, 30);
    assert_int_equal(general->incremental_days, 60);
    assert_int_equal(general->incremental_step, 30);
    assert_false(general->from_end);
    assert_int_equal(returns->begin, date_from_civil(2022, 3, 1));
    assert_int_equal(returns->end_offset, 1);
    assert_int_equal(returns->days, 180);
    assert_int_equal(returns->incremental_days, 180);
    assert_int_equal(returns->incremental_step, 180);
    assert_true(returns->from_end);
    profile_done(&profile);
}

static void the_built_in_profile_runs_when_the_python_program_ran(void **state)
{
    struct profile profile = load(NULL);
    const struct timetable *timetable = &profile.portal.timetable;
    (void)state;

    assert_int_equal(timetable->incremental.days, 0x7E); /* Monday to Saturday */
    assert_int_equal(timetable->incremental.first, 9 * 60 + 30);
    assert_int_equal(timetable->incremental.last, 18 * 60 + 30);
    assert_int_equal(timetable->incremental.every, 60);
    assert_int_equal(timetable->incremental.late, 60); /* as `every`, where the profile is silent */
    assert_int_equal(timetable->full.days, 0x01);
    assert_int_equal(timetable->full.first, 10 * 60);
    assert_int_equal(timetable->full.last, 10 * 60);
    assert_int_equal(timetable->full.late, 12 * 60);
    profile_done(&profile);
}

struct click_path {
    enum step_action action;
    const char *at; /* the first locator */
    const char *text;
};

static void expect_steps(const struct steps *steps, const struct click_path *wanted, size_t count)
{
    assert_int_equal(steps->count, count);
    for (size_t i = 0; i < count; i++) {
        const struct step *step = &steps->items[i];
        assert_int_equal(step->action, wanted[i].action);
        assert_string_equal(step->at.any.items[0], wanted[i].at);
        assert_true((step->text == NULL) == (wanted[i].text == NULL));
        if (step->text)
            assert_string_equal(step->text, wanted[i].text);
    }
}

static void the_built_in_profile_walks_the_pages_of_the_portal(void **state)
{
    static const struct click_path login[] = {
        {STEP_FILL, "/html/body/form/div/div/div[2]/div[3]/div/div[1]/input", NULL},
        {STEP_FILL, "/html/body/form/div/div/div[2]/div[3]/div/div[2]/input", NULL},
        {STEP_CLICK, "/html/body/form/div/div/div[2]/div[3]/div/div[3]/div[2]/button", NULL},
    };
    static const struct click_path general[] = {
        {STEP_CLICK, "/html/body/div[1]/aside[1]/div/nav/ul/li[7]/a/i", NULL},
        {STEP_CLICK, "/html/body/div[1]/aside[1]/div/nav/ul/li[7]/ul/li[1]/a/i", NULL},
        {STEP_SELECT, "#tp_relatorio", "tudo"},
        {STEP_SELECT, "#periodo_todos", "data_execucao"},
    };
    static const struct click_path returns[] = {
        {STEP_CLICK, "/html/body/div[1]/aside[1]/div/nav/ul/li[7]/a/i", NULL},
        {STEP_CLICK, "/html/body/div[1]/aside[1]/div/nav/ul/li[7]/ul/li[1]/a/i", NULL},
        {STEP_SELECT, "#tp_relatorio", "retornos"},
        {STEP_SELECT, "//*[@id=\"div_stat_retorno\"]/div/select", "E"},
        {STEP_SELECT, "#periodo_ret", "data_execucao"},
    };
    static const struct click_path window[] = {
        {STEP_DATE, "#data_inicio", NULL},
        {STEP_DATE, "#data_fim", NULL},
        {STEP_CLICK, "#btn-salvar-form", NULL},
    };
    struct profile profile = load(NULL);
    const struct portal *portal = &profile.portal;
    (void)state;

    assert_string_equal(portal->url, "https://apps.equatorialenergia.com.br/sigos/");
    assert_string_equal(portal->zone, "America/Sao_Paulo");
    expect_steps(&portal->login, login, COUNT(login));
    assert_int_equal(portal->login.items[0].value, STEP_USER);
    assert_int_equal(portal->login.items[1].value, STEP_PASSWORD);
    expect_steps(&profile.reports[0].open, general, COUNT(general));
    expect_steps(&profile.reports[1].open, returns, COUNT(returns));
    for (size_t r = 0; r < 2; r++)
        expect_steps(&profile.reports[r].window, window, COUNT(window));
    assert_string_equal(profile.reports[0].files.items[0], "relatorio_prot_geral*.csv");
    assert_string_equal(profile.reports[1].files.items[0], "retorno*.csv");
    profile_done(&profile);
}

static void the_built_in_profile_is_the_one_in_the_folder(void **state)
{
    struct profile built_in = load(NULL), folder = load("profiles/sigos/");
    (void)state;

    assert_int_equal(folder.report_count, built_in.report_count);
    assert_string_equal(folder.reports[0].source_file, "profiles/sigos/general_reports.yaml");
    for (size_t i = 0; i < folder.report_count; i++) {
        assert_string_equal(folder.reports[i].name, built_in.reports[i].name);
        assert_int_equal(folder.reports[i].column_count, built_in.reports[i].column_count);
    }
    profile_done(&built_in);
    profile_done(&folder);
}

#define PORTAL                                                                                     \
    "portal: p\nurl: http://127.0.0.1/\nzone: America/Sao_Paulo\n"                                 \
    "login:\n  steps:\n    - {fill: a, credential: user}\n  logged_in: b\n"                        \
    "deadlines: {browser: 1, page: 2, element: 3, answer: 4, silence: 5, window: 6}\n"

#define REPORT(first_lines)                                                                        \
    first_lines "export:\n"                                                                        \
                "  window: [{date: a, value: first}, {date: b, value: last}, {click: c}]\n"        \
                "  files: x*.csv\n"                                                                \
                "windows: {begin: 2022-03-01, end: today, days: 1, incremental_days: 1, "          \
                "incremental_step: 1}\n"                                                           \
                "columns: [{name: D, type: date}]\n"                                               \
                "key: D\n"                                                                         \
                "window_date: D\n"                                                                 \
                "limits: {max_delete_ratio: 0, min_deletes: 0, max_reject_ratio: 0, "              \
                "max_foreign_ratio: 0, min_rejects: 0}\n"

static void write_all(const char *folder, const char *const (*files)[2], size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(folder_write(folder, files[i][0], files[i][1]));
}

static void reports_come_in_the_order_of_their_files(void **state)
{
    static const char *const files[][2] = {
        {"portal.yaml", PORTAL},
        {"b.yaml", REPORT("report: second\n")},
        {"a.yaml", REPORT("report: first\n")},
        {".hidden.yaml", "nonsense: ["},
        {"a.yaml~", "nonsense: ["},
        {"notes.txt", "nonsense: ["},
    };
    (void)state;

    write_all(*state, files, COUNT(files));
    struct profile profile = load(*state);
    assert_int_equal(profile.report_count, 2);
    assert_string_equal(profile.reports[0].name, "first");
    assert_string_equal(profile.reports[1].name, "second");
    assert_int_equal(profile.reports[0].open.count, 0);
    assert_int_equal(profile.portal.page_error.any.count, 0);
    assert_int_equal(profile.portal.deadlines.window, 6);
    profile_done(&profile);
}

/* Reads a profile that is refused. In the error, DIR stands for the folder's name. */
static void expect_folder_refused(const char *folder, const char *wanted)
{
    struct profile profile = {0};
    struct error err = {0};
    BUF_DONE struct buf expected = BUF_INIT(1024);

    assert_false(profile_load(folder, &profile, &err));
    const char *dir = strstr(wanted, "DIR");
    assert_non_null(dir);
    buf_add(&expected, wanted, (size_t)(dir - wanted));
    buf_add_text(&expected, folder);
    buf_add_text(&expected, dir + 3);
    assert_true(strncmp(err.message, expected.data, expected.len) == 0);
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_null(profile.reports);
}

static void a_folder_without_portal_or_report_is_refused(void **state)
{
    static const char *const report[][2] = {{"a.yaml", REPORT("report: first\n")}};
    static const char *const portal[][2] = {{"portal.yaml", PORTAL}};
    (void)state;

    write_all(*state, portal, 1);
    expect_folder_refused(*state, "the profile DIR has no report");
    write_all(*state, report, 1);
    MEM_FREE_TEXT char *path = mem_format("%s/portal.yaml", (char *)*state);
    remove(path);
    expect_folder_refused(*state, "cannot open DIR/portal.yaml: No such file or directory");
    expect_folder_refused("/nowhere", "cannot read the profile DIR: No such file or directory");
}

static void a_name_means_one_report(void **state)
{
    static const char *const files[][2] = {
        {"portal.yaml", PORTAL},
        {"a.yaml", REPORT("report: first\naliases: [one]\n")},
        {"b.yaml", REPORT("report: one\n")},
    };
    (void)state;

    write_all(*state, files, COUNT(files));
    expect_folder_refused(*state, "DIR/b.yaml:1: report: \"one\" already means the report of");
    free(folder_write(*state, "b.yaml", REPORT("report: second\naliases: [two, first]\n")));
    expect_folder_refused(*state, "DIR/b.yaml:2: aliases: \"first\" already means the report of");
}

static void a_mistake_in_the_portal_is_refused_with_file_and_line(void **state)
{
    static const struct {
        const char *from, *to, *message;
    } cases[] = {
        {"http://127.0.0.1/", "portal.example/",
         "portal.yaml:2: url: must begin with https:// or http://"},
        {"http://127.0.0.1/", "https:///sigos", "portal.yaml:2: url: has no host"},
        {"http://127.0.0.1/", "https://me:secret@portal.example/",
         "portal.yaml:2: url: must hold no credentials: they go to SIGOS_USUARIO and SIGOS_SENHA"},
        {"page: 2", "page: 2s",
         "portal.yaml:8: deadlines.page: must be a whole number from 1 to 86400, not \"2s\""},
        {"page: 2, ", "", "portal.yaml:8: deadlines: key \"page\" is missing"},
        {"  logged_in: b\n", "", "portal.yaml:5: login: key \"logged_in\" is missing"},
        {"credential: user", "credential: pin",
         "portal.yaml:6: login.steps.credential: must be user or password, not \"pin\""},
        {"credential: user", "credential: user, value: x",
         "portal.yaml:6: login.steps: fill needs either a value or a credential"},
        {"{fill: a, credential: user}", "{date: a, value: first}",
         "portal.yaml:6: login.steps: only the steps of export.window have days"},
        {"{fill: a, credential: user}", "{select: a, value: b, credential: user}",
         "portal.yaml:6: login.steps: select takes no credential"},
        {"credential: user", "credential: user, optional: true",
         "portal.yaml:6: login.steps.optional: only a click of the login's steps may be optional"},
        {"{fill: a, credential: user}", "{click: a, optional: maybe}",
         "portal.yaml:6: login.steps.optional: must be true or false, not \"maybe\""},
        {"portal: p\n", "portal: p\nrefusals: {a: b}\n",
         "portal.yaml:2: refusals: must be a list (lines that begin with \"-\"), not a mapping"},
        {"portal: p\n", "portal: p\nrefusals: []\n",
         "portal.yaml:2: refusals: needs at least one entry"},
        {"  logged_in: b\n", "  logged_in: b\n  refusals: ['']\n",
         "portal.yaml:8: login.refusals: is empty"},
        {"portal: p\n", "portal: p\nmode: fast\n",
         "portal.yaml:2: mode: must be auto or click, not \"fast\""},
        {"zone: America/Sao_Paulo\n", "zone:\n", "portal.yaml:3: zone: is empty"},
        {"portal: p\n", "portal: p\ntimetable: {ful: {days: sun, from: '10:00'}}\n",
         "portal.yaml:2: timetable: unknown key \"ful\"; did you mean \"full\"? Known here: "
         "incremental, full"},
        {"portal: p\n", "portal: p\ntimetable: {full: {days: [sun, dom], from: '10:00'}}\n",
         "portal.yaml:2: timetable.full.days: 'dom' is no day; use sun, mon, tue, wed, thu, fri, "
         "sat"},
        {"portal: p\n", "portal: p\ntimetable: {full: {days: sun, from: '24:00'}}\n",
         "portal.yaml:2: timetable.full.from: '24:00' is no time of day; write it in quotes, as "
         "'9:30'"},
        {"portal: p\n", "portal: p\ntimetable: {full: {days: sun, from: '10:00', to: '9:00'}}\n",
         "portal.yaml:2: timetable.full: `to` is before `from`"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        BUF_DONE struct buf text = BUF_INIT(4096);
        struct arena arena = {0};
        struct node_file *file = NULL;
        struct portal portal = {0};
        struct error err = {0};
        const char *found = strstr(PORTAL, cases[i].from);
        assert_non_null(found);
        buf_add(&text, PORTAL, strlen(PORTAL) - strlen(found));
        buf_add_text(&text, cases[i].to);
        buf_add_text(&text, found + strlen(cases[i].from));
        assert_true(node_open("portal.yaml", text.data, text.len, &arena, &file, &err));
        assert_false(portal_read(node_root(file), &portal, &err));
        assert_string_equal(err.message, cases[i].message);
        assert_null(portal.name);
        node_close(file);
        arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_profile_has_the_tables_of_the_python_program),
        cmocka_unit_test(the_built_in_profile_drops_what_the_python_program_drops),
        cmocka_unit_test(the_built_in_profile_identifies_rows_as_the_python_program_does),
        cmocka_unit_test(the_built_in_profile_asks_for_the_windows_of_the_python_program),
        cmocka_unit_test(the_built_in_profile_runs_when_the_python_program_ran),
        cmocka_unit_test(the_built_in_profile_walks_the_pages_of_the_portal),
        cmocka_unit_test(the_built_in_profile_is_the_one_in_the_folder),
        cmocka_unit_test_setup_teardown(reports_come_in_the_order_of_their_files, folder_make,
                                        folder_remove),
        cmocka_unit_test_setup_teardown(a_folder_without_portal_or_report_is_refused, folder_make,
                                        folder_remove),
        cmocka_unit_test_setup_teardown(a_name_means_one_report, folder_make, folder_remove),
        cmocka_unit_test(a_mistake_in_the_portal_is_refused_with_file_and_line),
    };

    return cmocka_run_group_tests_name("config_profile", tests, NULL, NULL);
}
