
/*
 * Copyright (C) 2026 the sessctl authors
 */


#include "ngx_http_upstream_jvm_route_module.h"

#if (NGX_DEBUG_PALLOC && NGX_LINUX)
#include <malloc.h>
#endif


typedef enum {
    ngx_http_jvm_route_new = 0,
    ngx_http_jvm_route_hit,
    ngx_http_jvm_route_miss,
    ngx_http_jvm_route_failover
} ngx_http_jvm_route_status_e;


/* servers by their addresses, or by their names and ports */

typedef struct {
    ngx_uint_t                         mask;
    ngx_uint_t                        *buckets;
    ngx_uint_t                        *next;
    ngx_url_t                         *urls;      /* of those with a name */
} ngx_http_jvm_route_index_t;


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
    ngx_http_upstream_rr_peer_t       *again;

    uint32_t                           attempts;

    unsigned                           status:8;
    unsigned                           pinned:1;
    unsigned                           failed_over:1;
} ngx_http_upstream_jvm_route_peer_data_t;


static ngx_int_t ngx_http_upstream_init_jvm_route(ngx_conf_t *cf,
    ngx_http_upstream_srv_conf_t *us);
static ngx_int_t ngx_http_upstream_jvm_route_servers(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf);
static ngx_int_t ngx_http_upstream_jvm_route_check_dots(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf);
static ngx_int_t ngx_http_upstream_jvm_route_give(ngx_conf_t *cf,
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

static ngx_int_t ngx_http_upstream_init_jvm_route_peer(ngx_http_request_t *r,
    ngx_http_upstream_srv_conf_t *us);
static void ngx_http_upstream_jvm_route_session(ngx_http_request_t *r,
    ngx_http_upstream_jvm_route_peer_data_t *jp);
static void ngx_http_upstream_jvm_route_cookies(
    ngx_http_upstream_jvm_route_peer_data_t *jp, ngx_str_t *header);
static ngx_inline void ngx_http_upstream_jvm_route_candidate(
    ngx_http_upstream_jvm_route_peer_data_t *jp, u_char *session, size_t len);
static ngx_int_t ngx_http_upstream_get_jvm_route_peer(
    ngx_peer_connection_t *pc, void *data);
static ngx_int_t ngx_http_upstream_get_same_peer(ngx_peer_connection_t *pc,
    ngx_http_upstream_jvm_route_peer_data_t *jp);
static ngx_int_t ngx_http_upstream_jvm_route_connect(
    ngx_peer_connection_t *pc);
static ngx_int_t ngx_http_upstream_get_pinned_peer(ngx_peer_connection_t *pc,
    ngx_http_upstream_jvm_route_peer_data_t *jp);
static ngx_int_t ngx_http_upstream_get_balanced_peer(
    ngx_peer_connection_t *pc, ngx_http_upstream_jvm_route_peer_data_t *jp);
static void ngx_http_upstream_jvm_route_unchecked(
    ngx_http_upstream_rr_peers_t *peers, ngx_http_upstream_rr_peer_t *peer);
static ngx_inline ngx_uint_t ngx_http_upstream_jvm_route_usable(
    ngx_http_upstream_rr_peer_data_t *rrp, ngx_http_jvm_route_peer_t *jpeer);
static ngx_uint_t ngx_http_upstream_jvm_route_primaries_serve(
    ngx_http_upstream_jvm_route_peer_data_t *jp);
static ngx_inline void ngx_http_upstream_jvm_route_count(
    ngx_http_jvm_route_node_t *node, ngx_int_t n);
static ngx_inline ngx_int_t ngx_http_upstream_jvm_route_enter(
    ngx_peer_connection_t *pc, ngx_http_upstream_jvm_route_peer_data_t *jp,
    ngx_http_jvm_route_peer_t *jpeer);
static void ngx_http_upstream_jvm_route_pay(ngx_http_jvm_route_table_t *table);
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

static ngx_int_t ngx_http_upstream_jvm_route_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_upstream_jvm_route_status_variable(
    ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);

static ngx_int_t ngx_http_upstream_jvm_route_add_variables(ngx_conf_t *cf);
static void *ngx_http_upstream_jvm_route_create_main_conf(ngx_conf_t *cf);
static char *ngx_http_upstream_jvm_route_init_main_conf(ngx_conf_t *cf,
    void *conf);
static void *ngx_http_upstream_jvm_route_create_srv_conf(ngx_conf_t *cf);
static void *ngx_http_upstream_jvm_route_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_upstream_jvm_route_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);

