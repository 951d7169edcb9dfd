/* SPDX-License-Identifier: MIT */
/* A portal of hand-made pages, each with one fault. */
#include "tests/support/fault_portal.h"

#include "base/buf.h"
#include "base/mem.h"
#include "tests/support/processes.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REQUEST_MAX = 64 * 1024 };

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

#define TEXT "Content-Type: text/plain; charset=UTF-8\r\n"
#define LATIN "a;b\r\npre\xE7o;\xE3\r\n" /* which is not the UTF-8 that the header names */
#define HTML "Content-Type: text/html; charset=utf-8\r\n"
#define CSV "Content-Type: text/csv\r\nContent-Disposition: attachment; filename=relatorio.csv\r\n"

static const char login_page[] = "<form method=post action='%s'><input id=user name=user>"
                                 "<input id=password type=password name=password>"
                                 "<div class=alert>%s</div><button id=enter>ok</button></form>";

/* Login pages that show the typed text in some way, and whose button does nothing. */
static const struct {
    const char *path, *script;
} typing_pages[] = {
    {"/toggled", "password.oninput = () => password.type = 'text'"},
    {"/echo", "password.oninput = () => { m.textContent = password.value }"},
    {"/hidden", "password.oninput = () => { h.value = password.value }"},
    {"/attribute", "password.oninput = () => password.setAttribute('value', password.value)"},
    {"/frame", "const inner = document.body.appendChild(document.createElement('iframe'));"
               "inner.contentDocument.write('<input type=password>');"
               "password.oninput = () => { inner.contentDocument.querySelector('input').value = "
               "password.value }"},
    {"/stubborn", "password.oninput = () => { const kept = password.value; password.type = 'text';"
                  "setInterval(() => { password.value = kept }, 1) }"},
};

static bool send_typing_page(int fd, const char *path)
{
    for (size_t i = 0; i < sizeof(typing_pages) / sizeof(*typing_pages); i++) {
        if (strcmp(typing_pages[i].path, path) != 0)
            continue;
        MEM_FREE_TEXT char *html = mem_format(
            "<meta charset=utf-8><title>Entrar</title><style>input{font-size:40px}</style>"
            "<input id=user><input id=password type=password><input id=h type=hidden>"
            "<button id=enter>ok</button><p id=m></p><script>%s</script>",
            typing_pages[i].script);
        send_answer(fd, "200 OK", HTML, html);
        return true;
    }
    return false;
}

/* The pages of reports. The name of a page decides what happens around the click. */
struct report_page {
    const char *fault;
    const char *form;   /* attributes */
    const char *script; /* after the form */
    const char *type;   /* the type of the date inputs; NULL: date */
};

static const struct report_page report_pages[] = {
    {"newtab", "target=_blank", "", NULL},
    {"newtab500", "target=_blank", "", NULL},
    {"texttab", "target=_blank", "", NULL},
    {"newtabwords", "target=_blank", "", NULL},
    {"dialog", "onsubmit=\"alert('Período inválido'); return false\"", "", NULL},
    {"confirm", "onsubmit=\"return confirm('Deseja exportar?')\"", "", NULL},
    {"informs", "onsubmit=\"alert('O relatório será gerado, aguarde.')\"", "", NULL},
    {"informsafter", "onsubmit=\"setTimeout(() => alert('Aguarde'), 0)\"", "", NULL},
    {"slowpoll",
     "onsubmit=\"alert('Aguarde'); fetch('/missing').then(() => setTimeout(() => f.submit(), "
     "3000)); "
     "return false\"",
     "", NULL},
    {"asksfirst",
     "onsubmit=\"m.textContent = 'Gerando, aguarde'; fetch('/later', {method: 'POST'})"
     ".then(() => f.submit()); return false\"",
     "", NULL},
    {"restless",
     "onsubmit=\"alert('Período superior a 31 dias'); setInterval(() => fetch('/missing'), 300); "
     "return false\"",
     "", NULL},
    {"asksinvain", "onsubmit=\"confirm('Deseja exportar?'); return false\"", "", NULL},
    {"saysinvain", "onsubmit=\"alert('Aguarde')\"", "", NULL},
    {"message",
     "onsubmit=\"m.textContent=''; setTimeout(() => m.textContent='Período muito longo', 30); "
     "return false\"",
     "", NULL},
    {"ajax500", "onsubmit=\"fetch('/export/http500', {method: 'POST'}); return false\"", "", NULL},
    {"notyet", "onsubmit=\"fetch('/missing').then(() => f.submit()); return false\"", "", NULL},
    {"two",
     "onsubmit=\"const get = (url) => { const a = document.createElement('a'); a.href = url; "
     "a.download = 'relatorio.csv'; a.click() }; get('/slow'); "
     "setTimeout(get, 300, 'data:text/csv,a;b'); return false\"",
     "", NULL},
    {"textdate", "", "", "text"},
    {"stubborn", "", "first.addEventListener('change', () => first.value = '2001-01-01')", NULL},
    {"meddling", "", "last.addEventListener('change', () => first.value = '2001-01-01')", NULL},
    {"late", "", "f.hidden = true; setTimeout(() => f.hidden = false, 200)", NULL},
};

