
/*
 * Copyright (C) 2026 the sessctl authors
 */


#include "ngx_http_upstream_jvm_route_module.h"


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
 * "if" and "limit_except" blocks have their own location configurations; with
 * the handler of the enclosing location they need its upstream as well
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


/* peers of an upstream with "zone" have been copied to the zone */

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

    ngx_http_jvm_route_take_slot(jmcf, cycle->log);

    jcfp = jmcf->upstreams.elts;

    for (i = 0; i < jmcf->upstreams.nelts; i++) {
        ngx_http_jvm_route_refresh(jcfp[i], 1, cycle->log);
    }

    return NGX_OK;
}


static void
ngx_http_upstream_jvm_route_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_jvm_route_free_slot();
}
