import { expect, test } from 'vitest'
import { choicesOf } from '../../../src/core/dialects/haproxy/frontends/choices.ts'
import type { Acl } from '../../../src/core/dialects/haproxy/rules.ts'
import type { Frontend, Location, Match } from '../../../src/core/model/cluster.ts'
import { fc } from '../../support/fast-check.ts'
import { defaultTls, fileLocation, noSettings } from '../../support/file-location.ts'

const frontendOf = (matches: readonly Match[]): Frontend => ({
  name: 'web',
  path: ['frontends', 'web'],
  listeners: [],
  serverNames: [],
  accessLog: null,
  clientAddress: null,
  proxyProtocol: null,
  toHttps: null,
  hsts: null,
  headers: [],
  isDefault: null,
  http2: null,
  tls: defaultTls,
  settings: noSettings,
  snippets: [],
  locations: matches.map((match, index) =>
    fileLocation(match, ['frontends', 'web', 'locations', index]),
  ),
})

/** The rules of nginx's manual (`location`), verbatim. */
const nginxChooses = (locations: readonly Location[], path: string): Location | null => {
  const exact = locations.find(({ match }) => match.kind === '=' && match.pattern === path)
  if (exact) return exact
  let longest: Location | null = null
  for (const location of locations) {
    const { kind, pattern } = location.match
    if ((kind !== 'prefix' && kind !== '^~') || !path.startsWith(pattern)) continue
    if (longest === null || pattern.length > longest.match.pattern.length) longest = location
  }
  if (longest?.match.kind === '^~') return longest
  const expression = locations.find(
    ({ match }) =>
      match.kind.startsWith('~') &&
      new RegExp(match.pattern, match.kind === '~*' ? 'i' : '').test(path),
  )
  return expression ?? longest
}

const holds = ({ method, isCaseless, patterns }: Acl, path: string): boolean =>
  patterns.some((pattern) => {
    if (method === 'str') return path === pattern
    if (method === 'beg') return path.startsWith(pattern)
    return new RegExp(pattern, isCaseless ? 'i' : '').test(path)
  })

/** As HAProxy evaluates its use_backend lines. */
const haproxyChooses = (frontend: Frontend, path: string): Location | null => {
  const { acls, choices } = choicesOf(frontend)
  const isTrue = (name: string): boolean => {
    const lines = acls.filter((acl) => acl.name === name)
    expect(lines).not.toEqual([])
    return lines.some((acl) => holds(acl, path))
  }
  const chosen = choices.find(({ conditions }) =>
    conditions.every((condition) =>
      condition.startsWith('!') ? !isTrue(condition.slice(1)) : isTrue(condition),
    ),
  )
  return chosen?.location ?? null
}

const part = fc.constantFrom('a', 'b', 'A')
const path = fc.array(part, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`)
const match: fc.Arbitrary<Match> = fc.oneof(
  fc.record({ kind: fc.constantFrom('prefix', '^~', '=' as const), pattern: path }),
  fc.record({
    kind: fc.constantFrom('~', '~*' as const),
    pattern: fc.constantFrom('a', 'b$', '^/a', 'a/b', '/b/a$', '.'),
  }),
)
/** nginx and the model refuse two locations of one path. */
const matches = fc.uniqueArray(match, {
  maxLength: 8,
  selector: ({ kind, pattern }) => `${kind === '^~' ? 'prefix' : kind} ${pattern}`,
})

test('the first matching line is the location that nginx chooses', () => {
  fc.assert(
    fc.property(matches, fc.array(path, { minLength: 5, maxLength: 20 }), (all, paths) => {
      const frontend = frontendOf(all)
      for (const each of paths)
        expect(haproxyChooses(frontend, each)).toBe(nginxChooses(frontend.locations, each))
    }),
    { numRuns: 3000 },
  )
})
