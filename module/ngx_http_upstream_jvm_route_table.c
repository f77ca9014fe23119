
/*
 * Copyright (C) 2026 the sessctl authors
 */


#include "ngx_http_upstream_jvm_route_module.h"


#if (NGX_HTTP_JVM_ROUTE_RESOLVE)

typedef struct {
    ngx_http_upstream_host_t         *host;
    ngx_uint_t                        server;
} ngx_http_jvm_route_host_t;


static ngx_array_t *ngx_http_jvm_route_hosts(
    ngx_http_upstream_jvm_route_srv_conf_t *jcf, ngx_pool_t *pool);
static int ngx_libc_cdecl ngx_http_jvm_route_cmp_hosts(const void *one,
    const void *two);
static ngx_uint_t ngx_http_jvm_route_host_server(ngx_array_t *hosts,
    ngx_http_upstream_host_t *host);

#endif

static ngx_int_t ngx_http_jvm_route_add_routes(
    ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_http_jvm_route_table_t *table, ngx_log_t *log);
static void ngx_http_jvm_route_add_peer(
    ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_http_jvm_route_table_t *table, ngx_http_upstream_rr_peer_t *peer,
    ngx_uint_t number, ngx_uint_t server, ngx_uint_t backup);


#define ngx_http_jvm_route_peer_key(peer)                                     \
    ((uint32_t) ((uintptr_t) (peer) >> 4) * 2654435761u >> 7)


ngx_http_jvm_route_table_t *
ngx_http_jvm_route_build(ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_pool_t *pool, ngx_log_t *log)
{
    ngx_uint_t                      i, j, n, number, backup;
    ngx_http_upstream_server_t     *server;
    ngx_http_upstream_rr_peer_t    *peer;
    ngx_http_upstream_rr_peers_t   *peers;
    ngx_http_jvm_route_table_t     *table;
    ngx_http_upstream_srv_conf_t   *us;
#if (NGX_HTTP_JVM_ROUTE_RESOLVE)
    ngx_array_t                    *hosts;
#endif

    us = jcf->upstream;
    server = us->servers->elts;

    table = ngx_pcalloc(pool, sizeof(ngx_http_jvm_route_table_t));
    if (table == NULL) {
        return NULL;
    }

    table->peers = us->peer.data;
    table->config = ngx_http_jvm_route_config(table->peers);

    n = 0;

    for (peers = table->peers; peers; peers = peers->next) {
        for (peer = ngx_http_jvm_route_first_peer(peers);
             peer;
             peer = ngx_http_jvm_route_next_peer(peers, peer))
        {
            n++;
        }
    }

    table->peer = ngx_pcalloc(pool, n * sizeof(ngx_http_jvm_route_peer_t) + 1);
    if (table->peer == NULL) {
        return NULL;
    }

    for (i = 4; i < 2 * n; i *= 2) { /* void */ }

    table->peer_buckets = ngx_pcalloc(pool, i * sizeof(uint32_t));
    if (table->peer_buckets == NULL) {
        return NULL;
    }

    table->peer_buckets_mask = i - 1;

    for (i = 4; i < us->servers->nelts; i *= 2) { /* void */ }

    table->buckets = ngx_pcalloc(pool, i * sizeof(uint32_t));
    if (table->buckets == NULL) {
        return NULL;
    }

    table->buckets_mask = i - 1;

    table->route = ngx_pcalloc(pool, us->servers->nelts
                                     * sizeof(ngx_http_jvm_route_t));
    if (table->route == NULL) {
        return NULL;
    }

    if (ngx_http_jvm_route_add_routes(jcf, table, log) != NGX_OK) {
        return NULL;
    }

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)
    hosts = ngx_http_jvm_route_hosts(jcf, pool);
    if (hosts == NULL) {
        return NULL;
    }
#endif

    backup = 0;

    for (peers = table->peers; peers; peers = peers->next) {

        /* peers are in the order of their servers */

        i = 0;
        j = 0;
        number = 0;

        for (peer = ngx_http_jvm_route_first_peer(peers);
             peer;
             peer = ngx_http_jvm_route_next_peer(peers, peer))
        {

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)

            if (peer->host) {
                n = ngx_http_jvm_route_host_server(hosts, peer->host);
                ngx_http_jvm_route_add_peer(jcf, table, peer, number++, n,
                                            backup);
                continue;
            }

            while (i < us->servers->nelts
                   && (server[i].backup != backup || server[i].host.len
                       || j == server[i].naddrs))
            {
                i++;
                j = 0;
            }

#else

            while (i < us->servers->nelts
                   && (server[i].backup != backup || j == server[i].naddrs))
            {
                i++;
                j = 0;
            }

#endif

            ngx_http_jvm_route_add_peer(jcf, table, peer, number++, i, backup);
            j++;
        }

        backup = 1;
    }

    return table;
}


