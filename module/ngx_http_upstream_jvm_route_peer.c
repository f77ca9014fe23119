
/*
 * Copyright (C) 2026 the sessctl authors
 */


#include "ngx_http_upstream_jvm_route_module.h"


static ngx_int_t ngx_http_upstream_get_jvm_route_peer(
    ngx_peer_connection_t *pc, void *data);
static ngx_int_t ngx_http_upstream_get_retry_peer(ngx_peer_connection_t *pc,
    ngx_http_upstream_jvm_route_peer_data_t *jp);
static ngx_int_t ngx_http_upstream_jvm_route_connect(
    ngx_peer_connection_t *pc);
static ngx_int_t ngx_http_upstream_get_pinned_peer(ngx_peer_connection_t *pc,
    ngx_http_upstream_jvm_route_peer_data_t *jp);
static ngx_int_t ngx_http_upstream_get_balanced_peer(
    ngx_peer_connection_t *pc, ngx_http_upstream_jvm_route_peer_data_t *jp);
static void ngx_http_upstream_jvm_route_restore_checked(
    ngx_http_upstream_rr_peers_t *peers, ngx_http_upstream_rr_peer_t *peer);
static ngx_inline ngx_uint_t ngx_http_upstream_jvm_route_usable(
    ngx_http_upstream_rr_peer_data_t *rrp, ngx_http_jvm_route_peer_t *jpeer);
static ngx_uint_t ngx_http_upstream_jvm_route_primaries_usable(
    ngx_http_upstream_jvm_route_peer_data_t *jp);
static ngx_inline void ngx_http_upstream_jvm_route_count(
    ngx_http_jvm_route_node_t *node, ngx_int_t n);
static ngx_inline ngx_int_t ngx_http_upstream_jvm_route_acquire(
    ngx_peer_connection_t *pc, ngx_http_upstream_jvm_route_peer_data_t *jp,
    ngx_http_jvm_route_peer_t *jpeer);
static void ngx_http_upstream_jvm_route_settle(
    ngx_http_jvm_route_table_t *table);
static void ngx_http_upstream_free_jvm_route_peer(ngx_peer_connection_t *pc,
    void *data, ngx_uint_t state);
static ngx_uint_t ngx_http_upstream_jvm_route_closed(
    ngx_peer_connection_t *pc, ngx_http_upstream_jvm_route_peer_data_t *jp);

#if (NGX_HTTP_SSL)
static ngx_int_t ngx_http_upstream_jvm_route_set_session(
    ngx_peer_connection_t *pc, void *data);
static void ngx_http_upstream_jvm_route_save_session(
    ngx_peer_connection_t *pc, void *data);
#endif

#if (nginx_version >= 1011005)
static void ngx_http_upstream_notify_jvm_route_peer(ngx_peer_connection_t *pc,
    void *data, ngx_uint_t type);
#endif


ngx_int_t
ngx_http_upstream_init_jvm_route_peer(ngx_http_request_t *r,
    ngx_http_upstream_srv_conf_t *us)
{
    ngx_http_upstream_t                      *u;
    ngx_http_upstream_jvm_route_srv_conf_t   *jcf;
    ngx_http_upstream_jvm_route_peer_data_t  *jp;

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "init jvm route peer");

    jcf = ngx_http_conf_upstream_srv_conf(us,
                                          ngx_http_upstream_jvm_route_module);

    jp = ngx_palloc(r->pool, sizeof(ngx_http_upstream_jvm_route_peer_data_t));
    if (jp == NULL) {
        return NGX_ERROR;
    }

    if (jcf->original_init_peer(r, us) != NGX_OK) {
        return NGX_ERROR;
    }

    u = r->upstream;

    /* nginx's own methods have the data of round robin first */

    jp->rrp = u->peer.data;

    if (jp->rrp->peers != us->peer.data) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "jvm_route does not work over the balancing method"
                      " of upstream \"%V\"", &us->host);
        return NGX_ERROR;
    }

    jp->conf = jcf;
    jp->upstream = u;
    jp->original_get_peer = u->peer.get;
    jp->original_free_peer = u->peer.free;

    ngx_str_null(&jp->session);
    ngx_str_null(&jp->name);

    jp->route = NULL;
    jp->node = NULL;
    jp->retry = NULL;

    jp->attempts = 0;
    jp->status = ngx_http_jvm_route_new;
    jp->pinned = 0;
    jp->failed_over = 0;

    u->peer.data = jp;
    u->peer.get = ngx_http_upstream_get_jvm_route_peer;
    u->peer.free = ngx_http_upstream_free_jvm_route_peer;

