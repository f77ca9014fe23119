
/*
 * Copyright (C) 2026 the sessctl authors
 */


/*
 * What a request says about its session: pure functions over bytes,
 * which know nothing of nginx, so that they can be fuzzed on their own.
 */


#ifndef _NGX_HTTP_JVM_ROUTE_PARSE_H_INCLUDED_
#define _NGX_HTTP_JVM_ROUTE_PARSE_H_INCLUDED_


#include <sys/types.h>
#include <stdint.h>
#include <string.h>


#define NGX_HTTP_JVM_ROUTE_ID_LEN   64

/* FNV-1a, which can be continued byte by byte */

#define NGX_HTTP_JVM_ROUTE_HASH     2166136261u

#define ngx_http_jvm_route_hash(key, c)  (((key) ^ (u_char) (c)) * 16777619u)

#define ngx_http_jvm_route_lower(c)                                           \
    ((c) >= 'A' && (c) <= 'Z' ? (c) | 0x20 : (c))


/*
 * Is there "name=" at p?  Returns the first byte of the value.
 * The name is in lower case.
 */

static inline u_char *
ngx_http_jvm_route_name(u_char *p, u_char *last, u_char *name, size_t len)
{
    size_t  i;

    if ((size_t) (last - p) <= len || p[len] != '=') {
        return NULL;
    }

    for (i = 0; i < len; i++) {
        if (ngx_http_jvm_route_lower(p[i]) != name[i]) {
            return NULL;
        }
    }

    return p + len + 1;
}


/*
 * The session id in a URL: the first path parameter ";name=" with a value,
 * else the first query argument "name=" with one.  Returns NULL if there is
 * none.
 */

static inline u_char *
ngx_http_jvm_route_url(u_char *p, u_char *last, u_char *name, size_t name_len,
    size_t *len)
{
    u_char  *end, *value;

    if (name_len == 0) {
        return NULL;
    }

    for ( /* void */ ; p < last && *p != '?' && *p != '#'; p++) {

        if (*p != ';') {
            continue;
        }

        value = ngx_http_jvm_route_name(p + 1, last, name, name_len);

        if (value == NULL) {
            continue;
        }

        for (end = value; end < last; end++) {
            if (*end == ';' || *end == '/' || *end == '?' || *end == '#') {
                break;
            }
        }

        if (end != value) {
            *len = end - value;
            return value;
        }
    }

    if (p == last || *p == '#') {
        return NULL;
    }

    /* nginx takes what follows a "#" for a fragment in the query as well */

    end = memchr(p, '#', last - p);

    if (end) {
        last = end;
    }

    while (p < last) {

        value = ngx_http_jvm_route_name(p + 1, last, name, name_len);

        if (value) {

            for (end = value; end < last; end++) {
                if (*end == '&' || *end == ';') {
                    break;
                }
            }

            if (end != value) {
                *len = end - value;
                return value;
            }
        }

        p = memchr(p + 1, '&', last - p - 1);

        if (p == NULL) {
            break;
        }
    }

    return NULL;
}


/*
 * The value of the first cookie "name=" of a Cookie header from *pp on, read
 * as nginx reads it for $cookie_name.  Moves *pp behind it.  Returns NULL if
 * there is none.  The case of the name does not matter.
 */

static inline u_char *
ngx_http_jvm_route_cookie(u_char **pp, u_char *last, u_char *name,
    size_t name_len, size_t *len)
{
    u_char   c, *p, *value;
    size_t   i, n;

    p = *pp;

    while (p < last) {

        n = last - p;

        /* clients send the name mostly as it is configured */

        if (n > name_len
            && p[name_len] == '='
            && memcmp(p, name, name_len) == 0)
        {
            i = name_len;

        } else {

            for (i = 0; i < name_len && i < n; i++) {
                if (ngx_http_jvm_route_lower(p[i])
                    != ngx_http_jvm_route_lower(name[i]))
                {
                    break;
                }
            }
        }

        if (i == name_len) {

            for (p += i; p < last && *p == ' '; p++) { /* void */ }

            if (p < last && *p == '=') {

                for (p++; p < last && *p == ' '; p++) { /* void */ }

                value = p;
                p = (p < last) ? memchr(p, ';', last - p) : NULL;

                if (p == NULL) {
                    p = last;
                }

                *pp = p;
                *len = p - value;

                return value;
            }
        }

        while (p < last) {
            c = *p++;

            if (c == ';' || c == ',') {
                break;
            }
        }

        while (p < last && *p == ' ') { p++; }
    }

    *pp = last;

    return NULL;
}


/*
 * The length of the UTF-8 sequence at p, 0 if it is none (RFC 3629: without
 * longer forms than needed, surrogates, and values above 0x10ffff)
 */

static inline size_t
ngx_http_jvm_route_utf8(u_char *p, u_char *last)
{
    size_t  i, len;

    if (p[0] < 0x80) {
        return 1;
    }

    if (p[0] < 0xc2 || p[0] > 0xf4) {
        return 0;
    }

    len = (p[0] < 0xe0) ? 2 : (p[0] < 0xf0) ? 3 : 4;

    if ((size_t) (last - p) < len) {
        return 0;
    }

    for (i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
    }

    if ((p[0] == 0xe0 && p[1] < 0xa0)
        || (p[0] == 0xed && p[1] > 0x9f)
        || (p[0] == 0xf0 && p[1] < 0x90)
        || (p[0] == 0xf4 && p[1] > 0x8f))
    {
        return 0;
    }

    return len;
}


/* what follows the last dot of a session id, NULL if it has none */

static inline u_char *
ngx_http_jvm_route_last(u_char *p, size_t len, size_t *n)
{
    u_char  *dot;

    for (dot = p + len; dot > p; dot--) {

        if (dot[-1] == '.') {
            *n = p + len - dot;
            return dot;
        }
    }

    return NULL;
}


static inline uint32_t
ngx_http_jvm_route_key(u_char *p, size_t len)
{
    uint32_t  key;

    key = NGX_HTTP_JVM_ROUTE_HASH;

    while (len--) {
        key = ngx_http_jvm_route_hash(key, *p++);
    }

    return key;
}


#endif /* _NGX_HTTP_JVM_ROUTE_PARSE_H_INCLUDED_ */