static ngx_int_t
ngx_http_jvm_route_add_routes(ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_http_jvm_route_table_t *table, ngx_log_t *log)
{
    uint32_t                      key;
    ngx_uint_t                    i;
    ngx_http_jvm_route_t         *route;
    ngx_http_upstream_server_t   *server, *first;
    ngx_http_jvm_route_server_t  *jserver;

    server = jcf->upstream->servers->elts;
    jserver = jcf->servers.elts;

    for (i = 0; i < jcf->servers.nelts; i++) {

        if (jserver[i].id.len == 0) {
            continue;
        }

        key = ngx_http_jvm_route_key(jserver[i].id.data, jserver[i].id.len);

        route = ngx_http_jvm_route_find(table, jserver[i].id.data,
                                        jserver[i].id.len, key);

        if (route == NULL) {
            route = &table->route[table->nroutes++];

            route->id = jserver[i].id;
            route->key = key;
            route->server = i;
            route->next = table->buckets[key & table->buckets_mask];

            table->buckets[key & table->buckets_mask] = table->nroutes;
            table->lengths |= (uint64_t) 1 << (route->id.len - 1);

            continue;
        }

        first = &server[route->server];

        if (server[i].backup) {
            continue;
        }

        if (first->backup) {
            route->server = i;
            continue;
        }

        if (first->name.len != server[i].name.len
            || ngx_strncmp(first->name.data, server[i].name.data,
                           first->name.len)
               != 0)
        {
            ngx_log_error(NGX_LOG_EMERG, log, 0,
                          "duplicate srun_id \"%V\" of servers \"%V\" and"
                          " \"%V\" in upstream \"%V\" in %s:%ui",
                          &route->id, &first->name, &server[i].name,
                          &jcf->upstream->host, jserver[i].file,
                          jserver[i].line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static void
ngx_http_jvm_route_add_peer(ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_http_jvm_route_table_t *table, ngx_http_upstream_rr_peer_t *peer,
    ngx_uint_t number, ngx_uint_t server, ngx_uint_t backup)
{
    uint32_t                      i;
    ngx_http_jvm_route_t         *route;
    ngx_http_jvm_route_peer_t    *jpeer;
    ngx_http_jvm_route_server_t  *jserver;

    jpeer = &table->peer[table->npeers++];

    jpeer->peer = peer;
    jpeer->number = number;
    jpeer->server = server;
    jpeer->backup = backup;

    i = ngx_http_jvm_route_peer_key(peer) & table->peer_buckets_mask;

    while (table->peer_buckets[i]) {
        i = (i + 1) & table->peer_buckets_mask;
    }

    table->peer_buckets[i] = table->npeers;

    if (!backup && !peer->down) {
        table->total_weight += peer->effective_weight;
    }

    if (server >= jcf->servers.nelts) {
        return;
    }

    jserver = (ngx_http_jvm_route_server_t *) jcf->servers.elts + server;

    jpeer->max_busy = jserver->max_busy;

    if (jserver->id.len == 0) {
        return;
    }

    route = ngx_http_jvm_route_exact(table, jserver->id.data, jserver->id.len);

    if (route->first == 0) {
        route->first = table->npeers;

    } else {
        table->peer[route->last - 1].next = table->npeers;
    }

    route->last = table->npeers;
    route->npeers++;

    if (backup && route->nbackups++ == 0) {
        route->backup = table->npeers;
    }
}


#if (NGX_HTTP_JVM_ROUTE_RESOLVE)

static ngx_array_t *
ngx_http_jvm_route_hosts(ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_pool_t *pool)
{
    ngx_uint_t                     i, backup;
    ngx_array_t                   *hosts;
    ngx_http_jvm_route_host_t     *host;
    ngx_http_upstream_server_t    *server;
    ngx_http_upstream_rr_peer_t   *peer;
    ngx_http_upstream_rr_peers_t  *peers;

    hosts = ngx_array_create(pool, 4, sizeof(ngx_http_jvm_route_host_t));
    if (hosts == NULL) {
        return NULL;
    }

    server = jcf->upstream->servers->elts;
    backup = 0;

    for (peers = jcf->upstream->peer.data; peers; peers = peers->next) {

        i = 0;

        for (peer = peers->resolve; peer; peer = peer->next) {

            while (server[i].backup != backup || server[i].host.len == 0) {
                i++;
            }

            host = ngx_array_push(hosts);
            if (host == NULL) {
                return NULL;
            }

            host->host = peer->host;
            host->server = i++;
        }

        backup = 1;
    }

    ngx_qsort(hosts->elts, (size_t) hosts->nelts,
              sizeof(ngx_http_jvm_route_host_t), ngx_http_jvm_route_cmp_hosts);

    return hosts;
}


static int ngx_libc_cdecl
ngx_http_jvm_route_cmp_hosts(const void *one, const void *two)
{
    const ngx_http_jvm_route_host_t  *first = one;
    const ngx_http_jvm_route_host_t  *second = two;

    if (first->host == second->host) {
        return 0;
    }

    return (uintptr_t) first->host < (uintptr_t) second->host ? -1 : 1;
}


static ngx_uint_t
ngx_http_jvm_route_host_server(ngx_array_t *hosts,
    ngx_http_upstream_host_t *host)
{
    ngx_uint_t                  left, right, i;
    ngx_http_jvm_route_host_t  *elts;

    elts = hosts->elts;
    left = 0;
    right = hosts->nelts;

    while (left < right) {
        i = (left + right) / 2;

        if (elts[i].host == host) {
            return elts[i].server;
        }

        if ((uintptr_t) elts[i].host < (uintptr_t) host) {
            left = i + 1;

        } else {
            right = i;
        }
    }

    return (ngx_uint_t) -1;
}

#endif


/*
 * Rebuilds the table if the peers have changed, and attaches the counters to
 * the peers if the table is new or "attach" is set
 */

void
ngx_http_jvm_route_refresh(ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_uint_t attach, ngx_log_t *log)
{
    ngx_pool_t                    *pool;
    ngx_http_jvm_route_table_t    *table, *old;
    ngx_http_upstream_rr_peers_t  *peers;

    old = NULL;
    peers = jcf->upstream->peer.data;

    ngx_http_upstream_rr_peers_rlock(peers);

    if (jcf->table->config != ngx_http_jvm_route_config(peers)) {

        ngx_log_debug2(NGX_LOG_DEBUG_HTTP, log, 0,
                       "jvm route: peers of upstream \"%V\" have changed: %ui",
                       &jcf->upstream->host, ngx_http_jvm_route_config(peers));

        pool = ngx_create_pool(NGX_DEFAULT_POOL_SIZE, ngx_cycle->log);
        if (pool == NULL) {
            goto done;
        }

        table = ngx_http_jvm_route_build(jcf, pool, log);
        if (table == NULL) {
            ngx_destroy_pool(pool);
            goto done;
        }

        table->pool = pool;

        old = jcf->table;
        jcf->table = table;
    }

    if (old || attach) {
        ngx_http_jvm_route_attach(jcf, old, log);
    }

done:

    ngx_http_upstream_rr_peers_unlock(peers);

    if (old && old->pool) {
        ngx_destroy_pool(old->pool);
    }
}


ngx_http_jvm_route_t *
ngx_http_jvm_route_longest(ngx_http_jvm_route_table_t *table, u_char *p,
    size_t len)
{
    size_t                 i;
    uint32_t               key, keys[NGX_HTTP_JVM_ROUTE_ID_LEN];
    ngx_http_jvm_route_t  *route;

    if (len > NGX_HTTP_JVM_ROUTE_ID_LEN) {
        len = NGX_HTTP_JVM_ROUTE_ID_LEN;
    }

    key = NGX_HTTP_JVM_ROUTE_HASH;

    for (i = 0; i < len; i++) {
        key = ngx_http_jvm_route_hash(key, p[i]);
        keys[i] = key;
    }

    while (len--) {

        if (!(table->lengths & ((uint64_t) 1 << len))) {
            continue;
        }

        route = ngx_http_jvm_route_find(table, p, len + 1, keys[len]);

        if (route) {
            return route;
        }
    }

    return NULL;
}


ngx_http_jvm_route_peer_t *
ngx_http_jvm_route_find_peer(ngx_http_jvm_route_table_t *table,
    ngx_http_upstream_rr_peer_t *peer)
{
    uint32_t  i;

    for (i = ngx_http_jvm_route_peer_key(peer) & table->peer_buckets_mask;
         table->peer_buckets[i];
         i = (i + 1) & table->peer_buckets_mask)
    {
        if (table->peer[table->peer_buckets[i] - 1].peer == peer) {
            return &table->peer[table->peer_buckets[i] - 1];
        }
    }

    return NULL;
}


ngx_uint_t
ngx_http_jvm_route_server_draining(ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_uint_t i)
{
    ngx_http_jvm_route_server_t  *jserver;

#if (NGX_HTTP_UPSTREAM_STICKY)

    ngx_http_upstream_server_t   *server;

    server = jcf->upstream->servers->elts;

    if (server[i].down & NGX_HTTP_JVM_ROUTE_DRAINING) {
        return 1;
    }

#endif

    jserver = jcf->servers.elts;

    return i < jcf->servers.nelts && jserver[i].drain;
}
