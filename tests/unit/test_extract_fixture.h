/*
 * The fixture of the extractor's tests with a browser: a hand-written model of SIGOS, the simulator
 * that SIGOS_SIM names, and a folder for exports. Its functions are inline because each test uses
 * only some of them.
 */
#ifndef TESTS_UNIT_TEST_EXTRACT_FIXTURE_H
#define TESTS_UNIT_TEST_EXTRACT_FIXTURE_H

#include "base/buf.h"
#include "base/date.h"
#include "base/file.h"
#include "extract/extractor.h"
#include "tests/support/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PASSWORD "s3nha-de-teste"
#define AT(...)                                                                                    \
    {                                                                                              \
        .any = {                                                                                   \
            .items = (const char *const[]){__VA_ARGS__},                                           \
            .count = COUNT(((const char *const[]){__VA_ARGS__})),                                  \
        }                                                                                          \
    }
#define STEPS(...)                                                                                 \
    {                                                                                              \
        .items = (const struct step[]){__VA_ARGS__},                                               \
        .count = COUNT(((const struct step[]){__VA_ARGS__})),                                      \
    }
#define CLICK(...)                                                                                 \
    {                                                                                              \
        .action = STEP_CLICK, .at = AT(__VA_ARGS__)                                                \
    }
#define SELECT(where, what)                                                                        \
    {                                                                                              \
        .action = STEP_SELECT, .at = AT(where), .text = (what)                                     \
    }
#define MENU "/html/body/div[1]/aside[1]/div/nav/ul/li[7]"
#define FORM "/html/body/form/div/div/div[2]/div[3]/div"
#define WINDOW_STEPS                                                                               \
    STEPS({.action = STEP_DATE, .at = AT("#data_inicio"), .value = STEP_FIRST},                    \
          {.action = STEP_DATE, .at = AT("#data_fim"), .value = STEP_LAST},                        \
          CLICK("#btn-salvar-form"))

enum { LINE_SIZE = 512, TEXT_MAX = 16 << 20 };

static const struct portal sigos = {
    .name = "sigos",
    .login = STEPS({.action = STEP_FILL, .at = AT(FORM "/div[1]/input"), .value = STEP_USER},
                   {.action = STEP_FILL, .at = AT(FORM "/div[2]/input"), .value = STEP_PASSWORD},
                   CLICK(FORM "/div[3]/div[2]/button")),
    .logged_in = AT(MENU "/a/i"),
    .login_error = AT(".alert-danger"),
    .page_error = AT(".alert-danger", ".alert-warning"),
    .deadlines =
        {.browser = 20, .page = 10, .element = 3, .answer = 20, .silence = 10, .window = 60},
};

static const struct report general = {
    .name = "general_reports",
    .open = STEPS(CLICK(MENU "/a/i"), CLICK(MENU "/ul/li[1]/a/i"), SELECT("#tp_relatorio", "tudo"),
                  SELECT("#periodo_todos", "data_execucao")),
    .window = WINDOW_STEPS,
    .files = {.items = (const char *const[]){"relatorio_prot_geral*.csv"}, .count = 1},
};

static const struct report returns = {
    .name = "return_reports",
    .open =
        STEPS(CLICK(MENU "/a/i"), CLICK(MENU "/ul/li[1]/a/i"), SELECT("#tp_relatorio", "retornos"),
              SELECT("//*[@id=\"div_stat_retorno\"]/div/select", "E"),
              SELECT("#periodo_ret", "data_execucao")),
    .window = WINDOW_STEPS,
    .files = {.items = (const char *const[]){"retorno*.csv"}, .count = 1},
};

/* ------------------------------------------------------------------------------- the simulator */

struct sim {
    pid_t pid;
    char url[LINE_SIZE];
};

static struct sim sim;
static char *folder;

