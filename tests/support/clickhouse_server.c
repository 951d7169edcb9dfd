/* SPDX-License-Identifier: MIT */
/* Starts Debian's ClickHouse, and asks it by curl, without the program's own client. */
#include "tests/support/clickhouse_server.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "/usr/sbin/clickhouse-server"

enum { START_MS = 120 * 1000, ANSWER_MAX = 1024 * 1024, LOG_SHOWN = 4000 };

struct server {
    pid_t pid;
    char *folder;
    int http, tcp, interserver;
};

static struct server servers[CLICKHOUSE_SERVERS_MAX];
static size_t server_count;

static const char config_text[] =
    "<yandex><logger><level>error</level><log>%s/log</log><errorlog>%s/errors</errorlog></logger>"
    "<listen_host>127.0.0.1</listen_host><http_port>%d</http_port><tcp_port>%d</tcp_port>"
    "<interserver_http_port>%d</interserver_http_port><path>%s/data/</path>"
    "<tmp_path>%s/tmp/</tmp_path><users_config>users.xml</users_config>"
    "<default_profile>default</default_profile><default_database>default</default_database>"
    "<timezone>UTC</timezone><mark_cache_size>67108864</mark_cache_size>"
    "<uncompressed_cache_size>0</uncompressed_cache_size>"
    "<remote_servers><sigos>%s</sigos></remote_servers></yandex>";

static const char users_text[] =
    "<yandex><profiles><default/></profiles><quotas><default><interval><duration>3600</duration>"
    "<queries>0</queries><errors>0</errors><result_rows>0</result_rows><read_rows>0</read_rows>"
    "<execution_time>0</execution_time></interval></default></quotas><users>"
    "<default><password></password><networks><ip>127.0.0.1</ip></networks>"
    "<profile>default</profile><quota>default</quota></default>"
    "<etl><password>" CLICKHOUSE_PASSWORD_PLAIN "</password><networks><ip>127.0.0.1</ip></networks>"
    "<profile>default</profile><quota>default</quota></etl></users></yandex>";

static _Noreturn void die(const char *what)
{
    for (size_t i = 0; i < server_count; i++) {
        MEM_FREE_TEXT char *log = mem_format("%s/errors", servers[i].folder);
        struct error err;
        char *words;
        if (file_read(log, ANSWER_MAX, &words, &err)) {
            const size_t len = strlen(words);
            fputs(len > LOG_SHOWN ? words + len - LOG_SHOWN : words, stderr);
            free(words);
        }
    }
    fprintf(stderr, "clickhouse_server: %s\n", what);
    clickhouse_server_stop();
    exit(1);
}

bool clickhouse_server_is_modern(void)
{
    return getenv("CLICKHOUSE_ENGINE") != NULL;
}

bool clickhouse_server_exists(void)
{
    return clickhouse_server_is_modern() || access(PROGRAM, X_OK) == 0;
}

/* A port below 32768, where the kernel assigns none by itself; each is looked for from behind the
 * last one. */
static int free_port(void)
{
    static int last;

    for (int port = last ? last + 1 : 21000 + getpid() % 9000; port < 32768; port++) {
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)port),
                                      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const bool is_free = bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
        close(fd);
        if (is_free)
            return last = port;
    }
    die("no free port");
}

static void write_file(const struct server *server, const char *name, const char *text)
{
    MEM_FREE_TEXT char *path = mem_format("%s/%s", server->folder, name);
    FILE *file = fopen(path, "w");

    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        die("cannot write a file");
}

static void configure(const struct server *server)
{
    BUF_DONE struct buf shards = BUF_INIT(4096);
    const char *folder = server->folder;

    for (size_t i = 0; i < server_count; i++)
        buf_addf(&shards, "<shard><replica><host>127.0.0.1</host><port>%d</port></replica></shard>",
                 servers[i].tcp);
    MEM_FREE_TEXT char *config = mem_format(config_text, folder, folder, server->http, server->tcp,
                                            server->interserver, folder, folder, buf_text(&shards));
    write_file(server, "config.xml", config);
    write_file(server, "users.xml", users_text);
}

char *clickhouse_server_cluster_url(void)
{
    MEM_FREE_TEXT char *shards = server_count == 1
                                     ? mem_copy("")
                                     : mem_format("?cluster=sigos&shards=127.0.0.1:%d,127.0.0.1:%d",
                                                  servers[0].http, servers[1].http);

    return clickhouse_server_url(0, "sigos", shards);
}

/* --- asking --------------------------------------------------------------------------------- */

static size_t take(char *bytes, size_t size, size_t count, void *arg)
{
    buf_add(arg, bytes, size * count);
    return size * count;
}

/* Returns the status of HTTP, 0 without an answer. */
static long post(size_t server, const char *database, const char *sql, struct buf *answer)
{
    CURL *easy = curl_easy_init();
    MEM_FREE_TEXT char *url = mem_format("http://127.0.0.1:%d/?wait_end_of_query=1&database=%s",
                                         servers[server].http, database);
    long status = 0;

    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, sql);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    if (curl_easy_perform(easy) == CURLE_OK)
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(easy);
    return status;
}

static char *ask(size_t server, const char *database, const char *sql)
{
    BUF_DONE struct buf answer = BUF_INIT(ANSWER_MAX);

    if (post(server, database, sql, &answer) != 200) {
        fprintf(stderr, "%s: %s\n", sql, buf_text(&answer));
        die("a statement failed");
    }
    const size_t len = strcspn(buf_text(&answer), "\t\n");
    if (answer.len == 0 || strncmp(answer.data, "\\N", len > 2 ? len : 2) == 0)
        return NULL;
    return mem_copy_n(answer.data, len);
}

