import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../model/cluster.ts'
import { knownSessionCookie, runnerOf, sessionCookieOf } from '../../model/session-cookie.ts'
import { report } from '../codes.ts'
import { cookieOfVariable } from '../cookie-variables.ts'
import type { ListingRule } from '../rule.ts'

/** A cookie that the proxy reads as the session cookie. */
interface Looked {
  readonly key: string
  readonly name: string
  /** Such as `$cookie_`, where variables are written; empty: the name alone. */
  readonly prefix: string
}

const inVariables = (
  key: string,
  prefix: string,
  variables: readonly string[],
  cookie: string,
): readonly Looked[] => {
  const names = variables.flatMap((variable) => cookieOfVariable(variable) ?? [])
  // nginx finds a cookie by the name of its variable, whatever the case.
  const isThere = names.some((name) => name.toLowerCase() === cookie.toLowerCase())
  const [name] = names
  return name === undefined || isThere ? [] : [{ key, name, prefix }]
}

/** Cookies that the proxy reads as the application's session cookie, and that are not. */
const mismatches = ({ affinity }: Upstream, cookie: string): readonly Looked[] => {
  const named = (name: string): readonly Looked[] =>
    name === cookie ? [] : [{ key: 'cookie', name, prefix: '' }]
  if (affinity.method === 'jvm_route') return named(affinity.cookie)
  if (affinity.method !== 'sticky') return []
  if (affinity.by === 'cookie') return affinity.mode === 'prefix' ? named(affinity.cookie) : []
  if (affinity.by === 'route') return []
  return [
    ...inVariables('create', '$upstream_cookie_', affinity.create, cookie),
    ...inVariables('lookup', '$cookie_', affinity.lookup, cookie),
  ]
}

/** Session ids of the others name no server, whatever their cookie is called: another rule says so. */
const hasRoutes = ({ affinity, app }: Upstream): boolean =>
  affinity.method !== 'jvm_route' || affinity.mode === 'prefix' || app.runtime === 'tomcat'

const problemsOf = (upstream: Upstream): readonly Diagnostic[] => {
  const { affinity, app } = upstream
  const cookie = sessionCookieOf(app)
  const runner = runnerOf(app)
  if (cookie === null || runner === null || !hasRoutes(upstream)) return []
  return mismatches(upstream, cookie).map(({ key, name, prefix }) => {
    const at = atValue([...affinity.path, key])
    const message = `the balancer reads the cookie ${name}, ${runner.title} sends ${cookie}`
    const here = `write ${key}: ${prefix}${cookie}`
    // Where the spec decides the name it is known; elsewhere the application may have another one.
    if (app.runtime === 'tomcat')
      return report('cookie-name-mismatch', at, message, `${here}, or ${runner.setting}: ${name}`)
    const known = knownSessionCookie(name)
    if (known !== null && known.runtime !== app.runtime)
      return report('cookie-name-mismatch', at, message, here)
    const unless = `${message} unless configured otherwise`
    return report('cookie-name-unknown', at, unless, `${here}, or set ${runner.setting}`)
  })
}

export const cookieNameMismatch: ListingRule = ({ upstreams }) => upstreams.flatMap(problemsOf)
