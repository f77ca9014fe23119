import { readNginx } from '../../dist/index.js'

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
}
