
/*
 * Copyright (C) 2026 the sessctl authors
 */


#ifndef _NGX_HTTP_UPSTREAM_JVM_ROUTE_MODULE_H_INCLUDED_
#define _NGX_HTTP_UPSTREAM_JVM_ROUTE_MODULE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include <nginx.h>
#include "ngx_http_jvm_route_parse.h"

#if (NGX_HTTP_UPSTREAM_CHECK && NGX_HTTP_JVM_ROUTE_CHECK)
#include "ngx_http_upstream_check_module.h"
#endif


/* the value is that of nginx's own NGX_HTTP_UPSTREAM_DRAINING */

#define NGX_HTTP_JVM_ROUTE_DRAINING  8


/* nginx before 1.9.0 keeps peers in an array, and does not share them */

#if (nginx_version >= 1009000)

#define ngx_http_jvm_route_first_peer(peers)  (peers)->peer

#define ngx_http_jvm_route_next_peer(peers, p)  (p)->next

#define ngx_http_jvm_route_current_peer(rrp)  (rrp)->current

#else

#define ngx_http_jvm_route_first_peer(peers)                                  \
    ((peers)->number ? &(peers)->peer[0] : NULL)

#define ngx_http_jvm_route_next_peer(peers, p)                                \
    ((p) < &(peers)->peer[(peers)->number - 1] ? (p) + 1 : NULL)

#define ngx_http_jvm_route_current_peer(rrp)                                  \
    (&(rrp)->peers->peer[(rrp)->current])

#define ngx_http_upstream_rr_peers_rlock(peers)
#define ngx_http_upstream_rr_peers_wlock(peers)
#define ngx_http_upstream_rr_peers_unlock(peers)
#define ngx_http_upstream_rr_peer_lock(peers, peer)
#define ngx_http_upstream_rr_peer_unlock(peers, peer)

#endif


/* nginx before 1.27.3 does not change peers while it runs */

#if (NGX_HTTP_UPSTREAM_ZONE && nginx_version >= 1027003)

#define NGX_HTTP_JVM_ROUTE_RESOLVE   1

#define ngx_http_jvm_route_config(peers)                                      \
    ((peers)->config ? *(peers)->config : 0)

#else

#define NGX_HTTP_JVM_ROUTE_RESOLVE   0

#define ngx_http_jvm_route_config(peers)  0

#endif


#ifndef ngx_http_upstream_rr_peer_ref
#define ngx_http_upstream_rr_peer_ref(peers, peer)
#define ngx_http_upstream_rr_peer_unref(peers, peer)  NGX_OK
#endif


/* the counters of a server, in shared memory */

typedef struct {
    ngx_str_node_t                    sn;         /* must be first */
    ngx_queue_t                       queue;

    ngx_atomic_t                      requests;
    ngx_atomic_t                      failures;
    ngx_atomic_t                      hits;
    ngx_atomic_t                      failovers;
    time_t                            last;

    ngx_atomic_t                      active;     /* without a slot */

    ngx_uint_t                        copy;       /* of the same address */
    ngx_uint_t                        copies;
    ngx_uint_t                        generation;
    ngx_uint_t                        stamp;
    ngx_uint_t                        configured; /* unsigned configured:1; */

    volatile uint32_t                 slots[1];
} ngx_http_jvm_route_node_t;


/* a slot is the number of active requests and the "in use" flag */

#define NGX_HTTP_JVM_ROUTE_IN_USE  0x80000000u


typedef struct {
    ngx_rbtree_t                      rbtree;
    ngx_rbtree_node_t                 sentinel;
    ngx_queue_t                       nodes;
    size_t                            size;       /* of the nodes */
    ngx_uint_t                        generation;
    ngx_uint_t                        stamp;
    ngx_uint_t                        nslots;     /* of a node */
    volatile ngx_uint_t               used;
    ngx_pid_t                         pids[NGX_MAX_PROCESSES];
} ngx_http_jvm_route_shctx_t;


/* the lookup table of an upstream, local to a worker process */

typedef struct {
    ngx_http_upstream_rr_peer_t      *peer;
    ngx_http_jvm_route_node_t        *node;
    ngx_uint_t                        number;     /* in its list of peers */
    ngx_uint_t                        server;     /* in its upstream */
    ngx_uint_t                        next;       /* with the same route */
    ngx_uint_t                        max_busy;
    ngx_uint_t                        backup;     /* unsigned  backup:1; */
} ngx_http_jvm_route_peer_t;


