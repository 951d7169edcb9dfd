/* SPDX-License-Identifier: MIT */
/* What the portal extractor makes of a portal that misbehaves: a real browser, and pages made for
 * this. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "extract/extractor.h"
#include "tests/support/unit.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ONE(where)                                                                                 \
    {                                                                                              \
        .any = {.items = (const char *const[]){where}, .count = 1 }                                \
    }

enum { REQUEST_MAX = 64 * 1024 };

/* ----------------------------------------------------------------------------- a portal of faults
 */

static struct {
    pid_t pid;
    int port;
} portal;

static void send_text(int fd, const char *text)
{
    ssize_t ignored = write(fd, text, strlen(text));
    (void)ignored;
}

static void send_answer(int fd, const char *status, const char *headers, const char *body)
{
    MEM_FREE_TEXT char *text =
        mem_format("HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n%s\r\n%s", status,
                   strlen(body), headers, body);
    send_text(fd, text);
}

#define HTML "Content-Type: text/html; charset=utf-8\r\n"
#define CSV "Content-Type: text/csv\r\nContent-Disposition: attachment; filename=relatorio.csv\r\n"

static const char login_page[] = "<form method=post action='%s'><input id=user name=user>"
                                 "<input id=password type=password name=password>"
                                 "<div class=alert>%s</div><button id=enter>ok</button></form>";

/* The page of a report: its name decides what happens after the click. */
static void send_report_page(int fd, const char *fault)
{
    const char *script = "", *form = "", *type = "date", *method = "post";

    if (strcmp(fault, "newtab") == 0 || strcmp(fault, "newtab500") == 0)
        form = " target=_blank";
    else if (strcmp(fault, "dialog") == 0)
        form = " onsubmit=\"alert('Período inválido'); return false\"";
    else if (strcmp(fault, "confirm") == 0)
        form = " onsubmit=\"return confirm('Deseja exportar?')\"";
    else if (strcmp(fault, "message") == 0)
        form = " onsubmit=\"m.textContent=''; setTimeout(() => m.textContent='Período muito "
               "longo', 30); return false\"";
    else if (strcmp(fault, "ajax500") == 0)
        form = " onsubmit=\"fetch('/export/http500', {method: 'POST'}); return false\"";
    else if (strcmp(fault, "two") == 0)
        form = " onsubmit=\"const get = (url) => { const a = document.createElement('a'); a.href = "
               "url; "
               "a.download = 'relatorio.csv'; a.click() }; get('/slow'); "
               "setTimeout(get, 300, 'data:text/csv,a;b'); return false\"";
    else if (strcmp(fault, "textdate") == 0)
        type = "text";
    else if (strcmp(fault, "stubborn") == 0)
        script = "first.addEventListener('change', () => first.value = '2001-01-01')";
    else if (strcmp(fault, "late") == 0)
        script = "f.hidden = true; setTimeout(() => f.hidden = false, 200)";
    MEM_FREE_TEXT char *page =
        mem_format("<meta charset=utf-8><div class=alert id=m>aviso permanente</div>"
                   "<form id=f method=%s action='/export/%s'%s><input type=%s id=first name=first>"
                   "<input type=%s id=last name=last><button id=export>exportar</button></form>"
                   "<script>%s</script>",
                   method, fault, form, type, type, script);
    send_answer(fd, "200 OK", HTML, page);
}

static void wait_for_hangup(int fd)
{
    char byte;

    while (read(fd, &byte, 1) > 0)
        ;
}

static void send_part_and_wait(int fd)
{
    send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n" CSV "\r\na;b\r\n");
    wait_for_hangup(fd);
}