static void send_report_page(int fd, const char *fault)
{
    struct report_page page = {fault, "", "", NULL};

    for (size_t i = 0; i < sizeof(report_pages) / sizeof(*report_pages); i++)
        if (strcmp(report_pages[i].fault, fault) == 0)
            page = report_pages[i];
    const char *type = page.type ? page.type : "date";
    MEM_FREE_TEXT char *html =
        mem_format("<meta charset=utf-8><title>Exportar</title>"
                   "<div class=alert id=m>aviso permanente</div>"
                   "<form id=f method=post action='/export/%s' %s>"
                   "<input type=%s id=first name=first><input type=%s id=last name=last>"
                   "<button id=export>exportar</button></form><script>%s</script>",
                   fault, page.form, type, type, page.script);
    send_answer(fd, "200 OK", HTML, html);
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

/* Complete answers instead of a file. */
static const struct {
    const char *fault, *status, *headers, *body;
} answers[] = {
    {"http500", "500 Internal Server Error", HTML, "<p>Fatal error</p>"},
    {"text", "200 OK", TEXT, LATIN},
    {"texttab", "200 OK", TEXT, LATIN},
    {"textnamed", "200 OK", TEXT "Content-Disposition: inline; filename=\"relatorio_1.csv\"\r\n",
     LATIN},
    {"textwrong", "200 OK", TEXT "Content-Disposition: inline; filename=aviso.txt\r\n", LATIN},
    {"text500", "500 Internal Server Error", TEXT, "Fatal error"},
    {"newtab500", "500 Internal Server Error", HTML, "<p>Fatal error</p>"},
    {"busy", "429 Too Many Requests", HTML "Retry-After: 7\r\n", "<p>Calma</p>"},
    {"loggedout", "302 Found", "Location: /\r\n", ""},
    {"html", "200 OK", HTML, "<title>Aviso</title><p>nothing to see here</p>"},
    {"newtabwords", "200 OK", HTML,
     "<div class=alert>Sem dados</div><script>fetch('/slow').then((r) => r.text())</script>"},
    {"wrongname", "200 OK", "Content-Disposition: attachment; filename=login.php\r\n", "a;b\r\n"},
    {"capitals", "200 OK", "Content-Disposition: attachment; filename=RELATORIO_1.CSV\r\n",
     "a;b\r\n"},
    {"pagefile", "200 OK", CSV, "\n<!DOCTYPE html><title>Erro interno</title><p>Desculpe"},
    {"announced", "200 OK", HTML,
     "<meta http-equiv=refresh content='3;url=/file'><div class=alert>Seu download começará em 3 s"
     "</div><input id=first type=date>"},
    {"saysinvain", "200 OK", HTML, "<div class=alert>Não há dados no período</div>"},
    {"loginfile", "200 OK", CSV, "<html><form><input type=\"password\"></form>"},
};

static bool send_answer_of(int fd, const char *fault)
{
    for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
        if (strcmp(answers[i].fault, fault) != 0)
            continue;
        send_answer(fd, answers[i].status, answers[i].headers, answers[i].body);
        return true;
    }
    return false;
}

