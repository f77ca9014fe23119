import { describe, expect } from 'vitest'
import { freePort } from '../real/support/free-port.ts'
import { get } from '../real/support/http.ts'
import { startBackends } from '../real/support/named-backends.ts'
import { checkNginx, startNginx } from '../real/support/nginx.ts'
import { type Server, withServers } from '../real/support/servers.ts'
import { releases } from './support/sources.ts'
import { findVariant } from './support/variants.ts'

/** One upstream block each; A to D are addresses, D's backend is dead. Same input, same answers. */
const upstreams = [
  'server A; server B; server C;',
  'server A weight=3; server B weight=2 max_fails=3 fail_timeout=5; server C down;',
  'server D; server A; server B backup;',
  'server D max_fails=1 fail_timeout=60s; server C backup;',
  'server D;',
  'hash $request_uri; server A; server B weight=2; server C;',
  'hash $request_uri consistent; server A; server B; server D;',
  'ip_hash; server A; server B; server C down;',
  'least_conn; server A; server B weight=2;',
  'zone apps 64k; server A max_conns=5; server B;',
  'server A; server B; keepalive 4;',
]

/** Blocks that nginx does not take. */
const refused = [
  'server A unknown;',
  'server A unknown=1;',
  'server A srun_id=a;',
  'server A srun_id;',
  'server A max_busy=5;',
  'server A "";',
  'server A weight=0;',
  'server A weight=2 =2;',
  'server A down=1;',
  'server A fail_timeout=never;',
  'ip_hash; server A backup;',
  'server;',
]

const withAddresses = (block: string, addresses: Readonly<Record<string, string>>): string =>
  block.replaceAll(/\b[A-D]\b/g, (name) => addresses[name] ?? name)

const backendAddresses = async () => {
  const names = ['A', 'B', 'C', 'D']
  const backends = await startBackends(names)
  await backends.kill('D')
  return Object.fromEntries(names.map((name) => [name, backends.addressOf(name)]))
}

const answersOf = async (
  server: Server,
  block: string,
  addresses: Readonly<Record<string, string>>,
) => {
  const port = await freePort()
  const http = `upstream app { ${withAddresses(block, addresses)} }
    server { listen 127.0.0.1:${port}; location / { proxy_pass http://app; } }`
  const running = await startNginx(server, { http }, [port])
  const seen: string[] = []
  for (let i = 0; i < 12; i += 1) {
    const options = { from: `127.0.${i}.2` }
    const { status, body } = await get(`http://127.0.0.1:${port}/${i}`, options)
    seen.push(status === 200 ? (JSON.parse(body) as { name: string }).name : `${status}`)
  }
  await running.stop()
  return seen
}

const complaintOf = async (server: Server, block: string) => {
  const http = `upstream app { ${withAddresses(block, { A: '127.0.0.1:1' })} }`
  const { exitCode, warnings } = await checkNginx(server, { http })
  const words = warnings.map((line) => line.replace(/^.*\[emerg\] (?:\d+#\d+: )?| in \/.*$/g, ''))
  return { exitCode, words }
}

describe.each(releases)('nginx %s with the hook and without a module', (release) => {
  const needs = { plain: findVariant(release, 'plain'), patched: findVariant(release, 'patched') }

  for (const block of upstreams) {
    withServers(needs, `answers like the unpatched nginx: ${block}`, async ({ plain, patched }) => {
      // The same ones for both: a consistent hash is over addresses.
      const addresses = await backendAddresses()
      const expected = await answersOf(plain, block, addresses)
      expect(expected).toHaveLength(12)
      expect(await answersOf(patched, block, addresses)).toEqual(expected)
    })
  }

  for (const block of refused) {
    withServers(needs, `refuses like the unpatched nginx: ${block}`, async ({ plain, patched }) => {
      const expected = await complaintOf(plain, block)
      expect(expected.exitCode).toBe(1)
      expect(expected.words).toEqual([expect.stringMatching(/^[^/]+$/)])
      expect(await complaintOf(patched, block)).toEqual(expected)
    })
  }
})