static char *ngx_http_upstream_jvm_route(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_upstream_jvm_route_beneath(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf);
static ngx_int_t ngx_http_upstream_jvm_route_unwrap(ngx_conf_t *cf,
    ngx_http_upstream_srv_conf_t *uscf, char *name, ngx_str_t *directive,
    ngx_uint_t n, ngx_http_upstream_init_pt **init);
static size_t ngx_http_upstream_jvm_route_room(ngx_pool_t *pool, void *conf);
static char *ngx_http_upstream_jvm_route_srun_id(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_upstream_jvm_route_check_id(ngx_conf_t *cf,
    ngx_str_t *id);
static ngx_http_jvm_route_server_t *ngx_http_upstream_jvm_route_server(
    ngx_conf_t *cf);
static char *ngx_http_upstream_jvm_route_server_id(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_upstream_jvm_route_server_max_busy(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_upstream_jvm_route_server_drain(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);

static ngx_int_t ngx_http_upstream_jvm_route_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_upstream_jvm_route_init_process(ngx_cycle_t *cycle);
static void ngx_http_upstream_jvm_route_exit_process(ngx_cycle_t *cycle);


static ngx_command_t  ngx_http_upstream_jvm_route_commands[] = {

    { ngx_string("jvm_route"),
      NGX_HTTP_UPS_CONF|NGX_CONF_TAKE123,
      ngx_http_upstream_jvm_route,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("srun_id"),
      NGX_HTTP_UPS_CONF|NGX_CONF_TAKE2,
      ngx_http_upstream_jvm_route_srun_id,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("jvm_route_status"),
      NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE12,
      ngx_http_upstream_jvm_route_status,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    /* parameters of "server", see patches/nginx */

    { ngx_string("server srun_id="),
      NGX_CONF_TAKE1,
      ngx_http_upstream_jvm_route_server_id,
      0,
      0,
      NULL },

    { ngx_string("server max_busy="),
      NGX_CONF_TAKE1,
      ngx_http_upstream_jvm_route_server_max_busy,
      0,
      0,
      NULL },

    { ngx_string("server drain"),
      NGX_CONF_TAKE1,
      ngx_http_upstream_jvm_route_server_drain,
      0,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_upstream_jvm_route_module_ctx = {
    ngx_http_upstream_jvm_route_add_variables, /* preconfiguration */
    NULL,                                  /* postconfiguration */

    ngx_http_upstream_jvm_route_create_main_conf,
                                           /* create main configuration */
    ngx_http_upstream_jvm_route_init_main_conf, /* init main configuration */

    ngx_http_upstream_jvm_route_create_srv_conf,
                                           /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_upstream_jvm_route_create_loc_conf,
                                           /* create location configuration */
    ngx_http_upstream_jvm_route_merge_loc_conf
                                           /* merge location configuration */
};


ngx_module_t  ngx_http_upstream_jvm_route_module = {
    NGX_MODULE_V1,
    &ngx_http_upstream_jvm_route_module_ctx, /* module context */
    ngx_http_upstream_jvm_route_commands,  /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_http_upstream_jvm_route_init_module, /* init module */
    ngx_http_upstream_jvm_route_init_process, /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_upstream_jvm_route_exit_process, /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_str_t  ngx_http_upstream_jvm_route_var = ngx_string("jvm_route");
static ngx_str_t  ngx_http_upstream_jvm_route_status_var =
    ngx_string("jvm_route_status");


static ngx_str_t  ngx_http_upstream_jvm_route_statuses[] = {
    ngx_string("NEW"),
    ngx_string("HIT"),
    ngx_string("MISS"),
    ngx_string("FAILOVER")
};


static ngx_int_t
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

    jcf->weighs = (us->flags & NGX_HTTP_UPSTREAM_BACKUP) ? 1 : 0;

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


/* gives each server of the upstream what "srun_id" says of it */

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
                if (ngx_http_upstream_jvm_route_give(cf, jcf, &id[i], j - 1)
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
ngx_http_upstream_jvm_route_give(ngx_conf_t *cf,
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


/* the servers whose address is written in another way */

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

        if (ngx_http_upstream_jvm_route_give(cf, jcf, id, (i - 1) / 2)
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


/* a drained server is down for the balancing method */

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

                if (ngx_http_jvm_route_server_drains(jcf, i)) {
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

            if (ngx_http_jvm_route_server_drains(jcf, i)) {
                peer->down = NGX_HTTP_JVM_ROUTE_DRAINING;
            }

            peer = peer->next;
        }

#endif

        backup = 1;
    }
}


static ngx_int_t
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
    jp->again = NULL;

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


static void
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
 * Tomcat keeps the first session that it knows of several with the same
 * cookie: the first one is taken whose route is that of a server
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


static ngx_int_t
ngx_http_upstream_get_jvm_route_peer(ngx_peer_connection_t *pc, void *data)
{
    ngx_http_upstream_jvm_route_peer_data_t  *jp = data;

    ngx_http_jvm_route_node_t   *node;
    ngx_http_jvm_route_table_t  *table;

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, pc->log, 0,
                   "get jvm route peer, try: %ui", pc->tries);

    table = jp->conf->table;

    if (table->heal) {
        table->heal = 0;

        if (ngx_http_jvm_route_heal(pc->log) && table->uncounted) {
            ngx_http_jvm_route_refresh(jp->conf, 1, pc->log);
            table = jp->conf->table;
        }
    }

    if (jp->again && ngx_http_upstream_get_same_peer(pc, jp) == NGX_OK) {
        return ngx_http_upstream_jvm_route_connect(pc);
    }

    if (jp->route == NULL) {
        return ngx_http_upstream_get_balanced_peer(pc, jp);
    }

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)

    /* the table may be a newer one, then the route is of the past */

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
 * The server that has closed a kept connection, once more: the weights count
 * this request already
 */

static ngx_int_t
ngx_http_upstream_get_same_peer(ngx_peer_connection_t *pc,
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
    peer = jp->again;

    jp->again = NULL;

#if (NGX_HTTP_JVM_ROUTE_RESOLVE)
    if (rrp->config != jp->conf->table->config) {
        return NGX_DECLINED;
    }
#endif

    jpeer = ngx_http_jvm_route_place(jp->conf->table, peer);
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
        || ngx_http_upstream_jvm_route_enter(pc, jp, jpeer) != NGX_OK)
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
 * Connects by itself, since "keepalive" could have another connection that
 * the server has closed
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
 * The server of the session, found without a look at the others: what the
 * balancing method does for the peer that it chooses is done here for one
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

    if (table->owed >= (ngx_int_t) table->npeers) {
        ngx_http_upstream_jvm_route_pay(table);
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
            && ngx_http_upstream_jvm_route_enter(pc, jp, jpeer) == NGX_OK)
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
            || !ngx_http_upstream_jvm_route_primaries_serve(jp)))
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
     * Round robin would add to the weights of all peers, which are owed it
     * until they are asked for; as in round robin with "sticky", one pinned
     * request in a row is accounted
     */

    if (jp->conf->weighs && !backup && !peers->single && !peer->down) {

        weight = peer->current_weight + table->owed * peer->effective_weight;

        if (weight > peer->effective_weight - table->total_weight) {
            peer->current_weight -= table->total_weight;
            table->owed++;
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

        if (table->owed) {
            ngx_http_upstream_jvm_route_pay(table);
        }

        tries = pc->tries;

        rc = jp->original_get_peer(pc, jp->rrp);

        if (rc != NGX_OK) {
            return rc;
        }

        peer = ngx_http_jvm_route_current_peer(jp->rrp);
        jpeer = ngx_http_jvm_route_place(table, peer);

        if (jpeer == NULL
            || ngx_http_upstream_jvm_route_enter(pc, jp, jpeer) == NGX_OK)
        {
            return NGX_OK;
        }

        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, pc->log, 0,
                       "get jvm route peer, \"%V\" is busy", pc->name);

        /* the peer is given back as if it had not been chosen */

        peers = jp->rrp->peers;

        ngx_http_upstream_jvm_route_unchecked(peers, peer);

        jp->original_free_peer(pc, jp->rrp, NGX_PEER_NEXT);

        pc->tries = tries;
        pc->sockaddr = NULL;

        if (peers->single) {
            pc->name = peers->name;
            return NGX_BUSY;
        }
    }
}


/* keeps a peer that is given back unasked from being taken for a live one */

static void
ngx_http_upstream_jvm_route_unchecked(ngx_http_upstream_rr_peers_t *peers,
    ngx_http_upstream_rr_peer_t *peer)
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
ngx_http_upstream_jvm_route_primaries_serve(
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
    if (ngx_http_jvm_route_word != NGX_ERROR) {
        node->words[ngx_http_jvm_route_word] += (uint32_t) n;

    } else {
        (void) ngx_atomic_fetch_add(&node->active, n);
    }
}


/* counts a request, unless there are max_busy already */

static ngx_inline ngx_int_t
ngx_http_upstream_jvm_route_enter(ngx_peer_connection_t *pc,
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
             * Of two processes that enter at once, at least one sees the
             * other: an atomic operation stands between the word and the sum
             */

            (void) ngx_atomic_fetch_add(&node->requests, 0);

            if (ngx_http_jvm_route_active(node) > jpeer->max_busy) {
                ngx_http_upstream_jvm_route_count(node, -1);
                table->heal = 1;

                ngx_log_debug2(NGX_LOG_DEBUG_HTTP, pc->log, 0,
                               "jvm route: \"%V\" is busy with %ui requests",
                               &jpeer->peer->name, jpeer->max_busy);

                return NGX_BUSY;
            }
        }

        (void) ngx_atomic_fetch_add(&node->requests, 1);
        node->last = ngx_time();

    } else {
        table->heal = 1;
    }

    jp->node = node;
    jp->attempts++;

    table->last = jpeer;

    return NGX_OK;
}


static void
ngx_http_upstream_jvm_route_pay(ngx_http_jvm_route_table_t *table)
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

        peer->current_weight += table->owed * peer->effective_weight;
        table->total_weight += peer->effective_weight;
    }

    table->owed = 0;

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
        jp->again = ngx_http_jvm_route_current_peer(jp->rrp);

        ngx_http_upstream_jvm_route_unchecked(jp->rrp->peers, jp->again);
    }

    node = jp->node;

    if (node) {
        jp->node = NULL;

        if (state & NGX_PEER_FAILED) {
            (void) ngx_atomic_fetch_add(&node->failures, 1);
        }

        /* the node of an address that has gone may be freed from here on */

        ngx_http_upstream_jvm_route_count(node, -1);
    }

#if (nginx_version < 1009000)

    /* "least_conn" of 1.8 has counted only what it has chosen */

    if (jp->pinned) {
        ngx_http_upstream_free_round_robin_peer(pc, jp->rrp, state);
        return;
    }

#endif

    jp->original_free_peer(pc, jp->rrp, state);
}