typedef struct {
    ngx_str_t                         id;
    uint32_t                          key;
    ngx_uint_t                        next;       /* in the same bucket */
    ngx_uint_t                        server;     /* the first one with it */
    ngx_uint_t                        first;
    ngx_uint_t                        backup;     /* the first one of these */
    ngx_uint_t                        last;
    ngx_uint_t                        npeers;
    ngx_uint_t                        nbackups;
} ngx_http_jvm_route_t;


typedef struct {
    ngx_pool_t                       *pool;       /* if not of the cycle */

    ngx_http_upstream_rr_peers_t     *peers;
    ngx_uint_t                        config;

    ngx_http_jvm_route_peer_t        *peer;
    ngx_uint_t                        npeers;
    uint32_t                         *peer_buckets;
    ngx_uint_t                        peer_buckets_mask;

    ngx_http_jvm_route_t             *route;
    ngx_uint_t                        nroutes;
    uint32_t                         *buckets;
    ngx_uint_t                        buckets_mask;
    uint64_t                          lengths;

    ngx_http_jvm_route_peer_t        *last;

    ngx_int_t                         total_weight;
    ngx_int_t                         pending;

    ngx_uint_t                        uncounted;  /* peers without a node */
    ngx_uint_t                        reap;       /* unsigned  reap:1; */
} ngx_http_jvm_route_table_t;


typedef struct {
    ngx_str_t                         id;
    ngx_uint_t                        max_busy;
    u_char                           *file;
    ngx_uint_t                        line;
    unsigned                          busy:1;
    unsigned                          drain:1;
} ngx_http_jvm_route_server_t;


typedef struct {
    ngx_str_t                         id;
    ngx_str_t                         address;
    u_char                           *file;
    ngx_uint_t                        line;
} ngx_http_jvm_route_id_t;


typedef struct {
    ngx_http_upstream_srv_conf_t     *upstream;
    ngx_http_upstream_init_pt         original_init_upstream;
    ngx_http_upstream_init_peer_pt    original_init_peer;

    ngx_str_t                         cookie;
    ngx_str_t                         url;

    ngx_array_t                       servers;
                                         /* ngx_http_jvm_route_server_t */
    ngx_array_t                       ids;   /* ngx_http_jvm_route_id_t */

    ngx_http_jvm_route_table_t       *table;

    unsigned                          enabled:1;
    unsigned                          initialized:1;
    unsigned                          reverse:1;
    unsigned                          strict:1;
    unsigned                          weighted:1;
} ngx_http_upstream_jvm_route_srv_conf_t;


typedef struct {
    ngx_str_t                         name;
    ngx_uint_t                        format;
    u_char                           *file;
    ngx_uint_t                        line;
    ngx_http_upstream_jvm_route_srv_conf_t  *conf;
} ngx_http_upstream_jvm_route_loc_conf_t;


typedef struct {
    ngx_array_t                       upstreams;
                              /* ngx_http_upstream_jvm_route_srv_conf_t * */
    ngx_array_t                       status;
                              /* ngx_http_upstream_jvm_route_loc_conf_t * */
    ngx_shm_zone_t                   *shm_zone;
    ngx_uint_t                        nslots;
    ngx_uint_t                        generation;
} ngx_http_upstream_jvm_route_main_conf_t;


typedef enum {
    ngx_http_jvm_route_new = 0,
    ngx_http_jvm_route_hit,
    ngx_http_jvm_route_miss,
    ngx_http_jvm_route_failover
} ngx_http_jvm_route_status_e;


typedef struct {
    ngx_http_upstream_jvm_route_srv_conf_t  *conf;
    ngx_http_upstream_t               *upstream;

    ngx_http_upstream_rr_peer_data_t  *rrp;

    ngx_event_get_peer_pt              original_get_peer;
    ngx_event_free_peer_pt             original_free_peer;

#if (NGX_HTTP_SSL)
    ngx_event_set_peer_session_pt      original_set_session;
    ngx_event_save_peer_session_pt     original_save_session;
#endif

#if (nginx_version >= 1011005)
    ngx_event_notify_peer_pt           original_notify;
#endif

    ngx_str_t                          session;
    ngx_str_t                          name;
    ngx_http_jvm_route_t              *route;
    ngx_http_jvm_route_node_t         *node;
    ngx_http_upstream_rr_peer_t       *retry;

    uint32_t                           attempts;

    unsigned                           status:8;
    unsigned                           pinned:1;
    unsigned                           failed_over:1;
} ngx_http_upstream_jvm_route_peer_data_t;


