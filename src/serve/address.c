/* SPDX-License-Identifier: MIT */
/* Reads, writes and compares addresses. */
#include "serve/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NETWORK_BYTES = 8 }; /* of an IPv6 address */

static bool refuse(const char *text, struct error *err)
{
    return error_set(err, ERROR_CONFIG,
                     "'%s' is no address to listen on: write it as 127.0.0.1:8090, [::1]:8090 or "
                     "localhost:8090",
                     text);
}

static bool parse_port(const char *text, uint16_t *out)
{
    char *end;
    const long port = strtol(text, &end, 10);

    if (*text < '0' || *text > '9' || *end || port > UINT16_MAX)
        return false;
    *out = (uint16_t)port;
    return true;
}

/* Splits "HOST:PORT" or "[HOST]:PORT"; returns where the port begins, or NULL. */
static const char *split(const char *text, char host[ADDRESS_TEXT_SIZE])
{
    const bool brackets = *text == '[';
    const char *begin = text + brackets;
    const char *end = brackets ? strchr(begin, ']') : strrchr(begin, ':');

    if (!end || end == begin || (size_t)(end - begin) >= ADDRESS_TEXT_SIZE)
        return NULL;
    memcpy(host, begin, (size_t)(end - begin));
    host[end - begin] = '\0';
    end += brackets;
    return *end == ':' ? end + 1 : NULL;
}

bool address_parse(const char *text, struct address *out, struct error *err)
{
    struct address address = {0};
    struct sockaddr_in *four = (struct sockaddr_in *)&address.socket;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address.socket;
    uint16_t port;
    const char *port_text = split(text, address.host);

    if (!port_text || !parse_port(port_text, &port))
        return refuse(text, err);
    const char *host = strcasecmp(address.host, "localhost") == 0 ? "127.0.0.1" : address.host;
    if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        address.socket_len = sizeof(*four);
    } else if (inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        address.socket_len = sizeof(*six);
    } else {
        return refuse(text, err);
    }
    address.loopback = address_is_loopback((const struct sockaddr *)&address.socket);
    *out = address;
    return true;
}

char *address_url(const struct address *address, uint16_t port, char out[ADDRESS_TEXT_SIZE + 24])
{
    const bool six = address->socket.ss_family == AF_INET6;

    snprintf(out, ADDRESS_TEXT_SIZE + 24, "http://%s%s%s:%u/", six ? "[" : "", address->host,
             six ? "]" : "", port);
    return out;
}

static bool is_loopback_4(uint32_t address)
{
    return address >> 24 == 127;
}

/* Returns the address of IPv4 that an address of IPv6 stands for. */
static uint32_t mapped(const struct in6_addr *address)
{
    uint32_t four;

    memcpy(&four, address->s6_addr + 12, sizeof(four));
    return ntohl(four);
}

bool address_is_loopback(const struct sockaddr *address)
{
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;

    if (address->sa_family == AF_INET)
        return is_loopback_4(ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr));
    if (address->sa_family != AF_INET6)
        return false;
    if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
        return is_loopback_4(mapped(&six->sin6_addr));
    return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

char *address_client(const struct sockaddr *address, char out[ADDRESS_TEXT_SIZE])
{
    out[0] = '\0';
    if (address->sa_family == AF_INET) {
        const struct in_addr *four = &((const struct sockaddr_in *)address)->sin_addr;
        inet_ntop(AF_INET, four, out, ADDRESS_TEXT_SIZE);
    } else if (address->sa_family == AF_INET6) {
        struct in6_addr network = ((const struct sockaddr_in6 *)address)->sin6_addr;
        if (!IN6_IS_ADDR_V4MAPPED(&network))
            memset(network.s6_addr + NETWORK_BYTES, 0, sizeof(network.s6_addr) - NETWORK_BYTES);
        inet_ntop(AF_INET6, &network, out, ADDRESS_TEXT_SIZE);
    }
    return out;
}

/* Copies the host of a Host header, without port and brackets; false if it is none. */
static bool host_of(const char *header, char out[256])
{
    const bool brackets = *header == '[';
    const char *begin = header + brackets;
    const size_t len = strcspn(begin, brackets ? "]" : ":");

    if (len == 0 || len >= 256)
        return false;
    memcpy(out, begin, len);
    out[len] = '\0';
    return true;
}

static bool is_digits(const char *host)
{
    unsigned char bytes[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

static bool is_listed(const char *hosts, const char *host)
{
    const size_t len = strlen(host);

    while (*hosts) {
        hosts += strspn(hosts, ", ");
        const size_t word = strcspn(hosts, ", ");
        if (word == len && strncasecmp(hosts, host, len) == 0)
            return true;
        hosts += word;
    }
    return false;
}

bool address_allows_host(const struct address *address, const char *hosts, const char *header)
{
    char host[256];

    if (!header || !host_of(header, host))
        return false;
    if (is_digits(host))
        return true;
    return hosts ? is_listed(hosts, host)
                 : strcasecmp(host, "localhost") == 0 || strcasecmp(host, address->host) == 0;
}