/*
 * Has the server closed a kept connection before it answered?  That says
 * nothing about the server: it may have waited longer than it keeps them.
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


static ngx_int_t
ngx_http_upstream_jvm_route_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_upstream_jvm_route_peer_data_t  *jp;

    jp = ngx_http_get_module_ctx(r, ngx_http_upstream_jvm_route_module);

    if (jp == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->len = jp->name.len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->data = jp->name.data;

    return NGX_OK;
}


static ngx_int_t
ngx_http_upstream_jvm_route_status_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t                                *status;
    ngx_http_upstream_jvm_route_peer_data_t  *jp;

    jp = ngx_http_get_module_ctx(r, ngx_http_upstream_jvm_route_module);

    if (jp == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    status = &ngx_http_upstream_jvm_route_statuses[jp->status];

    v->len = status->len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->data = status->data;

    return NGX_OK;
}


static ngx_int_t
ngx_http_upstream_jvm_route_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var;

    var = ngx_http_add_variable(cf, &ngx_http_upstream_jvm_route_var,
                                NGX_HTTP_VAR_NOCACHEABLE);
    if (var == NULL) {
        return NGX_ERROR;
    }

    var->get_handler = ngx_http_upstream_jvm_route_variable;

    var = ngx_http_add_variable(cf, &ngx_http_upstream_jvm_route_status_var,
                                NGX_HTTP_VAR_NOCACHEABLE);
    if (var == NULL) {
        return NGX_ERROR;
    }

    var->get_handler = ngx_http_upstream_jvm_route_status_variable;

    return NGX_OK;
}


static void *
ngx_http_upstream_jvm_route_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_upstream_jvm_route_main_conf_t  *jmcf;

    jmcf = ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_upstream_jvm_route_main_conf_t));
    if (jmcf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&jmcf->upstreams, cf->pool, 4, sizeof(void *)) != NGX_OK
        || ngx_array_init(&jmcf->status, cf->pool, 4, sizeof(void *)) != NGX_OK)
    {
        return NULL;
    }

    return jmcf;
}


static char *
ngx_http_upstream_jvm_route_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_upstream_jvm_route_main_conf_t  *jmcf = conf;

    ngx_uint_t                                i, j;
    ngx_http_jvm_route_id_t                  *id;
    ngx_http_jvm_route_server_t              *jserver;
    ngx_http_upstream_srv_conf_t            **uscfp;
    ngx_http_upstream_main_conf_t            *umcf;
    ngx_http_upstream_jvm_route_srv_conf_t   *jcf, **jcfp;
    ngx_http_upstream_jvm_route_loc_conf_t  **jlcfp, *jlcf;

    umcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_upstream_module);
    uscfp = umcf->upstreams.elts;

    for (i = 0; i < umcf->upstreams.nelts; i++) {

        /* skip implicit upstreams */
        if (uscfp[i]->srv_conf == NULL) {
            continue;
        }

        jcf = ngx_http_conf_upstream_srv_conf(uscfp[i],
                                           ngx_http_upstream_jvm_route_module);

        if (jcf->enabled) {

            if (!jcf->initialized) {
                ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                              "a balancing method stands after \"jvm_route\""
                              " in upstream \"%V\" in %s:%ui, it must stand"
                              " before",
                              &uscfp[i]->host, uscfp[i]->file_name,
                              uscfp[i]->line);
                return NGX_CONF_ERROR;
            }

            jcfp = ngx_array_push(&jmcf->upstreams);
            if (jcfp == NULL) {
                return NGX_CONF_ERROR;
            }

            *jcfp = jcf;

            continue;
        }

        if (jcf->ids.nelts) {
            id = jcf->ids.elts;

            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"srun_id\" without \"jvm_route\""
                          " in upstream \"%V\" in %s:%ui",
                          &uscfp[i]->host, id->file, id->line);
            return NGX_CONF_ERROR;
        }

        jserver = jcf->servers.elts;

        for (j = 0; j < jcf->servers.nelts; j++) {

            if (jserver[j].file == NULL) {
                continue;
            }

            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"srun_id\", \"max_busy\" or \"drain\" of a server"
                          " without \"jvm_route\" in upstream \"%V\" in %s:%ui",
                          &uscfp[i]->host, jserver[j].file, jserver[j].line);
            return NGX_CONF_ERROR;
        }
    }

    jlcfp = jmcf->status.elts;
    jcfp = jmcf->upstreams.elts;

    for (i = 0; i < jmcf->status.nelts; i++) {
        jlcf = jlcfp[i];

        for (j = 0; j < jmcf->upstreams.nelts; j++) {

            if (jcfp[j]->upstream->host.len == jlcf->name.len
                && ngx_strncasecmp(jcfp[j]->upstream->host.data,
                                   jlcf->name.data, jlcf->name.len)
                   == 0)
            {
                jlcf->conf = jcfp[j];
                break;
            }
        }

        if (jlcf->conf == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "no upstream \"%V\" with \"jvm_route\""
                          " for \"jvm_route_status\" in %s:%ui",
                          &jlcf->name, jlcf->file, jlcf->line);
            return NGX_CONF_ERROR;
        }
    }

    if (jmcf->upstreams.nelts == 0) {
        return NGX_CONF_OK;
    }

    return ngx_http_jvm_route_add_zone(cf, jmcf);
}


