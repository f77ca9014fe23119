
/*
 * A new nginx that misbehaves, for tests of the hot upgrade. "PREFIX/trouble" says how, when the
 * process starts: "start" ends the master as it starts, "worker PID" ends each worker after a while,
 * but those of the master with this process id, which serves again after a rollback. "nginx -t" is
 * never disturbed.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


static ngx_int_t ngx_http_trouble_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_trouble_init_process(ngx_cycle_t *cycle);
static void ngx_http_trouble_end(ngx_event_t *event);


static ngx_http_module_t  ngx_http_trouble_module_ctx = {
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
};


ngx_module_t  ngx_http_trouble_module = {
    NGX_MODULE_V1,
    &ngx_http_trouble_module_ctx,          /* module context */
    NULL,                                  /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_http_trouble_init_module,          /* init module */
    ngx_http_trouble_init_process,         /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_event_t       ngx_http_trouble_event;
static ngx_connection_t  ngx_http_trouble_connection;


static ngx_uint_t
ngx_http_trouble_is(ngx_cycle_t *cycle, const char *wanted)
{
    FILE  *file;
    char   path[1024], word[16];
    int    read, spared;

    ngx_snprintf((u_char *) path, sizeof(path), "%Vtrouble%Z", &cycle->prefix);
    file = fopen(path, "r");
    if (file == NULL) {
        return 0;
    }

    spared = 0;
    read = fscanf(file, "%15s %d", word, &spared);
    fclose(file);

    return read >= 1 && ngx_strcmp(word, wanted) == 0 && getppid() != spared;
}


static ngx_int_t
ngx_http_trouble_init_module(ngx_cycle_t *cycle)
{
    if (!ngx_test_config && ngx_http_trouble_is(cycle, "start")) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0, "trouble at the start");
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_trouble_init_process(ngx_cycle_t *cycle)
{
    if (ngx_http_trouble_is(cycle, "worker")) {
        ngx_http_trouble_connection.fd = (ngx_socket_t) -1;
        ngx_http_trouble_event.handler = ngx_http_trouble_end;
        ngx_http_trouble_event.data = &ngx_http_trouble_connection;
        ngx_http_trouble_event.log = cycle->log;
        ngx_add_timer(&ngx_http_trouble_event, 1500);
    }

    return NGX_OK;
}


static void
ngx_http_trouble_end(ngx_event_t *event)
{
    exit(2);
}
