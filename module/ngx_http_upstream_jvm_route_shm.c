
/*
 * Copyright (C) 2026 the sessctl authors
 */


/*
 * Counters shared by all worker processes.  Each server has a node, which is
 * kept over reloads while the server is configured or used by a process.
 * Totals are updated with atomic operations.  Active requests are counted in
 * one slot per process, and only that process writes to it: when a process
 * dies, its slots are cleared, and nothing else has to be corrected.  The slot
 * is ngx_process_slot, which the master process assigns to another process
 * only after the previous one has been reaped.  The number of slots in a node
 * is limited; processes without a slot share one counter.
 */


#include "ngx_http_upstream_jvm_route_module.h"


/* addresses of a server with "resolve": on average, and additional ones */

#define NGX_HTTP_JVM_ROUTE_RESOLVED       8
#define NGX_HTTP_JVM_ROUTE_RESOLVED_MORE  64

#define NGX_HTTP_JVM_ROUTE_MIN_SLOTS      60

/* "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535" */

#define NGX_HTTP_JVM_ROUTE_NAME_LEN       48


static ngx_uint_t ngx_http_jvm_route_slots(ngx_conf_t *cf);
static size_t ngx_http_jvm_route_node_size(ngx_uint_t nslots, size_t len);
static size_t ngx_http_jvm_route_zone_size(
    ngx_http_upstream_jvm_route_main_conf_t *jmcf, ngx_uint_t nslots);
static ngx_uint_t ngx_http_jvm_route_zone_fits(ngx_shm_zone_t *shm_zone,
    ngx_http_upstream_jvm_route_main_conf_t *jmcf);
static ngx_shm_zone_t *ngx_http_jvm_route_find_zone(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_jvm_route_init_zone(ngx_shm_zone_t *shm_zone,
    void *data);
static ngx_int_t ngx_http_jvm_route_add_nodes(ngx_slab_pool_t *shpool,
    ngx_slab_pool_t *old, ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_uint_t stamp);
static void ngx_http_jvm_route_inherit(ngx_slab_pool_t *old,
    ngx_http_jvm_route_node_t *node);
static void ngx_http_jvm_route_expire(ngx_slab_pool_t *shpool, ngx_uint_t all);
static ngx_uint_t ngx_http_jvm_route_is_used(ngx_http_jvm_route_shctx_t *sh,
    ngx_http_jvm_route_node_t *node);
static ngx_http_jvm_route_node_t *ngx_http_jvm_route_node(
    ngx_slab_pool_t *shpool, ngx_str_t *upstream, ngx_str_t *address,
    ngx_uint_t stamp);
static ngx_int_t ngx_http_jvm_route_node_key(ngx_str_t *key,
    ngx_str_t *upstream);
static ngx_uint_t ngx_http_jvm_route_is_dead(ngx_pid_t pid);
static ngx_uint_t ngx_http_jvm_route_without_slot(
    ngx_http_jvm_route_shctx_t *sh);
static void ngx_http_jvm_route_clear(ngx_slab_pool_t *shpool, ngx_uint_t slot);


ngx_int_t                          ngx_http_jvm_route_slot = NGX_ERROR;


/* of this process */

static ngx_slab_pool_t            *ngx_http_jvm_route_shpool;
static time_t                      ngx_http_jvm_route_reaped;


char *
ngx_http_jvm_route_add_zone(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_main_conf_t *jmcf)
{
    size_t           size, wanted;
    ngx_str_t        name;
    ngx_shm_zone_t  *old;

    jmcf->nslots = ngx_http_jvm_route_slots(cf);

    wanted = ngx_http_jvm_route_zone_size(jmcf, jmcf->nslots);

    /* a zone is reused by a reload only if its size is the same */

    for (size = 32 * ngx_pagesize; size < 2 * wanted; size *= 2) { /* void */ }

    old = ngx_http_jvm_route_find_zone(cf->cycle->old_cycle);

    if (old && old->shm.addr) {

        if (old->shm.size >= wanted && old->shm.size <= 8 * size
            && ngx_http_jvm_route_zone_fits(old, jmcf))
        {
            size = old->shm.size;

        } else {

            if (size == old->shm.size) {
                size *= 2;
            }

            ngx_log_error(NGX_LOG_NOTICE, cf->log, 0,
                          "jvm_route: new zone for counters, active requests"
                          " of old worker processes are not counted in it");
        }
    }

    /*
     * The name ends with a null character and cannot be specified by a user.
     * Before 1.13.7, a zone is freed before one with the same name and another
     * size is created, so the name includes the size to inherit the counters.
     */

    name.data = ngx_pnalloc(cf->pool, sizeof("jvm_route ") + NGX_SIZE_T_LEN);
    if (name.data == NULL) {
        return NGX_CONF_ERROR;
    }

    name.len = ngx_sprintf(name.data, "jvm_route %uz%Z", size) - name.data;

    jmcf->shm_zone = ngx_shared_memory_add(cf, &name, size,
                                           &ngx_http_upstream_jvm_route_module);
    if (jmcf->shm_zone == NULL) {
        return NGX_CONF_ERROR;
    }

    jmcf->shm_zone->init = ngx_http_jvm_route_init_zone;
    jmcf->shm_zone->data = jmcf;

    return NGX_CONF_OK;
}


/* worker processes of this configuration, and old ones still running */

static ngx_uint_t
ngx_http_jvm_route_slots(ngx_conf_t *cf)
{
    ngx_uint_t        n;
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                           ngx_core_module);

    n = ngx_max(ngx_ncpu, 1);

    if (ccf->worker_processes != NGX_CONF_UNSET
        && (ngx_uint_t) ccf->worker_processes > n)
    {
        n = ccf->worker_processes;
    }

    n = 4 * n + 4;

    n = ngx_max(n, NGX_HTTP_JVM_ROUTE_MIN_SLOTS);

    return ngx_min(n, NGX_MAX_PROCESSES);
}


