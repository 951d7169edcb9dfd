/* SPDX-License-Identifier: MIT */
/* Log lines as a person and as a program get them, and the file that is rotated. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/log_file.h"
#include "base/mem.h"
#include "tests/support/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/etl-log.XXXXXX";

static char *path_of(const char *name)
{
    return mem_format("%s/%s", folder, name);
}

/* Returns what the file holds, owned by the caller; "" if there is none. */
static char *content_of(const char *name)
{
    MEM_FREE_TEXT char *path = path_of(name);
    BUF_DONE struct buf text = BUF_INIT((size_t)64 << 20);
    struct error err;

    if (!file_read_into(path, &text, &err))
        return mem_copy("");
    return mem_copy(buf_text(&text));
}

static off_t size_of(const char *name)
{
    MEM_FREE_TEXT char *path = path_of(name);
    struct stat info;

    return stat(path, &info) == 0 ? info.st_size : -1;
}

/* Logs to a file and returns what came into it. */
static char *logged(enum log_format format, void (*talk)(void))
{
    MEM_FREE_TEXT char *path = path_of("log");
    struct error err;

    unlink(path);
    assert_true(log_to_file(path, format, &err));
    talk();
    assert_true(log_to_file(NULL, LOG_TEXT, &err));
    return content_of("log");
}

static void talk_of_a_window(void)
{
    log_set_run("20261123T183001.250-4f2a9c01");
    log_info("window.loaded", log_brief("general_reports 12 rows"),
             log_text("report", "general_reports"), log_int("read", 12));
    log_warn("portal.slow", log_text("words", "a \"b\"\n"));
    log_set_run(NULL);
    log_info("schedule.next", log_text("mode", "full"));
    log_debug("nothing", log_int("n", 1));
}

static void a_line_of_json_has_time_level_event_run_and_fields(void **state)
{
    MEM_FREE_TEXT char *text = logged(LOG_JSON, talk_of_a_window);
    static const char *const wanted[] = {
        ",\"level\":\"info\",\"event\":\"window.loaded\",\"run\":\"20261123T183001.250-4f2a9c01\""
        ",\"report\":\"general_reports\",\"read\":12}\n",
        ",\"level\":\"warn\",\"event\":\"portal.slow\",\"run\":\"20261123T183001.250-4f2a9c01\""
        ",\"words\":\"a \\\"b\\\"\\n\"}\n",
        ",\"level\":\"info\",\"event\":\"schedule.next\",\"mode\":\"full\"}\n",
    };
    const char *at = text;

    (void)state;
    for (size_t i = 0; i < COUNT(wanted); i++) {
        int year, offset;
        assert_int_equal(
            sscanf(at, "{\"time\":\"%4d-%*2d-%*2dT%*2d:%*2d:%*2d%3d:00\"", &year, &offset), 2);
        at += strlen("{\"time\":\"2026-11-23T18:30:01-03:00\"");
        assert_memory_equal(at, wanted[i], strlen(wanted[i]));
        at += strlen(wanted[i]);
    }
    assert_string_equal(at, "");
}

static void a_line_of_text_is_for_a_person(void **state)
{
    MEM_FREE_TEXT char *text = logged(LOG_TEXT, talk_of_a_window);
    static const char *const wanted[] = {
        "window.loaded general_reports 12 rows\n",
        "warn portal.slow words=\"a \\\"b\\\"\\n\"\n",
        "schedule.next mode=full\n",
    };
    const char *at = text;

    (void)state;
    for (size_t i = 0; i < COUNT(wanted); i++) {
        at += strlen("2026-11-23 18:30:01 "); /* a file outlives the day */
        assert_memory_equal(at, wanted[i], strlen(wanted[i]));
        at += strlen(wanted[i]);
    }
    assert_string_equal(at, "");
}