static void *
ngx_http_upstream_jvm_route_create_srv_conf(ngx_conf_t *cf)
{
    ngx_http_upstream_jvm_route_srv_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_upstream_jvm_route_srv_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&conf->servers, cf->pool, 4,
                       sizeof(ngx_http_jvm_route_server_t))
        != NGX_OK)
    {
        return NULL;
    }

    if (ngx_array_init(&conf->ids, cf->pool, 4,
                       sizeof(ngx_http_jvm_route_id_t))
        != NGX_OK)
    {
        return NULL;
    }

    return conf;
}


static void *
ngx_http_upstream_jvm_route_create_loc_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_upstream_jvm_route_loc_conf_t));
}


/*
 * "if" and "limit_except" have a configuration of their own: with the
 * handler of the location around them, they need its upstream, too
 */

static char *
ngx_http_upstream_jvm_route_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_upstream_jvm_route_loc_conf_t  *prev = parent;
    ngx_http_upstream_jvm_route_loc_conf_t  *conf = child;

    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (prev->conf == NULL || !(clcf->noname || clcf->lmt_excpt)) {
        return NGX_CONF_OK;
    }

    conf->conf = prev->conf;
    conf->format = prev->format;

    if (clcf->lmt_excpt && clcf->handler == NULL) {
        clcf->handler = ngx_http_upstream_jvm_route_status_handler;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_upstream_jvm_route(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_upstream_jvm_route_srv_conf_t  *jcf = conf;

    u_char      *p;
    ngx_str_t   *value, cookie;
    ngx_uint_t   i;

    if (jcf->enabled) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strncmp(value[1].data, "$cookie_", 8) != 0) {
        goto invalid;
    }

    cookie.len = value[1].len - 1;
    cookie.data = value[1].data + 1;

    p = ngx_strlchr(cookie.data, cookie.data + cookie.len, '|');

    if (p) {
        jcf->url.len = cookie.data + cookie.len - p - 1;
        jcf->url.data = p + 1;

        cookie.len = p - cookie.data;

    } else {
        jcf->url.len = cookie.len - 7;
        jcf->url.data = cookie.data + 7;
    }

    if (cookie.len == 7 || jcf->url.len == 0) {
        goto invalid;
    }

    for (i = 0; i < jcf->url.len; i++) {
        if (ngx_strchr(";/?#&=|", jcf->url.data[i])) {
            goto invalid;
        }
    }

    p = ngx_pnalloc(cf->pool, jcf->url.len);
    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_strlow(p, jcf->url.data, jcf->url.len);
    jcf->url.data = p;

    jcf->cookie.len = cookie.len - 7;
    jcf->cookie.data = cookie.data + 7;

    for (i = 2; i < cf->args->nelts; i++) {

        if (ngx_strcmp(value[i].data, "reverse") == 0 && !jcf->reverse) {
            jcf->reverse = 1;
            continue;
        }

        if (ngx_strcmp(value[i].data, "strict") == 0 && !jcf->strict) {
            jcf->strict = 1;
            continue;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid parameter \"%V\" of \"jvm_route\", "
                           "it may be \"reverse\" or \"strict\", each once",
                           &value[i]);
        return NGX_CONF_ERROR;
    }

    jcf->enabled = 1;

    return ngx_http_upstream_jvm_route_beneath(cf, jcf);

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid session \"%V\" of \"jvm_route\", it must be "
                       "\"$cookie_NAME\" or \"$cookie_NAME|URLNAME\"",
                       &value[1]);

    return NGX_CONF_ERROR;
}


