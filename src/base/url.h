/*
 * Takes the parts of a web address, as libcurl reads it, and encodes text for one.
 */
#ifndef BASE_URL_H
#define BASE_URL_H

struct buf;

/* Returns the scheme, host and port as a browser writes them in location.origin: in small letters,
 * without the scheme's default port. Owned by the caller; NULL if `url` is not an absolute address
 * of http or https. */
char *url_origin(const char *url);

/* Returns the host in small letters, without port and brackets. Owned by the caller; NULL if there
 * is none. */
char *url_host(const char *url);

/* Returns the origin and the path, which people may see. The user, path parameters (such as a
 * session's number), query and fragment may be secret. Owned by the caller; empty if there is no
 * origin. */
char *url_without_secrets(const char *url);

/* Appends a text as a part of a URL: all characters but those that RFC 3986 calls unreserved are
 * percent-encoded. */
void url_add_encoded(struct buf *out, const char *text);

#endif
