/*
 * Parts of the address of a web site, read as libcurl reads it.
 */
#ifndef BASE_URL_H
#define BASE_URL_H

struct buf;

/* The scheme, host and port as a browser writes them in location.origin: in small letters, without
 * the scheme's own port. Owned by the caller; NULL if `url` is no absolute address of http or
 * https. */
char *url_origin(const char *url);

/* The host in small letters, without port and brackets. Owned by the caller; NULL if there is none.
 */
char *url_host(const char *url);

/* The origin and the path: what people may see of an address, whose user, path parameters (a
 * session's number), query and fragment may be secret. Owned by the caller; empty if there is no
 * origin. */
char *url_without_secrets(const char *url);

/* Appends a text as a part of a URL: all but what RFC 3986 calls unreserved is percent-encoded. */
void url_add_encoded(struct buf *out, const char *text);

#endif
