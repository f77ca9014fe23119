
/*
 * Copyright (C) 2026 the sessctl authors
 */


#include "ngx_http_upstream_jvm_route_module.h"


#define NGX_HTTP_JVM_ROUTE_TEXT        0
#define NGX_HTTP_JVM_ROUTE_JSON        1
#define NGX_HTTP_JVM_ROUTE_PROMETHEUS  2

#define NGX_HTTP_JVM_ROUTE_BUFFER      16384


/* a copy of the state of a peer */

typedef struct {
    ngx_str_t                       name;
    ngx_str_t                       id;
    ngx_uint_t                      backup;       /* unsigned  backup:1; */
    ngx_uint_t                      down;         /* unsigned  down:1; */
    ngx_uint_t                      drain;        /* unsigned  drain:1; */
    ngx_uint_t                      fails;
    ngx_uint_t                      max_fails;
    ngx_uint_t                      max_busy;
    ngx_int_t                       effective_weight;
    ngx_int_t                       weight;
    time_t                          failed;
} ngx_http_jvm_route_row_t;


typedef struct {
    ngx_http_request_t             *request;
    ngx_http_upstream_jvm_route_srv_conf_t  *conf;

    ngx_http_jvm_route_row_t       *row;
    ngx_http_jvm_route_sum_t       *sum;
    ngx_uint_t                      nrows;
    ngx_uint_t                      last;
    ngx_uint_t                      generation;
    ngx_uint_t                      uncounted;

    ngx_chain_t                    *out;
    ngx_chain_t                   **next;
    ngx_buf_t                      *buf;
} ngx_http_jvm_route_page_t;


typedef struct {
    ngx_str_t                       name;
    ngx_str_t                       type;
    ngx_str_t                       help;
} ngx_http_jvm_route_metric_t;


static ngx_int_t ngx_http_jvm_route_read_peers(
    ngx_http_jvm_route_page_t *page);
static ngx_int_t ngx_http_jvm_route_text(ngx_http_jvm_route_page_t *page);
static ngx_int_t ngx_http_jvm_route_json(ngx_http_jvm_route_page_t *page);
static ngx_int_t ngx_http_jvm_route_prometheus(
    ngx_http_jvm_route_page_t *page);
static ngx_uint_t ngx_http_jvm_route_value(ngx_http_jvm_route_page_t *page,
    ngx_uint_t metric, ngx_uint_t row);
static u_char *ngx_http_jvm_route_time(u_char *p, time_t t);
static u_char *ngx_http_jvm_route_json_string(u_char *p, ngx_str_t *s);
static u_char *ngx_http_jvm_route_label(u_char *p, char *name, ngx_str_t *s);
static ngx_buf_t *ngx_http_jvm_route_reserve(ngx_http_jvm_route_page_t *page,
    size_t size);


static ngx_str_t  ngx_http_jvm_route_types[] = {
    ngx_string("text/plain"),
    ngx_string("application/json"),
    ngx_string("text/plain; version=0.0.4; charset=utf-8")
};


static ngx_http_jvm_route_metric_t  ngx_http_jvm_route_metrics[] = {

    { ngx_string("requests_total"), ngx_string("counter"),
      ngx_string("Requests sent to the server.") },

    { ngx_string("hits_total"), ngx_string("counter"),
      ngx_string("Requests sent to the server because of their session.") },

    { ngx_string("failovers_total"), ngx_string("counter"),
      ngx_string("Requests of the server's sessions that it could not"
                 " serve.") },

    { ngx_string("failures_total"), ngx_string("counter"),
      ngx_string("Requests to the server that failed.") },

    { ngx_string("active"), ngx_string("gauge"),
      ngx_string("Requests that the server is serving.") },

    { ngx_string("max_busy"), ngx_string("gauge"),
      ngx_string("Most active requests, 0: no limit.") },

    { ngx_string("fails"), ngx_string("gauge"),
      ngx_string("Failures that count towards max_fails.") },

    { ngx_string("max_fails"), ngx_string("gauge"),
      ngx_string("Failures that take the server out, 0: none does.") },

    { ngx_string("weight"), ngx_string("gauge"),
      ngx_string("Weight of the server.") },

    { ngx_string("effective_weight"), ngx_string("gauge"),
      ngx_string("Weight of the server after failures.") },

    { ngx_string("down"), ngx_string("gauge"),
      ngx_string("1: takes nothing.") },

    { ngx_string("drain"), ngx_string("gauge"),
      ngx_string("1: keeps its sessions, takes no new ones.") },

    { ngx_string("last_request_timestamp_seconds"), ngx_string("gauge"),
      ngx_string("Time of the last request, 0: none.") },

    { ngx_string("last_failure_timestamp_seconds"), ngx_string("gauge"),
      ngx_string("Time of the last failure, 0: none.") },

    { ngx_null_string, ngx_null_string, ngx_null_string }
};


