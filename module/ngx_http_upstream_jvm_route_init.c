
/*
 * Copyright (C) 2026 the sessctl authors
 */


#include "ngx_http_upstream_jvm_route_module.h"


/* servers by their addresses, or by their names and ports */

typedef struct {
    ngx_uint_t                         mask;
    ngx_uint_t                        *buckets;
    ngx_uint_t                        *next;
    ngx_url_t                         *urls;      /* of those with a name */
} ngx_http_jvm_route_index_t;


static ngx_int_t ngx_http_upstream_jvm_route_servers(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf);
static ngx_int_t ngx_http_upstream_jvm_route_check_dots(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf);
static ngx_int_t ngx_http_upstream_jvm_route_assign(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf, ngx_http_jvm_route_id_t *id,
    ngx_uint_t i);
static ngx_int_t ngx_http_upstream_jvm_route_match(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_http_jvm_route_index_t *index, ngx_http_jvm_route_id_t *id);
static ngx_int_t ngx_http_upstream_jvm_route_index(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_http_jvm_route_index_t *index);
static ngx_uint_t ngx_http_upstream_jvm_route_name_key(ngx_url_t *u);
static void ngx_http_upstream_jvm_route_drain_peers(
    ngx_http_upstream_jvm_route_srv_conf_t *jcf);


ngx_int_t
ngx_http_upstream_init_jvm_route(ngx_conf_t *cf,
    ngx_http_upstream_srv_conf_t *us)
{
    ngx_http_upstream_jvm_route_srv_conf_t  *jcf;

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, cf->log, 0, "init jvm route");

    jcf = ngx_http_conf_upstream_srv_conf(us,
                                          ngx_http_upstream_jvm_route_module);

    if (jcf->original_init_upstream(cf, us) != NGX_OK) {
        return NGX_ERROR;
    }

    jcf->upstream = us;
    jcf->initialized = 1;

    /*
     * The methods that choose by weights kept from request to request allow
     * "backup" servers; "hash", "ip_hash" and "random" do neither
     */

    jcf->weighted = (us->flags & NGX_HTTP_UPSTREAM_BACKUP) ? 1 : 0;

    if (ngx_http_upstream_jvm_route_servers(cf, jcf) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_upstream_jvm_route_drain_peers(jcf);

    jcf->table = ngx_http_jvm_route_build(jcf, cf->pool, cf->log);
    if (jcf->table == NULL) {
        return NGX_ERROR;
    }

    jcf->original_init_peer = us->peer.init;

    us->peer.init = ngx_http_upstream_init_jvm_route_peer;

    return NGX_OK;
}


/* assigns the values of the "srun_id" directives to the servers */