/* the size as rounded by the slab allocator */

static size_t
ngx_http_jvm_route_node_size(ngx_uint_t nslots, size_t len)
{
    size_t  size, n;

    size = offsetof(ngx_http_jvm_route_node_t, slots)
           + nslots * sizeof(uint32_t) + len;

    if (size > ngx_pagesize / 2) {
        return ngx_align(size, ngx_pagesize);
    }

    for (n = 128; n < size; n *= 2) { /* void */ }

    return n;
}


static size_t
ngx_http_jvm_route_zone_size(ngx_http_upstream_jvm_route_main_conf_t *jmcf,
    ngx_uint_t nslots)
{
    size_t                                    size, len, more;
    ngx_uint_t                                i, j, k;
    ngx_http_upstream_server_t               *server;
    ngx_http_upstream_srv_conf_t             *us;
    ngx_http_upstream_jvm_route_srv_conf_t  **jcfp;

    size = 0;
    more = 0;

    jcfp = jmcf->upstreams.elts;

    for (i = 0; i < jmcf->upstreams.nelts; i++) {
        us = jcfp[i]->upstream;
        server = us->servers->elts;

        /* the name of the upstream, a null character, " 10000" */

        len = us->host.len + sizeof(" 10000");

        for (j = 0; j < us->servers->nelts; j++) {

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)
            if (server[j].host.len) {
                size_t  node;

                node = ngx_http_jvm_route_node_size(nslots, len
                                              + NGX_HTTP_JVM_ROUTE_NAME_LEN);

                size += NGX_HTTP_JVM_ROUTE_RESOLVED * node;
                more = ngx_max(more, NGX_HTTP_JVM_ROUTE_RESOLVED_MORE * node);

                continue;
            }
#endif

            for (k = 0; k < server[j].naddrs; k++) {
                size += ngx_http_jvm_route_node_size(nslots, len
                                              + server[j].addrs[k].name.len);
            }
        }
    }

    size += more;

    return size + size / 32 + 16 * ngx_pagesize;
}


/*
 * Tests if the servers of this configuration fit in the zone in addition to
 * the servers still used by old worker processes
 */