ngx_int_t
ngx_http_upstream_jvm_route_status_handler(ngx_http_request_t *r)
{
    ngx_int_t                                 rc;
    ngx_chain_t                              *cl;
    ngx_http_jvm_route_page_t                 page;
    ngx_http_upstream_jvm_route_loc_conf_t   *jlcf;
    ngx_http_upstream_jvm_route_main_conf_t  *jmcf;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    jlcf = ngx_http_get_module_loc_conf(r, ngx_http_upstream_jvm_route_module);
    jmcf = ngx_http_get_module_main_conf(r,
                                         ngx_http_upstream_jvm_route_module);

    ngx_memzero(&page, sizeof(ngx_http_jvm_route_page_t));

    page.request = r;
    page.conf = jlcf->conf;
    page.generation = jmcf->generation;
    page.next = &page.out;

    if (ngx_http_jvm_route_read_peers(&page) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    switch (jlcf->format) {

    case NGX_HTTP_JVM_ROUTE_JSON:
        rc = ngx_http_jvm_route_json(&page);
        break;

    case NGX_HTTP_JVM_ROUTE_PROMETHEUS:
        rc = ngx_http_jvm_route_prometheus(&page);
        break;

    default: /* NGX_HTTP_JVM_ROUTE_TEXT */
        rc = ngx_http_jvm_route_text(&page);
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = 0;
    r->headers_out.content_type = ngx_http_jvm_route_types[jlcf->format];
    r->headers_out.content_type_len = r->headers_out.content_type.len;

    for (cl = page.out; cl; cl = cl->next) {
        r->headers_out.content_length_n += ngx_buf_size(cl->buf);
    }

    page.buf->last_buf = (r == r->main) ? 1 : 0;
    page.buf->last_in_chain = 1;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    return ngx_http_output_filter(r, page.out);
}


static ngx_int_t
ngx_http_jvm_route_read_peers(ngx_http_jvm_route_page_t *page)
{
    u_char                                  *p;
    size_t                                   len;
    ngx_int_t                                rc;
    ngx_uint_t                               i;
    ngx_pool_t                              *pool;
    ngx_http_jvm_route_row_t                *row;
    ngx_http_jvm_route_peer_t               *jpeer;
    ngx_http_jvm_route_table_t              *table;
    ngx_http_jvm_route_server_t             *jserver;
    ngx_http_upstream_rr_peer_t             *peer;
    ngx_http_upstream_rr_peers_t            *peers;
    ngx_http_upstream_jvm_route_srv_conf_t  *jcf;

    jcf = page->conf;
    pool = page->request->pool;
    peers = jcf->upstream->peer.data;

    (void) ngx_http_jvm_route_reap(page->request->connection->log);

    /* peers do not change between the table and the copy of their names */

again:

    /* memory for peers without counters may be available now */

    ngx_http_jvm_route_refresh(jcf, jcf->table->uncounted,
                               page->request->connection->log);

    table = jcf->table;
    rc = NGX_ERROR;

    ngx_http_upstream_rr_peers_rlock(peers);

    if (table->config != ngx_http_jvm_route_config(peers)) {
        ngx_http_upstream_rr_peers_unlock(peers);
        goto again;
    }

    len = 0;

    for (i = 0; i < table->npeers; i++) {
        len += table->peer[i].peer->name.len;
    }

    page->row = ngx_pcalloc(pool, (table->npeers + 1)
                                  * sizeof(ngx_http_jvm_route_row_t));
    page->sum = ngx_pcalloc(pool, (table->npeers + 1)
                                  * sizeof(ngx_http_jvm_route_sum_t));
    p = ngx_pnalloc(pool, len + 1);

    if (page->row == NULL || page->sum == NULL || p == NULL) {
        goto done;
    }

    jserver = jcf->servers.elts;

    for (i = 0; i < table->npeers; i++) {
        jpeer = &table->peer[i];
        peer = jpeer->peer;
        row = &page->row[i];

        row->name.len = peer->name.len;
        row->name.data = p;
        p = ngx_cpymem(p, peer->name.data, peer->name.len);

        if (jpeer->server < jcf->servers.nelts) {
            row->id = jserver[jpeer->server].id;
        }

        row->backup = jpeer->backup;
        row->down = (peer->down & ~NGX_HTTP_JVM_ROUTE_DRAINING) ? 1 : 0;
        row->drain = (peer->down & NGX_HTTP_JVM_ROUTE_DRAINING) ? 1 : 0;
        row->fails = peer->fails;
        row->max_fails = peer->max_fails;
        row->max_busy = jpeer->max_busy;
        row->effective_weight = peer->effective_weight;
        row->weight = peer->weight;
        row->failed = peer->accessed;
    }

    page->nrows = table->npeers;
    page->last = table->last ? table->last - table->peer + 1 : 0;
    page->uncounted = table->uncounted;

    rc = NGX_OK;

done:

    ngx_http_upstream_rr_peers_unlock(peers);

    if (rc == NGX_OK) {
        ngx_http_jvm_route_sum(table, page->sum);
    }

    return rc;
}


static ngx_int_t
ngx_http_jvm_route_text(ngx_http_jvm_route_page_t *page)
{
    ngx_buf_t                 *b;
    ngx_uint_t                 i, active, requests;
    ngx_http_jvm_route_row_t  *row;
    ngx_http_jvm_route_sum_t  *sum;

    active = 0;
    requests = 0;

    for (i = 0; i < page->nrows; i++) {
        active += page->sum[i].active;
        requests += page->sum[i].requests;
    }

    b = ngx_http_jvm_route_reserve(page,
                                   sizeof("upstream : total_busy = , "
                                          "total_requests = , "
                                          "current_peer: /, "
                                          "generation: , "
                                          "uncounted: \n\n")
                                   + page->conf->upstream->host.len
                                   + 6 * NGX_INT_T_LEN);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->last = ngx_sprintf(b->last,
                          "upstream %V: total_busy = %ui,"
                          " total_requests = %ui,"
                          " current_peer: %ui/%ui, generation: %ui",
                          &page->conf->upstream->host, active, requests,
                          page->last, page->nrows,
                          page->generation);

    if (page->uncounted) {
        b->last = ngx_sprintf(b->last, ", uncounted: %ui", page->uncounted);
    }

    b->last = ngx_cpymem(b->last, "\n\n", 2);

    for (i = 0; i < page->nrows; i++) {
        row = &page->row[i];
        sum = &page->sum[i];

        b = ngx_http_jvm_route_reserve(page,
                                       sizeof(" peer : () down: 0, fails: /,"
                                              " busy: /, weight: /,"
                                              " total_req: , last_req: ,"
                                              " total_fails: ,"
                                              " fail_acc_time: "
                                              "Thu Jan  1 00:00:00 1970\n")
                                       + row->name.len + row->id.len
                                       + 10 * NGX_INT_T_LEN
                                       + NGX_TIME_T_LEN);
        if (b == NULL) {
            return NGX_ERROR;
        }

        b->last = ngx_sprintf(b->last,
                              " peer %ui: %V(%V) down: %ui, fails: %ui/%ui,"
                              " busy: %ui/%ui, weight: %i/%i, total_req: %ui,"
                              " last_req: %T, total_fails: %ui,"
                              " fail_acc_time: ",
                              i + 1, &row->name, &row->id, row->down,
                              row->fails, row->max_fails, sum->active,
                              row->max_busy, row->effective_weight, row->weight,
                              sum->requests, sum->last, sum->failures);

        b->last = ngx_http_jvm_route_time(b->last, row->failed);
        *b->last++ = '\n';
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_jvm_route_json(ngx_http_jvm_route_page_t *page)
{
    ngx_buf_t                 *b;
    ngx_uint_t                 i, active, requests;
    ngx_http_jvm_route_row_t  *row;
    ngx_http_jvm_route_sum_t  *sum;

    active = 0;
    requests = 0;

    for (i = 0; i < page->nrows; i++) {
        active += page->sum[i].active;
        requests += page->sum[i].requests;
    }

    b = ngx_http_jvm_route_reserve(page,
                                   sizeof("{\"upstream\":\"\","
                                          "\"generation\":,"
                                          "\"current_peer\":,"
                                          "\"uncounted\":,"
                                          "\"active\":,"
                                          "\"requests\":,"
                                          "\"servers\":[")
                                   + 6 * page->conf->upstream->host.len
                                   + 5 * NGX_INT_T_LEN);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->last = ngx_cpymem(b->last, "{\"upstream\":", 12);
    b->last = ngx_http_jvm_route_json_string(b->last,
                                             &page->conf->upstream->host);
    b->last = ngx_sprintf(b->last, ",\"generation\":%ui,\"current_peer\":%ui,"
                                   "\"uncounted\":%ui,"
                                   "\"active\":%ui,\"requests\":%ui,"
                                   "\"servers\":[",
                          page->generation, page->last, page->uncounted,
                          active, requests);

    for (i = 0; i < page->nrows; i++) {
        row = &page->row[i];
        sum = &page->sum[i];

        b = ngx_http_jvm_route_reserve(page,
                                       512
                                       + 6 * (row->name.len + row->id.len)
                                       + 11 * NGX_INT_T_LEN
                                       + 2 * NGX_TIME_T_LEN);
        if (b == NULL) {
            return NGX_ERROR;
        }

        b->last = ngx_sprintf(b->last, "%s\n{\"peer\":%ui,\"address\":",
                              i ? "," : "", i + 1);
        b->last = ngx_http_jvm_route_json_string(b->last, &row->name);
        b->last = ngx_cpymem(b->last, ",\"srun_id\":", 11);
        b->last = ngx_http_jvm_route_json_string(b->last, &row->id);

        b->last = ngx_sprintf(b->last,
                              ",\"backup\":%s,\"down\":%s,\"drain\":%s,"
                              "\"fails\":%ui,\"max_fails\":%ui,"
                              "\"active\":%ui,\"max_busy\":%ui,"
                              "\"weight\":%i,\"effective_weight\":%i,",
                              row->backup ? "true" : "false",
                              row->down ? "true" : "false",
                              row->drain ? "true" : "false",
                              row->fails, row->max_fails, sum->active,
                              row->max_busy, row->weight,
                              row->effective_weight);

        b->last = ngx_sprintf(b->last,
                              "\"requests\":%ui,\"hits\":%ui,"
                              "\"failovers\":%ui,\"failures\":%ui,"
                              "\"last_request\":%T,\"last_failure\":%T}",
                              sum->requests, sum->hits, sum->failovers,
                              sum->failures, sum->last, row->failed);
    }

    b = ngx_http_jvm_route_reserve(page, sizeof("\n]}\n"));
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->last = ngx_cpymem(b->last, "\n]}\n", 4);

    return NGX_OK;
}


static ngx_int_t
ngx_http_jvm_route_prometheus(ngx_http_jvm_route_page_t *page)
{
    ngx_buf_t                    *b;
    ngx_str_t                    *upstream;
    ngx_uint_t                    i, m;
    ngx_http_jvm_route_row_t     *row;
    ngx_http_jvm_route_metric_t  *metric;

    upstream = &page->conf->upstream->host;

    b = ngx_http_jvm_route_reserve(page,
                                   768 + 15 * upstream->len
                                   + 3 * NGX_INT_T_LEN);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->last = ngx_sprintf(b->last,
                          "# HELP nginx_jvm_route_generation"
                          " Configurations read since the start.\n"
                          "# TYPE nginx_jvm_route_generation gauge\n"
                          "nginx_jvm_route_generation{");
    b->last = ngx_http_jvm_route_label(b->last, "upstream", upstream);
    b->last = ngx_sprintf(b->last, "} %ui\n"
                          "# HELP nginx_jvm_route_current_peer"
                          " Number of the server that this worker process"
                          " chose last, 0: none.\n"
                          "# TYPE nginx_jvm_route_current_peer gauge\n"
                          "nginx_jvm_route_current_peer{", page->generation);
    b->last = ngx_http_jvm_route_label(b->last, "upstream", upstream);
    b->last = ngx_sprintf(b->last, "} %ui\n"
                          "# HELP nginx_jvm_route_uncounted"
                          " Servers without counters for lack of memory.\n"
                          "# TYPE nginx_jvm_route_uncounted gauge\n"
                          "nginx_jvm_route_uncounted{", page->last);
    b->last = ngx_http_jvm_route_label(b->last, "upstream", upstream);
    b->last = ngx_sprintf(b->last, "} %ui\n", page->uncounted);

    for (m = 0; ngx_http_jvm_route_metrics[m].name.len; m++) {
        metric = &ngx_http_jvm_route_metrics[m];

        b = ngx_http_jvm_route_reserve(page,
                                       2 * sizeof("# HELP nginx_jvm_route_")
                                       + 2 * metric->name.len
                                       + metric->help.len
                                       + metric->type.len + 8);
        if (b == NULL) {
            return NGX_ERROR;
        }

        b->last = ngx_sprintf(b->last, "# HELP nginx_jvm_route_%V %V\n"
                                       "# TYPE nginx_jvm_route_%V %V\n",
                              &metric->name, &metric->help,
                              &metric->name, &metric->type);

        for (i = 0; i < page->nrows; i++) {
            row = &page->row[i];

            b = ngx_http_jvm_route_reserve(page,
                                           128 + metric->name.len
                                           + 5 * (upstream->len + row->name.len
                                                  + row->id.len)
                                           + 2 * NGX_INT_T_LEN);
            if (b == NULL) {
                return NGX_ERROR;
            }

            b->last = ngx_sprintf(b->last, "nginx_jvm_route_%V{",
                                  &metric->name);
            b->last = ngx_http_jvm_route_label(b->last, "upstream", upstream);
            *b->last++ = ',';
            b->last = ngx_http_jvm_route_label(b->last, "server", &row->name);
            *b->last++ = ',';
            b->last = ngx_http_jvm_route_label(b->last, "srun_id", &row->id);

            if (page->sum[i].copy) {
                b->last = ngx_sprintf(b->last, ",copy=\"%ui\"",
                                      page->sum[i].copy);
            }

            b->last = ngx_sprintf(b->last, ",backup=\"%ui\"} %ui\n",
                                  row->backup,
                                  ngx_http_jvm_route_value(page, m, i));
        }
    }

    return NGX_OK;
}


/* in the order of ngx_http_jvm_route_metrics */

static ngx_uint_t
ngx_http_jvm_route_value(ngx_http_jvm_route_page_t *page, ngx_uint_t metric,
    ngx_uint_t i)
{
    ngx_http_jvm_route_row_t  *row;
    ngx_http_jvm_route_sum_t  *sum;

    row = &page->row[i];
    sum = &page->sum[i];

    switch (metric) {
    case 0:
        return sum->requests;
    case 1:
        return sum->hits;
    case 2:
        return sum->failovers;
    case 3:
        return sum->failures;
    case 4:
        return sum->active;
    case 5:
        return row->max_busy;
    case 6:
        return row->fails;
    case 7:
        return row->max_fails;
    case 8:
        return row->weight;
    case 9:
        return row->effective_weight;
    case 10:
        return row->down;
    case 11:
        return row->drain;
    case 12:
        return sum->last;
    default:
        return row->failed;
    }
}


/* as ctime() writes it */

static u_char *
ngx_http_jvm_route_time(u_char *p, time_t t)
{
    ngx_tm_t      tm;

    static char  *week[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static char  *months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

    ngx_localtime(t, &tm);

    return ngx_sprintf(p, "%s %s %2d %02d:%02d:%02d %d",
                       week[tm.ngx_tm_wday], months[tm.ngx_tm_mon - 1],
                       tm.ngx_tm_mday, tm.ngx_tm_hour, tm.ngx_tm_min,
                       tm.ngx_tm_sec, tm.ngx_tm_year);
}


/* a byte that is not UTF-8 is written as "\xE9", as in nginx's logs */

static u_char *
ngx_http_jvm_route_json_string(u_char *p, ngx_str_t *s)
{
    size_t   i, n;
    u_char  *start;

    *p++ = '"';

    for (i = 0; i < s->len; i += n) {

        start = &s->data[i];
        n = ngx_http_jvm_route_utf8(start, s->data + s->len);

        if (n == 0) {
            n = 1;
            p = ngx_sprintf(p, "\\\\x%02Xd", (int) *start);
            continue;
        }

        p = (u_char *) ngx_escape_json(p, start, n);
    }

    *p++ = '"';

    return p;
}


static u_char *
ngx_http_jvm_route_label(u_char *p, char *name, ngx_str_t *s)
{
    size_t   i, n;
    u_char  *start;

    p = ngx_sprintf(p, "%s=\"", name);

    for (i = 0; i < s->len; i += n) {

        start = &s->data[i];
        n = ngx_http_jvm_route_utf8(start, s->data + s->len);

        if (n == 0) {
            n = 1;
            p = ngx_sprintf(p, "\\\\x%02Xd", (int) *start);
            continue;
        }

        switch (*start) {

        case '\n':
            *p++ = '\\';
            *p++ = 'n';
            break;

        case '\\':
        case '"':
            *p++ = '\\';
            /* fall through */

        default:
            p = ngx_cpymem(p, start, n);
        }
    }

    *p++ = '"';

    return p;
}


static ngx_buf_t *
ngx_http_jvm_route_reserve(ngx_http_jvm_route_page_t *page, size_t size)
{
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    b = page->buf;

    if (b && (size_t) (b->end - b->last) >= size) {
        return b;
    }

    b = ngx_create_temp_buf(page->request->pool,
                            ngx_max(size, NGX_HTTP_JVM_ROUTE_BUFFER));
    if (b == NULL) {
        return NULL;
    }

    cl = ngx_alloc_chain_link(page->request->pool);
    if (cl == NULL) {
        return NULL;
    }

    cl->buf = b;
    cl->next = NULL;

    page->buf = b;
    *page->next = cl;
    page->next = &cl->next;

    return b;
}


char *
ngx_http_upstream_jvm_route_status(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_upstream_jvm_route_loc_conf_t  *jlcf = conf;

    ngx_str_t                                *value;
    ngx_http_core_loc_conf_t                 *clcf;
    ngx_http_upstream_jvm_route_loc_conf_t  **jlcfp;
    ngx_http_upstream_jvm_route_main_conf_t  *jmcf;

    if (jlcf->name.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (cf->args->nelts == 3) {

        if (ngx_strcmp(value[2].data, "json") == 0) {
            jlcf->format = NGX_HTTP_JVM_ROUTE_JSON;

        } else if (ngx_strcmp(value[2].data, "prometheus") == 0) {
            jlcf->format = NGX_HTTP_JVM_ROUTE_PROMETHEUS;

        } else if (ngx_strcmp(value[2].data, "text") != 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid format \"%V\" of \"jvm_route_status\","
                               " it must be \"text\", \"json\" or"
                               " \"prometheus\"", &value[2]);
            return NGX_CONF_ERROR;
        }
    }

    jmcf = ngx_http_conf_get_module_main_conf(cf,
                                           ngx_http_upstream_jvm_route_module);

    jlcfp = ngx_array_push(&jmcf->status);
    if (jlcfp == NULL) {
        return NGX_CONF_ERROR;
    }

    *jlcfp = jlcf;

    jlcf->name = value[1];
    jlcf->file = cf->conf_file->file.name.data;
    jlcf->line = cf->conf_file->line;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_upstream_jvm_route_status_handler;

    return NGX_CONF_OK;
}
