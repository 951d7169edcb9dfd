/* SPDX-License-Identifier: MIT */
/* Lease holders: naming this process, and deciding that a holder has ended. */
#include "run/lease_holder.h"
#include "tests/support/unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define write_text(to, text) snprintf(to, sizeof(to), "%s", text)
#define BOOT "3c5a6f1e-0d7b-4f3e-9a61-0123456789ab"

static const struct lease_holder here = {
    .host = "web-1", .pid = 10, .started = 500, .boot = BOOT, .pid_namespace = "4026531836"};
static const struct lease_holder other = {
    .host = "web-1", .pid = 4711, .started = 90210, .boot = BOOT, .pid_namespace = "4026531836"};
static const struct process gone = {.exists = false};
static const struct process alive = {.exists = true, .started = 90210};
static const struct process reborn = {.exists = true, .started = 90400};
static const struct process hidden = {.exists = true, .started = 0};

static void a_holder_is_dead_if_its_process_is_gone_or_another(void **state)
{
    (void)state;
    assert_true(lease_holder_has_died(&other, &here, gone));
    assert_true(lease_holder_has_died(&other, &here, reborn));
    assert_false(lease_holder_has_died(&other, &here, alive));
}

static void a_holder_that_proc_hides_is_not_known_to_be_dead(void **state)
{
    struct lease_holder blind = here;

    (void)state;
    assert_false(lease_holder_has_died(&other, &here, hidden));
    blind.started = 0; /* /proc does not show this process */
    assert_false(lease_holder_has_died(&other, &blind, gone));
    assert_false(lease_holder_has_died(&other, &blind, reborn));
}

/* Host, pid and start time: any one of them may be equal for another process. */
static void a_holder_of_another_place_is_never_known_to_be_dead(void **state)
{
    struct lease_holder elsewhere[] = {other, other, other, other, other};

    (void)state;
    write_text(elsewhere[0].host, "web-2");
    write_text(elsewhere[1].boot, "00000000-0d7b-4f3e-9a61-0123456789ab");
    write_text(elsewhere[2].pid_namespace, "4026532999");
    write_text(elsewhere[3].boot, "");
    write_text(elsewhere[4].pid_namespace, "");
    for (size_t i = 0; i < COUNT(elsewhere); i++) {
        assert_false(lease_holder_has_died(&elsewhere[i], &here, gone));
        assert_false(lease_holder_has_died(&elsewhere[i], &elsewhere[i], gone) && i >= 3);
    }
}

static void a_holder_is_written_and_read_back(void **state)
{
    struct lease_holder read;
    char text[LEASE_HOLDER_SIZE];

    (void)state;
    lease_holder_format(&other, text);
    assert_string_equal(text, "web-1, process 4711 (started 90210, boot " BOOT
                              ", pid namespace 4026531836)");
    assert_true(lease_holder_parse(text, &read));
    assert_string_equal(read.host, "web-1");
    assert_int_equal(read.pid, 4711);
    assert_int_equal(read.started, 90210);
    assert_string_equal(read.boot, BOOT);
    assert_string_equal(read.pid_namespace, "4026531836");
}

static void what_is_not_known_is_not_guessed(void **state)
{
    static const char *const texts[] = {
        "web-1, process 4711 (started 90210)", /* as older programs wrote it */
        "web-1, process 4711 (started 90210, boot , pid namespace )",
        "web-1, process 4711 (started 90210, boot " BOOT ", pid namespace )",
        "web-1, process 4711 (started 90210, boot " BOOT,
        "web-1, process 0 (started 0, boot " BOOT ", pid namespace 4026531836)",
        "host-a:11",
        "",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct lease_holder read;
        if (lease_holder_parse(texts[i], &read) && lease_holder_has_died(&read, &here, gone))
            fail_msg("\"%s\" was taken for dead", texts[i]);
    }
}

/* With real processes: a live one, one that has ended, and this one. */
static void a_process_of_this_machine_is_known_by_what_the_kernel_says(void **state)
{
    char name[LEASE_HOLDER_SIZE];
    int pipes[2];

    (void)state;
    lease_holder_name(name);
    assert_false(lease_holder_is_dead(name));
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        lease_holder_name(name);
        if (write(pipes[1], name, sizeof(name)) != sizeof(name))
            _exit(1);
        pause();
    }
    assert_int_equal(read(pipes[0], name, sizeof(name)), sizeof(name));
    assert_false(lease_holder_is_dead(name));
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(lease_holder_is_dead(name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_holder_is_dead_if_its_process_is_gone_or_another),
        cmocka_unit_test(a_holder_that_proc_hides_is_not_known_to_be_dead),
        cmocka_unit_test(a_holder_of_another_place_is_never_known_to_be_dead),
        cmocka_unit_test(a_holder_is_written_and_read_back),
        cmocka_unit_test(what_is_not_known_is_not_guessed),
        cmocka_unit_test(a_process_of_this_machine_is_known_by_what_the_kernel_says),
    };

    return cmocka_run_group_tests_name("lease_holder", tests, NULL, NULL);
}