#if (NGX_HTTP_SSL)
    jp->original_set_session = u->peer.set_session;
    jp->original_save_session = u->peer.save_session;
    u->peer.set_session = ngx_http_upstream_jvm_route_set_session;
    u->peer.save_session = ngx_http_upstream_jvm_route_save_session;
#endif

#if (nginx_version >= 1011005)
    if (u->peer.notify) {
        jp->original_notify = u->peer.notify;
        u->peer.notify = ngx_http_upstream_notify_jvm_route_peer;
    }
#endif

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)
    if (jp->rrp->config != jcf->table->config) {
        ngx_http_jvm_route_refresh(jcf, 0, r->connection->log);
    }
#endif

    ngx_http_upstream_jvm_route_session(r, jp);

    ngx_http_set_ctx(r, jp, ngx_http_upstream_jvm_route_module);

    return NGX_OK;
}


static ngx_int_t
ngx_http_upstream_get_jvm_route_peer(ngx_peer_connection_t *pc, void *data)
{
    ngx_http_upstream_jvm_route_peer_data_t  *jp = data;

    ngx_http_jvm_route_node_t   *node;
    ngx_http_jvm_route_table_t  *table;

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, pc->log, 0,
                   "get jvm route peer, try: %ui", pc->tries);

    table = jp->conf->table;

    if (table->reap) {
        table->reap = 0;

        if (ngx_http_jvm_route_reap(pc->log) && table->uncounted) {
            ngx_http_jvm_route_refresh(jp->conf, 1, pc->log);
            table = jp->conf->table;
        }
    }

    if (jp->retry && ngx_http_upstream_get_retry_peer(pc, jp) == NGX_OK) {
        return ngx_http_upstream_jvm_route_connect(pc);
    }

    if (jp->route == NULL) {
        return ngx_http_upstream_get_balanced_peer(pc, jp);
    }

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)

    /* the table may have been replaced, then the route is obsolete */

    if (jp->rrp->config != table->config) {
        return ngx_http_upstream_get_balanced_peer(pc, jp);
    }

#endif

    if (ngx_http_upstream_get_pinned_peer(pc, jp) == NGX_OK) {
        jp->status = ngx_http_jvm_route_hit;
        return NGX_OK;
    }

    jp->status = ngx_http_jvm_route_failover;

    if (!jp->failed_over) {
        jp->failed_over = 1;

        node = jp->route->first ? table->peer[jp->route->first - 1].node
                                : NULL;
        if (node) {
            (void) ngx_atomic_fetch_add(&node->failovers, 1);
        }
    }

    if (jp->conf->strict) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, pc->log, 0,
                       "jvm route: no server serves \"%V\", strict",
                       &jp->name);

        pc->cached = 0;
        pc->connection = NULL;
        pc->name = table->peers->name;

        return NGX_BUSY;
    }

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, pc->log, 0,
                   "jvm route: no server serves \"%V\", balancing", &jp->name);

    return ngx_http_upstream_get_balanced_peer(pc, jp);
}


/*
 * Selects the peer that has closed a cached connection once more; the request
 * is already accounted in the weights
 */

static ngx_int_t
ngx_http_upstream_get_retry_peer(ngx_peer_connection_t *pc,
    ngx_http_upstream_jvm_route_peer_data_t *jp)
{
    time_t                             now;
    uintptr_t                          m;
    ngx_uint_t                         n;
    ngx_http_jvm_route_peer_t         *jpeer;
    ngx_http_upstream_rr_peer_t       *peer;
    ngx_http_upstream_rr_peers_t      *peers;
    ngx_http_upstream_rr_peer_data_t  *rrp;

    now = ngx_time();

    rrp = jp->rrp;
    peers = rrp->peers;
    peer = jp->retry;

    jp->retry = NULL;

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)
    if (rrp->config != jp->conf->table->config) {
        return NGX_DECLINED;
    }
#endif

    jpeer = ngx_http_jvm_route_find_peer(jp->conf->table, peer);
    if (jpeer == NULL) {
        return NGX_DECLINED;
    }

    n = jpeer->number / (8 * sizeof(uintptr_t));
    m = (uintptr_t) 1 << jpeer->number % (8 * sizeof(uintptr_t));

    ngx_http_upstream_rr_peers_rlock(peers);

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)
    if (rrp->config != ngx_http_jvm_route_config(peers)) {
        ngx_http_upstream_rr_peers_unlock(peers);
        return NGX_DECLINED;
    }
