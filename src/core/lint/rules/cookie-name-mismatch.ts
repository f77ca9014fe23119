import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { sessionCookieOf, type TomcatUpstream, tomcatUpstreams } from '../tomcat-sessions.ts'

interface Looked {
  readonly key: string
  readonly name: string
}

const cookieOfVariable = (variable: string): string | null =>
  /^\$\{?(?:upstream_)?cookie_(?<name>\w+)\}?$/.exec(variable)?.groups?.['name'] ?? null

/** nginx finds a cookie by the name of its variable, whatever the case. */
const lacking = (key: string, variables: readonly string[], cookie: string): readonly Looked[] => {
  const names = variables.flatMap((variable) => cookieOfVariable(variable) ?? [])
  const isThere = names.some((name) => name.toLowerCase() === cookie.toLowerCase())
  const [name] = names
  return name === undefined || isThere ? [] : [{ key, name }]
}

/** Cookies that the proxy reads as the application's session cookie, and that are not. */
const mismatches = ({ affinity, app }: TomcatUpstream): readonly Looked[] => {
  const cookie = sessionCookieOf(app)
  const named = (name: string): readonly Looked[] =>
    name === cookie ? [] : [{ key: 'cookie', name }]
  if (affinity.method === 'jvm_route') return named(affinity.cookie)
  if (affinity.method !== 'sticky') return []
  if (affinity.by === 'cookie') return affinity.mode === 'prefix' ? named(affinity.cookie) : []
  if (affinity.by === 'route') return []
  return [
    ...lacking('create', affinity.create, cookie),
    ...lacking('lookup', affinity.lookup, cookie),
  ]
}

export const cookieNameMismatch: Rule = (cluster) =>
  tomcatUpstreams(cluster).flatMap((upstream): readonly Diagnostic[] =>
    mismatches(upstream).map(({ key, name }) =>
      report(
        'cookie-name-mismatch',
        atValue([...upstream.affinity.path, key]),
        `the balancer reads the cookie ${name}, Tomcat sends ${sessionCookieOf(upstream.app)}`,
        `write app.cookie: { name: ${name} }, or name Tomcat's cookie here`,
      ),
    ),
  )
