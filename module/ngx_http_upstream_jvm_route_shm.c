
/*
 * Copyright (C) 2026 the sessctl authors
 */


/*
 * Counters of all workers.  A server has a node, which outlives reloads as
 * long as the server is configured or a worker knows it.  A worker has an
 * item for each server it knows, writes only its own items, and needs no lock
 * for that.  What a worker has counted is added to the node when it goes; when
 * it dies, by the next worker that looks.
 */


#include "ngx_http_upstream_jvm_route_module.h"


#define NGX_HTTP_JVM_ROUTE_ITEMS     32

#define ngx_http_jvm_route_block_size(n)                                      \
    (offsetof(ngx_http_jvm_route_block_t, items)                              \
     + (n) * sizeof(ngx_http_jvm_route_item_t))


static size_t ngx_http_jvm_route_zone_size(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_main_conf_t *jmcf);
static ngx_shm_zone_t *ngx_http_jvm_route_find_zone(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_jvm_route_init_zone(ngx_shm_zone_t *shm_zone,
    void *data);
static ngx_int_t ngx_http_jvm_route_add_nodes(ngx_slab_pool_t *shpool,
    ngx_slab_pool_t *old, ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_uint_t stamp);
static void ngx_http_jvm_route_inherit(ngx_slab_pool_t *old,
    ngx_http_jvm_route_node_t *node);
static void ngx_http_jvm_route_sweep(ngx_slab_pool_t *shpool);
static ngx_http_jvm_route_node_t *ngx_http_jvm_route_node(
    ngx_slab_pool_t *shpool, ngx_str_t *upstream, ngx_str_t *address,
    ngx_uint_t stamp);
static ngx_int_t ngx_http_jvm_route_node_key(ngx_str_t *key,
    ngx_str_t *upstream);
static ngx_http_jvm_route_item_t *ngx_http_jvm_route_item(
    ngx_slab_pool_t *shpool, ngx_http_jvm_route_node_t *node, ngx_uint_t n);
static void ngx_http_jvm_route_release(ngx_slab_pool_t *shpool,
    ngx_http_jvm_route_item_t *item);
static void ngx_http_jvm_route_free_node(ngx_slab_pool_t *shpool,
    ngx_http_jvm_route_node_t *node);
static void ngx_http_jvm_route_free_block(ngx_slab_pool_t *shpool,
    ngx_http_jvm_route_block_t *block);
static void ngx_http_jvm_route_add_node(ngx_http_jvm_route_sum_t *sum,
    ngx_http_jvm_route_node_t *node);


/* of this process */

static ngx_slab_pool_t            *ngx_http_jvm_route_shpool;
static ngx_http_jvm_route_item_t  *ngx_http_jvm_route_free;
static time_t                      ngx_http_jvm_route_healed;


char *
ngx_http_jvm_route_add_zone(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_main_conf_t *jmcf)
{
    size_t           size, wanted;
    ngx_str_t        name;
    ngx_shm_zone_t  *old;

    wanted = ngx_http_jvm_route_zone_size(cf, jmcf);

    /* a zone is kept over a reload only while its size is the same */

    for (size = 32 * ngx_pagesize; size < 2 * wanted; size *= 2) { /* void */ }

    old = ngx_http_jvm_route_find_zone(cf->cycle->old_cycle);

    if (old && old->shm.size >= wanted && old->shm.size <= 8 * size) {
        size = old->shm.size;
    }

    /*
     * A user cannot write a name that ends with a null character.  Before
     * 1.13.7 nginx frees a zone before it makes one of the same name with
     * another size, so that there would be nothing to inherit.
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


static size_t
ngx_http_jvm_route_zone_size(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_main_conf_t *jmcf)
{
    size_t                                    size, node, len;
    ngx_uint_t                                i, j, n, workers;
    ngx_core_conf_t                          *ccf;
    ngx_http_upstream_server_t               *server;
    ngx_http_upstream_srv_conf_t             *us;
    ngx_http_upstream_jvm_route_srv_conf_t  **jcfp;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                           ngx_core_module);

    workers = ngx_max(ngx_ncpu, 1);

    if (ccf->worker_processes != NGX_CONF_UNSET
        && (ngx_uint_t) ccf->worker_processes > workers)
    {
        workers = ccf->worker_processes;
    }

    /* those of the last reload, and of some more that still linger */

    workers = 4 * workers + 4;

    size = 0;
    n = 0;

    jcfp = jmcf->upstreams.elts;

    for (i = 0; i < jmcf->upstreams.nelts; i++) {
        us = jcfp[i]->upstream;
        server = us->servers->elts;

        for (j = 0; j < us->servers->nelts; j++) {

            len = sizeof(ngx_http_jvm_route_node_t) + us->host.len
                  + NGX_SOCKADDR_STRLEN + NGX_INT_T_LEN + 2;

            for (node = 128; node < len; node *= 2) { /* void */ }

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)
            if (server[j].host.len) {
                n += NGX_HTTP_JVM_ROUTE_ITEMS;
                size += NGX_HTTP_JVM_ROUTE_ITEMS * node;
                continue;
            }
#endif

            n += server[j].naddrs;
            size += server[j].naddrs * node;
        }
    }

    size += workers * (ngx_http_jvm_route_block_size(n) + 2 * ngx_pagesize);

    return size + size / 32 + 8 * ngx_pagesize;
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
        ngx_queue_init(&sh->blocks);

        shpool->log_ctx = ngx_slab_alloc_locked(shpool,
                                               sizeof(" in jvm_route zone"));
        if (shpool->log_ctx == NULL) {
            goto failed;
        }

        ngx_memcpy(shpool->log_ctx, " in jvm_route zone",
                   sizeof(" in jvm_route zone"));

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

    ngx_http_jvm_route_sweep(shpool);

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
                return NGX_ERROR;
            }

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
    ngx_http_jvm_route_sum_t     sum;
    ngx_http_jvm_route_node_t   *onode;
    ngx_http_jvm_route_shctx_t  *osh;

    osh = old->data;

    onode = (ngx_http_jvm_route_node_t *)
                ngx_str_rbtree_lookup(&osh->rbtree, &node->sn.str,
                                      node->sn.node.key);

    if (onode == NULL) {
        return;
    }

    ngx_http_jvm_route_add_node(&sum, onode);

    node->requests = sum.requests;
    node->failures = sum.failures;
    node->hits = sum.hits;
    node->failovers = sum.failovers;
    node->last = sum.last;
}


