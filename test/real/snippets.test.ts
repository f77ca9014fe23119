import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { compileFolder } from '../support/cases.ts'
import { compileText } from '../support/compile.ts'
import { fc } from '../support/fast-check.ts'
import { type SnippetPlace, snippetPlaces } from '../support/snippet-levels.ts'
import { checkApache, startApache } from './support/apache.ts'
import type { Check } from './support/check.ts'
import { freePort } from './support/free-port.ts'
import { checkHaproxy, startHaproxy } from './support/haproxy.ts'
import { get } from './support/http.ts'
import { httpdConfig } from './support/httpd-config.ts'
import { checkNginx, startNginx } from './support/nginx.ts'
import { findServer, withServers } from './support/servers.ts'

const needs = {
  nginx: findServer('nginx', '1.30'),
  haproxy: findServer('haproxy', '3.0'),
  httpd: findServer('apache2', '2.4'),
}

const folder = fileURLToPath(new URL('../../fixtures/cases/snippets/', import.meta.url))

/** The case with its port. */
const caseOn = (port: number) => {
  const { artifacts } = compileFolder(folder)
  const moved = artifacts.map((one) => ({
    ...one,
    text: one.text
      .replaceAll(/10\.0\.0\.\d:8080/g, '127.0.0.1:9')
      .replaceAll(/\b8080\b/g, String(port)),
  }))
  return {
    artifacts: moved,
    text: (path: string) => moved.find((one) => one.path === path)?.text ?? '',
  }
}

describe('snippets of the spec and of files take effect', () => {
  const shop = { Host: 'shop.example.com' }

  withServers(needs, 'in nginx: a variable of the http block in a location', async ({ nginx }) => {
    const port = await freePort()
    await startNginx(nginx, { http: caseOn(port).text('nginx/shop.conf') }, [port])
    const ask = (headers: Readonly<Record<string, string>>) =>
      get(`http://127.0.0.1:${port}/export/`, { headers: { ...shop, ...headers } })
    expect((await ask({ 'User-Agent': 'kube-probe/1.30' })).status).toBe(204)
    expect((await ask({})).status).not.toBe(204)
  })

  withServers(needs, 'in HAProxy: a header of the backend', async ({ haproxy }) => {
    const port = await freePort()
    const text = caseOn(port).text('haproxy/haproxy.cfg')
    // Answers instead of a server: what the snippet has set is in the response.
    const answering = text.replace(
      'option http-server-close',
      'http-request return status 200 hdr X-Seen %[req.hdr(X-Backend)]',
    )
    expect(answering).not.toBe(text)
    await startHaproxy(haproxy, answering, [port])
    const { headers } = await get(`http://127.0.0.1:${port}/`, { headers: shop })
    expect(headers['x-seen']).toBe('app')
  })

  withServers(needs, 'in httpd: a section of the virtual host', async ({ httpd }) => {
    const port = await freePort()
    const { artifacts } = caseOn(port)
    const { modules, text } = httpdConfig(artifacts)
    await startApache(httpd, text, [port], [...modules, 'ratelimit'])
    const ask = (path: string) => get(`http://127.0.0.1:${port}${path}`, { headers: shop })
    expect((await ask('/gone')).status).toBe(410)
    expect((await ask('/')).status).not.toBe(410)
  })
})

/** A line that the server accepts in the block of the snippet, and not in the block around it. */
const sentinels: Readonly<Record<string, string>> = {
  'nginx server': 'try_files $uri =404;',
  'nginx location': 'internal;',
  'nginx upstream': 'server 127.0.0.1:9;',
  'haproxy global': 'tune.maxrewrite 1024',
  'haproxy frontend': 'unique-id-header X-Id',
  'haproxy backend': 'server sentinel 127.0.0.1:9',
  'httpd host': 'ServerAlias sentinel',
  'httpd location': 'Require all granted',
  'httpd balancer': 'BalancerMember http://127.0.0.1:9',
}

/** Statements that the server knows, and pieces that would end a block. */
const pieces = {
  nginx: {
    'nginx server': ['etag off;', 'set $a "} x";', 'if ($uri) { set $b "{"; }', "set $c 'x;\n}';"],
    'nginx location': ['set $a \\};', 'if ($uri) {\nset $b 1;\n}', 'limit_rate 5k;'],
    'nginx upstream': ['keepalive_requests 5;', 'keepalive_time 1h;'],
    any: ['# } {\n', '\n', ' ', '}', '{', ';', '"', '#', '\t'],
  },
  haproxy: {
    'haproxy global': ['maxconn 50', 'tune.bufsize 32768', "description 'a # b'"],
    'haproxy frontend': ['maxconn 50', 'acl a path "backend x"', 'option http-buffer-request'],
    'haproxy backend': ['fullconn 50', 'acl a path backend\\ x', 'option http-buffer-request'],
    any: ['\n', '\n# backend x\n', ' ', '"', "'", '\\', '\nbackend y', '#'],
  },
  httpd: {
    'httpd host': ['LimitRequestLine 900', '<IfModule x.c>\nX\n</IfModule>', 'ServerSignature Off'],
    'httpd location': ['AllowMethods GET', '<IfModule x.c>\nX\n</IfModule>', 'Satisfy Any'],
    'httpd balancer': ['ProxySet growth=2', '<IfModule x.c>\n</X>\n</IfModule>'],
    any: ['\n', '\n# </Proxy>\n', '\n</VirtualHost>', '\n</Proxy>', '\\', '"', ' ', '#'],
  },
} as const

const samples = 5

/** Snippets for a level that sessctl accepts, each once. */
const acceptedAt = ({ dialect, name, spec }: SnippetPlace): readonly string[] => {
  const known: Readonly<Record<string, readonly string[]>> = pieces[dialect]
  const parts = [...(known[name] ?? []), ...(known[name] ?? []), ...pieces[dialect].any]
  const drawn = fc.sample(fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 6 }), {
    numRuns: 400,
    seed: 13,
  })
  const isAccepted = (snippet: string) =>
    compileText(JSON.stringify(spec(snippet))).artifacts.length > 0
  const found = new Set<string>()
  for (const parts of drawn) {
    const snippet = parts.join('\n')
    if (found.size < samples && snippet.trim() !== '' && isAccepted(snippet)) found.add(snippet)
  }
  return [...found]
}

describe('the real server is in the block of the snippet after it', () => {
  for (const place of snippetPlaces) {
    const sentinel = sentinels[place.name]
    if (sentinel === undefined) continue
    withServers(needs, place.name, async ({ haproxy, httpd, nginx }) => {
      const load = (snippet: string, after: string): Promise<Check> => {
        const { artifacts } = compileText(JSON.stringify(place.spec(snippet)))
        const changed = artifacts.map((one) => ({
          ...one,
          text: one.text.replace('# End of snippet', () => `# End of snippet\n${after}`),
        }))
        const text = changed.find((one) => one.text.includes('# End of snippet'))?.text ?? ''
        if (place.dialect === 'nginx') return checkNginx(nginx, { http: text })
        if (place.dialect === 'haproxy') return checkHaproxy(haproxy, text)
        const { modules, text: whole } = httpdConfig(changed)
        return checkApache(httpd, whole, [
          ...modules,
          'authz_host',
          'allowmethods',
          'access_compat',
        ])
      }
      let loaded = 0
      for (const snippet of acceptedAt(place)) {
        if ((await load(snippet, '')).exitCode !== 0) continue
        loaded++
        expect((await load(snippet, sentinel)).exitCode, snippet).toBe(0)
      }
      expect(loaded).toBeGreaterThan(0)
    })
  }
})