static void send_export(int fd, const char *fault, bool post, const char *body)
{
    if (!post)
        send_answer(fd, "200 OK", HTML, "<p>the form again</p>");
    else if (strcmp(fault, "http500") == 0 || strcmp(fault, "newtab500") == 0)
        send_answer(fd, "500 Internal Server Error", HTML, "<p>Fatal error</p>");
    else if (strcmp(fault, "loggedout") == 0)
        send_answer(fd, "302 Found", "Location: /\r\n", "");
    else if (strcmp(fault, "html") == 0)
        send_answer(fd, "200 OK", HTML, "<p>nothing to see here</p>");
    else if (strcmp(fault, "wrongname") == 0)
        send_answer(fd, "200 OK", "Content-Disposition: attachment; filename=login.php\r\n", "<p>");
    else if (strcmp(fault, "cut") == 0)
        send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n" CSV "\r\na;b\r\n1;2\r\n");
    else if (strcmp(fault, "chunkcut") == 0)
        send_text(fd,
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" CSV "\r\n5\r\na;b\r\n\r\n");
    else if (strcmp(fault, "chunked") == 0)
        send_text(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" CSV
                      "\r\n5\r\na;b\r\n\r\n0\r\n\r\n");
    else if (strcmp(fault, "stall") == 0)
        send_part_and_wait(fd);
    else if (strcmp(fault, "hang") == 0)
        wait_for_hangup(fd);
    else if (strcmp(fault, "reset") != 0)
        send_answer(fd, "200 OK", CSV, body);
}

static void send_landing(int fd)
{
    send_answer(
        fd, "200 OK", HTML,
        "<nav id=menu onclick=\"location.href = '/report/' + event.target.id\">"
        "<script>const faults = 'ok http500 loggedout html wrongname cut chunkcut chunked stall "
        "hang reset newtab newtab500 dialog confirm message ajax500 two textdate stubborn late';"
        "onload = () => { for (const id of faults.split(' ')) menu.innerHTML += "
        "'<button id=' + id + '>' + id + '</button>' }</script></nav>");
}

static void send_login(int fd, const char *kind, bool post, const char *body)
{
    MEM_FREE_TEXT char *page = mem_format(
        login_page, kind, post && strcmp(kind, "/refuse") == 0 ? "Usuário bloqueado" : "");
    MEM_FREE_TEXT char *alert = mem_format("%s<script>alert('Senha expirada')</script>", page);

    if (strcmp(kind, "/stranger") == 0) {
        MEM_FREE_TEXT char *location =
            mem_format("Location: http://localhost:%d/\r\n", portal.port);
        send_answer(fd, "302 Found", location, "");
    } else if (post && strcmp(kind, "/alert") == 0)
        send_answer(fd, "200 OK", HTML, alert);
    else if (post && strcmp(kind, "/nothing") == 0)
        send_answer(fd, "200 OK", HTML, "<p>Bem-vindo");
    else if (post && strcmp(kind, "/down") == 0)
        send_answer(fd, "503 Service Unavailable", HTML, "<p>manutenção");
    else if (post && strcmp(kind, "/") == 0 && strstr(body, "user=ana&password=s%40nha"))
        send_answer(fd, "303 See Other", "Location: /home\r\n", "");
    else
        send_answer(fd, "200 OK", HTML, page);
}

static void answer(int fd)
{
    BUF_DONE struct buf request = BUF_INIT(REQUEST_MAX);
    char bytes[4096], path[256] = "";
    const char *head = NULL, *length = NULL;
    size_t want = 0;

    do {
        ssize_t got = read(fd, bytes, sizeof(bytes));
        if (got <= 0)
            return;
        buf_add(&request, bytes, (size_t)got);
        head = strstr(request.data, "\r\n\r\n");
        length = head ? strcasestr(request.data, "content-length: ") : NULL;
        want = length ? strtoul(length + 16, NULL, 10) : 0;
    } while (!head || strlen(head + 4) < want);
    bool post = strncmp(request.data, "POST", 4) == 0;
    sscanf(request.data, "%*s %255s", path);
    if (strncmp(path, "/report/", 8) == 0)
        send_report_page(fd, path + 8);
    else if (strncmp(path, "/export/", 8) == 0)
        send_export(fd, path + 8 + strspn(path + 8, "/"), post, head + 4);
    else if (strcmp(path, "/slow") == 0)
        send_part_and_wait(fd);
    else if (strcmp(path, "/home") == 0)
        send_landing(fd);
    else if (strcmp(path, "/favicon.ico") == 0)
        send_answer(fd, "404 Not Found", "", "");
    else
        send_login(fd, path, post, head + 4);
}

/* One process a connection: some of them never end. */
static void serve(int listener)
{
    setpgid(0, 0);
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fork() == 0) {
            answer(fd);
            _exit(EXIT_SUCCESS);
        }
        close(fd);
    }
}

static int start_portal(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)state;
    if (bind(listener, (const struct sockaddr *)&address, len) < 0 || listen(listener, 16) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &len) < 0)
        return -1;
    portal.port = ntohs(address.sin_port);
    portal.pid = fork();
    if (portal.pid == 0)
        serve(listener);
    setpgid(portal.pid, portal.pid);
    close(listener);
    return 0;
}

static int stop_portal(void **state)
{
    (void)state;
    kill(-portal.pid, SIGKILL);
    waitpid(portal.pid, NULL, 0);
    return 0;
}

/* --------------------------------------------------------------------------------------- helpers
 */

