/* SPDX-License-Identifier: MIT */
/* Answers a form: checks it, makes the file or a fault. */
#include "simulator/reporting.h"

#include "base/date.h"
#include "simulator/clock.h"
#include "simulator/export.h"
#include "simulator/number.h"
#include "simulator/pages.h"
#include "simulator/reply.h"
#include "simulator/spoil.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EXPORT_BYTES_MAX ((size_t)512 << 20)

enum { NS_PER_MS = 1000000 };

static const char refusal[] = "Não foi possível gerar o relatório. Tente novamente mais tarde.";

static bool is_sent_by_script(const struct variant *variant)
{
    return variant->export == VARIANT_EXPORT_FETCH || variant->export == VARIANT_EXPORT_JOB ||
           variant->export == VARIANT_EXPORT_JOB_LINK;
}

static bool is_queued(const struct variant *variant)
{
    return variant->export == VARIANT_EXPORT_JOB || variant->export == VARIANT_EXPORT_JOB_LINK;
}

/* Whether the post leads to a page, and that page to the file. */
static bool leads_to_page(const struct variant *variant)
{
    return variant->export == VARIANT_EXPORT_REFRESH || variant->export == VARIANT_EXPORT_FRAME;
}

static void show_form(struct sim_portal *portal, const struct sim_session *session,
                      const struct sim_pages_choice *choice, const char *alert, const char *dialog,
                      struct sim_answer *answer)
{
    struct fault_ask ask = {.subject = FAULT_OF_PAGE};
    struct fault fault;
    bool moved = fault_pick(&portal->faults, &ask, &fault); /* pages have only this fault */

    sim_pages_reports(&answer->body, &(struct sim_pages_form){.user = portal->user,
                                                              .token = session->token,
                                                              .choice = choice,
                                                              .variant = &portal->variant,
                                                              .moved = moved,
                                                              .alert = alert,
                                                              .dialog = dialog});
}

/* Answers words instead of a file, as a page or, if a script asked, as JSON for it. */
static void refuse(struct sim_portal *portal, const struct sim_session *session,
                   const struct sim_pages_choice *choice, bool dialog, const char *words,
                   struct sim_answer *answer)
{
    if (is_sent_by_script(&portal->variant))
        reply_json(answer, 200, dialog ? "alerta" : "mensagem", words);
    else
        show_form(portal, session, choice, dialog ? NULL : words, dialog ? words : NULL, answer);
}

/* The ending and the type of a file, by the name of the fault that packs it. */
struct packing {
    const char *how, *ending, *type;
};

static const struct packing *packing_of(const struct fault *fault)
{
    static const struct packing packings[] = {
        {"", ".csv", "text/csv; charset=ISO-8859-1"},
        {"gzip", ".csv.gz", "application/gzip"},
        {"zip", ".zip", "application/zip"},
    };

    for (size_t i = 1; i < sizeof packings / sizeof packings[0]; i++)
        if (fault && fault->kind == FAULT_PACKED && strcmp(fault->name, packings[i].how) == 0)
            return &packings[i];
    return &packings[0];
}

static void name_file(struct sim_answer *answer, const struct fault *fault, enum report_kind kind)
{
    int32_t seconds;
    int year, month, day;

    if (fault && fault->kind == FAULT_UNNAMED) {
        snprintf(answer->disposition, sizeof answer->disposition, "attachment");
        return;
    }
    if (fault && fault->name[0] && (fault->kind == FAULT_MISNAMED || fault->kind == FAULT_REPORT)) {
        snprintf(answer->disposition, sizeof answer->disposition, "attachment; filename=\"%s\"",
                 fault->name);
        return;
    }
    date_to_civil(sim_clock_today(&seconds), &year, &month, &day);
    snprintf(answer->disposition, sizeof answer->disposition,
             "attachment; filename=\"%s_%04d%02d%02d_%02d%02d%02d%s\"",
             sim_report_of(kind)->file_stem, year, month, day, seconds / 3600, seconds / 60 % 60,
             seconds % 60, packing_of(fault)->ending);
}

/* Makes the file of a job. What it needs is copied under the lock; the file is made, and waited
 * for, without it. */
static void make(struct sim_portal *portal, struct job job, struct sim_answer *answer)
{
    const struct fault *fault = job.faulty ? &job.fault : NULL;
    struct history history = portal->history;
    struct order before;
    bool has_before = journal_before(&portal->journal, job.asked, &before);

    answer->delivery = (struct sim_delivery){
        .transfer = (enum sim_transfer)portal->variant.transfer, .rate = portal->variant.rate};
    pthread_mutex_unlock(&portal->lock);
    answer->body.max = EXPORT_BYTES_MAX;
    if (fault)
        spoil_order(fault, has_before ? &before : NULL, &job.order, &history);
    sim_export_csv(&history, job.order.kind, job.order.first, job.order.last, &answer->body);
    if (fault) {
        spoil_file(fault, &answer->body);
        spoil_delivery(fault, answer->body.len, &answer->delivery);
    }
    pause_until(&portal->pause, job.ready_ns, -1); /* PHP does not notice a client that leaves */
    pthread_mutex_lock(&portal->lock);
    if (answer->body.full) {
        buf_done(&answer->body);
        reply_error(answer, 500, "Erro", "O período pedido é grande demais.");
        return;
    }
    answer->type = packing_of(fault)->type;
    name_file(answer, fault, job.order.kind);
}