/*
 * Puts jvm_route over the balancing method, but beneath "keepalive", whose
 * connections are looked up by the peer that jvm_route chooses, and beneath
 * "sticky", which tells the method what it wants
 */

static char *
ngx_http_upstream_jvm_route_beneath(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf)
{
    ngx_uint_t                     i;
    ngx_http_upstream_init_pt     *init, *outer;
    ngx_http_upstream_srv_conf_t  *uscf;

    static struct {
        char                      *name;
        ngx_uint_t                 n;
        ngx_str_t                  directive[3];
    } wrappers[] = {
#if (nginx_version < 1029007)
        { "ngx_http_upstream_keepalive_module", 2,
          { ngx_string("keepalive"), ngx_string("1"), ngx_null_string } },
#endif
#if (nginx_version >= 1029006)
        { "ngx_http_upstream_sticky_module", 3,
          { ngx_string("sticky"), ngx_string("route"),
            ngx_string("$jvm_route") } },
#endif
        { NULL, 0, { ngx_null_string, ngx_null_string, ngx_null_string } }
    };

    uscf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_upstream_module);

    init = &uscf->peer.init_upstream;

    do {
        outer = init;

        for (i = 0; *init && wrappers[i].name; i++) {
            if (ngx_http_upstream_jvm_route_unwrap(cf, uscf, wrappers[i].name,
                                                   wrappers[i].directive,
                                                   wrappers[i].n, &init)
                != NGX_OK)
            {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "\"jvm_route\" must stand before \"%V\""
                                   " with this nginx",
                                   &wrappers[i].directive[0]);
                return NGX_CONF_ERROR;
            }
        }

    } while (init != outer);

    jcf->original_init_upstream = *init ? *init
                                        : ngx_http_upstream_init_round_robin;

    *init = ngx_http_upstream_init_jvm_route;

    return NGX_CONF_OK;
}