static ngx_uint_t
ngx_http_jvm_route_zone_fits(ngx_shm_zone_t *shm_zone,
    ngx_http_upstream_jvm_route_main_conf_t *jmcf)
{
    size_t                                    size;
    u_char                                   *p;
    uint32_t                                  hash;
    ngx_str_t                                 key, node;
    ngx_uint_t                                i, j, k, rc;
    ngx_slab_pool_t                          *shpool;
    ngx_http_upstream_server_t               *server;
    ngx_http_jvm_route_shctx_t               *sh;
    ngx_http_upstream_srv_conf_t             *us;
    ngx_http_upstream_jvm_route_srv_conf_t  **jcfp;

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;
    sh = shpool->data;
    rc = 0;

    ngx_shmtx_lock(&shpool->mutex);

    size = sh->size + 16 * ngx_pagesize;
    size += size / 32;

    jcfp = jmcf->upstreams.elts;

    for (i = 0; i < jmcf->upstreams.nelts; i++) {
        us = jcfp[i]->upstream;
        server = us->servers->elts;

        if (ngx_http_jvm_route_node_key(&key, &us->host) != NGX_OK) {
            goto done;
        }

        for (j = 0; j < us->servers->nelts; j++) {

            for (k = 0; k < server[j].naddrs; k++) {

                p = key.data + key.len;

                /* servers with "resolve" have no addresses yet */

                if (server[j].addrs[k].name.len) {
                    p = ngx_cpymem(p, server[j].addrs[k].name.data,
                                   ngx_min(server[j].addrs[k].name.len,
                                           NGX_SOCKADDR_STRLEN));
                }

                node.data = key.data;
                node.len = p - key.data;
                hash = ngx_crc32_long(node.data, node.len);

                if (ngx_str_rbtree_lookup(&sh->rbtree, &node, hash) == NULL) {
                    size += ngx_http_jvm_route_node_size(sh->nslots, node.len);
                }
            }
        }

        ngx_free(key.data);
    }

    rc = (size <= shm_zone->shm.size);

done:

    ngx_shmtx_unlock(&shpool->mutex);

    return rc;
}


static ngx_shm_zone_t *
ngx_http_jvm_route_find_zone(ngx_cycle_t *cycle)
{
    ngx_uint_t        i;
    ngx_shm_zone_t   *shm_zone;
    ngx_list_part_t  *part;

    if (cycle == NULL) {
        return NULL;
    }

    part = &cycle->shared_memory.part;
    shm_zone = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {
            if (part->next == NULL) {
                return NULL;
            }

            part = part->next;
            shm_zone = part->elts;
            i = 0;
        }

        if (shm_zone[i].tag == &ngx_http_upstream_jvm_route_module
            && shm_zone[i].init == ngx_http_jvm_route_init_zone)
        {
            return &shm_zone[i];
        }
    }
}


static ngx_int_t
ngx_http_jvm_route_init_zone(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_uint_t                                i;
    ngx_shm_zone_t                           *ozone;
    ngx_slab_pool_t                          *shpool, *old;
    ngx_http_jvm_route_shctx_t               *sh;
    ngx_http_upstream_jvm_route_srv_conf_t  **jcfp;
    ngx_http_upstream_jvm_route_main_conf_t  *jmcf;

    jmcf = shm_zone->data;
    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;
    old = NULL;

    ngx_shmtx_lock(&shpool->mutex);

    sh = shpool->data;

    if (sh == NULL) {

        sh = ngx_slab_calloc_locked(shpool, sizeof(ngx_http_jvm_route_shctx_t));
        if (sh == NULL) {
            goto failed;
        }

        ngx_rbtree_init(&sh->rbtree, &sh->sentinel,
                        ngx_str_rbtree_insert_value);
        ngx_queue_init(&sh->nodes);

        sh->nslots = jmcf->nslots;

        shpool->log_ctx = ngx_slab_alloc_locked(shpool,
                                               sizeof(" in jvm_route zone"));
        if (shpool->log_ctx == NULL) {
            goto failed;
        }

        ngx_memcpy(shpool->log_ctx, " in jvm_route zone",
                   sizeof(" in jvm_route zone"));

        /* an allocation is retried after removed addresses are freed */

        shpool->log_nomem = 0;

        shpool->data = sh;

        ozone = ngx_http_jvm_route_find_zone((ngx_cycle_t *) ngx_cycle);

        if (ozone && ozone->shm.addr && ozone->shm.addr != shm_zone->shm.addr) {
            old = (ngx_slab_pool_t *) ozone->shm.addr;
            ngx_shmtx_lock(&old->mutex);
            sh->generation =
                     ((ngx_http_jvm_route_shctx_t *) old->data)->generation;
        }
    }

    sh->generation++;
    sh->stamp++;

    jcfp = jmcf->upstreams.elts;

    for (i = 0; i < jmcf->upstreams.nelts; i++) {
        if (ngx_http_jvm_route_add_nodes(shpool, old, jcfp[i], sh->stamp)
            != NGX_OK)
        {
            goto failed;
        }
    }

    ngx_http_jvm_route_expire(shpool, 0);

    jmcf->generation = sh->generation;

    if (old) {
        ngx_shmtx_unlock(&old->mutex);
    }

    ngx_shmtx_unlock(&shpool->mutex);

    return NGX_OK;

failed:

    if (old) {
        ngx_shmtx_unlock(&old->mutex);
    }

    ngx_shmtx_unlock(&shpool->mutex);

    return NGX_ERROR;
}


