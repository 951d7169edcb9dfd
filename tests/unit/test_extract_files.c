/* SPDX-License-Identifier: MIT */
/* The files extractor, which returns exports that a person downloaded. */
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "extract/extractor.h"
#include "tests/support/unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder, *first, *second;

static char *make_file(const char *name, time_t modified)
{
    char *path = mem_format("%s/%s", folder, name);
    const struct timespec times[] = {{.tv_sec = modified}, {.tv_sec = modified}};
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(futimens(fd, times), 0);
    close(fd);
    return path;
}

static int set_up(void **state)
{
    struct error err;

    (void)state;
    if (!file_make_temp_dir("test-files", &folder, &err))
        return -1;
    first = make_file("a.csv", 1790000000);
    second = make_file("b.csv", 1780000000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    file_remove_tree(folder);
    free(folder);
    free(first);
    free(second);
    return 0;
}

static struct export fetch(char *const *paths, size_t count)
{
    struct extractor *extractor = NULL;
    struct export export = {0};
    struct error err = {0};

    if (!extractor_open_files(paths, count, &extractor, &err) ||
        !extractor_fetch(extractor, NULL, (struct window){0}, &export, &err))
        fail_msg("%s", err.message);
    extractor_close(extractor);
    return export;
}

static void files_are_delivered_in_the_order_given(void **state)
{
    (void)state;
    char *paths[] = {second, first};
    struct export export = fetch(paths, COUNT(paths));

    assert_int_equal(export.count, 2);
    assert_string_equal(export.paths[0], second);
    assert_string_equal(export.paths[1], first);
    assert_ptr_not_equal(export.paths[0], second);
    export_done(&export);
}

static void they_count_as_exported_when_the_newest_was_written(void **state)
{
    (void)state;
    char *paths[] = {first, second};
    struct export export = fetch(paths, COUNT(paths));

    assert_int_equal(export.extracted_at, 1790000000);
    export_done(&export);
}

static void no_file_comes_from_the_future(void **state)
{
    (void)state;
    char *path = make_file("c.csv", clock_now() + 86400);
    struct export export = fetch(&path, 1);

    assert_true(export.extracted_at <= clock_now());
    export_done(&export);
    free(path);
}

static void a_file_that_cannot_be_read_is_named_at_once(void **state)
{
    (void)state;
    char *missing[] = {first, "/nowhere/x.csv"}, *not_a_file[] = {folder};
    struct extractor *extractor = NULL;
    struct error err = {0};

    assert_false(extractor_open_files(missing, COUNT(missing), &extractor, &err));
    assert_int_equal(err.kind, ERROR_DATA);
    assert_non_null(strstr(err.message, "/nowhere/x.csv: No such file"));
    assert_false(extractor_open_files(not_a_file, COUNT(not_a_file), &extractor, &err));
    assert_non_null(strstr(err.message, "is not a file: it is a folder"));
    char device[] = "/dev/null", *devices[] = {device};
    assert_false(extractor_open_files(devices, COUNT(devices), &extractor, &err));
    assert_non_null(strstr(err.message, "/dev/null is not a file: it is a device"));
    assert_null(extractor);
}

static void a_file_that_vanished_since_is_named(void **state)
{
    (void)state;
    struct extractor *extractor = NULL;
    struct export export = {0};
    struct error err = {0};

    assert_true(extractor_open_files(&first, 1, &extractor, &err));
    assert_int_equal(unlink(first), 0);
    assert_false(extractor_fetch(extractor, NULL, (struct window){0}, &export, &err));
    assert_non_null(strstr(err.message, first));
    assert_int_equal(export.count, 0);
    extractor_close(extractor);
}

static void *write_pipe(void *arg)
{
    const int fd = open(arg, O_WRONLY | O_CLOEXEC);

    for (int i = 0; i < 3; i++)
        if (write(fd, "line\n", 5) != 5)
            abort();
    close(fd);
    return NULL;
}

static void what_comes_out_of_a_pipe_can_be_read_more_than_once(void **state)
{
    (void)state;
    MEM_FREE_TEXT char *pipe = mem_format("%s/pipe", folder);
    pthread_t writer;

    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(pthread_create(&writer, NULL, write_pipe, pipe), 0);
    char *paths[] = {first, pipe};
    struct extractor *extractor = NULL;
    struct export export = {0};
    struct error err = {0};
    if (!extractor_open_files(paths, COUNT(paths), &extractor, &err) ||
        !extractor_fetch(extractor, NULL, (struct window){0}, &export, &err))
        fail_msg("%s", err.message);
    pthread_join(writer, NULL);
    for (int again = 0; again < 2; again++) {
        struct file_map map;
        assert_true(file_map_copy(export.paths[1], 100, &map, &err));
        assert_int_equal(map.size, 15);
        file_map_close(&map);
    }
    assert_true(export.by_hand);
    assert_string_equal(strrchr(export.paths[1], '/'), "/pipe");
    MEM_FREE_TEXT char *copy = mem_copy(export.paths[1]);
    export_done(&export);
    extractor_close(extractor);
    assert_int_equal(access(copy, F_OK), -1);
    assert_int_equal(access(pipe, F_OK), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_delivered_in_the_order_given),
        TEST(they_count_as_exported_when_the_newest_was_written),
        TEST(no_file_comes_from_the_future),
        TEST(a_file_that_cannot_be_read_is_named_at_once),
        TEST(a_file_that_vanished_since_is_named),
        TEST(what_comes_out_of_a_pipe_can_be_read_more_than_once),
    };

    return cmocka_run_group_tests_name("extract_files", tests, NULL, NULL);
}