static ngx_int_t
ngx_http_upstream_jvm_route_servers(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf)
{
    ngx_uint_t                    i, j, n, mask, *buckets, *next;
    ngx_http_jvm_route_id_t      *id;
    ngx_http_jvm_route_index_t    index;
    ngx_http_upstream_server_t   *server;
    ngx_http_jvm_route_server_t  *jserver;

    index.buckets = NULL;

    server = jcf->upstream->servers->elts;
    n = jcf->upstream->servers->nelts;

    while (jcf->servers.nelts < n) {
        jserver = ngx_array_push(&jcf->servers);
        if (jserver == NULL) {
            return NGX_ERROR;
        }

        ngx_memzero(jserver, sizeof(ngx_http_jvm_route_server_t));
    }

    if (jcf->ids.nelts == 0) {
        return ngx_http_upstream_jvm_route_check_dots(cf, jcf);
    }

    for (mask = 4; mask < n; mask *= 2) { /* void */ }

    buckets = ngx_pcalloc(cf->temp_pool, (mask + n) * sizeof(ngx_uint_t));
    if (buckets == NULL) {
        return NGX_ERROR;
    }

    next = &buckets[mask];
    mask--;

    for (i = 0; i < n; i++) {
        j = ngx_http_jvm_route_key(server[i].name.data, server[i].name.len)
            & mask;

        next[i] = buckets[j];
        buckets[j] = i + 1;
    }

    id = jcf->ids.elts;

    for (i = 0; i < jcf->ids.nelts; i++) {
        n = 0;

        for (j = buckets[ngx_http_jvm_route_key(id[i].address.data,
                                                id[i].address.len)
                         & mask];
             j;
             j = next[j - 1])
        {
            if (server[j - 1].name.len == id[i].address.len
                && ngx_strncmp(server[j - 1].name.data, id[i].address.data,
                               id[i].address.len)
                   == 0)
            {
                if (ngx_http_upstream_jvm_route_assign(cf, jcf, &id[i], j - 1)
                    != NGX_OK)
                {
                    return NGX_ERROR;
                }

                n++;
            }
        }

        if (n) {
            continue;
        }

        if (ngx_http_upstream_jvm_route_match(cf, jcf, &index, &id[i])
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return ngx_http_upstream_jvm_route_check_dots(cf, jcf);
}


static ngx_int_t
ngx_http_upstream_jvm_route_check_dots(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf)
{
    ngx_str_t                    *id;
    ngx_uint_t                    i;
    ngx_http_jvm_route_server_t  *jserver;

    jserver = jcf->servers.elts;

    for (i = 0; jcf->reverse && i < jcf->servers.nelts; i++) {
        id = &jserver[i].id;

        if (id->len && ngx_strlchr(id->data, id->data + id->len, '.')) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "srun_id \"%V\" has a dot, with \"reverse\""
                          " a route is what follows the last dot, in %s:%ui",
                          id, jserver[i].file, jserver[i].line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_upstream_jvm_route_assign(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf, ngx_http_jvm_route_id_t *id,
    ngx_uint_t i)
{
    ngx_http_upstream_server_t   *server;
    ngx_http_jvm_route_server_t  *jserver;

    server = jcf->upstream->servers->elts;
    jserver = jcf->servers.elts;

    if (jserver[i].id.len) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "server \"%V\" has srun_id \"%V\" already,"
                      " it cannot have \"%V\" in %s:%ui",
                      &server[i].name, &jserver[i].id, &id->id,
                      id->file, id->line);
        return NGX_ERROR;
    }

    jserver[i].id = id->id;
    jserver[i].file = id->file;
    jserver[i].line = id->line;

    return NGX_OK;
}


/* matches servers whose address is specified in a different form */

static ngx_int_t
ngx_http_upstream_jvm_route_match(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_http_jvm_route_index_t *index, ngx_http_jvm_route_id_t *id)
{
    ngx_url_t                    u, *s;
    ngx_uint_t                   i, key, found;
    ngx_http_upstream_server_t  *server;

    ngx_memzero(&u, sizeof(ngx_url_t));

    u.url = id->address;
    u.default_port = 80;
    u.no_resolve = 1;

    if (ngx_parse_url(cf->pool, &u) != NGX_OK) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "%s in address \"%V\" of srun_id \"%V\" in %s:%ui",
                      u.err ? u.err : "no memory", &id->address, &id->id,
                      id->file, id->line);
        return NGX_ERROR;
    }

    if (index->buckets == NULL
        && ngx_http_upstream_jvm_route_index(cf, jcf, index) != NGX_OK)
    {
        return NGX_ERROR;
    }

    server = jcf->upstream->servers->elts;
    found = 0;

    key = u.naddrs ? ngx_http_jvm_route_key((u_char *) u.addrs[0].sockaddr,
                                            u.addrs[0].socklen)
                   : ngx_http_upstream_jvm_route_name_key(&u);

    for (i = index->buckets[key & index->mask]; i; i = index->next[i - 1]) {

        /* each server has two entries */

        if (u.naddrs) {

            if (i & 1
                || ngx_memn2cmp((u_char *) u.addrs[0].sockaddr,
                         (u_char *) server[(i - 1) / 2].addrs[0].sockaddr,
                         u.addrs[0].socklen,
                         server[(i - 1) / 2].addrs[0].socklen)
                   != 0)
            {
                continue;
            }

        } else {

            s = &index->urls[(i - 1) / 2];

            if (!(i & 1)
                || s->port != u.port
                || s->host.len != u.host.len
                || ngx_strncasecmp(s->host.data, u.host.data, s->host.len) != 0)
            {
                continue;
            }
        }

        if (ngx_http_upstream_jvm_route_assign(cf, jcf, id, (i - 1) / 2)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        found = 1;
    }

    if (found) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "srun_id \"%V\" is for \"%V\", which is no server"
                  " of upstream \"%V\" in %s:%ui",
                  &id->id, &id->address, &jcf->upstream->host,
                  id->file, id->line);

    return NGX_ERROR;
}