static ngx_int_t
ngx_http_jvm_route_add_nodes(ngx_slab_pool_t *shpool, ngx_slab_pool_t *old,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf, ngx_uint_t stamp)
{
    ngx_str_t                      key;
    ngx_http_jvm_route_node_t     *node;
    ngx_http_upstream_rr_peer_t   *peer;
    ngx_http_upstream_rr_peers_t  *peers;

    if (ngx_http_jvm_route_node_key(&key, &jcf->upstream->host) != NGX_OK) {
        return NGX_ERROR;
    }

    for (peers = jcf->upstream->peer.data; peers; peers = peers->next) {
        for (peer = ngx_http_jvm_route_first_peer(peers);
             peer;
             peer = ngx_http_jvm_route_next_peer(peers, peer))
        {
            node = ngx_http_jvm_route_node(shpool, &key, &peer->name, stamp);
            if (node == NULL) {
                ngx_free(key.data);
                return NGX_OK;
            }

            node->configured = 1;

            if (old) {
                ngx_http_jvm_route_inherit(old, node);
            }
        }
    }

    ngx_free(key.data);

    return NGX_OK;
}


static void
ngx_http_jvm_route_inherit(ngx_slab_pool_t *old,
    ngx_http_jvm_route_node_t *node)
{
    ngx_http_jvm_route_node_t   *onode;
    ngx_http_jvm_route_shctx_t  *osh;

    osh = old->data;

    onode = (ngx_http_jvm_route_node_t *)
                ngx_str_rbtree_lookup(&osh->rbtree, &node->sn.str,
                                      node->sn.node.key);

    if (onode == NULL) {
        return;
    }

    node->requests = onode->requests;
    node->failures = onode->failures;
    node->hits = onode->hits;
    node->failovers = onode->failovers;
    node->last = onode->last;
}


/*
 * Frees the nodes that are not used by any process: those of servers that are
 * no longer configured, and with "all", those of removed addresses as well
 */

static void
ngx_http_jvm_route_expire(ngx_slab_pool_t *shpool, ngx_uint_t all)
{
    ngx_queue_t                 *q, *next;
    ngx_http_jvm_route_node_t   *node;
    ngx_http_jvm_route_shctx_t  *sh;

    sh = shpool->data;

    /* nodes used by a process without a slot are not marked */

    if (ngx_http_jvm_route_without_slot(sh)) {
        return;
    }

    for (q = ngx_queue_head(&sh->nodes);
         q != ngx_queue_sentinel(&sh->nodes);
         q = next)
    {
        next = ngx_queue_next(q);
        node = ngx_queue_data(q, ngx_http_jvm_route_node_t, queue);

        if (node->generation == sh->generation && (node->configured || !all)) {
            continue;
        }

        if (ngx_http_jvm_route_is_used(sh, node)) {
            continue;
        }

        sh->size -= ngx_http_jvm_route_node_size(sh->nslots, node->sn.str.len);

        ngx_rbtree_delete(&sh->rbtree, &node->sn.node);
        ngx_queue_remove(&node->queue);
        ngx_slab_free_locked(shpool, node);
    }
}


