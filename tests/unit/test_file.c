/* SPDX-License-Identifier: MIT */
/* Reading and copying files: files that change meanwhile, paths of no files, and full disks. */
#include "base/file.h"

#include "base/clock.h"
#include "base/mem.h"
#include "config/profile.h"
#include "tests/support/unit.h"
#include "transform/transform.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE = 8 * 1024 * 1024, TRIES = 20, DEADLINE_MS = 60000 };

static char *folder, *path;
static atomic_bool stop;

static int set_up(void **state)
{
    struct error err;

    (void)state;
    stop = false;
    if (!file_make_temp_dir("test-file", &folder, &err))
        return -1;
    path = mem_format("%s/relatorio_prot_geral.csv", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    file_remove_tree(folder);
    free(folder);
    free(path);
    return 0;
}

static void write_rows(void)
{
    static const char header[] = "UC / MD;Data execucao;Cod;TOI;Equipe;Status\n";
    static const char row[] = "0000001;05/03/2025;C1;;RS-PEL-F001M;Baixado\n";
    char *text = mem_alloc(SIZE);
    size_t len = strlen(header);
    const int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

    memcpy(text, header, len);
    for (; len + strlen(row) <= SIZE; len += strlen(row))
        memcpy(text + len, row, strlen(row));
    assert_int_equal(write(fd, text, len), len);
    close(fd);
    free(text);
}

/* Rewrites the file again and again, as a download or an editor does once. */
static void *disturb(void *arg)
{
    const int fd = open(path, O_RDWR | O_CLOEXEC);

    (void)arg;
    for (off_t size = 1; !stop; size = size % 4096 + 1)
        if (ftruncate(fd, size) < 0 || ftruncate(fd, SIZE + size) < 0)
            abort();
    close(fd);
    return NULL;
}

static void a_copy_is_what_stands_in_the_file(void **state)
{
    struct file_map copy, map;
    struct error err;

    (void)state;
    write_rows();
    assert_true(file_map_copy(path, SIZE, &copy, &err));
    assert_true(file_map_open(path, &map, &err));
    assert_int_equal(copy.size, map.size);
    assert_memory_equal(copy.data, map.data, map.size);
    file_map_close(&map);
    assert_int_equal(truncate(path, 0), 0);
    /* Reading a mapping would end the process with SIGBUS. */
    assert_memory_equal(copy.data, "UC / MD;", 8);
    file_map_close(&copy);
    assert_true(file_map_copy(path, SIZE, &copy, &err));
    assert_int_equal(copy.size, 0);
    file_map_close(&copy);
}

static void a_file_that_changes_while_it_is_read_is_named(void **state)
{
    struct error err = {0};
    pthread_t writer;
    bool refused = false;

    (void)state;
    write_rows();
    assert_int_equal(pthread_create(&writer, NULL, disturb, NULL), 0);
    for (const int64_t end = clock_ms() + DEADLINE_MS; !refused && clock_ms() < end;) {
        struct file_map map;
        refused = !file_map_copy(path, (size_t)2 * SIZE, &map, &err);
        if (!refused)
            file_map_close(&map);
    }
    stop = true;
    pthread_join(writer, NULL);
    assert_true(refused);
    assert_int_equal(err.kind, ERROR_DATA);
    assert_non_null(strstr(err.message, "changed while it was read; load it again"));
}

static void what_a_person_does_to_a_file_never_ends_the_transform(void **state)
{
    struct profile profile;
    struct error err = {0};
    pthread_t writer;

    (void)state;
    assert_true(profile_load(NULL, &profile, &err));
    struct transform *transform = transform_new(&profile.reports[0]);
    const struct scope scope = {.window = {.last = 30000, .own_last = 30000}, .by_hand = true};
    write_rows();
    assert_int_equal(pthread_create(&writer, NULL, disturb, NULL), 0);
    for (int i = 0; i < TRIES; i++) {
        struct batch batch;
        struct file_facts facts;
        batch_init(&batch, profile.reports[0].column_count, TRANSFORM_BATCH_MAX);
        if (!transform_file(transform, path, &scope, &batch, &facts, &err))
            assert_int_equal(err.kind, ERROR_DATA);
        batch_done(&batch);
    }
    stop = true;
    pthread_join(writer, NULL);
    transform_free(transform);
    profile_done(&profile);
}

static void what_is_no_file_is_called_what_it_is(void **state)
{
    static const struct {
        const char *path, *words;
    } cases[] = {{"/", "/ is a folder"}, {"/dev/null", "/dev/null is a device"}};
    struct file_map map;
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_false(file_map_copy(cases[i].path, SIZE, &map, &err));
        assert_non_null(strstr(err.message, cases[i].words));
    }
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_false(file_map_copy(path, SIZE, &map, &err)); /* it does not wait for a writer */
    assert_non_null(strstr(err.message, "is a pipe"));
}