/* the counters of a node for the status page */

typedef struct {
    ngx_uint_t                        copy;
    ngx_uint_t                        active;
    ngx_uint_t                        requests;
    ngx_uint_t                        failures;
    ngx_uint_t                        hits;
    ngx_uint_t                        failovers;
    time_t                            last;
} ngx_http_jvm_route_sum_t;


ngx_http_jvm_route_table_t *ngx_http_jvm_route_build(
    ngx_http_upstream_jvm_route_srv_conf_t *jcf, ngx_pool_t *pool,
    ngx_log_t *log);
void ngx_http_jvm_route_refresh(ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_uint_t attach, ngx_log_t *log);
ngx_http_jvm_route_t *ngx_http_jvm_route_longest(
    ngx_http_jvm_route_table_t *table, u_char *p, size_t len);
ngx_http_jvm_route_peer_t *ngx_http_jvm_route_find_peer(
    ngx_http_jvm_route_table_t *table, ngx_http_upstream_rr_peer_t *peer);
ngx_uint_t ngx_http_jvm_route_server_draining(
    ngx_http_upstream_jvm_route_srv_conf_t *jcf, ngx_uint_t i);

char *ngx_http_jvm_route_add_zone(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_main_conf_t *jmcf);
void ngx_http_jvm_route_attach(ngx_http_upstream_jvm_route_srv_conf_t *jcf,
    ngx_http_jvm_route_table_t *old, ngx_log_t *log);
ngx_uint_t ngx_http_jvm_route_reap(ngx_log_t *log);
void ngx_http_jvm_route_free_slot(void);
void ngx_http_jvm_route_take_slot(
    ngx_http_upstream_jvm_route_main_conf_t *jmcf, ngx_log_t *log);
ngx_uint_t ngx_http_jvm_route_active(ngx_http_jvm_route_node_t *node);
void ngx_http_jvm_route_sum(ngx_http_jvm_route_table_t *table,
    ngx_http_jvm_route_sum_t *sum);

ngx_int_t ngx_http_upstream_init_jvm_route(ngx_conf_t *cf,
    ngx_http_upstream_srv_conf_t *us);
ngx_int_t ngx_http_upstream_init_jvm_route_peer(ngx_http_request_t *r,
    ngx_http_upstream_srv_conf_t *us);
void ngx_http_upstream_jvm_route_session(ngx_http_request_t *r,
    ngx_http_upstream_jvm_route_peer_data_t *jp);

char *ngx_http_upstream_jvm_route(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_upstream_jvm_route_srun_id(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_upstream_jvm_route_server_id(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_upstream_jvm_route_server_max_busy(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
char *ngx_http_upstream_jvm_route_server_drain(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);

ngx_int_t ngx_http_upstream_jvm_route_status_handler(ngx_http_request_t *r);
char *ngx_http_upstream_jvm_route_status(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


extern ngx_module_t  ngx_http_upstream_jvm_route_module;
extern ngx_int_t     ngx_http_jvm_route_slot;


static ngx_inline ngx_http_jvm_route_t *
ngx_http_jvm_route_find(ngx_http_jvm_route_table_t *table, u_char *p,
    size_t len, uint32_t key)
{
    ngx_uint_t             i;
    ngx_http_jvm_route_t  *route;

    for (i = table->buckets[key & table->buckets_mask]; i; i = route->next) {

        route = &table->route[i - 1];

        if (route->key == key
            && route->id.len == len
            && ngx_memcmp(route->id.data, p, len) == 0)
        {
            return route;
        }
    }

    return NULL;
}


static ngx_inline ngx_http_jvm_route_t *
ngx_http_jvm_route_exact(ngx_http_jvm_route_table_t *table, u_char *p,
    size_t len)
{
    if (len == 0 || len > NGX_HTTP_JVM_ROUTE_ID_LEN) {
        return NULL;
    }

    return ngx_http_jvm_route_find(table, p, len,
                                   ngx_http_jvm_route_key(p, len));
}


#endif /* _NGX_HTTP_UPSTREAM_JVM_ROUTE_MODULE_H_INCLUDED_ */
