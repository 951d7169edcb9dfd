/* SPDX-License-Identifier: MIT */
/* Reads HTTPS_PROXY and NO_PROXY as curl does, and writes them as Chromium's flags. */
#include "extract/browser/proxy.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LIST_MAX = 16 * 1024, HOST_MAX = 256 };

/* Known schemes with Chromium's default ports, which differ from libcurl's. "socks5h" says that the
 * proxy looks names up; Chromium always does it that way. */
static const struct scheme {
    const char *name, *chromium, *port;
} schemes[] = {
    {"http", "http", "80"},       {"https", "https", "443"},     {"socks4", "socks4", "1080"},
    {"socks5", "socks5", "1080"}, {"socks5h", "socks5", "1080"},
};

static bool is_loopback(const char *host)
{
    struct in_addr address;
    const size_t len = strlen(host), tail = strlen(".localhost");

    if (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
        (len > tail && strcmp(host + len - tail, ".localhost") == 0))
        return true;
    return inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

/* Whether the host is an address in an IPv4 network, such as 10.0.0.0/8. */
static bool is_in_network(const char *host, const char *network)
{
    struct in_addr address, base;
    char text[HOST_MAX];
    const char *slash = strchr(network, '/');
    char *end;

    if (!slash || (size_t)(slash - network) >= sizeof(text))
        return false;
    memcpy(text, network, (size_t)(slash - network));
    text[slash - network] = '\0';
    const long bits = strtol(slash + 1, &end, 10);
    if (*end || end == slash + 1 || bits < 0 || bits > 32 ||
        inet_pton(AF_INET, host, &address) != 1 || inet_pton(AF_INET, text, &base) != 1)
        return false;
    return bits == 0 || (ntohl(address.s_addr) ^ ntohl(base.s_addr)) >> (32 - bits) == 0;
}

/* Returns the name without its beginning, because ".example.com" and "*.example.com" mean the same
 * as "example.com". */
static const char *without_prefix(const char *name)
{
    name += *name == '*';
    return name + (*name == '.');
}

static bool is_below(const char *host, const char *name)
{
    const size_t len = strlen(host), tail = strlen(name);

    return tail > 0 && len >= tail && strcasecmp(host + len - tail, name) == 0 &&
           (len == tail || host[len - tail - 1] == '.');
}

/* Reads the next name of a list, without brackets and port, and moves *at behind it. False at the
 * end. */
static bool next_name(const char **at, char out[HOST_MAX])
{
    const char *begin = *at + strspn(*at, ", \t");
    size_t len = strcspn(begin, ", \t");

    *at = begin + len;
    if (len == 0)
        return false;
    if (*begin == '[') {
        begin++;
        len = strcspn(begin, "], \t");
    } else if (memchr(begin, ':', len) == memrchr(begin, ':', len)) { /* one colon: not IPv6 */
        len = strcspn(begin, ":, \t");
    }
    len = len < HOST_MAX ? len : HOST_MAX - 1;
    memcpy(out, begin, len);
    out[len] = '\0';
    return true;
}

bool proxy_is_bypassed(const char *host, const char *no_proxy)
{
    char name[HOST_MAX];

    if (is_loopback(host))
        return true;
    for (const char *at = no_proxy ? no_proxy : ""; next_name(&at, name);)
        if (strcmp(name, "*") == 0 || is_below(host, without_prefix(name)) ||
            is_in_network(host, name))
            return true;
    return false;
}

static const struct scheme *find_scheme(const char *text, size_t len)
{
    for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
        if (strlen(schemes[i].name) == len && strncasecmp(schemes[i].name, text, len) == 0)
            return &schemes[i];
    return NULL;
}

/* Whether the text can be a host and a port. Other characters have a meaning for Chromium or
 * libcurl. */
static bool is_host(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr(".-_:[]", text[i]))
            return false;
    return len > 0 && text[0] != ':';
}

static bool read_address(const char *text, struct proxy *out, struct error *err)
{
    static const char where[] = "the proxy (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY)";
    const char *slashes = strstr(text, "://"), *host = slashes ? slashes + 3 : text;
    const struct scheme *scheme = find_scheme("http", 4);
    const size_t len = strcspn(host, "/");

    if (strchr(text, '@'))
        return error_set(err, ERROR_CONFIG,
                         "%s holds a user and a password, which every user of this machine would "
                         "see among the browser's arguments: name one that asks for none, such as "
                         "a relay on this machine, or except the portal by NO_PROXY",
                         where);
    if (slashes)
        scheme = find_scheme(text, (size_t)(slashes - text));
    if (!scheme || !is_host(host, len) || (host[len] && host[len + 1]))
        return error_set(
            err, ERROR_CONFIG,
            "%s is not written as scheme://host:port, with http, https, socks4, socks5 "
            "or socks5h",
            where);
    const char *bracket = memrchr(host, ']', len), *after = bracket ? bracket : host;
    const bool has_port = memchr(after, ':', len - (size_t)(after - host));
    MEM_FREE_TEXT char *rest =
        mem_format("%.*s%s%s", (int)len, host, has_port ? "" : ":", has_port ? "" : scheme->port);
    out->address = mem_format("%s://%s", scheme->name, rest);
    out->server_flag = mem_format("--proxy-server=%s://%s", scheme->chromium, rest);
    return true;
}

/* Writes NO_PROXY as Chromium's flag; NULL if nothing is in it. Chromium takes "example.com" for
 * that host alone and ".example.com" for all below it, so both are written. */
static char *bypass_flag(const char *no_proxy)
{
    BUF_DONE struct buf list = BUF_INIT(LIST_MAX);
    char name[HOST_MAX];

    for (const char *at = no_proxy ? no_proxy : ""; next_name(&at, name);) {
        const char *host = without_prefix(name);
        const bool network = strchr(host, '/'), v6 = strchr(host, ':');
        if (strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:/") !=
                strlen(host) ||
            !*host)
            continue;
        buf_addf(&list, "%s%s%s%s", list.len ? ";" : "", v6 && !network ? "[" : "", host,
                 v6 && !network ? "]" : "");
        if (!network && !v6)
            buf_addf(&list, ";.%s", host);
    }
    return list.len ? mem_format("--proxy-bypass-list=%s", buf_text(&list)) : NULL;
}

bool proxy_choose(const struct settings *settings, struct proxy *out, struct error *err)
{
    MEM_FREE_TEXT char *host = settings->portal_url ? url_host(settings->portal_url) : NULL;
    struct proxy proxy = {0};

    if (settings->proxy && !proxy_is_bypassed(host ? host : "", settings->no_proxy)) {
        if (!read_address(settings->proxy, &proxy, err))
            return false;
        proxy.bypass_flag = bypass_flag(settings->no_proxy);
    }
    *out = proxy;
    return true;
}

void proxy_done(struct proxy *proxy)
{
    free(proxy->address);
    free(proxy->server_flag);
    free(proxy->bypass_flag);
    *proxy = (struct proxy){0};
}
