/* SPDX-License-Identifier: MIT */
/*
 * Kills the program at a chosen call. Preloaded (LD_PRELOAD), it counts the calls by which the
 * program changes a database:
 *
 *     KILL_COUNT_FILE=F              writes one line a call to F, and never kills
 *     KILL_AT=N KILL_WHEN=before     raises SIGKILL instead of the N-th call
 *                         after      raises it after the call
 *                         within     after half of the bytes of a write or send, else before
 *
 * Calls nest: sqlite3_exec counts, and so does each pwrite that it makes, so that there are points
 * within a statement too. Calls of the program's other threads and children do not matter.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <postgresql/libpq-fe.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum when { BEFORE, WITHIN, AFTER };
enum { LABEL_SIZE = 64, LABEL_WORDS = 3 };

static unsigned long count, kill_at;
static enum when kill_when;
static int count_fd = -1;

/* Returns the function that this one replaces. POSIX allows the conversion, C does not. */
#define REAL(name)                                                                                 \
    static __typeof__(name) *real;                                                                 \
    if (!real)                                                                                     \
    *(void **)&real = dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void read_orders(void)
{
    const char *at = getenv("KILL_AT"), *when = getenv("KILL_WHEN"),
               *file = getenv("KILL_COUNT_FILE");

    kill_at = at ? strtoul(at, NULL, 10) : 0;
    if (when && strcmp(when, "before") != 0)
        kill_when = strcmp(when, "after") == 0 ? AFTER : WITHIN;
    if (file)
        count_fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void kill_if(unsigned long call, enum when when)
{
    if (call == kill_at && when == kill_when)
        raise(SIGKILL);
}

/* Returns the number of the call. */
static unsigned long enter(const char *function, const char *object)
{
    unsigned long call = ++count;

    if (count_fd >= 0)
        dprintf(count_fd, "%s %s\n", function, object);
    kill_if(call, BEFORE);
    return call;
}

/* Whether only half of the bytes may be written before the kill. */
static int is_halved(unsigned long call)
{
    return call == kill_at && kill_when == WITHIN;
}

/* Counts a call that cannot be halved, and kills at the chosen one. */
static unsigned long enter_whole(const char *function, const char *object)
{
    unsigned long call = enter(function, object);

    kill_if(call, WITHIN);
    return call;
}

static void leave(unsigned long call)
{
    kill_if(call, AFTER);
}

/* Returns the first words of a statement. */
static const char *words_of(const char *sql, char out[LABEL_SIZE])
{
    size_t len = 0;

    if (!sql)
        sql = "";
    for (int word = 0; *sql && word < LABEL_WORDS; word++) {
        sql += strspn(sql, " \n");
        size_t size = strcspn(sql, " \n;(");
        if (!size || len + size + 1 >= LABEL_SIZE)
            break;
        memcpy(out + len, sql, size);
        len += size;
        out[len++] = ' ';
        sql += size;
        if (*sql == ';' || *sql == '(')
            break;
    }
    out[len ? len - 1 : 0] = '\0';
    return out;
}

/* Returns the name of an open file, NULL for terminals, pipes and sockets. */
static const char *file_of(int fd, char out[LABEL_SIZE])
{
    char link[32], path[4096];

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t len = fd > STDERR_FILENO ? readlink(link, path, sizeof(path) - 1) : -1;
    if (len <= 0 || path[0] != '/')
        return NULL;
    path[len] = '\0';
    snprintf(out, LABEL_SIZE, "%s", strrchr(path, '/') + 1);
    return out;
}

/* --- files: SQLite's database, its log, and their ends */

#define WRITE(call_real, fd, size)                                                                 \
    char label[LABEL_SIZE];                                                                        \
    const char *file = file_of(fd, label);                                                         \
    if (!file || (fd) == count_fd)                                                                 \
        return call_real(size);                                                                    \
    unsigned long call = enter(__func__, file);                                                    \
    ssize_t written = call_real(is_halved(call) ? (size) / 2 : (size));                            \
    kill_if(call, WITHIN);                                                                         \
    leave(call);                                                                                   \
    return written

ssize_t write(int fd, const void *data, size_t size)
{
    REAL(write);
#define CALL(bytes) real(fd, data, bytes)
    WRITE(CALL, fd, size);
#undef CALL
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    REAL(pwrite);
#define CALL(bytes) real(fd, data, bytes, offset)
    WRITE(CALL, fd, size);
#undef CALL
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    REAL(pwrite64);
#define CALL(bytes) real(fd, data, bytes, offset)
    WRITE(CALL, fd, size);
#undef CALL
}

#define ON_FILE(fd, ...)                                                                           \
    char label[LABEL_SIZE];                                                                        \
    const char *file = file_of(fd, label);                                                         \
    if (!file)                                                                                     \
        return real(__VA_ARGS__);                                                                  \
    unsigned long call = enter_whole(__func__, file);                                              \
    int code = real(__VA_ARGS__);                                                                  \
    leave(call);                                                                                   \
    return code

int fdatasync(int fd)
{
    REAL(fdatasync);
    ON_FILE(fd, fd);
}

int fsync(int fd)
{
    REAL(fsync);
    ON_FILE(fd, fd);
}

int ftruncate(int fd, off_t size)
{
    REAL(ftruncate);
    ON_FILE(fd, fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    REAL(ftruncate64);
    ON_FILE(fd, fd, size);
}

#define AROUND(object, ...)                                                                        \
    unsigned long call = enter_whole(__func__, object);                                            \
    __typeof__(real(__VA_ARGS__)) result = real(__VA_ARGS__);                                      \
    leave(call);                                                                                   \
    return result

int unlink(const char *path)
{
    REAL(unlink);
    AROUND("", path);
}

/* --- SQLite */

int sqlite3_open_v2(const char *path, sqlite3 **out, int flags, const char *vfs)
{
    REAL(sqlite3_open_v2);
    AROUND("", path, out, flags, vfs);
}

int sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **), void *arg,
                 char **err)
{
    REAL(sqlite3_exec);
    char label[LABEL_SIZE];
    AROUND(words_of(sql, label), db, sql, row, arg, err);
}

