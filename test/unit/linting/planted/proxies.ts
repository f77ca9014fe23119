import { inNginx, jvmRoute, mark, pass, type Row, routed, servers } from './texts.ts'

/** Mistakes that a file of a proxy shows alone. */
export const inProxies: readonly Row[] = [
  [
    'balance-after-sticky',
    'write "least_conn" above "sticky"',
    inNginx(`upstream shop {\n  sticky cookie srv_id;\n  ${mark}least_conn;\n  ${servers}\n}`),
  ],
  [
    'route-missing',
    'add cookie b',
    [
      [
        'HAProxy',
        {
          'haproxy.cfg': `backend shop\n  cookie srv insert\n  server a 10.0.0.1:80 cookie a\n  ${mark}server b 10.0.0.2:80\n`,
        },
      ],
    ],
  ],
  ['route-repeated', 'jvmRoute of its Tomcat', inNginx(routed(jvmRoute, `${mark}srun_id=a`))],
  [
    'url-name-mismatch',
    'write |jsessionid',
    [
      ...inNginx(routed(`jvm_route ${mark}$cookie_JSESSIONID|sessionid reverse;`)),
      [
        'httpd',
        {
          'httpd.conf': `<Proxy balancer://shop>\n  BalancerMember http://10.0.0.1 route=a\n  BalancerMember http://10.0.0.2 route=b\n  ProxySet ${mark}stickysession=JSESSIONID|sessionid\n</Proxy>\n`,
        },
      ],
    ],
  ],
  [
    'ip-hash-shared-address',
    'set_real_ip_from',
    inNginx(
      `upstream shop {\n  ${mark}ip_hash;\n  ${servers}\n}\nserver {\n  listen 80 proxy_protocol;\n  location / { proxy_pass http://shop; }\n}`,
    ),
  ],
  [
    'ip-hash-shared-address',
    'set-src',
    [
      [
        'HAProxy',
        {
          'haproxy.cfg': `frontend web\n  bind :80\n  acl tls hdr(X-Forwarded-Proto) https\n  default_backend shop\nbackend shop\n  balance ${mark}source\n  server a 10.0.0.1:80\n  server b 10.0.0.2:80\n`,
        },
      ],
    ],
  ],
  [
    'ip-hash-one-network',
    'hash $remote_addr',
    inNginx(
      `upstream shop {\n  ${mark}ip_hash;\n  ${servers}\n}\nserver {\n  allow 10.1.2.0/24;\n  deny all;\n  location / { proxy_pass http://shop; }\n}`,
    ),
  ],
  [
    'affinity-key-issued',
    '',
    [
      ...inNginx(`upstream shop {\n  hash ${mark}$cookie_JSESSIONID;\n  ${servers}\n}`),
      [
        'HAProxy',
        {
          'haproxy.cfg': `backend shop\n  balance hash ${mark}req.cook(JSESSIONID)\n  server a 10.0.0.1:80\n  server b 10.0.0.2:80\n`,
        },
      ],
    ],
  ],
  [
    'host-underscore',
    'proxy_set_header Host',
    inNginx(
      `upstream my_shop { ${servers} }\n${pass(`${mark}http://my_shop`).replace('http://⟦', mark)}`,
    ),
  ],
  [
    'next-upstream-repeats',
    'remove non_idempotent',
    inNginx(`server {\n  proxy_next_upstream error ${mark}non_idempotent;\n}`),
  ],
  [
    'next-upstream-repeats',
    'disable-l7-retry',
    [
      [
        'HAProxy',
        {
          'haproxy.cfg': `backend shop\n  retry-on ${mark}all-retryable-errors\n  server a 10.0.0.1:80\n  server b 10.0.0.2:80\n`,
        },
      ],
    ],
  ],
  [
    'directive-too-new',
    'nginx 1.29.6',
    inNginx(`upstream shop {\n  ${mark}sticky cookie srv_id;\n  ${servers}\n}`),
    '1.26.3',
  ],
  [
    'keepalive-without-headers',
    'proxy_http_version',
    inNginx(
      `upstream shop {\n  keepalive 16;\n  ${servers}\n}\n${pass('shop').replace('proxy_pass', `${mark}proxy_pass`)}`,
    ),
  ],
  [
    'affinity-cookie-known',
    'choose a name',
    [
      ...inNginx(`upstream shop {\n  sticky cookie ${mark}JSESSIONID;\n  ${servers}\n}`),
      [
        'HAProxy',
        {
          'haproxy.cfg': `backend shop\n  cookie ${mark}JSESSIONID insert\n  server a 10.0.0.1:80 cookie a\n`,
        },
      ],
      [
        'httpd',
        {
          'httpd.conf': `Header add Set-Cookie ${mark}"JSESSIONID=.%{BALANCER_WORKER_ROUTE}e; path=/" env=BALANCER_ROUTE_CHANGED\n`,
        },
      ],
    ],
  ],
]