#endif

    ngx_http_upstream_rr_peer_lock(peers, peer);

    rrp->tried[n] &= ~m;

    if (!ngx_http_upstream_jvm_route_usable(rrp, jpeer)
        || ngx_http_upstream_jvm_route_acquire(pc, jp, jpeer) != NGX_OK)
    {
        ngx_http_upstream_rr_peer_unlock(peers, peer);
        ngx_http_upstream_rr_peers_unlock(peers);

        return NGX_DECLINED;
    }

    rrp->tried[n] |= m;

#if (nginx_version >= 1009000)
    rrp->current = peer;
    peer->conns++;
#else
    rrp->current = jpeer->number;
#endif

    ngx_http_upstream_rr_peer_ref(peers, peer);

    pc->cached = 0;
    pc->connection = NULL;
    pc->sockaddr = peer->sockaddr;
    pc->socklen = peer->socklen;
    pc->name = &peer->name;

#if (NGX_HTTP_UPSTREAM_SID)
    pc->sid = &peer->sid;
#endif

    if (now - peer->checked > peer->fail_timeout) {
        peer->checked = now;
    }

    ngx_http_upstream_rr_peer_unlock(peers, peer);
    ngx_http_upstream_rr_peers_unlock(peers);

    if (jp->pinned && jp->node) {
        (void) ngx_atomic_fetch_add(&jp->node->hits, 1);
    }

#if (nginx_version < 1009000)
    jp->pinned = 1;
#endif

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, pc->log, 0,
                   "get jvm route peer, \"%V\" once more", pc->name);

    return NGX_OK;
}


/*
 * Connects bypassing "keepalive", which could have another cached connection
 * closed by the server
 */

static ngx_int_t
ngx_http_upstream_jvm_route_connect(ngx_peer_connection_t *pc)
{
    ngx_int_t              rc;
    ngx_event_get_peer_pt  get;

    get = pc->get;
    pc->get = ngx_event_get_peer;

    rc = ngx_event_connect_peer(pc);

    pc->get = get;

    return (rc == NGX_OK) ? NGX_DONE : rc;
}


/*
 * Selects the peer of the session without iterating over the other peers, and
 * does what the balancing method does for a selected peer
 */

static ngx_int_t
ngx_http_upstream_get_pinned_peer(ngx_peer_connection_t *pc,
    ngx_http_upstream_jvm_route_peer_data_t *jp)
{
    time_t                             now;
    ngx_int_t                          weight;
    ngx_uint_t                         i, k, n, skip, first, backup;
    ngx_http_jvm_route_t              *route;
    ngx_http_jvm_route_peer_t         *jpeer;
    ngx_http_jvm_route_table_t        *table;
    ngx_http_upstream_rr_peer_t       *peer;
    ngx_http_upstream_rr_peers_t      *peers;
    ngx_http_upstream_rr_peer_data_t  *rrp;

    now = ngx_time();

    rrp = jp->rrp;
    route = jp->route;
    table = jp->conf->table;

    if (table->pending >= (ngx_int_t) table->npeers) {
        ngx_http_upstream_jvm_route_settle(table);
    }

again:

    peers = rrp->peers;
    backup = (peers != table->peers);

    if (backup) {
        n = route->nbackups;
        first = route->backup;

    } else {
        n = route->npeers - route->nbackups;
        first = route->first;
    }

    /* a session keeps to one of several addresses */

    skip = (n > 1) ? ngx_http_jvm_route_key(jp->session.data, jp->session.len)
                     % n
                   : 0;

    ngx_http_upstream_rr_peers_rlock(peers);

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)
    if (rrp->config != ngx_http_jvm_route_config(peers)) {
        ngx_http_upstream_rr_peers_unlock(peers);
        return NGX_DECLINED;
    }
