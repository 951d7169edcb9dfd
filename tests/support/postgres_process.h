/*
 * The processes and files of a cluster: in its folder, as a user that PostgreSQL accepts.
 */
#ifndef TESTS_SUPPORT_POSTGRES_PROCESS_H
#define TESTS_SUPPORT_POSTGRES_PROCESS_H

#include <sys/types.h>

/* Makes a new cluster.folder that belongs to the servers' user. */
void process_make_folder(void);
char *process_path(const char *name); /* a path in the folder; owned by the caller */
void process_write_file(const char *name, const char *text);
void process_copy_file(const char *from, const char *name);

/* Starts a program in the folder with its output in "log". It gets the signal `at_death` when the
 * test program dies. */
pid_t process_start(const char *const *argv, int at_death);
void process_run(const char *const *argv); /* waits for its end, which must be exit code 0 */
#define PROCESS_RUN(...) process_run((const char *const[]){__VA_ARGS__, NULL})
void process_stop(pid_t *pid, int by); /* waits for the end; does nothing without a process */

/* Returns a free port below 32768, where the kernel assigns no ports by itself. */
int process_free_port(void);

/* Waits until a server answers at the URL. */
void process_wait_for(const char *what, const char *url);

/* Shows the log and ends the test program. */
_Noreturn void process_die(const char *what);

#endif
