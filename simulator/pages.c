/* SPDX-License-Identifier: MIT */
/* Writes HTML like that of the AdminLTE pages of which the portal is made. */
#include "simulator/pages.h"

#include <stddef.h>
#include <string.h>

static void escaped(struct buf *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            buf_add_text(out, "&amp;");
            break;
        case '<':
            buf_add_text(out, "&lt;");
            break;
        case '>':
            buf_add_text(out, "&gt;");
            break;
        case '"':
            buf_add_text(out, "&quot;");
            break;
        case '\'':
            buf_add_text(out, "&#39;");
            break;
        default:
            buf_add_char(out, *text);
        }
    }
}

static void head(struct buf *out, const char *title, const char *body_class)
{
    buf_add_text(out, "<!DOCTYPE html>\n<html lang=\"pt-BR\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                      "<title>SIGOS | ");
    escaped(out, title);
    buf_add_text(out, "</title>\n<link rel=\"stylesheet\" href=\"dist/sigos.css\">\n"
                      "<link rel=\"icon\" href=\"favicon.ico\">\n</head>\n<body class=\"");
    buf_add_text(out, body_class);
    buf_add_text(out, "\">\n");
}

static void alert_box(struct buf *out, const char *alert)
{
    if (!alert)
        return;
    buf_add_text(out, "<div class=\"alert alert-danger\">");
    escaped(out, alert);
    buf_add_text(out, "</div>\n");
}

static void hidden(struct buf *out, const char *name, const char *value)
{
    buf_addf(out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
    escaped(out, value);
    buf_add_text(out, "\">\n");
}

static void script(struct buf *out, const char *name)
{
    buf_addf(out, "<script src=\"dist/%s\"></script>\n", name);
}

void sim_pages_login(struct buf *out, const struct sim_pages_entry *entry)
{
    head(out, "Entrar", "hold-transition login-page");
    buf_add_text(out, "<form action=\"login.php\" method=\"post\" autocomplete=\"off\">\n");
    hidden(out, "csrf_token", entry->token);
    if (entry->nonce) {
        hidden(out, "desafio", entry->nonce);
        hidden(out, "resposta", "");
    }
    buf_add_text(out, "<div class=\"login-wrapper\">\n<div class=\"login-box\">\n"
                      "<div class=\"login-logo\"><b>SIG</b>OS</div>\n<div class=\"card\">\n"
                      "<div class=\"card-header\">Informe seus dados para entrar</div>\n<div>\n");
    alert_box(out, entry->alert);
    buf_add_text(out, "</div>\n<div class=\"card-body\">\n<div>\n<div class=\"input-group\">"
                      "<input type=\"text\" name=\"usuario\" placeholder=\"Usuário\" value=\"");
    escaped(out, entry->user);
    buf_addf(out,
             "\"></div>\n<div class=\"input-group\">"
             "<input type=\"password\"%s placeholder=\"Senha\"></div>\n",
             entry->nonce ? "" : " name=\"senha\"");
    buf_add_text(out, "<div class=\"row\">\n<div class=\"col-8\"><label>"
                      "<input type=\"checkbox\" name=\"lembrar\"> Lembrar</label></div>\n"
                      "<div class=\"col-4\"><button type=\"submit\">Entrar</button></div>\n"
                      "</div>\n");
    if (entry->captcha)
        buf_add_text(out, "<div class=\"row\"><img src=\"captcha.php\" alt=\"\" width=\"120\" "
                          "height=\"40\"><input type=\"text\" name=\"letras\"></div>\n");
    buf_add_text(out, "</div>\n</div>\n</div>\n</div>\n</div>\n</form>\n");
    script(out, "sigos.js");
    if (entry->nonce)
        script(out, "entrar.js");
    buf_add_text(out, "</body>\n</html>\n");
}

static void menu_item(struct buf *out, const char *label)
{
    buf_addf(out,
             "<li class=\"nav-item\"><a href=\"#\"><i class=\"nav-icon\"></i><p>%s</p></a></li>\n",
             label);
}

/* Writes a page behind the login up to its content. */
static void open_page(struct buf *out, const char *title, const char *user)
{
    static const char *const before[] = {"Protocolo", "Equipes", "Aferição", "Notificações",
                                         "Financiamento"};

    head(out, title, "hold-transition sidebar-mini layout-fixed");
    buf_add_text(out, "<div class=\"wrapper\">\n<nav class=\"main-header\"><span>");
    escaped(out, user);
    buf_add_text(out, "</span><a href=\"sair.php\" id=\"sair\">Sair</a></nav>\n"
                      "<aside class=\"main-sidebar\">\n"
                      "<a class=\"brand-link\" href=\"index.php\">SIGOS</a>\n"
                      "<div class=\"sidebar\">\n<nav>\n<ul class=\"nav-sidebar\">\n"
                      "<li class=\"nav-item\"><a href=\"index.php\"><i class=\"nav-icon\"></i>"
                      "<p>Início</p></a></li>\n");
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
        menu_item(out, before[i]);
    buf_add_text(out, "<li class=\"nav-item has-treeview\"><a href=\"#\"><i class=\"nav-icon\"></i>"
                      "<p>Relatórios</p></a>\n<ul class=\"nav-treeview\">\n"
                      "<li class=\"nav-item\"><a href=\"relatorios.php\">"
                      "<i class=\"nav-icon\"></i><p>Protocolo geral</p></a></li>\n");
    menu_item(out, "Produtividade");
    buf_add_text(out, "</ul></li>\n");
    menu_item(out, "Administração");
    buf_add_text(out, "</ul>\n</nav>\n</div>\n</aside>\n<div class=\"content-wrapper\">\n<h1>");
    escaped(out, title);
    buf_add_text(out, "</h1>\n");
}

static void close_content(struct buf *out)
{
    buf_add_text(out, "</div>\n</div>\n");
    script(out, "sigos.js");
}

static void close_page(struct buf *out)
{
    buf_add_text(out, "</body>\n</html>\n");
}

void sim_pages_home(struct buf *out, const char *user)
{
    open_page(out, "Início", user);
    buf_add_text(out, "<div class=\"card\"><div class=\"card-body\">Bem-vindo ao SIGOS. "
                      "Este é um portal simulado: nenhum dado é real.</div></div>\n");
    close_content(out);
    close_page(out);
}

struct option {
    const char *value, *label;
};

/* Writes a select with a label in a group of its own; `attributes` are those of the group. */
static void select_group(struct buf *out, const char *attributes, const char *label, const char *id,
                         const struct option *options, size_t count, const char *chosen)
{
    buf_addf(out,
             "<div class=\"form-group row\" %s><label>%s</label><div>"
             "<select id=\"%s\" name=\"%s\" data-rotulo=\"%s\">\n",
             attributes, label, id, id, label);
    for (size_t i = 0; i < count; i++)
        buf_addf(out, "<option value=\"%s\"%s>%s</option>\n", options[i].value,
                 strcmp(options[i].value, chosen) == 0 ? " selected" : "", options[i].label);
    buf_add_text(out, "</select></div></div>\n");
}

static void date_group(struct buf *out, const struct variant *variant, const char *label,
                       const char *id, const char *value)
{
    static const char text[] = "type=\"text\" placeholder=\"dd/mm/aaaa\" maxlength=\"10\"";
    bool bound = variant->dates == VARIANT_DATES_EVENTS;

    buf_addf(out, "<div class=\"form-group row\"><label>%s</label><div><input ", label);
    if (variant->dates == VARIANT_DATES_TEXT || variant->dates == VARIANT_DATES_MASKED)
        buf_add_text(out, text);
    else
        buf_add_text(out, "type=\"date\"");
    if (variant->dates == VARIANT_DATES_MASKED)
        buf_add_text(out, " class=\"mascara-data\" inputmode=\"numeric\"");
    buf_addf(out, " id=\"%s\" %s=\"%s\" data-rotulo=\"%s\" value=\"", id,
             bound ? "data-modelo" : "name", id, label);
    escaped(out, value);
    buf_add_text(out, "\">");
    if (bound)
        hidden(out, id, value);
    buf_add_text(out, "</div></div>\n");
}

static void button(struct buf *out, bool moved)
{
    if (moved)
        buf_add_text(out, "<div class=\"card-footer\"><div class=\"btn-toolbar\">"
                          "<button type=\"button\" class=\"btn btn-primary\" "
                          "data-acao=\"exportar\">Exportar</button></div></div>\n");
    else
        buf_add_text(out, "<button type=\"button\" id=\"btn-salvar-form\" "
                          "data-acao=\"exportar\">Exportar</button>\n");
}

static void queue(struct buf *out, const struct variant *variant)
{
    if (variant->export == VARIANT_EXPORT_JOB || variant->export == VARIANT_EXPORT_JOB_LINK)
        buf_addf(out,
                 "<div class=\"callout\" id=\"fila-exportacao\" data-entrega=\"%s\" hidden>"
                 "</div>\n",
                 variant->export == VARIANT_EXPORT_JOB ? "direta" : "link");
}

static void form_scripts(struct buf *out, const struct variant *variant)
{
    static const char *const export_scripts[] = {
        [VARIANT_EXPORT_FETCH] = "exportar-ajax.js",
        [VARIANT_EXPORT_JOB] = "exportar-fila.js",
        [VARIANT_EXPORT_JOB_LINK] = "exportar-fila.js",
        [VARIANT_EXPORT_FRAME] = NULL,
    };
    static const char *const date_scripts[] = {
        [VARIANT_DATES_MASKED] = "datas-mascara.js",
        [VARIANT_DATES_EVENTS] = "datas-eventos.js",
    };

    if (export_scripts[variant->export])
        script(out, export_scripts[variant->export]);
    if (date_scripts[variant->dates])
        script(out, date_scripts[variant->dates]);
}

static void report_fields(struct buf *out, const struct sim_pages_form *form)
{
    static const struct option kinds[] = {
        {"", "Selecione…"},
        {"tudo", "Protocolo geral"},
        {"retornos", "Retornos"},
        {"produtividade", "Produtividade"},
        {"notificacoes", "Notificações"},
        {"afericoes", "Aferições"},
    };
    static const struct option statuses[] = {
        {"", "Selecione…"}, {"A", "Abertos"}, {"R", "Resolvidos"}, {"E", "Todos"}};
    static const struct option periods[] = {{"", "Selecione…"},
                                            {"data_execucao", "Data de execução"},
                                            {"data_baixado", "Data da baixa"},
                                            {"data_lancado", "Data de lançamento"}};
    const struct sim_pages_choice *choice = form->choice;

    select_group(out, "", "Tipo de relatório", "tp_relatorio", kinds,
                 sizeof kinds / sizeof kinds[0], choice->kind);
    select_group(out, "id=\"div_stat_retorno\" data-tipo=\"retornos\" hidden",
                 "Situação do retorno", "stat_retorno", statuses,
                 sizeof statuses / sizeof statuses[0], choice->return_status);
    select_group(out, "data-tipo=\"tudo\" hidden", "Período por", "periodo_todos", periods,
                 sizeof periods / sizeof periods[0], choice->period_all);
    select_group(out, "data-tipo=\"retornos\" hidden", "Período por", "periodo_ret", periods,
                 sizeof periods / sizeof periods[0], choice->period_return);
    date_group(out, form->variant, "Data inicial", "data_inicio", choice->first);
    date_group(out, form->variant, "Data final", "data_fim", choice->last);
}

void sim_pages_reports(struct buf *out, const struct sim_pages_form *form)
{
    static const char *const spent[] = {
        [VARIANT_SPENT_NOTHING] = "",
        [VARIANT_SPENT_BUTTON] = " data-gasto=\"button\"",
        [VARIANT_SPENT_FIELDS] = " data-gasto=\"fields\"",
        [VARIANT_SPENT_FORM] = " data-gasto=\"form\"",
        [VARIANT_SPENT_SILENT] = " data-gasto=\"silent\"",
    };
    static const char *const dialogs[] = {
        [VARIANT_DIALOG_NONE] = "",
        [VARIANT_DIALOG_ALERT] = " data-aviso=\"alert\"",
        [VARIANT_DIALOG_CONFIRM] = " data-aviso=\"confirm\"",
        [VARIANT_DIALOG_LEAVE] = " data-aviso=\"leave\"",
    };

    open_page(out, "Relatórios", form->user);
    alert_box(out, form->alert);
    buf_add_text(out, "<div class=\"alert alert-warning\" id=\"msg-form\" hidden></div>\n");
    queue(out, form->variant);
    buf_addf(out,
             "<div class=\"card\"><div class=\"card-header\">Exportar</div>"
             "<div class=\"card-body\">\n"
             "<form id=\"form-relatorio\" action=\"relatorios.php\" method=\"post\"%s%s%s>\n",
             form->variant->export == VARIANT_EXPORT_NEWTAB ? " target=\"_blank\"" : "",
             spent[form->variant->spent], dialogs[form->variant->dialog]);
    hidden(out, "csrf_token", form->token);
    report_fields(out, form);
    button(out, form->moved);
    buf_add_text(out, "</form>\n</div></div>\n");
    close_content(out);
    form_scripts(out, form->variant);
    if (form->dialog) {
        buf_add_text(out, "<script>alert('");
        escaped(out, form->dialog); /* our own words, without quotes and backslashes */
        buf_add_text(out, "');</script>\n");
    }
    close_page(out);
}

void sim_pages_error(struct buf *out, const char *title, const char *sentence)
{
    head(out, title, "error-page");
    buf_add_text(out, "<div class=\"card\"><div class=\"card-header\">");
    escaped(out, title);
    buf_add_text(out, "</div><div class=\"card-body\">");
    escaped(out, sentence);
    buf_add_text(out, "</div></div>\n</body>\n</html>\n");
}

void sim_pages_download(struct buf *out, const char *file, bool frame)
{
    buf_add_text(out, "<!DOCTYPE html>\n<html lang=\"pt-BR\">\n<head>\n<meta charset=\"utf-8\">\n");
    if (!frame)
        buf_addf(out, "<meta http-equiv=\"refresh\" content=\"1;url=%s\">\n", file);
    buf_add_text(out, "<title>SIGOS | Download</title>\n</head>\n<body>\n"
                      "<p>Seu download começará em instantes.</p>\n"
                      "<p><a href=\"relatorios.php\">Voltar</a></p>\n");
    if (frame)
        buf_addf(out, "<iframe src=\"%s\" hidden></iframe>\n", file);
    close_page(out);
}

void sim_pages_notice(struct buf *out, const char *token)
{
    head(out, "Aviso", "hold-transition login-page");
    buf_add_text(out, "<div class=\"login-box\">\n<h1>Aviso: manutenção no domingo</h1>\n"
                      "<p>O sistema ficará fora do ar das 8h às 12h.</p>\n"
                      "<form action=\"aviso.php\" method=\"post\">\n");
    hidden(out, "csrf_token", token);
    buf_add_text(out, "<button type=\"submit\" id=\"btn-ciente\">Estou ciente</button>\n"
                      "</form>\n</div>\n");
    close_page(out);
}

void sim_pages_new_password(struct buf *out, const char *token)
{
    head(out, "Alterar senha", "hold-transition login-page");
    buf_add_text(out, "<div class=\"login-box\">\n<h1>Sua senha expirou</h1>\n"
                      "<p>Escolha uma nova senha para continuar.</p>\n"
                      "<form action=\"senha.php\" method=\"post\">\n");
    hidden(out, "csrf_token", token);
    buf_add_text(out, "<input type=\"password\" name=\"atual\" placeholder=\"Senha atual\">\n"
                      "<input type=\"password\" name=\"nova\" placeholder=\"Nova senha\">\n"
                      "<input type=\"password\" name=\"repetida\" placeholder=\"Repita\">\n"
                      "<button type=\"submit\">Alterar</button>\n</form>\n</div>\n");
    close_page(out);
}

void sim_pages_blocked(struct buf *out)
{
    head(out, "Acesso negado", "hold-transition login-page");
    buf_add_text(out, "<div class=\"login-box\">\n<h1>Conta bloqueada</h1>\n"
                      "<p>Seu acesso foi bloqueado por excesso de tentativas. "
                      "Procure o administrador.</p>\n</div>\n");
    close_page(out);
}
