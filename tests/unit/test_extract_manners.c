/* SPDX-License-Identifier: MIT */
/* Limits of the portal extractor: unknown certificates, redirects to other servers, and tabs that
 * stay open. */
#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "extract/extractor.h"
#include "tests/support/fault_portal.h"
#include "tests/support/unit.h"

#include <microhttpd.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define ONE(where)                                                                                 \
    {                                                                                              \
        .any = {.items = (const char *const[]){where}, .count = 1 }                                \
    }

enum { PEM_MAX = 8192, CLOSED_MS = 5000 };

static char *folder;

static const struct step login_steps[] = {
    {.action = STEP_FILL, .at = ONE("#user"), .value = STEP_USER},
    {.action = STEP_FILL, .at = ONE("#password"), .value = STEP_PASSWORD},
    {.action = STEP_CLICK, .at = ONE("#enter")},
};

static const struct step open_steps[] = {{.action = STEP_CLICK, .at = ONE("#newtabwords")}};

static const struct step window_steps[] = {
    {.action = STEP_DATE, .at = ONE("#first"), .value = STEP_FIRST},
    {.action = STEP_DATE, .at = ONE("#last"), .value = STEP_LAST},
    {.action = STEP_CLICK, .at = ONE("#export")},
};

static const struct portal model = {
    .name = "manners",
    .login = {.items = login_steps, .count = COUNT(login_steps)},
    .logged_in = ONE("#menu button"),
    .page_error = ONE(".alert"),
    .deadlines = {.browser = 20, .page = 5, .element = 2, .answer = 5, .silence = 5, .window = 10},
};

static bool open_at(const char *url, struct extractor **out, struct error *err)
{
    static struct settings settings;

    settings = (struct settings){.portal_url = url,
                                 .user = "ana",
                                 .password = "s@nha",
                                 .browser = getenv("CHROME_BIN"),
                                 .headless = true};
    return extractor_open_portal(&model, &settings, folder, out, err);
}

/* ---------------------------------------------------------------- a server with an unknown
 * certificate */

static atomic_int served;

static enum MHD_Result serve(void *arg, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *data,
                             size_t *data_size, void **state)
{
    (void)arg, (void)connection, (void)url, (void)method, (void)version, (void)data;
    (void)data_size, (void)state;
    served++;
    return MHD_NO;
}

static void read_pem(BIO *bio, char out[PEM_MAX])
{
    int len = BIO_read(bio, out, PEM_MAX - 1);

    assert_true(len > 0);
    out[len] = '\0';
    BIO_free(bio);
}

/* Makes a self-signed certificate for 127.0.0.1, valid for an hour. */
static void make_certificate(char key_pem[PEM_MAX], char certificate_pem[PEM_MAX])
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    BIO *key_bio = BIO_new(BIO_s_mem()), *certificate_bio = BIO_new(BIO_s_mem());

    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"127.0.0.1", -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL);
    PEM_write_bio_X509(certificate_bio, certificate);
    read_pem(key_bio, key_pem);
    read_pem(certificate_bio, certificate_pem);
    EVP_PKEY_free(key);
    X509_free(certificate);
}

/* -------------------------------------------------------------------------------------- tests */

static void a_certificate_that_nobody_vouches_for_ends_the_matter(void **state)
{
    char key[PEM_MAX], certificate[PEM_MAX];
    struct extractor *extractor = NULL;
    struct error err = {0};

    (void)state;
    make_certificate(key, certificate);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TLS, 0, NULL, NULL, serve, NULL,
        MHD_OPTION_HTTPS_MEM_KEY, key, MHD_OPTION_HTTPS_MEM_CERT, certificate, MHD_OPTION_END);
    assert_non_null(daemon);
    MEM_FREE_TEXT char *url = mem_format(
        "https://127.0.0.1:%u/", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    assert_false(open_at(url, &extractor, &err));
    assert_int_equal(err.kind, ERROR_PORTAL);
    assert_non_null(strstr(err.message, "net::ERR_CERT_AUTHORITY_INVALID"));
    assert_false(err.transient);
    assert_int_equal(served, 0);
    MHD_stop_daemon(daemon);
}

static void credentials_are_not_typed_where_a_redirect_leads(void **state)
{
    MEM_FREE_TEXT char *url = fault_portal_url("/stranger"), *own = fault_portal_url("");
    struct extractor *extractor = NULL;
    struct error err = {0};

    (void)state;
    assert_false(open_at(url, &extractor, &err));
    assert_int_equal(err.kind, ERROR_LOGIN);
    assert_non_null(strstr(err.message, "the page belongs to http://localhost:"));
    MEM_FREE_TEXT char *named = mem_format("and the portal's address to %s:", own);
    assert_non_null(strstr(err.message, named));
}

static void a_tab_that_stays_is_closed(void **state)
{
    static const struct report report = {
        .name = "newtabwords",
        .open = {.items = open_steps, .count = COUNT(open_steps)},
        .window = {.items = window_steps, .count = COUNT(window_steps)},
    };
    MEM_FREE_TEXT char *url = fault_portal_url("/");
    struct window window = {.first = date_from_civil(2026, 2, 3),
                            .last = date_from_civil(2026, 3, 4)};
    struct extractor *extractor = NULL;
    struct export export = {0};
    struct error err = {0};

    (void)state;
    if (!open_at(url, &extractor, &err))
        fail_msg("%s", err.message);
    assert_false(extractor_fetch(extractor, &report, window, &export, &err));
    assert_non_null(strstr(err.message, "in a new tab: the portal refuses: Sem dados"));
    for (int64_t until = clock_ms() + CLOSED_MS; fault_portal_connections() > 0;)
        if (clock_ms() > until)
            fail_msg("the tab is still there");
    extractor_close(extractor);
}

static int set_up(void **state)
{
    struct error err;

    (void)state;
    return file_make_temp_dir("test-manners", &folder, &err) && fault_portal_open() ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    fault_portal_close();
    file_remove_tree(folder);
    free(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certificate_that_nobody_vouches_for_ends_the_matter),
        cmocka_unit_test(credentials_are_not_typed_where_a_redirect_leads),
        cmocka_unit_test(a_tab_that_stays_is_closed),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_WARN, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_manners", tests, set_up, tear_down);
}