static void a_file_that_cannot_be_opened_is_refused(void **state)
{
    struct error err;

    (void)state;
    assert_false(log_to_file("/nowhere/etl.log", LOG_JSON, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_string_equal(err.message, "LOG_FILE=/nowhere/etl.log: No such file or directory");
    assert_true(log_to_file(NULL, LOG_JSON, &err));
}

enum { LINE_SIZE = 1000, LINES_PER_FILE = LOG_FILE_MAX / LINE_SIZE };

static void write_line(int number)
{
    char line[LINE_SIZE + 1];

    snprintf(line, sizeof(line), "%09d", number);
    memset(line + 9, 'x', LINE_SIZE - 10);
    line[LINE_SIZE - 1] = '\n';
    log_file_write(line, LINE_SIZE);
}

static void open_log(const char *name)
{
    MEM_FREE_TEXT char *path = path_of(name);
    struct error err;

    assert_true(log_file_open(path, &err));
}

static void close_log(void)
{
    struct error err;

    assert_true(log_file_open(NULL, &err));
}

static int first_number(const char *name)
{
    MEM_FREE_TEXT char *text = content_of(name);

    return *text ? (int)strtol(text, NULL, 10) : -1;
}

static void a_file_of_two_megabytes_makes_room_and_five_are_kept(void **state)
{
    (void)state;
    open_log("big");
    for (int i = 0; i < LINES_PER_FILE; i++)
        write_line(i);
    assert_int_equal(size_of("big.1"), -1);
    write_line(LINES_PER_FILE); /* this one is too many */
    assert_int_equal(size_of("big.1"), (off_t)LINES_PER_FILE * LINE_SIZE);
    assert_int_equal(size_of("big"), LINE_SIZE);
    for (int i = LINES_PER_FILE + 1; i < 8 * LINES_PER_FILE; i++)
        write_line(i);
    close_log();
    assert_int_equal(first_number("big"), 7 * LINES_PER_FILE);
    assert_int_equal(first_number("big.1"), 6 * LINES_PER_FILE);
    assert_int_equal(first_number("big.5"), 2 * LINES_PER_FILE);
    assert_int_equal(size_of("big.6"), -1);
}

/* Of four processes that write at once, no line is lost, torn or written twice. */
static void processes_that_share_a_file_lose_no_line(void **state)
{
    enum { PROCESSES = 4, LINES = LINES_PER_FILE };
    static bool seen[PROCESSES * LINES];
    size_t count = 0;

    (void)state;
    fflush(NULL);
    for (int p = 0; p < PROCESSES; p++) {
        if (fork() == 0) {
            open_log("shared");
            for (int i = 0; i < LINES; i++)
                write_line(p * LINES + i);
            _exit(0);
        }
    }
    for (int p = 0; p < PROCESSES; p++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    for (int f = 0; f <= LOG_FILE_KEPT; f++) {
        char name[16];
        snprintf(name, sizeof(name), f ? "shared.%d" : "shared", f);
        MEM_FREE_TEXT char *text = content_of(name);
        /* Two that rotate at once would leave a file of a few lines. */
        assert_true(f == 0 || !*text || strlen(text) > LOG_FILE_MAX / 2);
        for (const char *at = text; *at; at += LINE_SIZE) {
            const int number = (int)strtol(at, NULL, 10);
            assert_true(number >= 0 && number < PROCESSES * LINES && !seen[number]);
            assert_int_equal(at[LINE_SIZE - 1], '\n');
            seen[number] = true;
            count++;
        }
    }
    assert_int_equal(count, PROCESSES * LINES);
}

static void a_full_disk_is_told_once(void **state)
{
    struct error err;
    char said[1024] = "";
    int ends[2];

    (void)state;
    assert_true(log_file_open("/dev/full", &err));
    assert_int_equal(pipe(ends), 0);
    fflush(stderr);
    const int kept = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    write_line(1);
    write_line(2);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[1]);
    assert_true(read(ends[0], said, sizeof(said) - 1) > 0);
    close(ends[0]);
    assert_string_equal(said,
                        "etl-sigos: cannot write LOG_FILE /dev/full: No space left on device\n");
    close_log();
}

static int set_up(void **state)
{
    struct error err;

    (void)state;
    log_setup(LOG_INFO, LOG_TEXT);
    return mkdtemp(folder) && clock_set_zone("America/Sao_Paulo", &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    (void)state;
    while (dir && (entry = readdir(dir)))
        unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_json_has_time_level_event_run_and_fields),
        cmocka_unit_test(a_line_of_text_is_for_a_person),
        cmocka_unit_test(a_file_that_cannot_be_opened_is_refused),
        cmocka_unit_test(a_file_of_two_megabytes_makes_room_and_five_are_kept),
        cmocka_unit_test(processes_that_share_a_file_lose_no_line),
        cmocka_unit_test(a_full_disk_is_told_once),
    };

    return cmocka_run_group_tests_name("log", tests, set_up, tear_down);
}
