/* SPDX-License-Identifier: MIT */
/* Makes exports that are not what was asked for. */
#include "simulator/spoil.h"

#include "simulator/csv.h"
#include "simulator/spoil_text.h"

#include <string.h>

static const char fatal_error[] =
    "<br />\n<b>Fatal error</b>:  Maximum execution time of 120 seconds exceeded in "
    "<b>/var/www/html/sigos/relatorios.php</b> on line <b>412</b><br />\n";

static void shift(struct order *order, int32_t days)
{
    order->first -= days;
    order->last -= days;
}

void spoil_order(const struct fault *fault, const struct order *before, struct order *order,
                 struct history *history)
{
    switch (fault->kind) {
    case FAULT_PERIOD:
        shift(order, (int32_t)fault->days);
        break;
    case FAULT_STALE:
        if (before)
            *order = *before;
        else
            shift(order, order->last - order->first + 1); /* there is none: the period before */
        break;
    case FAULT_REPORT:
        order->kind = order->kind == REPORT_GENERAL ? REPORT_RETURN : REPORT_GENERAL;
        break;
    case FAULT_HEADER:
        history->begin = history->today + 1; /* a history without rows */
        break;
    default:
        break;
    }
}

static size_t share(const struct fault *fault, size_t len)
{
    if (fault->bytes >= 0)
        return (uint64_t)fault->bytes < len ? (size_t)fault->bytes : len;
    return len * fault->percent / 100;
}

static void page(struct buf *file, const char *alert)
{
    buf_reset(file);
    if (alert)
        sim_pages_error(file, "Erro", alert);
    else
        sim_pages_login(file, &(struct sim_pages_entry){.token = "", .user = ""});
}

void spoil_file(const struct fault *fault, struct buf *file)
{
    switch (fault->kind) {
    case FAULT_FATAL:
        file->len = share(fault, file->len);
        buf_add_text(file, fatal_error);
        break;
    case FAULT_SHORT:
        csv_shorten(file, share(fault, file->len));
        break;
    case FAULT_EMPTY:
        buf_reset(file);
        break;
    case FAULT_HTML:
        page(file, "Não foi possível gerar o relatório.");
        break;
    case FAULT_LOGIN_FILE:
        page(file, NULL);
        break;
    case FAULT_COLUMN:
        csv_widen(file, fault->name, "alta");
        break;
    case FAULT_MIXED:
        spoil_mix(file, fault->name);
        break;
    case FAULT_LAST_WORDS:
        spoil_last_words(file, share(fault, file->len), fault->name);
        break;
    case FAULT_FOOTER:
        spoil_footer(file);
        break;
    case FAULT_TOTALS:
        spoil_totals(file);
        break;
    case FAULT_CTRL_Z:
        spoil_ctrl_z(file);
        break;
    case FAULT_PADDING:
        spoil_pad(file, fault->bytes > 0 ? (size_t)fault->bytes : 0);
        break;
    case FAULT_PACKED:
        spoil_pack(file, fault->name);
        break;
    case FAULT_RENAMED:
        csv_rename(file, fault->name, fault->to);
        break;
    default:
        break;
    }
}

void spoil_delivery(const struct fault *fault, size_t len, struct sim_delivery *delivery)
{
    switch (fault->kind) {
    case FAULT_CUT:
        delivery->ending = fault->reset ? ENDING_RESET : ENDING_CUT;
        break;
    case FAULT_STALL:
        delivery->ending = ENDING_STALL;
        break;
    case FAULT_SLOW:
        delivery->rate = fault->rate;
        return;
    default:
        return;
    }
    delivery->sent = share(fault, len);
    if (fault->transfer != FAULT_ANY)
        delivery->transfer = (enum sim_transfer)fault->transfer;
}