static const struct step login_steps[] = {
    {.action = STEP_FILL, .at = ONE("#user"), .value = STEP_USER},
    {.action = STEP_FILL, .at = ONE("#password"), .value = STEP_PASSWORD},
    {.action = STEP_CLICK, .at = ONE("#enter")},
};

static const struct step window_steps[] = {
    {.action = STEP_DATE, .at = ONE("#first"), .value = STEP_FIRST},
    {.action = STEP_DATE, .at = ONE("#last"), .value = STEP_LAST},
    {.action = STEP_CLICK, .at = ONE("#export")},
};

static const struct portal model = {
    .name = "faults",
    .login = {.items = login_steps, .count = COUNT(login_steps)},
    .logged_in = ONE("#menu button"),
    .login_error = ONE(".alert"),
    .page_error = ONE(".alert"),
    .deadlines = {.browser = 20, .page = 5, .element = 1, .answer = 1, .silence = 1, .window = 10},
};

static char *folder;

static bool open_at(const char *path, struct extractor **out, struct error *err)
{
    static struct settings settings;
    static char url[64];

    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", portal.port, path);
    settings = (struct settings){.portal_url = url,
                                 .user = "ana",
                                 .password = "s@nha",
                                 .browser = getenv("CHROME_BIN"),
                                 .headless = true};
    *err = (struct error){0};
    *out = NULL;
    return extractor_open_portal(&model, &settings, folder, out, err);
}

static void expect_error(const struct error *err, enum error_kind kind, const char *words)
{
    if (err->kind != kind || !strstr(err->message, words))
        fail_msg("expected %s with '%s', got %s: %s", error_kind_name(kind), words,
                 error_kind_name(err->kind), err->message);
}

/* A report of its own for every call: the extractor goes on where it is as long as the report is
 * the same. */
struct scenario {
    char button[32];
    const char *ways[1];
    struct step open[1];
    struct report report;
};

static const struct report *make_report(const char *fault)
{
    static const char *const patterns[] = {"relatorio*.csv"};
    static struct scenario pool[64];
    static size_t used;

    assert_true(used < COUNT(pool));
    struct scenario *made = &pool[used++];
    snprintf(made->button, sizeof(made->button), "#%s", fault);
    made->ways[0] = made->button;
    made->open[0] =
        (struct step){.action = STEP_CLICK, .at = {.any = {.items = made->ways, .count = 1}}};
    made->report = (struct report){
        .name = fault,
        .open = {.items = made->open, .count = 1},
        .window = {.items = window_steps, .count = COUNT(window_steps)},
        .files = {.items = patterns, .count = 1},
    };
    return &made->report;
}

static bool fetch(struct extractor *extractor, const char *fault, struct export *out,
                  struct error *err)
{
    const struct window window = {.first = date_from_civil(2026, 2, 3),
                                  .last = date_from_civil(2026, 3, 4)};

    *out = (struct export){0};
    *err = (struct error){0};
    return extractor_fetch(extractor, make_report(fault), window, out, err);
}

static void expect_file(const struct export *export, const char *expected)
{
    struct file_map map;
    struct error err;

    assert_int_equal(export->count, 1);
    assert_true(file_map_open(export->paths[0], &map, &err));
    assert_int_equal(map.size, strlen(expected));
    assert_memory_equal(map.data, expected, map.size);
    file_map_close(&map);
    unlink(export->paths[0]);
}

