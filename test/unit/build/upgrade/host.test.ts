import { describe, expect, test } from 'vitest'
import { readDirectives } from '../../../../src/build-nginx/core/install/directives.ts'
import { hostConfigOf } from '../../../../src/build-nginx/core/install/host-config.ts'
import { placesOf } from '../../../../src/build-nginx/core/install/places.ts'
import { isRight, parseProbe, probeOf } from '../../../../src/build-nginx/core/upgrade/probe.ts'
import { parseTitle } from '../../../../src/build-nginx/core/upgrade/title.ts'

describe('the title of a master', () => {
  test('of Debian, whose -g has spaces', () => {
    const title =
      'nginx: master process /usr/sbin/nginx -g daemon on; master_process on; -c /etc/nginx/nginx.conf'
    expect(parseTitle(title)).toEqual({
      program: '/usr/sbin/nginx',
      args: ['-g', 'daemon on; master_process on;', '-c', '/etc/nginx/nginx.conf'],
    })
  })
  test('without arguments, with spaces in a folder, with an unknown option, of another process', () => {
    expect(parseTitle('nginx: master process nginx')).toMatchObject({ program: 'nginx', args: [] })
    expect(parseTitle('nginx: master process /a b/nginx -p /a b')).toMatchObject({
      program: '/a b/nginx',
      args: ['-p', '/a b'],
    })
    expect(parseTitle('nginx: master process /nginx -x 1')).toBeNull()
    expect(parseTitle('nginx: worker process')).toBeNull()
  })
})

describe('the configuration of a host', () => {
  const read = (text: string, overriding = '') =>
    hostConfigOf(readDirectives(text), readDirectives(overriding), '/opt/nginx/', placesOf([]))
  test('what an upgrade needs to know', () => {
    const text = `
      # configuration file /opt/nginx/conf/nginx.conf:
      load_module modules/a.so; load_module "/usr/lib/b c.so";
      pid 'logs/x.pid'; # daemon off;
      http { log_format main '{"a": "$b"} daemon off;'; include conf.d/*.conf; }
      stream { server { listen 53; } }
      # configuration file /opt/nginx/conf/conf.d/a.conf:
      server { listen 443 ssl; listen [::]:8080; listen unix:/run/x; listen 10.0.0.1; listen 81 proxy_protocol; }
      map $a $b { ~^\\d{3}$ "x;"; }
    `
    expect(read(text)).toMatchObject({
      loaded: ['/opt/nginx/modules/a.so', '/usr/lib/b c.so'],
      pid: '/opt/nginx/logs/x.pid',
      isDaemon: true,
      addresses: [
        { scheme: 'http', address: '::1', port: 8080 },
        { scheme: 'http', address: '10.0.0.1', port: 80 },
        { scheme: 'https', address: '127.0.0.1', port: 443 },
      ],
    })
  })
  test('the user and the temporary folders', () => {
    const text = `
      user www-data;
      http {
        proxy_temp_path tmp/proxy 1 2; proxy_cache_path /var/cache/x keys_zone=x:1m;
      }`
    expect(read(text)).toMatchObject({
      user: 'www-data',
      temporary: [
        '/opt/nginx/tmp/proxy',
        '/var/cache/x',
        '/opt/nginx/client_body_temp',
        '/opt/nginx/fastcgi_temp',
        '/opt/nginx/uwsgi_temp',
        '/opt/nginx/scgi_temp',
      ],
    })
    expect(read('events {}')).toMatchObject({ user: null, temporary: [] })
  })
  test.each([
    ['daemon off;', '', false],
    ['', 'daemon off;', false],
    ['master_process off;', '', false],
    ['http { server { return 200 "daemon off;"; } }', 'daemon on;', true],
  ])('%s %s', (text, overriding, isDaemon) => {
    expect(read(text, overriding)).toMatchObject({ isDaemon, pid: null })
  })
  test.each([
    ['listen 80;', { address: '127.0.0.1', port: 80 }],
    ['listen *:81;', { address: '127.0.0.1', port: 81 }],
    ['listen 0.0.0.0:81;', { address: '127.0.0.1', port: 81 }],
    ['listen localhost;', { address: 'localhost', port: 80 }],
    ['listen localhost:82 default_server;', { address: 'localhost', port: 82 }],
    ['listen [2001:db8::1]:83;', { address: '2001:db8::1', port: 83 }],
  ])('%s', (text, address) => {
    expect(read(`http { server { ${text} } }`).addresses).toEqual([{ scheme: 'http', ...address }])
  })
})

test('the files of an nginx', () => {
  expect(placesOf([])).toMatchObject({
    prefix: '/usr/local/nginx',
    sbin: '/usr/local/nginx/sbin/nginx',
    modules: '/usr/local/nginx/modules',
    configuration: '/usr/local/nginx/conf/nginx.conf',
    pid: '/usr/local/nginx/logs/nginx.pid',
  })
  expect(
    placesOf(['--prefix=/opt/n/', '--sbin-path=/usr/sbin/nginx', '--modules-path=lib']),
  ).toMatchObject({ prefix: '/opt/n', sbin: '/usr/sbin/nginx', modules: '/opt/n/lib' })
})

test('the address of a probe, and the statuses that pass', () => {
  expect(parseProbe('ftp://x')).toBeNull()
  expect(parseProbe('x')).toBeNull()
  const named = parseProbe('https://[::1]/a?b')
  expect(named).toMatchObject({ address: '::1', port: 443, host: '[::1]', path: '/a?b' })
  const probe = probeOf({ scheme: 'http', address: '::1', port: 81 })
  expect(probe).toMatchObject({ host: '[::1]:81', path: '/' })
  expect([200, 302, 404, 500].map((status) => isRight(probe, status))).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(isRight({ ...probe, status: 404 }, 404)).toBe(true)
})
