import { describe, expect, test } from 'vitest'
import type { ConfigFile } from '../../../../src/build-nginx/core/install/config-files.ts'
import {
  type CopyRequest,
  mirroredFolder,
  missingTemporary,
  privateCopy,
} from '../../../../src/build-nginx/core/install/private-copy.ts'
import { parseProbe } from '../../../../src/build-nginx/core/upgrade/probe.ts'
import { allDirectives, readNginxConfig } from '../../../../src/core/config/nginx/tree.ts'

type Texts = Readonly<Record<string, string>>

/** A configuration of several files, whose `include` names one of them or all below a folder. */
const filesOf = (path: string, texts: Texts): ConfigFile => {
  const config = readNginxConfig(texts[path] ?? '')
  const included = new Map(
    allDirectives(config.directives)
      .filter(({ directive }) => directive.name === 'include')
      .map(({ directive: { start, args } }) => {
        const [beginning = ''] = (args[0] ?? '').split('*')
        const names = Object.keys(texts).filter((name) => name.startsWith(beginning))
        return [start, names.map((name) => filesOf(name, texts))] as const
      }),
  )
  return { path, config, included }
}

const copy = (texts: string | Texts, wanted: Partial<CopyRequest> = {}) => {
  const all = typeof texts === 'string' ? { '/etc/nginx/nginx.conf': texts } : texts
  const made = privateCopy({
    main: filesOf('/etc/nginx/nginx.conf', all),
    overriding: '',
    prefix: '/usr/share/nginx',
    folder: '/p',
    usualPort: 80,
    temporary: [],
    moduleFile: (path) => path,
    probe: parseProbe('http://127.0.0.1:80/'),
    port: 4711,
    ...wanted,
  })
  return { ...made, texts: made.files.map(({ text }) => text) }
}

const head = 'daemon off; pid "/p/nginx.pid"; error_log "/p/error.log"; '

describe('the private copy of a configuration', () => {
  test('only its files, sockets and folders are others; what nginx checks stays', () => {
    const made = copy(`user www-data; worker_processes auto;
pid /run/nginx.pid; load_module modules/a.so;
error_log /var/log/error.log warn;
http {
  log_format x 'listen 80;'; # listen 81;
  access_log /var/log/a.log x buffer=4k;
  proxy_cache_path /var/cache/nginx levels=1:2 keys_zone=a:1m;
  server { listen 0.0.0.0:80 default_server reuseport backlog=511; access_log off; }
  server { listen *:80; listen [::]:443 ssl http2 ipv6only=on; listen 443 quic reuseport; }
  server { server_name none; }
}`)
    expect(made.texts).toEqual([
      `daemon off;  user www-data; worker_processes 1;
pid "/p/nginx.pid"; load_module "/usr/share/nginx/modules/a.so";
error_log "/p/error.log" warn;
http {
  log_format x 'listen 80;'; # listen 81;
  access_log "/p/access.log" x buffer=4k;
  proxy_cache_path "/p/temporary/0" levels=1:2 keys_zone=a:1m;
  server { listen 127.0.0.1:4711 default_server; access_log off; }
  server { listen 127.0.0.1:4711; listen unix:/p/sockets/1.sock ssl http2; listen unix:/p/sockets/2.sock; }
  server { listen 127.0.0.1:4711; server_name none; }
}`,
    ])
    expect(made.isProbed).toBe(true)
  })

  test('files that are included are copied, on the line of their include', () => {
    const made = copy({
      '/etc/nginx/nginx.conf':
        'events {}\nhttp { include /etc/nginx/conf.d/*.conf; include mime.types; }',
      '/etc/nginx/conf.d/a.conf': 'server { include /etc/nginx/listen; }',
      '/etc/nginx/conf.d/b.conf': 'server { listen 8080; }',
      '/etc/nginx/listen': 'listen 80;',
    })
    expect(made.files.find(({ path }) => path === made.main)?.text).toBe(
      `${head} events {}\nhttp { include "/p/included/1-a.conf"; include "/p/included/3-b.conf"; include mime.types; }`,
    )
    expect(made.texts).toContain('server { include "/p/included/2-listen"; }')
    expect(made.texts).toContain('listen 127.0.0.1:4711;')
    expect(made.originals.get('/p/included/1-a.conf')).toBe('/etc/nginx/conf.d/a.conf')
  })

  test('directives of -g, modules that are not in place, temporary folders that were compiled in', () => {
    const made = copy('load_module /m/a.so; http { }', {
      overriding: 'daemon on; pid /x;',
      moduleFile: (path) => (path === '/m/a.so' ? '/build/a.so' : path),
      temporary: ['proxy_temp_path'],
    })
    expect(made.texts).toEqual([
      'error_log "/p/error.log"; daemon off; pid "/p/nginx.pid"; load_module "/build/a.so"; http { proxy_temp_path "/p/temporary/0"; }',
    ])
    const flags = ['--without-http_uwsgi_module', '--without-http_scgi_module']
    expect(missingTemporary([{ name: 'proxy_temp_path' }], flags)).toEqual([
      'client_body_temp_path',
      'fastcgi_temp_path',
    ])
  })

  test.each([
    ['http://127.0.0.1:80/', 'listen 80;', true],
    ['http://127.0.0.1:80/', 'listen unix:/x; listen 127.0.0.1;', true],
    ['http://[::1]:80/', 'listen 80; listen [::]:80;', true],
    ['http://shop.example/', 'listen 10.0.0.1:80;', true],
    ['http://shop.example/', 'listen 10.0.0.1:80; listen 10.0.0.2:80;', false],
    ['https://shop.example/', 'listen 80;', false],
    ['http://127.0.0.1/', 'listen 80 udp;', false],
  ])('the probe %s of a server with %s: %s', (probe, listens, isProbed) => {
    const made = copy(`http { server { ${listens} } }`, { probe: parseProbe(probe) })
    expect(made.isProbed).toBe(isProbed)
    expect(made.texts[0]?.includes('127.0.0.1:4711')).toBe(isProbed)
  })

  test('a stream has the same port for TCP and UDP', () => {
    const made = copy('stream { server { listen 53; } server { listen 53 udp reuseport; } }')
    expect(made.texts[0]).toContain(
      'stream { server { listen unix:/p/sockets/0.sock; } server { listen unix:/p/sockets/1.sock; } }',
    )
  })

  test('folders above are part of the copy where the configuration names files there', () => {
    const folderOf = (text: string) =>
      mirroredFolder(filesOf('/srv/etc/nginx/nginx.conf', { '/srv/etc/nginx/nginx.conf': text }))
    expect(folderOf('http { ssl_certificate ssl/a.pem; }')).toBe('tree/nginx')
    expect(folderOf('http { ssl_certificate ../ssl/a.pem; }')).toBe('tree/etc/nginx')
    expect(folderOf('http { ssl_certificate ../../../../../a.pem; }')).toBe('tree/srv/etc/nginx')
  })
})