static void
ngx_http_jvm_route_sweep(ngx_slab_pool_t *shpool)
{
    ngx_queue_t                 *q, *next;
    ngx_http_jvm_route_node_t   *node;
    ngx_http_jvm_route_shctx_t  *sh;

    sh = shpool->data;

    for (q = ngx_queue_head(&sh->nodes);
         q != ngx_queue_sentinel(&sh->nodes);
         q = next)
    {
        next = ngx_queue_next(q);
        node = ngx_queue_data(q, ngx_http_jvm_route_node_t, queue);

        if (node->items == NULL && node->generation != sh->generation) {
            ngx_http_jvm_route_free_node(shpool, node);
        }
    }
}


/*
 * The node of a server; a second server with the same address gets a node
 * of its own because the first one's has the stamp already.  There must be
 * room for the key of the node behind that of the upstream.
 */

static ngx_http_jvm_route_node_t *
ngx_http_jvm_route_node(ngx_slab_pool_t *shpool, ngx_str_t *upstream,
    ngx_str_t *address, ngx_uint_t stamp)
{
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
            node->generation = sh->generation;

            return node;
        }

        n = ++node->copies;
    }

    node = ngx_slab_calloc_locked(shpool, sizeof(ngx_http_jvm_route_node_t)
                                          + key.len);
    if (node == NULL) {
        return NULL;
    }

    node->sn.node.key = hash;
    node->sn.str.len = key.len;
    node->sn.str.data = (u_char *) node + sizeof(ngx_http_jvm_route_node_t);
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
ngx_http_jvm_route_join(ngx_http_upstream_jvm_route_main_conf_t *jmcf)
{
    ngx_http_jvm_route_shpool =
                            (ngx_slab_pool_t *) jmcf->shm_zone->shm.addr;
}


/*
 * Gives the peers of the current table their items.  An item of the old table
 * that is not needed any more is released as soon as it has no requests.
 */

