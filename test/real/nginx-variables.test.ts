import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect } from 'vitest'
import { knownVariables } from '../../src/core/dialects/nginx/known-variables.ts'
import { isChanging, kindOfVariable, type VariableKind } from '../../src/core/model/variables.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { checkNginx, startNginx } from './support/nginx.ts'
import { findServer, type Server, withServers } from './support/servers.ts'

const serverOf = (port: number, names: readonly string[]): string => {
  // One header each, because of the length limit of a word.
  const headers = names.map((name) => `add_header X-${name} "\${${name}}." always;`).join('\n')
  return `
map_hash_bucket_size 128;
variables_hash_bucket_size 128;
server {
  listen 127.0.0.1:${port};
  location / { ${headers} return 204; }
}`
}

/** The variables that this build of nginx has. */
const definedIn = async (nginx: Server, port: number): Promise<readonly string[]> => {
  // An address in binary form cannot be a header value.
  const others = /^jvm_route|^binary_remote_addr$/
  let names = [...knownVariables].filter((name) => !others.test(name))
  for (;;) {
    const { exitCode, output } = await checkNginx(nginx, { http: serverOf(port, names) })
    if (exitCode === 0) return names
    const unknown = /unknown "(\w+)" variable/.exec(output)?.[1]
    if (unknown === undefined) throw new Error(output)
    names = names.filter((name) => name !== unknown)
  }
}

type Seen = ReadonlyMap<string, string>

const seenIn = (headers: IncomingHttpHeaders, names: readonly string[]): Seen =>
  new Map(names.map((name) => [name, String(headers[`x-${name}`])]))

const differing = (a: Seen, b: Seen): readonly string[] =>
  [...a].filter(([name, value]) => b.get(name) !== value).map(([name]) => name)

describe.each(['1.18', '1.22', '1.26', '1.30'])('variables of nginx %s', (version) => {
  const needs = { nginx: findServer('nginx', version) }

  withServers(
    needs,
    'are classified by whether they change between requests',
    async ({ nginx }) => {
      const port = await freePort()
      const names = await definedIn(nginx, port)
      expect(names.length).toBeGreaterThan(80)
      await startNginx(nginx, { http: serverOf(port, names) }, [port])
      const ask = async (path: string, from: string): Promise<Seen> => {
        const { headers } = await get(`http://127.0.0.1:${port}${path}`, { from })
        return seenIn(headers, names)
      }
      const first = await ask('/a?x=1', '127.0.0.1')
      await new Promise((resolve) => setTimeout(resolve, 1100))
      const again = await ask('/b?y=2', '127.0.0.1')
      const changed = differing(first, again)
      const may = (kind: VariableKind | null): boolean => kind === 'page' || isChanging(kind)
      expect(changed.filter((name) => !may(kindOfVariable(name)))).toEqual([])
      const must = ['request_id', 'msec', 'connection', 'remote_port', 'time_local', 'request_uri']
      expect(must.filter((name) => !changed.includes(name))).toEqual([])
      // Another client, to find the variables that are the same for all.
      const other = differing(again, await ask('/b?y=2', '127.0.0.2'))
      expect(other.filter((name) => kindOfVariable(name) === 'same')).toEqual([])
      expect(other).toContain('remote_addr')
    },
  )
})