#endif

    i = first;

    for (k = 0; k < skip; k++) {
        i = table->peer[i - 1].next;
    }

    for (k = 0; k < n; k++) {

        jpeer = &table->peer[i - 1];
        peer = jpeer->peer;

        ngx_http_upstream_rr_peer_lock(peers, peer);

        if (ngx_http_upstream_jvm_route_usable(rrp, jpeer)
            && ngx_http_upstream_jvm_route_acquire(pc, jp, jpeer) == NGX_OK)
        {
            goto found;
        }

        ngx_http_upstream_rr_peer_unlock(peers, peer);

        i = (++skip == n) ? first : jpeer->next;
    }

    ngx_http_upstream_rr_peers_unlock(peers);

    if (!backup
        && route->nbackups
        && (jp->conf->strict
            || !ngx_http_upstream_jvm_route_primaries_usable(jp)))
    {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, pc->log, 0,
                       "jvm route: backup servers");

        rrp->peers = peers->next;

        n = (rrp->peers->number + (8 * sizeof(uintptr_t) - 1))
                / (8 * sizeof(uintptr_t));

        for (i = 0; i < n; i++) {
            rrp->tried[i] = 0;
        }

        goto again;
    }

    return NGX_DECLINED;

found:

#if (nginx_version >= 1009000)
    rrp->current = peer;
    peer->conns++;
#else
    rrp->current = jpeer->number;
#endif

    ngx_http_upstream_rr_peer_ref(peers, peer);

    pc->cached = 0;
    pc->connection = NULL;
    pc->sockaddr = peer->sockaddr;
    pc->socklen = peer->socklen;
    pc->name = &peer->name;

#if (NGX_HTTP_UPSTREAM_SID)
    pc->sid = &peer->sid;
#endif

    if (now - peer->checked > peer->fail_timeout) {
        peer->checked = now;
    }

    /*
     * Round robin would add to the weights of all peers; the additions are
     * pending until the method is used; as in round robin with "sticky", one
     * pinned request in a row is accounted
     */

    if (jp->conf->weighted && !backup && !peers->single && !peer->down) {

        weight = peer->current_weight
                 + table->pending * peer->effective_weight;

        if (weight > peer->effective_weight - table->total_weight) {
            peer->current_weight -= table->total_weight;
            table->pending++;
        }
    }

    ngx_http_upstream_rr_peer_unlock(peers, peer);
    ngx_http_upstream_rr_peers_unlock(peers);

    n = jpeer->number / (8 * sizeof(uintptr_t));
    rrp->tried[n] |= (uintptr_t) 1 << jpeer->number % (8 * sizeof(uintptr_t));

    jp->pinned = 1;

    if (jp->node) {
        (void) ngx_atomic_fetch_add(&jp->node->hits, 1);
    }

#if (nginx_version >= 1019006)

    /* servers that are down are not among the tries */

    n = jp->upstream->conf->next_upstream_tries;

    if (peer->down && (n == 0 || pc->tries + jp->attempts <= n)) {
        pc->tries++;
    }

#endif

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, pc->log, 0,
                   "get jvm route peer, pinned to \"%V\" by \"%V\"",
                   pc->name, &jp->name);

    return NGX_OK;
}


static ngx_int_t
ngx_http_upstream_get_balanced_peer(ngx_peer_connection_t *pc,
    ngx_http_upstream_jvm_route_peer_data_t *jp)
{
    ngx_int_t                      rc;
    ngx_uint_t                     tries;
    ngx_http_jvm_route_peer_t     *jpeer;
    ngx_http_jvm_route_table_t    *table;
    ngx_http_upstream_rr_peer_t   *peer;
    ngx_http_upstream_rr_peers_t  *peers;

    table = jp->conf->table;
    jp->pinned = 0;

    for ( ;; ) {

        if (table->pending) {
            ngx_http_upstream_jvm_route_settle(table);
        }

        tries = pc->tries;

        rc = jp->original_get_peer(pc, jp->rrp);

        if (rc != NGX_OK) {
            return rc;
        }

        peer = ngx_http_jvm_route_current_peer(jp->rrp);
        jpeer = ngx_http_jvm_route_find_peer(table, peer);

        if (jpeer == NULL
            || ngx_http_upstream_jvm_route_acquire(pc, jp, jpeer) == NGX_OK)
        {
            return NGX_OK;
        }

        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, pc->log, 0,
                       "get jvm route peer, \"%V\" is busy", pc->name);

        /* release the peer as if it had not been selected */

        peers = jp->rrp->peers;

        ngx_http_upstream_jvm_route_restore_checked(peers, peer);

        jp->original_free_peer(pc, jp->rrp, NGX_PEER_NEXT);

        pc->tries = tries;
        pc->sockaddr = NULL;

        if (peers->single) {
            pc->name = peers->name;
            return NGX_BUSY;
        }
    }
}


/* a peer released without a request must not be considered live */