void
ngx_http_jvm_route_attach(ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_http_jvm_route_table_t *old, ngx_log_t *log)
{
    ngx_str_t                    key;
    ngx_uint_t                   i;
    ngx_slab_pool_t             *shpool;
    ngx_http_jvm_route_item_t   *item;
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

        jpeer->item = ngx_http_jvm_route_item(shpool, node,
                                              old ? NGX_HTTP_JVM_ROUTE_ITEMS
                                                  : table->npeers - i);
        if (jpeer->item == NULL) {
            break;
        }

        jpeer->item->stamp = sh->stamp;
        jpeer->item->unused = 0;
    }

    if (i < table->npeers) {
        ngx_log_error(NGX_LOG_ALERT, log, 0,
                      "no memory to count the requests of %ui servers"
                      " in upstream \"%V\"",
                      table->npeers - i, &jcf->upstream->host);
    }

    for (i = 0; old && i < old->npeers; i++) {
        item = old->peer[i].item;

        if (item == NULL || item->stamp == sh->stamp) {
            continue;
        }

        if (item->active) {
            item->unused = 1;
            continue;
        }

        ngx_http_jvm_route_release(shpool, item);

        item->next = ngx_http_jvm_route_free;
        ngx_http_jvm_route_free = item;
    }

    ngx_shmtx_unlock(&shpool->mutex);

    ngx_free(key.data);
}


static ngx_http_jvm_route_item_t *
ngx_http_jvm_route_item(ngx_slab_pool_t *shpool,
    ngx_http_jvm_route_node_t *node, ngx_uint_t n)
{
    ngx_uint_t                   i;
    ngx_http_jvm_route_item_t   *item;
    ngx_http_jvm_route_block_t  *block;
    ngx_http_jvm_route_shctx_t  *sh;

    for (item = node->items; item; item = item->next) {
        if (item->pid == ngx_pid) {
            return item;
        }
    }

    if (ngx_http_jvm_route_free == NULL) {

        block = ngx_slab_calloc_locked(shpool,
                                       ngx_http_jvm_route_block_size(n));
        if (block == NULL) {
            return NULL;
        }

        block->pid = ngx_pid;
        block->slot = ngx_process_slot;
        block->nelts = n;

        sh = shpool->data;
        ngx_queue_insert_tail(&sh->blocks, &block->queue);

        for (i = n; i > 0; i--) {
            block->items[i - 1].next = ngx_http_jvm_route_free;
            ngx_http_jvm_route_free = &block->items[i - 1];
        }
    }

    item = ngx_http_jvm_route_free;
    ngx_http_jvm_route_free = item->next;

    ngx_memzero(item, sizeof(ngx_http_jvm_route_item_t));

    item->pid = ngx_pid;
    item->node = node;
    item->next = node->items;
    node->items = item;

    return item;
}


static void
ngx_http_jvm_route_release(ngx_slab_pool_t *shpool,
    ngx_http_jvm_route_item_t *item)
{
    ngx_http_jvm_route_item_t   **p;
    ngx_http_jvm_route_node_t    *node;
    ngx_http_jvm_route_shctx_t   *sh;

    node = item->node;

    for (p = &node->items; *p != item; p = &(*p)->next) { /* void */ }

    *p = item->next;
    item->node = NULL;

    (void) ngx_atomic_fetch_add(&node->active,
                                -(ngx_atomic_int_t) item->active);

    node->requests += item->requests;
    node->failures += item->failures;
    node->hits += item->hits;
    node->failovers += item->failovers;

    if (item->last > node->last) {
        node->last = item->last;
    }

    sh = shpool->data;

    if (node->items == NULL && node->generation != sh->generation) {
        ngx_http_jvm_route_free_node(shpool, node);
    }
}


static void
ngx_http_jvm_route_free_node(ngx_slab_pool_t *shpool,
    ngx_http_jvm_route_node_t *node)
{
    ngx_http_jvm_route_shctx_t  *sh;

    sh = shpool->data;

    ngx_rbtree_delete(&sh->rbtree, &node->sn.node);
    ngx_queue_remove(&node->queue);
    ngx_slab_free_locked(shpool, node);
}


static void
ngx_http_jvm_route_free_block(ngx_slab_pool_t *shpool,
    ngx_http_jvm_route_block_t *block)
{
    ngx_uint_t  i;

    for (i = 0; i < block->nelts; i++) {
        if (block->items[i].node) {
            ngx_http_jvm_route_release(shpool, &block->items[i]);
        }
    }

    ngx_queue_remove(&block->queue);
    ngx_slab_free_locked(shpool, block);
}


/* the last request to a server that is gone has ended */