char *clickhouse_server_query(size_t server, const char *sql)
{
    return ask(server, "sigos", sql);
}

void clickhouse_server_change(const char *sql)
{
    clickhouse_server_change_on(0, sql);
}

void clickhouse_server_change_on(size_t server, const char *sql)
{
    const int64_t deadline = clock_ms() + START_MS;
    bool done = false;

    free(ask(server, "sigos", sql));
    while (!done) {
        MEM_FREE_TEXT char *left =
            ask(server, "sigos", "SELECT count() FROM system.mutations WHERE NOT is_done");
        done = left && strcmp(left, "0") == 0;
        if (!done && clock_ms() > deadline)
            die(sql);
    }
}

void clickhouse_server_reset(void)
{
    for (size_t i = 0; i < server_count; i++) {
        free(ask(i, "default", "DROP DATABASE IF EXISTS sigos"));
        free(ask(i, "default", "CREATE DATABASE sigos"));
    }
}

/* --- starting and stopping ------------------------------------------------------------------ */

/* Becomes the engine, which stands beside the stand and beside the folder of the test programs. */
static _Noreturn void start_engine(const struct server *server)
{
    char self[PATH_MAX] = "", port[16];
    const ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

    self[len > 0 ? len : 0] = '\0';
    snprintf(port, sizeof(port), "%d", server->http);
    for (int i = 0; i < 2 && strrchr(self, '/'); i++) {
        *strrchr(self, '/') = '\0';
        MEM_FREE_TEXT char *engine = mem_format("%s/engine", self);
        execl(engine, engine, getenv("CLICKHOUSE_ENGINE"), server->folder, port, (char *)NULL);
    }
    _exit(127);
}

void clickhouse_server_up(size_t index)
{
    struct server *server = &servers[index];
    MEM_FREE_TEXT char *config = mem_format("--config-file=%s/config.xml", server->folder);
    MEM_FREE_TEXT char *log = mem_format("%s/errors", server->folder);
    const int64_t deadline = clock_ms() + START_MS;
    const pid_t parent = getpid();

    server->pid = fork();
    if (server->pid == 0) {
        const int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
        dup2(fd, STDOUT_FILENO);
        dup2(fd, STDERR_FILENO);
        signal(SIGPIPE, SIG_DFL);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent || chdir(server->folder) < 0)
            _exit(126);
        if (clickhouse_server_is_modern())
            start_engine(server);
        execl(PROGRAM, PROGRAM, config, (char *)NULL);
        _exit(127);
    }
    for (;;) {
        BUF_DONE struct buf answer = BUF_INIT(ANSWER_MAX);
        if (post(index, "default", "SELECT 1", &answer) == 200)
            return;
        if (clock_ms() > deadline || waitpid(server->pid, NULL, WNOHANG) != 0)
            die("the server did not start");
        poll(NULL, 0, 10);
    }
}

void clickhouse_server_kill(size_t server)
{
    if (servers[server].pid <= 0)
        return;
    kill(servers[server].pid, SIGKILL);
    waitpid(servers[server].pid, NULL, 0);
    servers[server].pid = 0;
}

void clickhouse_server_start(size_t count)
{
    struct error err;

    server_count = count;
    for (size_t i = 0; i < count; i++) {
        if (!file_make_temp_dir("test-clickhouse", &servers[i].folder, &err))
            die(err.message);
        servers[i].http = free_port();
        servers[i].tcp = free_port();
        servers[i].interserver = free_port();
    }
    for (size_t i = 0; i < count; i++) {
        configure(&servers[i]);
        clickhouse_server_up(i);
    }
    clickhouse_server_reset();
}

void clickhouse_server_stop(void)
{
    for (size_t i = 0; i < server_count; i++) {
        clickhouse_server_kill(i);
        if (servers[i].folder)
            file_remove_tree(servers[i].folder);
        free(servers[i].folder);
        servers[i] = (struct server){0};
    }
    server_count = 0;
}

int clickhouse_server_port(size_t server)
{
    return servers[server].http;
}

char *clickhouse_server_url(size_t server, const char *database, const char *more)
{
    return mem_format("clickhouse://etl:%s@127.0.0.1:%d/%s%s", CLICKHOUSE_PASSWORD,
                      servers[server].http, database, more);
}

/* A name is PARTITION_FIRST_LAST_LEVEL, with the number of a mutation behind it. */
static bool part_blocks(const char *name, long *first, long *last)
{
    const char *at = strchr(name, '_');

    return at && sscanf(at, "_%ld_%ld_", first, last) == 2;
}

/* Removes what the part came from, too: it stays on the disk for some minutes, and a server that
 * starts without the part would take it instead. */
static void remove_part(const char *table, const char *part)
{
    MEM_FREE_TEXT char *folder = mem_format("%s/data/data/sigos/%s", servers[0].folder, table);
    DIR *dir = opendir(folder);
    long first, last, from, to;
    int removed = 0;

    if (!dir || !part_blocks(part, &first, &last))
        die(folder);
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (part_blocks(entry->d_name, &from, &to) && from >= first && to <= last) {
            MEM_FREE_TEXT char *path = mem_format("%s/%s", folder, entry->d_name);
            file_remove_tree(path);
            removed++;
        }
    closedir(dir);
    if (!removed)
        die(folder);
}

void clickhouse_server_lose_part(const char *table, const char *condition)
{
    MEM_FREE_TEXT char *sql = mem_format("SELECT any(_part) FROM %s WHERE %s", table, condition);
    MEM_FREE_TEXT char *part = ask(0, "sigos", sql);

    clickhouse_server_kill(0);
    remove_part(table, part ? part : "none");
    clickhouse_server_up(0);
}