/*
 * A "keepalive" or "sticky" that stands before keeps the balancing method in
 * its private configuration.  Where that is, a second directive shows, which
 * is given our method in an upstream of its own.
 */

static ngx_int_t
ngx_http_upstream_jvm_route_unwrap(ngx_conf_t *cf,
    ngx_http_upstream_srv_conf_t *uscf, char *name, ngx_str_t *directive,
    ngx_uint_t n, ngx_http_upstream_init_pt **init)
{
    char                          *rv;
    void                          *conf;
    ngx_str_t                     *value;
    ngx_uint_t                     i, m, nptrs;
    ngx_conf_t                     save;
    ngx_array_t                    args;
    ngx_module_t                 **modules;
    ngx_command_t                 *cmd;
    ngx_http_module_t             *module;
    ngx_http_conf_ctx_t            ctx;
    ngx_http_upstream_init_pt     *p;
    ngx_http_upstream_srv_conf_t   us;

#if (nginx_version >= 1009011)
    modules = cf->cycle->modules;
#else
    modules = ngx_modules;
#endif

    for (m = 0; modules[m]; m++) {

        if (modules[m]->type != NGX_HTTP_MODULE || !modules[m]->commands) {
            continue;
        }

#if (nginx_version >= 1009011)
        if (ngx_strcmp(modules[m]->name, name) != 0) {
            continue;
        }
#endif

        for (cmd = modules[m]->commands; cmd->name.len; cmd++) {
            if (ngx_strcmp(cmd->name.data, directive[0].data) == 0
                && cmd->type & NGX_HTTP_UPS_CONF)
            {
                goto found;
            }
        }
    }

    return NGX_OK;

found:

    module = modules[m]->ctx;

    if (module->create_srv_conf == NULL) {
        return NGX_OK;
    }

    conf = module->create_srv_conf(cf);
    if (conf == NULL) {
        return NGX_ERROR;
    }

    if (ngx_array_init(&args, cf->temp_pool, n, sizeof(ngx_str_t)) != NGX_OK) {
        return NGX_ERROR;
    }

    value = ngx_array_push_n(&args, n);
    if (value == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(value, directive, n * sizeof(ngx_str_t));

    ngx_memzero(&us, sizeof(ngx_http_upstream_srv_conf_t));
    us.peer.init_upstream = ngx_http_upstream_init_jvm_route;

    ctx = *(ngx_http_conf_ctx_t *) cf->ctx;

    ctx.srv_conf = ngx_pcalloc(cf->temp_pool,
                               sizeof(void *) * ngx_http_max_module);
    if (ctx.srv_conf == NULL) {
        return NGX_ERROR;
    }

    ctx.srv_conf[ngx_http_upstream_module.ctx_index] = &us;
    ctx.srv_conf[modules[m]->ctx_index] = conf;
    us.srv_conf = ctx.srv_conf;

    save = *cf;
    cf->ctx = &ctx;
    cf->args = &args;

    rv = cmd->set(cf, cmd, conf);

    *cf = save;

    if (rv != NGX_CONF_OK) {
        return NGX_ERROR;
    }

    if (us.peer.init_upstream != **init) {
        return NGX_OK;
    }

    p = conf;
    nptrs = ngx_http_upstream_jvm_route_room(cf->pool, conf) / sizeof(*p);

    for (i = 0; i < nptrs; i++) {
        if (p[i] == ngx_http_upstream_init_jvm_route) {
            p = uscf->srv_conf[modules[m]->ctx_index];
            *init = &p[i];

            return NGX_OK;
        }
    }

    return NGX_ERROR;
}


/*
 * How far a configuration of another module may be read: to the end of what
 * has been allocated in its block of the pool
 */

static size_t
ngx_http_upstream_jvm_route_room(ngx_pool_t *pool, void *conf)
{
    u_char  *p = conf;

    while (pool) {

        if (p > (u_char *) pool && p < pool->d.last) {
            return pool->d.last - p;
        }

        pool = pool->d.next;
    }

#if (NGX_DEBUG_PALLOC && NGX_LINUX)
    return malloc_usable_size(conf);
#else
    return 0;
#endif
}


static char *
ngx_http_upstream_jvm_route_srun_id(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_upstream_jvm_route_srv_conf_t  *jcf = conf;

    ngx_str_t                *value;
    ngx_http_jvm_route_id_t  *id;

    value = cf->args->elts;

    if (ngx_http_upstream_jvm_route_check_id(cf, &value[1]) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    id = ngx_array_push(&jcf->ids);
    if (id == NULL) {
        return NGX_CONF_ERROR;
    }

    id->id = value[1];
    id->address = value[2];
    id->file = cf->conf_file->file.name.data;
    id->line = cf->conf_file->line;

    return NGX_CONF_OK;
}


static char *
ngx_http_upstream_jvm_route_check_id(ngx_conf_t *cf, ngx_str_t *id)
{
    size_t  i;

    if (id->len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "srun_id is empty");
        return NGX_CONF_ERROR;
    }

    if (id->len > NGX_HTTP_JVM_ROUTE_ID_LEN) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "srun_id \"%V\" is longer than %d bytes",
                           id, NGX_HTTP_JVM_ROUTE_ID_LEN);
        return NGX_CONF_ERROR;
    }

    for (i = 0; i < id->len; i++) {
        if (id->data[i] <= ' ' || id->data[i] == 0x7f || id->data[i] == ';') {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "srun_id has the character 0x%02xd, which"
                               " no session id can have",
                               (int) id->data[i]);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* the server whose line is being read */

static ngx_http_jvm_route_server_t *
ngx_http_upstream_jvm_route_server(ngx_conf_t *cf)
{
    ngx_http_jvm_route_server_t             *jserver;
    ngx_http_upstream_srv_conf_t            *uscf;
    ngx_http_upstream_jvm_route_srv_conf_t  *jcf;

    uscf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_upstream_module);
    jcf = ngx_http_conf_get_module_srv_conf(cf,
                                           ngx_http_upstream_jvm_route_module);

    while (jcf->servers.nelts < uscf->servers->nelts) {
        jserver = ngx_array_push(&jcf->servers);
        if (jserver == NULL) {
            return NULL;
        }

        ngx_memzero(jserver, sizeof(ngx_http_jvm_route_server_t));
    }

    jserver = jcf->servers.elts;
    jserver += jcf->servers.nelts - 1;

    jserver->file = cf->conf_file->file.name.data;
    jserver->line = cf->conf_file->line;

    return jserver;
}


