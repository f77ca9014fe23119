
/*
 * Copyright (C) 2026 the sessctl authors
 */


#include "ngx_http_upstream_jvm_route_module.h"

#if (NGX_DEBUG_PALLOC && NGX_LINUX)
#include <malloc.h>
#endif


static char *ngx_http_upstream_jvm_route_wrap(ngx_conf_t *cf,
    ngx_http_upstream_jvm_route_srv_conf_t *jcf);
static ngx_int_t ngx_http_upstream_jvm_route_unwrap(ngx_conf_t *cf,
    ngx_http_upstream_srv_conf_t *uscf, char *name, ngx_str_t *directive,
    ngx_uint_t n, ngx_http_upstream_init_pt **init);
static size_t ngx_http_upstream_jvm_route_allocated(ngx_pool_t *pool,
    void *conf);
static char *ngx_http_upstream_jvm_route_check_id(ngx_conf_t *cf,
    ngx_str_t *id);
static ngx_http_jvm_route_server_t *ngx_http_upstream_jvm_route_server(
    ngx_conf_t *cf);


char *
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

    return ngx_http_upstream_jvm_route_wrap(cf, jcf);

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid session \"%V\" of \"jvm_route\", it must be "
                       "\"$cookie_NAME\" or \"$cookie_NAME|URLNAME\"",
                       &value[1]);

    return NGX_CONF_ERROR;
}


/*
 * Wraps the balancing method.  A "keepalive" or "sticky" that was specified
 * before remains the outer one: "keepalive" looks its connections up by the
 * peer that jvm_route selects, "sticky" passes its wish to the method.
 */

static char *
ngx_http_upstream_jvm_route_wrap(ngx_conf_t *cf,
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
 * A "keepalive" or "sticky" specified before keeps the balancing method in its
 * private configuration.  The offset of the method there is found by calling
 * the handler of the directive once more, on a temporary upstream.
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
    nptrs = ngx_http_upstream_jvm_route_allocated(cf->pool, conf) / sizeof(*p);

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
 * The number of bytes of another module's configuration that may be read: up
 * to the end of the allocated memory in its block of the pool
 */

static size_t
ngx_http_upstream_jvm_route_allocated(ngx_pool_t *pool, void *conf)
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


char *
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


/* the server whose directive is being parsed */

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


char *
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


char *
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


char *
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