static const char *sql_of(sqlite3_stmt *stmt)
{
    REAL(sqlite3_sql);
    return real(stmt);
}

int sqlite3_step(sqlite3_stmt *stmt)
{
    REAL(sqlite3_step);
    char label[LABEL_SIZE];
    AROUND(words_of(sql_of(stmt), label), stmt);
}

int sqlite3_close(sqlite3 *db)
{
    REAL(sqlite3_close);
    AROUND("", db);
}

/* --- PostgreSQL: libpq's calls, and the bytes that it sends */

int PQsendQuery(PGconn *conn, const char *sql)
{
    REAL(PQsendQuery);
    char label[LABEL_SIZE];
    AROUND(words_of(sql, label), conn, sql);
}

int PQsendQueryParams(PGconn *conn, const char *sql, int n, const Oid *types,
                      const char *const *values, const int *lengths, const int *formats, int format)
{
    REAL(PQsendQueryParams);
    char label[LABEL_SIZE];
    AROUND(words_of(sql, label), conn, sql, n, types, values, lengths, formats, format);
}

PGresult *PQexec(PGconn *conn, const char *sql)
{
    REAL(PQexec);
    char label[LABEL_SIZE];
    AROUND(words_of(sql, label), conn, sql);
}

PGresult *PQexecParams(PGconn *conn, const char *sql, int n, const Oid *types,
                       const char *const *values, const int *lengths, const int *formats,
                       int format)
{
    REAL(PQexecParams);
    char label[LABEL_SIZE];
    AROUND(words_of(sql, label), conn, sql, n, types, values, lengths, formats, format);
}

PGresult *PQgetResult(PGconn *conn)
{
    REAL(PQgetResult);
    AROUND("", conn);
}

int PQflush(PGconn *conn)
{
    REAL(PQflush);
    AROUND("", conn);
}

int PQputCopyData(PGconn *conn, const char *data, int size)
{
    REAL(PQputCopyData);
    AROUND("", conn, data, size);
}

int PQputCopyEnd(PGconn *conn, const char *why)
{
    REAL(PQputCopyEnd);
    AROUND("", conn, why);
}

int PQgetCopyData(PGconn *conn, char **out, int async)
{
    REAL(PQgetCopyData);
    AROUND("", conn, out, async);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    REAL(send);
    unsigned long call = enter("send", "");
    ssize_t sent = real(fd, data, is_halved(call) ? size / 2 : size, flags);
    kill_if(call, WITHIN);
    leave(call);
    return sent;
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
    REAL(recv);
    AROUND("", fd, data, size, flags);
}