static char *
ngx_http_upstream_jvm_route_server_id(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_str_t  *param = conf;

    ngx_str_t                     id;
    ngx_http_jvm_route_server_t  *jserver;

    jserver = ngx_http_upstream_jvm_route_server(cf);
    if (jserver == NULL) {
        return NGX_CONF_ERROR;
    }

    if (jserver->id.len) {
        return "is duplicate";
    }

    id.len = param->len - (sizeof("srun_id=") - 1);
    id.data = param->data + sizeof("srun_id=") - 1;

    if (ngx_http_upstream_jvm_route_check_id(cf, &id) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    jserver->id = id;

    return NGX_CONF_OK;
}


static char *
ngx_http_upstream_jvm_route_server_max_busy(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_str_t  *param = conf;

    ngx_int_t                     n;
    ngx_http_jvm_route_server_t  *jserver;

    jserver = ngx_http_upstream_jvm_route_server(cf);
    if (jserver == NULL) {
        return NGX_CONF_ERROR;
    }

    if (jserver->busy) {
        return "is duplicate";
    }

    n = ngx_atoi(param->data + sizeof("max_busy=") - 1,
                 param->len - (sizeof("max_busy=") - 1));

    if (n == NGX_ERROR) {
        return "is invalid, it must be a number";
    }

    jserver->busy = 1;
    jserver->max_busy = n;

    return NGX_CONF_OK;
}


static char *
ngx_http_upstream_jvm_route_server_drain(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_str_t  *param = conf;

    ngx_str_t                     *value;
    ngx_uint_t                     i;
    ngx_http_upstream_server_t    *server;
    ngx_http_jvm_route_server_t   *jserver;
    ngx_http_upstream_srv_conf_t  *uscf;

    jserver = ngx_http_upstream_jvm_route_server(cf);
    if (jserver == NULL) {
        return NGX_CONF_ERROR;
    }

    uscf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_upstream_module);

    if (!(uscf->flags & NGX_HTTP_UPSTREAM_DOWN)) {
        return "is not supported by the balancing method";
    }

    server = uscf->servers->elts;
    server += uscf->servers->nelts - 1;

    server->down = 1;

    /* the last one of "down" and "drain" wins, as where nginx has both */

    value = cf->args->elts;

    for (i = param - value + 1; i < cf->args->nelts; i++) {
        if (ngx_strcmp(value[i].data, "down") == 0) {
            return NGX_CONF_OK;
        }
    }

    jserver->drain = 1;

    return NGX_CONF_OK;
}


