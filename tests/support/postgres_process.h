/*
 * The processes and files of a cluster: in its folder, as a user that PostgreSQL accepts.
 */
#ifndef TESTS_SUPPORT_POSTGRES_PROCESS_H
#define TESTS_SUPPORT_POSTGRES_PROCESS_H

#include <sys/types.h>

/* A fresh cluster.folder, which belongs to the servers' user. */
void process_make_folder(void);
char *process_path(const char *name); /* within the folder; owned by the caller */
void process_write_file(const char *name, const char *text);
void process_copy_file(const char *from, const char *name);

/* Starts a program in the folder, its words going to "log". It ends by `at_death` when we die. */
pid_t process_start(const char *const *argv, int at_death);
void process_run(const char *const *argv); /* to its end, which must be a good one */
#define PROCESS_RUN(...) process_run((const char *const[]){__VA_ARGS__, NULL})
void process_stop(pid_t *pid, int by); /* waits for the end; without a process: nothing */

/* Below 32768, where the kernel gives no port to anybody who did not ask for it. */
int process_free_port(void);

/* Waits until a server answers at the address. */
void process_wait_for(const char *what, const char *url);

/* Shows the log and ends the test program. */
_Noreturn void process_die(const char *what);

#endif