static ngx_uint_t
ngx_http_jvm_route_is_used(ngx_http_jvm_route_shctx_t *sh,
    ngx_http_jvm_route_node_t *node)
{
    ngx_uint_t  i;

    for (i = 0; i < sh->used; i++) {
        if (node->slots[i]) {
            return 1;
        }
    }

    return 0;
}


/*
 * Returns the node of a server.  A second server with the same address gets
 * a separate node, since the first node has the current stamp already.  The
 * buffer of the upstream's key must have space for the key of the node.
 */

static ngx_http_jvm_route_node_t *
ngx_http_jvm_route_node(ngx_slab_pool_t *shpool, ngx_str_t *upstream,
    ngx_str_t *address, ngx_uint_t stamp)
{
    size_t                       size;
    u_char                      *p;
    uint32_t                     hash;
    ngx_str_t                    key;
    ngx_uint_t                   n;
    ngx_http_jvm_route_node_t   *node;
    ngx_http_jvm_route_shctx_t  *sh;

    sh = shpool->data;

    key.data = upstream->data;
    p = ngx_cpymem(upstream->data + upstream->len, address->data, address->len);

    n = 0;

    for ( ;; ) {

        key.len = (n ? ngx_sprintf(p, " %ui", n) : p) - key.data;
        hash = ngx_crc32_long(key.data, key.len);

        node = (ngx_http_jvm_route_node_t *)
                   ngx_str_rbtree_lookup(&sh->rbtree, &key, hash);

        if (node == NULL) {
            break;
        }

        if (node->stamp != stamp) {
            node->stamp = stamp;
            node->copies = 0;

            if (node->generation != sh->generation) {
                node->generation = sh->generation;
                node->configured = 0;
            }

            return node;
        }

        n = ++node->copies;
    }

    size = offsetof(ngx_http_jvm_route_node_t, slots)
           + sh->nslots * sizeof(uint32_t);

    node = ngx_slab_calloc_locked(shpool, size + key.len);

    if (node == NULL) {
        ngx_http_jvm_route_expire(shpool, 1);

        node = ngx_slab_calloc_locked(shpool, size + key.len);
        if (node == NULL) {
            return NULL;
        }
    }

    sh->size += ngx_http_jvm_route_node_size(sh->nslots, key.len);

    node->sn.node.key = hash;
    node->sn.str.len = key.len;
    node->sn.str.data = (u_char *) node + size;
    ngx_memcpy(node->sn.str.data, key.data, key.len);

    node->copy = n;
    node->stamp = stamp;
    node->generation = sh->generation;

    ngx_rbtree_insert(&sh->rbtree, &node->sn.node);
    ngx_queue_insert_tail(&sh->nodes, &node->queue);

    return node;
}