static void a_file_that_is_too_large_or_cannot_be_read_is_named(void **state)
{
    struct file_map map;
    struct error err = {0};

    (void)state;
    write_rows();
    assert_false(file_map_copy(path, 1000, &map, &err));
    assert_non_null(strstr(err.message, "is larger than 1000 bytes"));
    /* /proc/self/mem is a file that cannot be read at its beginning. */
    assert_false(file_map_copy("/proc/self/mem", 1000, &map, &err));
    assert_non_null(strstr(err.message, "cannot read /proc/self/mem: Input/output error"));
}

static void every_kind_of_file_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(file_kind_name(S_IFREG), "a file");
    assert_string_equal(file_kind_name(S_IFSOCK), "a socket");
    assert_string_equal(file_kind_name(0), "no file");
}

/* Makes a pipe that holds `text` and ends. Sets `name` to a path to read it by. */
static int fill_pipe(const char *text, char name[64])
{
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
    close(ends[1]);
    snprintf(name, 64, "/proc/self/fd/%d", ends[0]);
    return ends[0];
}

static void what_comes_through_a_pipe_is_kept_in_a_file(void **state)
{
    struct error err = {0};
    char name[64], *text;
    const int pipe = fill_pipe("UC / MD;Status\n1;Baixado\n", name);

    (void)state;
    assert_true(file_spool(name, path, 1000, &err));
    close(pipe);
    assert_true(file_read(path, 1000, &text, &err));
    assert_string_equal(text, "UC / MD;Status\n1;Baixado\n");
    free(text);
}

static void expect_not_spooled(const char *from, const char *to, uint64_t max, const char *words)
{
    struct error err = {0};

    assert_false(file_spool(from, to, max, &err));
    if (!strstr(err.message, words))
        fail_msg("\"%s\" is not in \"%s\"", words, err.message);
}

static void a_pipe_that_cannot_be_copied_leaves_no_file(void **state)
{
    struct rlimit before;
    char name[64];
    int pipe = fill_pipe("0123456789", name);

    (void)state;
    expect_not_spooled("/no/such/pipe", path, 1000, "cannot open /no/such/pipe");
    expect_not_spooled(name, "/no/such/folder/file", 1000, "cannot make /no/such/folder/file");
    expect_not_spooled(folder, path, 1000, "Is a directory");
    expect_not_spooled(name, path, 9, "gave more than 9 bytes");
    assert_int_equal(access(path, F_OK), -1);
    close(pipe);
    /* A disk with room for four bytes. */
    pipe = fill_pipe("0123456789", name);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){4, before.rlim_max}), 0);
    struct error err = {0};
    const bool copied = file_spool(name, path, 1000, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(copied);
    assert_non_null(strstr(err.message, "cannot write "));
    assert_int_equal(access(path, F_OK), -1);
    close(pipe);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_copy_is_what_stands_in_the_file),
        TEST(a_file_that_changes_while_it_is_read_is_named),
        TEST(what_a_person_does_to_a_file_never_ends_the_transform),
        TEST(what_is_no_file_is_called_what_it_is),
        TEST(a_file_that_is_too_large_or_cannot_be_read_is_named),
        TEST(every_kind_of_file_has_a_name),
        TEST(what_comes_through_a_pipe_is_kept_in_a_file),
        TEST(a_pipe_that_cannot_be_copied_leaves_no_file),
    };

    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
