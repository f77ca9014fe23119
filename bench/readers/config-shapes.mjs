import { readHaproxy, readHttpd, readNginx } from '../../dist/index.js'

/** Lines of a text, repeated. @param {readonly string[]} block @param {number} lines */
const repeated = (block, lines) => `${block.join('\n')}\n`.repeat(Math.ceil(lines / block.length))

const site = [
  'server {',
  '    listen 443 ssl; # a comment',
  '    server_name shop.example.com www.shop.example.com;',
  '    location ~ "^/(?<name>[a-z]{2})/" {',
  '        proxy_pass http://shop;',
  '        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
  '        add_header Content-Security-Policy "default-src \'self\'; img-src \\"*\\"" always;',
  '    }',
  '}',
  '',
]

const template = [
  '{% for app in apps %}',
  'upstream {{ app.name | replace("-", "_") }} {',
  '    server {{ app.host }}:{{ app.port }}{% if app.last %} backup{% endif %};',
  '    {{ app.options }}',
  '}',
  '{% endfor %}',
]

const backend = [
  'backend shop # a comment',
  '    balance roundrobin',
  '    cookie SRV insert indirect nocache',
  '    .if defined(CHECK)',
  '    option httpchk GET "/health check" HTTP/1.1\\r\\nHost:\\ shop',
  '    .endif',
  `    server a 10.0.0.1:8080 cookie a check inter 2s "\${OPTIONS[*]}"`,
  "    server b '10.0.0.2:8080' cookie b check inter 2s",
  '',
]

const haproxyTemplate = [
  '{% for app in apps %}',
  'backend {{ app.name }}',
  '    server {{ app.host }} "{{ app.address }}:{{ app.port }}" check{% if app.last %} backup{% endif %}',
  '    {{ app.options }}',
  '{% endfor %}',
]

const virtualHost = [
  '<VirtualHost *:443>',
  '    ServerName shop.example.com # no comment',
  '    ServerAlias www.shop.example.com \\',
  `        "shop of \${NAME}"`,
  '    <Proxy "balancer://shop">',
  '        BalancerMember http://10.0.0.1:8080 route=a',
  '        ProxySet stickysession=JSESSIONID|jsessionid',
  '    </Proxy>',
  '    ProxyPass / balancer://shop/',
  '</VirtualHost>',
]

const httpdTemplate = [
  '<% @apps.each do |app| -%>',
  '<Location "/<%= app %>">',
  '    ProxyPass "balancer://<%= app %>/" timeout=<%= @timeout %>',
  '</Location>',
  '<% end -%>',
]

/**
 * Texts of about so many lines, and how each is read.
 * @type {Record<string, {
 *   read: (bytes: Uint8Array) => import('../../dist/index.js').ConfigDocument,
 *   textOf: (lines: number) => string,
 * }>}
 */
export const configShapes = {
  'nginx: 100,000 lines of sites': { read: readNginx, textOf: (n) => repeated(site, n) },
  'nginx: 100,000 lines of a map': {
    read: readNginx,
    textOf: (n) =>
      `map $host $name {\n${repeated(['    ~^shop[0-9]+\\.example\\.com$ shop;'], n)}}\n`,
  },
  'nginx: 100,000 lines of a template': { read: readNginx, textOf: (n) => repeated(template, n) },
  'HAProxy: 100,000 lines of backends': {
    read: readHaproxy,
    textOf: (n) => repeated(backend, n),
  },
  'HAProxy: 100,000 lines of a template': {
    read: readHaproxy,
    textOf: (n) => repeated(haproxyTemplate, n),
  },
  'httpd: 100,000 lines of virtual hosts': {
    read: readHttpd,
    textOf: (n) => repeated(virtualHost, n),
  },
  'httpd: 100,000 lines of a template': {
    read: readHttpd,
    textOf: (n) => repeated(httpdTemplate, n),
  },
}