/* Starts the simulator with its standard output on *out. */
static inline pid_t run_simulator(const char *const *args, int *out)
{
    const char *program = getenv("SIGOS_SIM");
    const char *argv[32] = {program};
    int ends[2];

    if (!program || access(program, X_OK) != 0)
        fail_msg("set SIGOS_SIM to the simulator's program (make build/release/sigos-sim)");
    for (size_t i = 0; args[i]; i++) {
        assert_true(i + 2 < COUNT(argv));
        argv[i + 1] = args[i];
    }
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        setenv("SIM_SENHA", PASSWORD, 1);
        execv(program, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(ends[1]);
    *out = ends[0];
    return pid;
}

/* Starts the simulator with further flags of `serve`, ended by NULL. */
static inline void start_simulator_with(const char *const *flags)
{
    const char *args[24] = {"serve", "--port", "0", "--rows", "40", "--today", "2026-11-23"};
    int out;

    for (size_t i = 0; flags[i]; i++) {
        assert_true(i + 8 < COUNT(args));
        args[i + 7] = flags[i];
    }
    sim.pid = run_simulator(args, &out);
    FILE *lines = fdopen(out, "r");
    assert_int_equal(fscanf(lines, "listening %500s", sim.url), 1);
    fclose(lines);
}

static inline void start_simulator(const char *delay_ms)
{
    start_simulator_with((const char *const[]){"--delay-ms", delay_ms, NULL});
}

static inline void stop_simulator(void)
{
    kill(sim.pid, SIGTERM);
    waitpid(sim.pid, NULL, 0);
}

static inline void read_all(int fd, struct buf *out)
{
    char bytes[4096];

    for (ssize_t got; (got = read(fd, bytes, sizeof(bytes))) > 0;)
        buf_add(out, bytes, (size_t)got);
    close(fd);
}

/* ------------------------------------------------------------------------------------ helpers */

static inline struct settings demo_settings(void)
{
    return (struct settings){.portal_url = sim.url,
                             .user = "demo",
                             .password = PASSWORD,
                             .browser = getenv("CHROME_BIN"),
                             .headless = true};
}

static inline struct window days(const char *from, const char *to)
{
    struct window window = {0};

    assert_true(date_parse_iso(from, strlen(from), &window.first));
    assert_true(date_parse_iso(to, strlen(to), &window.last));
    return window;
}

static inline struct extractor *open_like(const struct portal *portal,
                                          const struct settings *settings)
{
    struct extractor *extractor = NULL;
    struct error err = {0};

    if (!extractor_open_portal(portal, settings, folder, &extractor, &err))
        fail_msg("%s", err.message);
    return extractor;
}

static inline struct extractor *open_demo(const struct settings *settings)
{
    return open_like(&sigos, settings);
}

static inline void fetch(struct extractor *extractor, const struct report *report, const char *from,
                         const char *to, struct export *out)
{
    struct error err = {0};

    *out = (struct export){0};
    if (!extractor_fetch(extractor, report, days(from, to), out, &err))
        fail_msg("%s", err.message);
}

/* Asserts that the file is byte for byte the portal's history. */
static inline void expect_same_as_portal(const char *path, const char *report, const char *from,
                                         const char *to)
{
    const char *args[] = {"export", "--report", report, "--from",  from,         "--to",
                          to,       "--rows",   "40",   "--today", "2026-11-23", NULL};
    BUF_DONE struct buf expected = BUF_INIT(TEXT_MAX);
    struct file_map map;
    struct error err;
    int out;

    pid_t pid = run_simulator(args, &out);
    read_all(out, &expected);
    waitpid(pid, NULL, 0);
    assert_true(expected.len > 100);
    assert_true(file_map_open(path, &map, &err));
    assert_int_equal(map.size, expected.len);
    assert_memory_equal(map.data, expected.data, expected.len);
    file_map_close(&map);
}

static inline size_t count_files(void)
{
    DIR *dir = opendir(folder);
    size_t count = 0;

    for (const struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static inline int set_up(void **state)
{
    struct error err;

    (void)state;
    start_simulator("0");
    return file_make_temp_dir("test-extract", &folder, &err) ? 0 : -1;
}

static inline int tear_down(void **state)
{
    (void)state;
    stop_simulator();
    file_remove_tree(folder);
    free(folder);
    folder = NULL;
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