static void
ngx_http_upstream_jvm_route_restore_checked(
    ngx_http_upstream_rr_peers_t *peers, ngx_http_upstream_rr_peer_t *peer)
{
    ngx_http_upstream_rr_peers_rlock(peers);
    ngx_http_upstream_rr_peer_lock(peers, peer);

    if (peer->fails && peer->accessed < peer->checked) {
        peer->checked = peer->accessed;
    }

    ngx_http_upstream_rr_peer_unlock(peers, peer);
    ngx_http_upstream_rr_peers_unlock(peers);
}


static ngx_inline ngx_uint_t
ngx_http_upstream_jvm_route_usable(ngx_http_upstream_rr_peer_data_t *rrp,
    ngx_http_jvm_route_peer_t *jpeer)
{
    uintptr_t                     m;
    ngx_uint_t                    n;
    ngx_http_upstream_rr_peer_t  *peer;

    peer = jpeer->peer;

    n = jpeer->number / (8 * sizeof(uintptr_t));
    m = (uintptr_t) 1 << jpeer->number % (8 * sizeof(uintptr_t));

    if (rrp->tried[n] & m) {
        return 0;
    }

    if (peer->down & ~NGX_HTTP_JVM_ROUTE_DRAINING) {
        return 0;
    }

    if (peer->max_fails
        && peer->fails >= peer->max_fails
        && ngx_time() - peer->checked <= peer->fail_timeout)
    {
        return 0;
    }

#if (nginx_version >= 1011005)
    if (peer->max_conns && peer->conns >= peer->max_conns) {
        return 0;
    }
#endif

#if (NGX_HTTP_UPSTREAM_CHECK && NGX_HTTP_JVM_ROUTE_CHECK)
    if (ngx_http_upstream_check_peer_down(peer->check_index)) {
        return 0;
    }
#endif

    return 1;
}


static ngx_uint_t
ngx_http_upstream_jvm_route_primaries_usable(
    ngx_http_upstream_jvm_route_peer_data_t *jp)
{
    ngx_uint_t                     i, rc;
    ngx_http_jvm_route_peer_t     *jpeer;
    ngx_http_jvm_route_table_t    *table;
    ngx_http_upstream_rr_peers_t  *peers;

    table = jp->conf->table;
    peers = table->peers;
    rc = 0;

    ngx_http_upstream_rr_peers_rlock(peers);

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)
    if (jp->rrp->config != ngx_http_jvm_route_config(peers)) {
        ngx_http_upstream_rr_peers_unlock(peers);
        return 1;
    }
#endif

    for (i = 0; i < table->npeers; i++) {
        jpeer = &table->peer[i];

        if (jpeer->backup) {
            break;
        }

        if (jpeer->peer->down
            || !ngx_http_upstream_jvm_route_usable(jp->rrp, jpeer)
            || (jpeer->max_busy && jpeer->node
                && ngx_http_jvm_route_active(jpeer->node)
                   >= jpeer->max_busy))
        {
            continue;
        }

        rc = 1;
        break;
    }

    ngx_http_upstream_rr_peers_unlock(peers);

    return rc;
}


static ngx_inline void
ngx_http_upstream_jvm_route_count(ngx_http_jvm_route_node_t *node, ngx_int_t n)
{
    if (ngx_http_jvm_route_slot != NGX_ERROR) {
        node->slots[ngx_http_jvm_route_slot] += (uint32_t) n;

    } else {
        (void) ngx_atomic_fetch_add(&node->active, n);
    }
}


/* counts a request, unless the peer has max_busy active ones */

static ngx_inline ngx_int_t
ngx_http_upstream_jvm_route_acquire(ngx_peer_connection_t *pc,
    ngx_http_upstream_jvm_route_peer_data_t *jp,
    ngx_http_jvm_route_peer_t *jpeer)
{
    ngx_http_jvm_route_node_t   *node;
    ngx_http_jvm_route_table_t  *table;

    node = jpeer->node;
    table = jp->conf->table;

    if (node) {
        ngx_http_upstream_jvm_route_count(node, 1);

        if (jpeer->max_busy) {

            /*
             * Of two processes that acquire the peer at once, at least one
             * sees the other: an atomic operation separates the update of the
             * slot from the sum
             */

            (void) ngx_atomic_fetch_add(&node->requests, 0);

            if (ngx_http_jvm_route_active(node) > jpeer->max_busy) {
                ngx_http_upstream_jvm_route_count(node, -1);
                table->reap = 1;

                ngx_log_debug2(NGX_LOG_DEBUG_HTTP, pc->log, 0,
                               "jvm route: \"%V\" is busy with %ui requests",
                               &jpeer->peer->name, jpeer->max_busy);

                return NGX_BUSY;
            }
        }

        (void) ngx_atomic_fetch_add(&node->requests, 1);
        node->last = ngx_time();

    } else {
        table->reap = 1;
    }

    jp->node = node;
    jp->attempts++;

    table->last = jpeer;

    return NGX_OK;
}


