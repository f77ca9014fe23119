import { expect, test } from 'vitest'
import { serverIds } from '../../../src/core/dialects/haproxy/backends/balance.ts'
import { compileText } from '../../support/compile.ts'

const serversOf = (names: readonly string[]) => {
  const servers = names.map(
    (name, index) => `      ${name}: "10.0.${index >> 8}.${index & 255}:80"`,
  )
  const { cluster } = compileText(`version: 1
name: ids
targets: { haproxy: { version: "2.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: app }] } }
upstreams:
  app:
    servers:
${servers.join('\n')}
`)
  return cluster?.upstreams[0]?.servers ?? []
}

const idsOf = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...serverIds(serversOf(names))].map(([{ name }, id]) => [name, id]))

test('a server keeps its id at any position', () => {
  const all = idsOf(['a', 'b', 'c', 'd'])
  expect(idsOf(['d', 'b'])).toEqual(
    new Map([...all].filter(([name]) => 'bd'.includes(name)).reverse()),
  )
})

test('10,000 servers have 10,000 ids, all within the range of HAProxy', () => {
  const ids = [...idsOf(Array.from({ length: 10_000 }, (_, index) => `tomcat${index}`)).values()]
  expect(new Set(ids).size).toBe(10_000)
  expect(Math.min(...ids)).toBeGreaterThan(0)
  expect(Math.max(...ids)).toBeLessThan(2 ** 20)
})