static bool is_empty(const char *path)
{
    DIR *dir = opendir(path);
    size_t count = 0;

    for (const struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count == 0;
}

/* The browser says that a download is canceled a moment before it removes the file. */
static void expect_empty_folder(void)
{
    struct pollfd changes = {.fd = inotify_init1(IN_CLOEXEC), .events = POLLIN};
    char event[4096];

    inotify_add_watch(changes.fd, folder, IN_DELETE | IN_MOVED_FROM);
    while (!is_empty(folder)) {
        if (poll(&changes, 1, 5000) != 1)
            fail_msg("a file is left in %s", folder);
        assert_true(read(changes.fd, event, sizeof(event)) > 0);
    }
    close(changes.fd);
}

/* ----------------------------------------------------------------------------------------- tests
 */

/* All in one session, because that is the point: a window that fails must not harm the next one. */
static void every_fault_is_told_and_the_next_window_works(void **state)
{
    static const struct {
        const char *fault;
        enum error_kind kind; /* ERROR_NONE: an export comes */
        const char *words;    /* of the message, or the content of the file */
    } cases[] = {
        {"ok", ERROR_NONE, "first=2026-02-03&last=2026-03-04"},
        {"http500", ERROR_PORTAL, "step 3 (click #export): the portal answered HTTP 500"},
        {"ok", ERROR_NONE, "first=2026-02-03&last=2026-03-04"},
        {"loggedout", ERROR_PORTAL, "the portal logged us out"},
        {"ok", ERROR_NONE, "first=2026-02-03&last=2026-03-04"},
        {"html", ERROR_PORTAL,
         "the page's last answer was HTTP 200: no file and no message within 1 s"},
        {"wrongname", ERROR_DATA, "the portal sent 'login.php', and not relatorio*.csv"},
        {"cut", ERROR_PORTAL, "5000 bytes announced: the transfer was cut after "},
        {"chunkcut", ERROR_PORTAL, "(click #export): the transfer was cut after "},
        {"chunked", ERROR_NONE, "a;b\r\n"},
        {"stall", ERROR_PORTAL, "the transfer stood still for 1 s after "},
        {"hang", ERROR_PORTAL, "no file and no message within 1 s of the click"},
        {"ok", ERROR_NONE, "first=2026-02-03&last=2026-03-04"},
        {"reset", ERROR_PORTAL, "the connection failed: net::ERR_EMPTY_RESPONSE"},
        {"newtab", ERROR_NONE, "first=2026-02-03&last=2026-03-04"},
        {"newtab500", ERROR_PORTAL, "the portal answered HTTP 500"},
        {"newtab", ERROR_NONE, "first=2026-02-03&last=2026-03-04"},
        {"dialog", ERROR_PORTAL, "the portal refuses in a dialog: Período inválido"},
        {"confirm", ERROR_NONE, "first=2026-02-03&last=2026-03-04"},
        {"message", ERROR_PORTAL, "the portal refuses: Período muito longo"},
        {"ajax500", ERROR_PORTAL, "the portal answered HTTP 500"},
        {"two", ERROR_PORTAL, "downloads instead of one"},
        {"textdate", ERROR_NONE, "first=03%2F02%2F2026&last=04%2F03%2F2026"},
        {"stubborn", ERROR_PORTAL,
         "step 1 (date #first): the field holds '2001-01-01' instead of '2026-02-03' (on http://"},
        {"late", ERROR_NONE, "first=2026-02-03&last=2026-03-04"},
        {"ok", ERROR_NONE, "first=2026-02-03&last=2026-03-04"},
    };
    struct extractor *extractor;
    struct error err;

    (void)state;
    if (!open_at("/", &extractor, &err))
        fail_msg("%s", err.message);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct export export;
        bool good = fetch(extractor, cases[i].fault, &export, &err);
        if (good != (cases[i].kind == ERROR_NONE))
            fail_msg("%s: %s", cases[i].fault, good ? "exported" : err.message);
        if (good)
            expect_file(&export, cases[i].words);
        else
            expect_error(&err, cases[i].kind, cases[i].words);
        export_done(&export);
        expect_empty_folder();
    }
    extractor_close(extractor);
}

static void every_way_of_refusing_a_login_is_told(void **state)
{
    static const struct {
        const char *path;
        enum error_kind kind;
        const char *words;
    } cases[] = {
        {"/refuse", ERROR_LOGIN, "login: the portal refuses: Usuário bloqueado"},
        {"/silent", ERROR_LOGIN, "the portal shows its login page again"},
        {"/alert", ERROR_LOGIN, "the portal refuses: Senha expirada"},
        {"/nothing", ERROR_PORTAL, "neither #menu button nor a refusal appeared within 1 s"},
        {"/down", ERROR_PORTAL, "step 3 (click #enter): the server answered HTTP 503"},
        {"/stranger", ERROR_LOGIN,
         "login: step 1 (fill #user): the page belongs to http://localhost:"},
        {"/report/ok", ERROR_PORTAL, "neither the login form (#password) nor #menu button"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct extractor *extractor;
        struct error err;
        if (open_at(cases[i].path, &extractor, &err))
            fail_msg("%s: logged in", cases[i].path);
        expect_error(&err, cases[i].kind, cases[i].words);
        assert_null(strstr(err.message, "s@nha"));
    }
}

static int set_up(void **state)
{
    struct error err;

    return file_make_temp_dir("test-faults", &folder, &err) ? start_portal(state) : -1;
}

static int tear_down(void **state)
{
    file_remove_tree(folder);
    free(folder);
    return stop_portal(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_is_told_and_the_next_window_works),
        cmocka_unit_test(every_way_of_refusing_a_login_is_told),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_WARN, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_faults", tests, set_up, tear_down);
}