static ngx_int_t
ngx_http_jvm_route_node_key(ngx_str_t *key, ngx_str_t *upstream)
{
    u_char  *p;

    key->data = ngx_alloc(upstream->len + 1 + NGX_SOCKADDR_STRLEN + 1
                          + NGX_INT_T_LEN,
                          ngx_cycle->log);
    if (key->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(key->data, upstream->data, upstream->len);
    *p++ = '\0';
    key->len = p - key->data;

    return NGX_OK;
}


void
ngx_http_jvm_route_take_slot(ngx_http_upstream_jvm_route_main_conf_t *jmcf,
    ngx_log_t *log)
{
    ngx_uint_t                   i, slot;
    ngx_slab_pool_t             *shpool;
    ngx_http_jvm_route_shctx_t  *sh;

    shpool = (ngx_slab_pool_t *) jmcf->shm_zone->shm.addr;
    sh = shpool->data;
    slot = ngx_process_slot;

    ngx_shmtx_lock(&shpool->mutex);

    /* the previous owner of the slot or of the pid is dead, others may be */

    for (i = 0; i < NGX_MAX_PROCESSES; i++) {

        if (sh->pids[i]
            && (i == slot || sh->pids[i] == ngx_pid
                || ngx_http_jvm_route_is_dead(sh->pids[i])))
        {
            ngx_log_error(NGX_LOG_NOTICE, log, 0,
                          "jvm_route: the requests of worker process %P"
                          " are forgotten", sh->pids[i]);

            ngx_http_jvm_route_clear(shpool, i);
        }
    }

    sh->pids[slot] = ngx_pid;

    if (slot < sh->nslots) {
        ngx_http_jvm_route_slot = slot;
        sh->used = ngx_max(sh->used, slot + 1);

    } else {
        ngx_http_jvm_route_slot = NGX_ERROR;

        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "jvm_route: more than %ui worker processes: if one of"
                      " those beyond is killed, its requests remain active"
                      " until the others of those have ended", sh->nslots);
    }

    ngx_shmtx_unlock(&shpool->mutex);

    ngx_http_jvm_route_shpool = shpool;
}


/* attaches nodes to the peers of the current table */

void
ngx_http_jvm_route_attach(ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_http_jvm_route_table_t *old, ngx_log_t *log)
{
    ngx_str_t                    key;
    ngx_uint_t                   i, uncounted;
    ngx_slab_pool_t             *shpool;
    ngx_http_jvm_route_node_t   *node;
    ngx_http_jvm_route_peer_t   *jpeer;
    ngx_http_jvm_route_table_t  *table;
    ngx_http_jvm_route_shctx_t  *sh;

    shpool = ngx_http_jvm_route_shpool;

    if (shpool == NULL
        || ngx_http_jvm_route_node_key(&key, &jcf->upstream->host) != NGX_OK)
    {
        return;
    }

    table = jcf->table;
    sh = shpool->data;

    ngx_shmtx_lock(&shpool->mutex);

    sh->stamp++;

    for (i = 0; i < table->npeers; i++) {
        jpeer = &table->peer[i];

        node = ngx_http_jvm_route_node(shpool, &key, &jpeer->peer->name,
                                       sh->stamp);
        if (node == NULL) {
            break;
        }

        jpeer->node = node;

        if (ngx_http_jvm_route_slot != NGX_ERROR) {
            node->slots[ngx_http_jvm_route_slot] |= NGX_HTTP_JVM_ROUTE_IN_USE;
        }
    }

    uncounted = table->npeers - i;

    if (uncounted && uncounted != table->uncounted) {
        ngx_log_error(NGX_LOG_ALERT, log, 0,
                      "no memory to count the requests of %ui servers"
                      " in upstream \"%V\", max_busy does not hold for them",
                      uncounted, &jcf->upstream->host);
    }

    table->uncounted = uncounted;

    /* the node of a removed address still counts its active requests */

    if (old && ngx_http_jvm_route_slot != NGX_ERROR) {

        for (i = 0; i < old->npeers; i++) {
            node = old->peer[i].node;

            if (node && node->stamp != sh->stamp) {
                node->slots[ngx_http_jvm_route_slot] &=
                                                    ~NGX_HTTP_JVM_ROUTE_IN_USE;
            }
        }
    }

    ngx_shmtx_unlock(&shpool->mutex);

    ngx_free(key.data);
}


static ngx_uint_t
ngx_http_jvm_route_is_dead(ngx_pid_t pid)
{
    /* all processes of a master process are in its process group */

    return getpgid(pid) != getpgrp();
}


static ngx_uint_t
ngx_http_jvm_route_without_slot(ngx_http_jvm_route_shctx_t *sh)
{
    ngx_uint_t  i;

    for (i = sh->nslots; i < NGX_MAX_PROCESSES; i++) {
        if (sh->pids[i]) {
            return 1;
        }
    }

    return 0;
}