static void
ngx_http_upstream_jvm_route_settle(ngx_http_jvm_route_table_t *table)
{
    ngx_http_upstream_rr_peer_t   *peer;
    ngx_http_upstream_rr_peers_t  *peers;

    peers = table->peers;

    ngx_http_upstream_rr_peers_wlock(peers);

    table->total_weight = 0;

    for (peer = ngx_http_jvm_route_first_peer(peers);
         peer;
         peer = ngx_http_jvm_route_next_peer(peers, peer))
    {
        if (peer->down) {
            continue;
        }

        peer->current_weight += table->pending * peer->effective_weight;
        table->total_weight += peer->effective_weight;
    }

    table->pending = 0;

    ngx_http_upstream_rr_peers_unlock(peers);
}


static void
ngx_http_upstream_free_jvm_route_peer(ngx_peer_connection_t *pc, void *data,
    ngx_uint_t state)
{
    ngx_http_upstream_jvm_route_peer_data_t  *jp = data;

    ngx_http_jvm_route_node_t  *node;

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, pc->log, 0,
                   "free jvm route peer %ui %ui", pc->tries, state);

    if (state & NGX_PEER_FAILED
        && pc->cached
        && ngx_http_upstream_jvm_route_closed(pc, jp))
    {
        state = 0;
        jp->retry = ngx_http_jvm_route_current_peer(jp->rrp);

        ngx_http_upstream_jvm_route_restore_checked(jp->rrp->peers, jp->retry);
    }

    node = jp->node;

    if (node) {
        jp->node = NULL;

        if (state & NGX_PEER_FAILED) {
            (void) ngx_atomic_fetch_add(&node->failures, 1);
        }

        /* the node of a removed address may be freed from now on */

        ngx_http_upstream_jvm_route_count(node, -1);
    }

#if (nginx_version < 1009000)

    /* "least_conn" of 1.8 counts only the peers it has selected */

    if (jp->pinned) {
        ngx_http_upstream_free_round_robin_peer(pc, jp->rrp, state);
        return;
    }

#endif

    jp->original_free_peer(pc, jp->rrp, state);
}


/*
 * Tests if the server closed a cached connection before it sent a response.
 * This is not a failure of the server: its keepalive timeout may have expired.
 */

static ngx_uint_t
ngx_http_upstream_jvm_route_closed(ngx_peer_connection_t *pc,
    ngx_http_upstream_jvm_route_peer_data_t *jp)
{
    ngx_connection_t  *c;

#if (nginx_version < 1011004)

    u_char              *start;
#if (NGX_HTTP_CACHE)
    ngx_http_request_t  *r;
#endif

#endif

    c = pc->connection;

    if (c == NULL || c->read->timedout || c->write->timedout) {
        return 0;
    }

#if (nginx_version >= 1011004)

    return jp->upstream->state->bytes_received == 0;

#else

    start = jp->upstream->buffer.start;

    if (start == NULL) {
        return 1;
    }

#if (NGX_HTTP_CACHE)

    r = c->data;

    if (r->cache) {
        start += r->cache->header_start;
    }

#endif

    return jp->upstream->buffer.last == start;

#endif
}


#if (NGX_HTTP_SSL)

static ngx_int_t
ngx_http_upstream_jvm_route_set_session(ngx_peer_connection_t *pc, void *data)
{
    ngx_http_upstream_jvm_route_peer_data_t  *jp = data;

    return jp->original_set_session(pc, jp->rrp);
}


static void
ngx_http_upstream_jvm_route_save_session(ngx_peer_connection_t *pc, void *data)
{
    ngx_http_upstream_jvm_route_peer_data_t  *jp = data;

    jp->original_save_session(pc, jp->rrp);
}

#endif


#if (nginx_version >= 1011005)

static void
ngx_http_upstream_notify_jvm_route_peer(ngx_peer_connection_t *pc, void *data,
    ngx_uint_t type)
{
    ngx_http_upstream_jvm_route_peer_data_t  *jp = data;

    jp->original_notify(pc, jp->rrp, type);
}

#endif