/*
 * Server number i has the entry 2i + 1 if it has a name, and 2i + 2 if it has
 * one address
 */

static ngx_int_t
ngx_http_upstream_jvm_route_index(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_http_jvm_route_index_t *index)
{
    ngx_url_t                   *s;
    ngx_uint_t                   i, j, n;
    ngx_http_upstream_server_t  *server;

    server = jcf->upstream->servers->elts;
    n = jcf->upstream->servers->nelts;

    for (index->mask = 4; index->mask < 2 * n; index->mask *= 2) {
        /* void */
    }

    index->urls = ngx_pcalloc(cf->temp_pool, n * sizeof(ngx_url_t));
    index->next = ngx_pcalloc(cf->temp_pool, 2 * n * sizeof(ngx_uint_t));
    index->buckets = ngx_pcalloc(cf->temp_pool,
                                 index->mask * sizeof(ngx_uint_t));

    if (index->urls == NULL || index->next == NULL || index->buckets == NULL) {
        return NGX_ERROR;
    }

    index->mask--;

    /* the first one of a bucket is found first */

    for (i = n; i-- > 0; /* void */) {

        if (server[i].naddrs == 1) {
            j = ngx_http_jvm_route_key((u_char *) server[i].addrs[0].sockaddr,
                                       server[i].addrs[0].socklen)
                & index->mask;

            index->next[2 * i + 1] = index->buckets[j];
            index->buckets[j] = 2 * i + 2;
        }

        s = &index->urls[i];

        s->url = server[i].name;
        s->default_port = 80;
        s->no_resolve = 1;

        if (ngx_parse_url(cf->temp_pool, s) != NGX_OK) {
            return NGX_ERROR;
        }

        if (s->naddrs == 0) {
            j = ngx_http_upstream_jvm_route_name_key(s) & index->mask;

            index->next[2 * i] = index->buckets[j];
            index->buckets[j] = 2 * i + 1;
        }
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_upstream_jvm_route_name_key(ngx_url_t *u)
{
    uint32_t  key;
    size_t    i;

    key = NGX_HTTP_JVM_ROUTE_HASH;

    for (i = 0; i < u->host.len; i++) {
        key = ngx_http_jvm_route_hash(key, ngx_tolower(u->host.data[i]));
    }

    key = ngx_http_jvm_route_hash(key, u->port & 0xff);

    return ngx_http_jvm_route_hash(key, u->port >> 8);
}


/* the balancing method treats a drained server as down */

static void
ngx_http_upstream_jvm_route_drain_peers(
    ngx_http_upstream_jvm_route_srv_conf_t *jcf)
{
    ngx_uint_t                     i, j, backup;
    ngx_http_upstream_server_t    *server;
    ngx_http_upstream_rr_peer_t   *peer;
    ngx_http_upstream_rr_peers_t  *peers;

    server = jcf->upstream->servers->elts;
    backup = 0;

    for (peers = jcf->upstream->peer.data; peers; peers = peers->next) {

        peer = ngx_http_jvm_route_first_peer(peers);

        for (i = 0; i < jcf->upstream->servers->nelts; i++) {

            if (server[i].backup != backup) {
                continue;
            }

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)
            if (server[i].host.len) {
                continue;
            }
#endif

            for (j = 0; j < server[i].naddrs && peer; j++) {

                if (ngx_http_jvm_route_server_draining(jcf, i)) {
                    peer->down = NGX_HTTP_JVM_ROUTE_DRAINING;
                }

                peer = ngx_http_jvm_route_next_peer(peers, peer);
            }
        }

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)

        peer = peers->resolve;

        for (i = 0; i < jcf->upstream->servers->nelts && peer; i++) {

            if (server[i].backup != backup || server[i].host.len == 0) {
                continue;
            }

            if (ngx_http_jvm_route_server_draining(jcf, i)) {
                peer->down = NGX_HTTP_JVM_ROUTE_DRAINING;
            }

            peer = peer->next;
        }

#endif

        backup = 1;
    }
}
