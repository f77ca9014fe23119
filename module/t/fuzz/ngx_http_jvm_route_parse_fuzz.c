
/*
 * Copyright (C) 2026 the sessctl authors
 */


/*
 * libFuzzer target: the first line of the input is the name, the rest is the
 * URL, and a Cookie header, and a text.  What is found is held against a slow
 * reading of the same rules.
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -o parse_fuzz \
 *         ngx_http_jvm_route_parse_fuzz.c
 *     ./parse_fuzz -runs=5000000 corpus
 *
 * With -DSTANDALONE it runs each file that it is given once, without libFuzzer.
 */


#include "../../ngx_http_jvm_route_parse.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>


#define check(c)                                                              \
    if (!(c)) {                                                               \
        fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #c);               \
        abort();                                                              \
    }


static int
is_name(u_char *url, size_t len, size_t i, u_char *name, size_t name_len)
{
    size_t  j;

    for (j = 0; j < name_len; j++) {
        if (i + j >= len || tolower(url[i + j]) != name[j]) {
            return 0;
        }
    }

    return i + j < len && url[i + j] == '=';
}


static u_char *
slow(u_char *url, size_t len, u_char *name, size_t name_len, size_t *n)
{
    char   *ends;
    size_t  i, j, k, path, end;

    if (name_len == 0) {
        return NULL;
    }

    for (path = 0; path < len && url[path] != '?' && url[path] != '#'; path++)
    {
        /* void */
    }

    for (end = path; end < len && url[end] != '#'; end++) { /* void */ }

    for (i = 0; i < end; i++) {

        if (i < path) {
            if (url[i] != ';') {
                continue;
            }

            ends = ";/?#";

        } else {
            if (i != path && url[i] != '&') {
                continue;
            }

            ends = "&;";
        }

        if (!is_name(url, i < path ? len : end, i + 1, name, name_len)) {
            continue;
        }

        k = i + 1 + name_len + 1;

        for (j = k; j < end && (url[j] == '\0' || !strchr(ends, url[j])); j++) {
            /* void */
        }

        if (j > k) {
            *n = j - k;
            return &url[k];
        }
    }

    return NULL;
}


/* the value of the cookie in the piece that begins at i, if that is the one */

static u_char *
slow_cookie(u_char *header, size_t len, size_t i, u_char *name,
    size_t name_len, size_t *n, size_t *next)
{
    size_t   j;
    u_char  *value;

    value = NULL;

    for (j = 0; j < name_len; j++) {
        if (i + j >= len || tolower(header[i + j]) != tolower(name[j])) {
            goto skip;
        }
    }

    for (i += j; i < len && header[i] == ' '; i++) { /* void */ }

    if (i == len || header[i] != '=') {
        goto skip;
    }

    for (i++; i < len && header[i] == ' '; i++) { /* void */ }

    value = &header[i];

    while (i < len && header[i] != ';') { i++; }

    *n = &header[i] - value;

skip:

    while (i < len && header[i] != ';' && header[i] != ',') { i++; }

    for (i++; i < len && header[i] == ' '; i++) { /* void */ }

    *next = i;

    return value;
}


static void
fuzz_cookies(u_char *header, size_t len, u_char *name, size_t name_len)
{
    size_t   i, n, m;
    u_char  *p, *value, *again;

    p = header;

    for (i = 0; i < len; /* void */ ) {

        again = slow_cookie(header, len, i, name, name_len, &m, &i);

        if (again == NULL) {
            continue;
        }

        n = 0;
        value = ngx_http_jvm_route_cookie(&p, header + len, name, name_len,
                                          &n);

        check(value == again && n == m);
        check(p == value + n);
    }

    check(ngx_http_jvm_route_cookie(&p, header + len, name, name_len, &n)
          == NULL);
    check(p == header + len);
}


/* by the value of the character, not by its bytes */

static void
fuzz_utf8(u_char *text, size_t len)
{
    size_t    i, j, n;
    uint32_t  c, least;

    for (i = 0; i < len; i++) {

        n = (text[i] < 0x80) ? 1 : (text[i] >> 5 == 6) ? 2
            : (text[i] >> 4 == 14) ? 3 : (text[i] >> 3 == 30) ? 4 : 0;

        least = (n < 2) ? 0 : (n == 2) ? 0x80 : (n == 3) ? 0x800 : 0x10000;
        c = (n < 2) ? text[i] : text[i] & (0xff >> (n + 1));

        for (j = 1; j < n; j++) {
            if (i + j >= len || text[i + j] >> 6 != 2) {
                n = 0;
                break;
            }

            c = (c << 6) | (text[i + j] & 0x3f);
        }

        if (c < least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
            n = 0;
        }

        check(ngx_http_jvm_route_utf8(&text[i], text + len) == n);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    u_char    *copy, *name, *url, *value, *again, *route;
    size_t     i, len, n, m, name_len;
    uint32_t   key;

    /* a copy of exactly this size, so that no byte is read beyond it */

    copy = malloc(size ? size : 1);
    check(copy != NULL);
    memcpy(copy, data, size);

    url = memchr(copy, '\n', size);

    name = copy;
    name_len = url ? (size_t) (url - copy) : 0;

    url = url ? url + 1 : copy;
    len = size - (url - copy);

    for (i = 0; i < name_len; i++) {
        if (name[i] == '\0' || strchr(";/?#&=", name[i])) {
            name_len = i;
        }
    }

    fuzz_cookies(url, len, name, name_len);
    fuzz_utf8(url, len);

    for (i = 0; i < name_len; i++) {
        name[i] = tolower(name[i]);
    }

    n = 0;
    m = 0;

    value = ngx_http_jvm_route_url(url, url + len, name, name_len, &n);
    again = slow(url, len, name, name_len, &m);

    check(value == again);
    check(value == NULL || n == m);

    if (value == NULL) {
        value = url;
        n = len;
    }

    route = ngx_http_jvm_route_last(value, n, &m);

    if (route) {
        check(route > value && route[-1] == '.' && route + m == value + n);
        check(memchr(route, '.', m) == NULL);

        key = NGX_HTTP_JVM_ROUTE_HASH;

        for (i = 0; i < m; i++) {
            key = ngx_http_jvm_route_hash(key, route[i]);
        }

        check(key == ngx_http_jvm_route_key(route, m));

    } else {
        check(memchr(value, '.', n) == NULL);
    }

    free(copy);

    return 0;
}


#ifdef STANDALONE

int
main(int argc, char **argv)
{
    int        i;
    FILE      *f;
    size_t     n;
    uint8_t    buf[65536];

    for (i = 1; i < argc; i++) {
        f = fopen(argv[i], "rb");

        if (f == NULL) {
            perror(argv[i]);
            return 1;
        }

        n = fread(buf, 1, sizeof(buf), f);
        fclose(f);

        LLVMFuzzerTestOneInput(buf, n);
    }

    return 0;
}

#endif