/* Answers by a fault before a file is made. False: the fault is none of these. */
static bool fail(struct sim_portal *portal, const struct fault *fault, struct sim_session *session,
                 const struct sim_pages_choice *choice, struct sim_answer *answer)
{
    switch (fault->kind) {
    case FAULT_HTTP500:
        reply_internal_error(answer);
        return true;
    case FAULT_HTTP503:
        reply_error(answer, 503, "Sistema em manutenção", "O SIGOS volta em alguns minutos.");
        return true;
    case FAULT_HTTP429:
        reply_error(answer, 429, "Muitas requisições", "Aguarde antes de exportar novamente.");
        answer->retry_after = fault->retry;
        return true;
    case FAULT_HANG:
        answer->delivery.ending = ENDING_SILENCE;
        return true;
    case FAULT_DIALOG:
    case FAULT_MESSAGE:
        refuse(portal, session, choice, fault->kind == FAULT_DIALOG, refusal, answer);
        return true;
    case FAULT_EXPIRED:
        sim_session_drop(session);
        sim_answer_redirect(answer, REPLY_LOGIN);
        return true;
    default:
        return false;
    }
}

static void enqueue(struct sim_portal *portal, const struct job *job, struct sim_answer *answer)
{
    answer->type = "application/json; charset=UTF-8";
    buf_addf(&answer->body, "{\"job\": %" PRIu64 "}\n", job_add(&portal->jobs, job));
}

static void announce(struct sim_portal *portal, const struct job *job, struct sim_answer *answer)
{
    char file[64];

    snprintf(file, sizeof file, "relatorios_arquivo.php?job=%" PRIu64, job_add(&portal->jobs, job));
    sim_pages_download(&answer->body, file, portal->variant.export == VARIANT_EXPORT_FRAME);
}

static void export(struct sim_portal *portal, const struct order *order,
                   const struct sim_pages_choice *choice, struct sim_session *session,
                   struct sim_answer *answer)
{
    struct fault_ask ask = {FAULT_OF_EXPORT, order->kind, order->first};
    struct job job = {.session = session->serial, .order = *order};

    job.faulty = fault_pick(&portal->faults, &ask, &job.fault);
    job.asked =
        journal_add(&portal->journal, order, session->serial, job.faulty ? &job.fault : NULL);
    job.ready_ns =
        sim_clock_ns() +
        ((int64_t)portal->variant.delay_ms + (job.faulty ? job.fault.ms : 0)) * NS_PER_MS;
    session->begun++;
    answer->hold.asked = job.asked;
    if (!job.faulty || !fail(portal, &job.fault, session, choice, answer)) {
        if (is_queued(&portal->variant)) {
            answer->hold.asked = 0; /* the export is done when its file has been sent */
            enqueue(portal, &job, answer);
            return;
        }
        if (leads_to_page(&portal->variant)) {
            answer->hold.asked = 0; /* as above */
            announce(portal, &job, answer);
            return;
        }
        make(portal, job, answer);
    }
    if (answer->delivery.ending != ENDING_SILENCE)
        journal_status(&portal->journal, job.asked, answer->status);
}

void reporting_form(struct sim_portal *portal, const struct sim_request *request,
                    struct sim_session *session, struct sim_answer *answer)
{
    struct sim_pages_choice choice = order_choice(request);
    uint32_t dates = portal->variant.dates;
    bool br = dates == VARIANT_DATES_TEXT || dates == VARIANT_DATES_MASKED;
    struct order order;

    if (!request->post) {
        show_form(portal, session, &choice, NULL, NULL, answer);
        return;
    }
    if (!sim_session_token_matches(session, sim_request_field(request, "csrf_token"))) {
        reply_forbidden(answer);
        return;
    }
    const char *complaint = order_read(&choice, br, &order);
    if (complaint)
        refuse(portal, session, &choice, false, complaint, answer);
    else
        export(portal, &order, &choice, session, answer);
}

static const struct job *find_job(const struct sim_portal *portal,
                                  const struct sim_request *request,
                                  const struct sim_session *session)
{
    uint64_t number;

    if (!sim_number_parse(sim_request_argument(request, "job"), UINT64_MAX, &number))
        return NULL;
    return job_find(&portal->jobs, number, session->serial);
}

void reporting_status(struct sim_portal *portal, const struct sim_request *request,
                      struct sim_session *session, struct sim_answer *answer)
{
    const struct job *job = find_job(portal, request, session);

    if (!job) {
        reply_json(answer, 404, "mensagem", "Pedido desconhecido.");
        return;
    }
    answer->type = "application/json; charset=UTF-8";
    if (sim_clock_ns() < job->ready_ns)
        buf_add_text(&answer->body, "{\"pronto\": false}\n");
    else
        buf_addf(&answer->body,
                 "{\"pronto\": true, \"arquivo\": \"relatorios_arquivo.php?job=%" PRIu64 "\"}\n",
                 job->number);
}

void reporting_file(struct sim_portal *portal, const struct sim_request *request,
                    struct sim_session *session, struct sim_answer *answer)
{
    const struct job *job = find_job(portal, request, session);

    if (!job || (!leads_to_page(&portal->variant) && sim_clock_ns() < job->ready_ns)) {
        reply_error(answer, 404, "Não encontrado",
                    "O arquivo não existe ou ainda não está pronto.");
        return;
    }
    answer->hold.asked = job->asked;
    uint64_t asked = job->asked;
    make(portal, *job, answer);
    journal_status(&portal->journal, asked, answer->status);
}
