import { describe, expect, test } from 'vitest'
import { kindOf } from '../../../src/core/linting/files/kind.ts'

describe('what a file configures', () => {
  test.each([
    ['shop.yaml', 'snippet: "http {"\n', 'spec'],
    ['x', 'http {\n}\n', 'nginx'],
    ['x', 'upstream a { server b; }\n', 'nginx'],
    ['nginx-tls.conf', 'ssl_protocols TLSv1.3; # only\r\n', 'nginx'],
    ['x', 'global\n  daemon\n', 'haproxy'],
    ['haproxy.cfg', 'backend shop # ours\n', 'haproxy'],
    ['x', '<VirtualHost *>\n</VirtualHost>\n', 'httpd'],
    ['apache.conf', 'SSLProtocol TLSv1.3\n', 'httpd'],
    ['x', '<Server/>', 'tomcat'],
    ['context.xml.j2', '{{ all }}', 'tomcat'],
    ['nginx.conf', '', 'nginx'],
    ['haproxy.cfg', '{% for a in b %}{% endfor %}\n', 'haproxy'],
  ])('%s: %j is known', (name, text, kind) => {
    expect(kindOf(name, text)).toBe(kind)
  })

  test.each([
    ['nagios.cfg', 'define host {\n  use a\n}\n'],
    ['haproxy.conf', '[program:haproxy]\ncommand=haproxy\n'],
    ['nginx_logrotate.conf', '/var/log/nginx/*.log\n{\n  daily\n}\n'],
    ['nginx.service.conf', '[Service]\nPrivateTmp=true\n'],
    ['47-nginx.conf', '$ModLoad imfile\n'],
    ['x', 'nothing known\n'],
  ])('%s: %j is of another program', (name, text) => {
    expect(kindOf(name, text)).toBeNull()
  })
})
