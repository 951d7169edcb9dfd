/*
 * The address that a server listens on, and the names by which it may be asked for.
 */
#ifndef SERVE_ADDRESS_H
#define SERVE_ADDRESS_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define SERVE_DEFAULT_ADDRESS "127.0.0.1:8090"
enum { ADDRESS_TEXT_SIZE = 64 };

struct address {
    char host[ADDRESS_TEXT_SIZE]; /* as it was written, without brackets */
    bool loopback;                /* only this machine reaches it */
    struct sockaddr_storage socket;
    socklen_t socket_len;
};

/* Reads "HOST:PORT": an address in digits ([…] around one of IPv6) or localhost. Port 0: the kernel
 * chooses one. ERROR_CONFIG says how it is written. */
bool address_parse(const char *text, struct address *out, struct error *err);

/* Writes "http://HOST:PORT/" with the port of the socket. Returns `out`. */
char *address_url(const struct address *address, uint16_t port, char out[ADDRESS_TEXT_SIZE + 24]);

/* Whether a socket's address is one of this machine alone. */
bool address_is_loopback(const struct sockaddr *address);

/* Writes the address of a client without its port; of IPv6 only the network (/64), which one client
 * has whole. Returns `out`. */
char *address_client(const struct sockaddr *address, char out[ADDRESS_TEXT_SIZE]);

/*
 * Whether a request may have that Host header (NULL: it has none). An attacker's name that DNS
 * suddenly points to this machine is refused, because a browser would let that site's scripts read
 * the answers. `hosts` is a list with commas, without ports, or NULL: the listening address and
 * localhost. Addresses in digits are no names, so they are always let through.
 */
bool address_allows_host(const struct address *address, const char *hosts, const char *header);

#endif
