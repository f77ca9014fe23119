
/*
 * Copyright (C) 2026 the sessctl authors
 */


#include "ngx_http_upstream_jvm_route_module.h"


static void ngx_http_upstream_jvm_route_cookies(
    ngx_http_upstream_jvm_route_peer_data_t *jp, ngx_str_t *header);
static ngx_inline void ngx_http_upstream_jvm_route_candidate(
    ngx_http_upstream_jvm_route_peer_data_t *jp, u_char *session, size_t len);


void
ngx_http_upstream_jvm_route_session(ngx_http_request_t *r,
    ngx_http_upstream_jvm_route_peer_data_t *jp)
{
    size_t                                   len;
    u_char                                  *p;
    ngx_table_elt_t                         *h;
    ngx_http_upstream_jvm_route_srv_conf_t  *jcf;
#if (nginx_version < 1023000)
    ngx_uint_t                               i;
    ngx_table_elt_t                        **hp;
#endif

    jcf = jp->conf;

#if (nginx_version >= 1023000)

    for (h = r->headers_in.cookie; h && jp->route == NULL; h = h->next) {
        ngx_http_upstream_jvm_route_cookies(jp, &h->value);
    }

#else

    hp = r->headers_in.cookies.elts;

    for (i = 0; i < r->headers_in.cookies.nelts && jp->route == NULL; i++) {
        h = hp[i];
        ngx_http_upstream_jvm_route_cookies(jp, &h->value);
    }

#endif

    if (jp->session.len == 0) {
        p = ngx_http_jvm_route_url(r->unparsed_uri.data,
                                   r->unparsed_uri.data + r->unparsed_uri.len,
                                   jcf->url.data, jcf->url.len, &len);
        if (p == NULL) {
            ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                           "jvm route: no session");
            return;
        }

        ngx_http_upstream_jvm_route_candidate(jp, p, len);
    }

    jp->status = jp->route ? ngx_http_jvm_route_hit : ngx_http_jvm_route_miss;

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "jvm route: session \"%V\" route \"%V\" %s",
                   &jp->session, &jp->name,
                   jp->route ? "has a server" : "has no server");
}


/*
 * Tomcat uses the first of several session cookies that has a known session:
 * the first cookie with the route of a server is used
 */

static void
ngx_http_upstream_jvm_route_cookies(
    ngx_http_upstream_jvm_route_peer_data_t *jp, ngx_str_t *header)
{
    size_t      len;
    u_char     *p, *last, *value;
    ngx_str_t  *cookie;

    cookie = &jp->conf->cookie;

    p = header->data;
    last = p + header->len;

    while (jp->route == NULL) {

        value = ngx_http_jvm_route_cookie(&p, last, cookie->data, cookie->len,
                                          &len);
        if (value == NULL) {
            return;
        }

        if (len) {
            ngx_http_upstream_jvm_route_candidate(jp, value, len);
        }
    }
}


static ngx_inline void
ngx_http_upstream_jvm_route_candidate(
    ngx_http_upstream_jvm_route_peer_data_t *jp, u_char *session, size_t len)
{
    u_char                *p;
    size_t                 n;
    ngx_http_jvm_route_t  *route;

    n = 0;
    route = NULL;

    if (jp->conf->reverse) {
        p = ngx_http_jvm_route_last(session, len, &n);

        if (p) {
            route = ngx_http_jvm_route_exact(jp->conf->table, p, n);
        }

    } else {
        p = NULL;
        route = ngx_http_jvm_route_longest(jp->conf->table, session, len);

        if (route) {
            p = route->id.data;
            n = route->id.len;
        }
    }

    if (jp->session.len && route == NULL) {
        return;
    }

    jp->session.len = len;
    jp->session.data = session;
    jp->name.len = n;
    jp->name.data = p;
    jp->route = route;
}