/* the peers of an upstream with a "zone" are in the zone by now */

static ngx_int_t
ngx_http_upstream_jvm_route_init_module(ngx_cycle_t *cycle)
{
    ngx_uint_t                                i;
    ngx_http_upstream_jvm_route_srv_conf_t  **jcfp;
    ngx_http_upstream_jvm_route_main_conf_t  *jmcf;

    jmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                           ngx_http_upstream_jvm_route_module);

    if (jmcf == NULL) {
        return NGX_OK;
    }

    jcfp = jmcf->upstreams.elts;

    for (i = 0; i < jmcf->upstreams.nelts; i++) {

        if (jcfp[i]->table->peers != jcfp[i]->upstream->peer.data) {

            jcfp[i]->table = ngx_http_jvm_route_build(jcfp[i], cycle->pool,
                                                      cycle->log);
            if (jcfp[i]->table == NULL) {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_upstream_jvm_route_init_process(ngx_cycle_t *cycle)
{
    ngx_uint_t                                i;
    ngx_http_upstream_jvm_route_srv_conf_t  **jcfp;
    ngx_http_upstream_jvm_route_main_conf_t  *jmcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    jmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                           ngx_http_upstream_jvm_route_module);

    if (jmcf == NULL || jmcf->upstreams.nelts == 0) {
        return NGX_OK;
    }

    ngx_http_jvm_route_join(jmcf, cycle->log);

    jcfp = jmcf->upstreams.elts;

    for (i = 0; i < jmcf->upstreams.nelts; i++) {
        ngx_http_jvm_route_refresh(jcfp[i], 1, cycle->log);
    }

    return NGX_OK;
}


static void
ngx_http_upstream_jvm_route_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_jvm_route_leave();
}