static void
ngx_http_jvm_route_clear(ngx_slab_pool_t *shpool, ngx_uint_t slot)
{
    ngx_queue_t                 *q;
    ngx_http_jvm_route_node_t   *node;
    ngx_http_jvm_route_shctx_t  *sh;

    sh = shpool->data;

    for (q = ngx_queue_head(&sh->nodes);
         q != ngx_queue_sentinel(&sh->nodes);
         q = ngx_queue_next(q))
    {
        node = ngx_queue_data(q, ngx_http_jvm_route_node_t, queue);

        if (slot < sh->nslots) {
            node->slots[slot] = 0;
        }
    }

    sh->pids[slot] = 0;

    if (slot >= sh->nslots && !ngx_http_jvm_route_without_slot(sh)) {

        for (q = ngx_queue_head(&sh->nodes);
             q != ngx_queue_sentinel(&sh->nodes);
             q = ngx_queue_next(q))
        {
            node = ngx_queue_data(q, ngx_http_jvm_route_node_t, queue);
            node->active = 0;
        }
    }

    while (sh->used && sh->pids[sh->used - 1] == 0) {
        sh->used--;
    }

    ngx_http_jvm_route_expire(shpool, 0);
}


/*
 * Clears the slots of dead worker processes, at most once a second; returns 1
 * if the processes have been tested
 */

ngx_uint_t
ngx_http_jvm_route_reap(ngx_log_t *log)
{
    ngx_uint_t                   i;
    ngx_slab_pool_t             *shpool;
    ngx_http_jvm_route_shctx_t  *sh;

    shpool = ngx_http_jvm_route_shpool;

    if (shpool == NULL || ngx_http_jvm_route_reaped == ngx_time()) {
        return 0;
    }

    ngx_http_jvm_route_reaped = ngx_time();

    sh = shpool->data;

    ngx_shmtx_lock(&shpool->mutex);

    for (i = 0; i < NGX_MAX_PROCESSES; i++) {

        if (sh->pids[i] && sh->pids[i] != ngx_pid
            && ngx_http_jvm_route_is_dead(sh->pids[i]))
        {
            ngx_log_error(NGX_LOG_NOTICE, log, 0,
                          "jvm_route: the requests of worker process %P"
                          " are forgotten", sh->pids[i]);

            ngx_http_jvm_route_clear(shpool, i);
        }
    }

    ngx_shmtx_unlock(&shpool->mutex);

    return 1;
}


void
ngx_http_jvm_route_free_slot(void)
{
    ngx_slab_pool_t             *shpool;
    ngx_http_jvm_route_shctx_t  *sh;

    shpool = ngx_http_jvm_route_shpool;

    if (shpool == NULL) {
        return;
    }

    sh = shpool->data;

    ngx_shmtx_lock(&shpool->mutex);

    if (sh->pids[ngx_process_slot] == ngx_pid) {
        ngx_http_jvm_route_clear(shpool, ngx_process_slot);
    }

    ngx_shmtx_unlock(&shpool->mutex);

    ngx_http_jvm_route_shpool = NULL;
}


/* active requests of a server in all worker processes */

ngx_uint_t
ngx_http_jvm_route_active(ngx_http_jvm_route_node_t *node)
{
    ngx_uint_t                   i, active;
    ngx_http_jvm_route_shctx_t  *sh;

    sh = ngx_http_jvm_route_shpool->data;
    active = node->active;

    for (i = 0; i < sh->used; i++) {
        active += node->slots[i] & ~NGX_HTTP_JVM_ROUTE_IN_USE;
    }

    return active;
}


/* fills in an element for each peer of the table */

void
ngx_http_jvm_route_sum(ngx_http_jvm_route_table_t *table,
    ngx_http_jvm_route_sum_t *sum)
{
    ngx_uint_t                  i;
    ngx_http_jvm_route_node_t  *node;

    for (i = 0; i < table->npeers; i++) {

        node = table->peer[i].node;

        if (node == NULL) {
            continue;
        }

        sum[i].copy = node->copy;
        sum[i].active = ngx_http_jvm_route_active(node);
        sum[i].requests = node->requests;
        sum[i].failures = node->failures;
        sum[i].hits = node->hits;
        sum[i].failovers = node->failovers;
        sum[i].last = node->last;
    }
}
