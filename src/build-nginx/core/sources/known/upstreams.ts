import { asked, type KnownModule, known, proof } from './row.ts'

const proxy = ['ngx_http_proxy_module']

/** Modules for upstreams and their servers. */
export const upstreamModules: Readonly<Record<string, KnownModule>> = {
  vts: known({
    url: 'https://github.com/vozlt/nginx-module-vts.git',
    ref: 'v0.2.7',
    what: 'statistics of servers and upstreams',
    proof: proof({
      module: 'ngx_http_vhost_traffic_status_module',
      http: ['vhost_traffic_status_zone shared:sessctl_vts:1m;'],
      locations: {
        '': ['vhost_traffic_status_display;', 'vhost_traffic_status_display_format json;'],
      },
      questions: [asked({ body: '"nginxVersion"' })],
    }),
  }),
  upstream_check: known({
    url: 'https://github.com/yaoweibin/nginx_upstream_check_module.git',
    ref: 'e538034b6ad7992080d2403d6d3da56e4f7ac01e',
    what: 'active health checks; needs one of its own patches',
    needsPatch: true,
    proof: proof({
      module: 'ngx_http_upstream_check_module',
      needs: proxy,
      http: [
        'upstream sessctl_check { server 127.0.0.1:@one@; check interval=1000 rise=1 fall=1 timeout=500 type=tcp; }',
      ],
      locations: { '': ['check_status json;'], proxy: ['proxy_pass http://sessctl_check;'] },
      questions: [asked({ body: '"upstream": "sessctl_check"' })],
    }),
  }),
  tcp_proxy: known({
    url: 'https://github.com/yaoweibin/nginx_tcp_proxy_module.git',
    ref: 'v0.4.5',
    what: 'TCP balancing from before nginx had stream; needs its own patch',
    needsPatch: true,
    isStaticOnly: true,
  }),
  'sticky-ng': known({
    url: 'https://bitbucket.org/nginx-goodies/nginx-sticky-module-ng.git',
    ref: '1.2.6',
    what: 'affinity by a cookie of its own',
    isStaticOnly: true,
    proof: proof({
      module: 'ngx_http_sticky_module',
      needs: proxy,
      http: ['upstream sessctl_sticky { sticky; server 127.0.0.1:@one@; server 127.0.0.1:@two@; }'],
      locations: { '': ['proxy_pass http://sessctl_sticky;'] },
      questions: [asked({ header: ['set-cookie', 'route='] })],
    }),
  }),
  'original-jvm_route': known({
    url: 'https://github.com/nulab/nginx-upstream-jvm-route.git',
    ref: null,
    what: 'the jvm_route of old: static only, needs its own patch, stops at nginx 1.27.2',
    needsPatch: true,
    isStaticOnly: true,
  }),
}