static void send_export(int fd, const char *fault, bool post, const char *body)
{
    if (!post)
        send_answer(fd, "200 OK", HTML, "<p>the form again</p>");
    else if (send_answer_of(fd, fault))
        return;
    else if (strcmp(fault, "formagain") == 0)
        send_report_page(fd, fault);
    else if (strcmp(fault, "redirected") == 0) /* first the form again, then the file */
        send_answer(fd, "200 OK", HTML,
                    "<input id=first type=date><iframe hidden src='/file'></iframe>");
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

static void send_menu(int fd)
{
    send_answer(
        fd, "200 OK", HTML,
        "<nav id=menu onclick=\"location.href = '/report/' + event.target.id\">"
        "<script>const faults = 'ok http500 busy loggedout html wrongname capitals pagefile "
        "loginfile cut "
        "chunkcut chunked text texttab textnamed textwrong text500 stall hang reset formagain "
        "newtab newtab500 newtabwords dialog confirm "
        "informs informsafter slowpoll asksfirst restless asksinvain saysinvain redirected "
        "announced "
        "message ajax500 notyet two textdate stubborn meddling late';"
        "onload = () => { for (const id of faults.split(' ')) menu.innerHTML += "
        "'<button id=' + id + '>' + id + '</button>' }</script></nav>");
}

/* Answers of a login page to a right password, without a special element for messages. */
static const struct {
    const char *path, *body;
} login_answers[] = {
    {"/locked", "<title>Acesso</title><h1>Conta bloqueada</h1><p>Procure o administrador.</p>"},
    {"/forbidden", "<h1>Usuário bloqueado</h1>"},
    {"/expired", "<title>Entrar</title><p>Sua senha expirou.</p><form><input type=password>"
                 "<input type=password placeholder='nova senha'><button>ok</button></form>"},
    {"/captcha", "<form><input id=user><input id=password type=password>"
                 "<iframe src='/captcha-frame' title='reCAPTCHA'></iframe>"
                 "<button id=enter>ok</button></form>"},
    {"/says",
     "<title>Entrar</title><p>Horário não permitido: volte às 8h.</p><form>"
     "<input id=user><input id=password type=password><button id=enter>ok</button></form>"},
    {"/echoes", "<div class=alert>A senha s@nha não é a de ana.</div>"},
    {"/echoform", "<p>A senha s@nha não é a de ana.</p><input id=password type=password>"},
};

static bool send_login_answer(int fd, const char *path)
{
    for (size_t i = 0; i < sizeof(login_answers) / sizeof(*login_answers); i++) {
        if (strcmp(login_answers[i].path, path) != 0)
            continue;
        MEM_FREE_TEXT char *html = mem_format("<meta charset=utf-8>%s", login_answers[i].body);
        send_answer(fd, strcmp(path, "/forbidden") == 0 ? "403 Forbidden" : "200 OK", HTML, html);
        return true;
    }
    return false;
}

/* Shows its message without leaving the page. */
static const char scripted_login[] =
    "<meta charset=utf-8><form onsubmit=\"m.textContent='Usuário inativo'; return false\">"
    "<input id=user><input id=password type=password><button id=enter>ok</button><p "
    "id=m></p></form>";

static void send_login(int fd, const char *kind, bool post, const char *body)
{
    MEM_FREE_TEXT char *page = mem_format(
        login_page, kind, post && strcmp(kind, "/refuse") == 0 ? "Usuário bloqueado" : "");
    MEM_FREE_TEXT char *alert = mem_format("%s<script>alert('Senha expirada')</script>", page);

    if (strcmp(kind, "/scripted") == 0) {
        send_answer(fd, "200 OK", HTML, scripted_login);
    } else if (post && send_login_answer(fd, kind)) {
        return;
    } else if (strcmp(kind, "/stranger") == 0) {
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

/* A client of a proxy names a host, too. The portal accepts every host. */
static void drop_host(char *path)
{
    const char *rest = strncmp(path, "http://", 7) == 0 ? strchr(path + 7, '/') : NULL;

    if (rest)
        memmove(path, rest, strlen(rest) + 1);
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
    if (sscanf(request.data, "%*s %255s", path) != 1)
        return;
    drop_host(path);
    if (send_typing_page(fd, path))
        return;
    if (strcmp(path, "/file") == 0)
        send_answer(fd, "200 OK", CSV, "a;b\r\n");
    else if (strncmp(path, "/report/", 8) == 0)
        send_report_page(fd, path + 8);
    else if (strncmp(path, "/export/", 8) == 0)
        send_export(fd, path + 8 + strspn(path + 8, "/"), post, head + 4);
    else if (strcmp(path, "/slow") == 0)
        send_part_and_wait(fd);
    else if (strcmp(path, "/later") == 0) {
        poll(NULL, 0, 2500);
        send_answer(fd, "200 OK", HTML, "");
    } else if (strcmp(path, "/home") == 0)
        send_menu(fd);
    else if (strcmp(path, "/favicon.ico") == 0 || strcmp(path, "/missing") == 0)
        send_answer(fd, "404 Not Found", "", "");
    else
        send_login(fd, path, post, head + 4);
}

/* Each connection has its own process, because some connections never end. */
static void serve(int listener)
{
    setpgid(0, 0);
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            continue;
        if (fork() == 0) {
            answer(fd);
            _exit(EXIT_SUCCESS);
        }
        close(fd);
    }
}

bool fault_portal_open(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (listener < 0)
        return false;
    if (bind(listener, (const struct sockaddr *)&address, len) < 0 || listen(listener, 16) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &len) < 0) {
        close(listener);
        return false;
    }
    portal.port = ntohs(address.sin_port);
    portal.pid = fork();
    if (portal.pid == 0)
        serve(listener);
    setpgid(portal.pid, portal.pid);
    close(listener);
    return true;
}

void fault_portal_close(void)
{
    kill(-portal.pid, SIGKILL);
    waitpid(portal.pid, NULL, 0);
}

size_t fault_portal_connections(void)
{
    pid_t open[64];

    return processes_below(portal.pid, open, sizeof(open) / sizeof(*open));
}

char *fault_portal_url(const char *path)
{
    return mem_format("http://127.0.0.1:%d%s", portal.port, path);
}