void
ngx_http_jvm_route_unused(ngx_http_jvm_route_item_t *item)
{
    ngx_slab_pool_t  *shpool;

    shpool = ngx_http_jvm_route_shpool;

    ngx_shmtx_lock(&shpool->mutex);
    ngx_http_jvm_route_release(shpool, item);
    ngx_shmtx_unlock(&shpool->mutex);

    item->unused = 0;
    item->next = ngx_http_jvm_route_free;
    ngx_http_jvm_route_free = item;
}


/*
 * Forgets the requests of workers that died, once a second if not now.
 * A slot is given to a new process only after the old one has been waited for.
 */

void
ngx_http_jvm_route_heal(ngx_uint_t now, ngx_log_t *log)
{
    ngx_queue_t                 *q, *next;
    ngx_slab_pool_t             *shpool;
    ngx_http_jvm_route_block_t  *block;
    ngx_http_jvm_route_shctx_t  *sh;

    shpool = ngx_http_jvm_route_shpool;

    if (shpool == NULL || (!now && ngx_http_jvm_route_healed == ngx_time())) {
        return;
    }

    ngx_http_jvm_route_healed = ngx_time();

    sh = shpool->data;

    ngx_shmtx_lock(&shpool->mutex);

    for (q = ngx_queue_head(&sh->blocks);
         q != ngx_queue_sentinel(&sh->blocks);
         q = next)
    {
        next = ngx_queue_next(q);
        block = ngx_queue_data(q, ngx_http_jvm_route_block_t, queue);

        if (block->pid == ngx_pid) {
            continue;
        }

        if (block->slot != ngx_process_slot
            && (kill(block->pid, 0) == 0 || ngx_errno != ESRCH))
        {
            continue;
        }

        ngx_log_error(NGX_LOG_NOTICE, log, 0,
                      "jvm_route: the requests of worker process %P"
                      " are forgotten", block->pid);

        ngx_http_jvm_route_free_block(shpool, block);
    }

    ngx_shmtx_unlock(&shpool->mutex);
}


void
ngx_http_jvm_route_leave(void)
{
    ngx_queue_t                 *q, *next;
    ngx_slab_pool_t             *shpool;
    ngx_http_jvm_route_block_t  *block;
    ngx_http_jvm_route_shctx_t  *sh;

    shpool = ngx_http_jvm_route_shpool;

    if (shpool == NULL) {
        return;
    }

    sh = shpool->data;

    ngx_shmtx_lock(&shpool->mutex);

    for (q = ngx_queue_head(&sh->blocks);
         q != ngx_queue_sentinel(&sh->blocks);
         q = next)
    {
        next = ngx_queue_next(q);
        block = ngx_queue_data(q, ngx_http_jvm_route_block_t, queue);

        if (block->pid == ngx_pid) {
            ngx_http_jvm_route_free_block(shpool, block);
        }
    }

    ngx_shmtx_unlock(&shpool->mutex);

    ngx_http_jvm_route_shpool = NULL;
}


/* one sum for each peer of the table */

void
ngx_http_jvm_route_sum(ngx_http_jvm_route_table_t *table,
    ngx_http_jvm_route_sum_t *sum)
{
    ngx_uint_t        i;
    ngx_slab_pool_t  *shpool;

    shpool = ngx_http_jvm_route_shpool;

    if (shpool == NULL) {
        return;
    }

    ngx_shmtx_lock(&shpool->mutex);

    for (i = 0; i < table->npeers; i++) {
        if (table->peer[i].item) {
            ngx_http_jvm_route_add_node(&sum[i], table->peer[i].item->node);
        }
    }

    ngx_shmtx_unlock(&shpool->mutex);
}


static void
ngx_http_jvm_route_add_node(ngx_http_jvm_route_sum_t *sum,
    ngx_http_jvm_route_node_t *node)
{
    ngx_http_jvm_route_item_t  *item;

    sum->copy = node->copy;
    sum->active = node->active;
    sum->requests = node->requests;
    sum->failures = node->failures;
    sum->hits = node->hits;
    sum->failovers = node->failovers;
    sum->last = node->last;

    for (item = node->items; item; item = item->next) {
        sum->requests += item->requests;
        sum->failures += item->failures;
        sum->hits += item->hits;
        sum->failovers += item->failovers;

        if (item->last > sum->last) {
            sum->last = item->last;
        }
    }
}
