import type { HaproxyStatement } from '../../../../config/haproxy/config.ts'
import type { HaproxySetting } from '../../../../config/haproxy/effective.ts'
import { knownSessionCookie } from '../../../../model/session-cookie.ts'
import { report } from '../../codes.ts'
import type { HaproxyRule } from '../../rule.ts'
import {
  argumentOf,
  type HaproxyBackend,
  type HaproxyView,
  isHttp,
  serversOf,
  settingOf,
} from '../view.ts'

/** A `cookie` line, and the backends to which it applies: one of `defaults` may apply to many. */
interface CookieLine {
  readonly cookie: HaproxySetting
  readonly backends: readonly HaproxyBackend[]
}

const cookieLines = ({ backends }: HaproxyView): readonly CookieLine[] => {
  const lines = new Map<HaproxyStatement, { cookie: HaproxySetting; backends: HaproxyBackend[] }>()
  for (const backend of backends) {
    const cookie = settingOf(backend, 'cookie')
    if (cookie === null || !isHttp(backend)) continue
    const known = lines.get(cookie.statement)
    if (known === undefined) lines.set(cookie.statement, { cookie, backends: [backend] })
    else known.backends.push(backend)
  }
  return [...lines.values()]
}

const hasCookie = (server: HaproxyStatement): boolean => argumentOf(server, 'cookie') !== null

/** Lines that give servers to a backend, and are not written in full. */
const hasOtherServers = ({ section, settings }: HaproxyBackend): boolean =>
  section.lines.some(({ name }) => name === 'server-template') ||
  settings.some(({ args, name }) => name === 'default-server' && args.includes('cookie'))

const isBalancing = (backend: HaproxyBackend): boolean => serversOf(backend).length > 1

/** With `cookie` in the backend, each server needs a value; with `dynamic`, HAProxy computes it. */
export const haproxyRouteMissing: HaproxyRule = (view, findings) => {
  for (const { backends, cookie } of cookieLines(view)) {
    if (cookie.args.includes('dynamic') || backends.some(hasOtherServers)) continue
    // A backend without any cookie may need no affinity, although it inherits the line.
    const meant = backends.filter(
      (backend) => cookie.section === backend.section || serversOf(backend).some(hasCookie),
    )
    for (const backend of meant.filter(isBalancing))
      for (const server of serversOf(backend)) {
        if (hasCookie(server)) continue
        const name = server.args[0] ?? ''
        report(
          findings,
          'route-missing',
          backend.at(server),
          `server "${name}" of ${backend.title} has no cookie: no session stays on it`,
          `add cookie ${name}`,
        )
      }
    const [first] = backends.filter(isBalancing)
    if (meant.length > 0 || first === undefined) continue
    report(
      findings,
      'route-missing',
      first.atSetting(cookie),
      `no server has a cookie: "cookie ${cookie.args[0] ?? ''}" keeps no session on its server`,
      'add cookie NAME to each server of the backends that need affinity',
    )
  }
}

/** Without `cookie NAME`, HAProxy accepts the cookies of servers and uses none of them. */
export const haproxyRouteUnused: HaproxyRule = ({ backends }, findings) => {
  for (const backend of backends) {
    const servers = serversOf(backend)
    const [first] = servers
    if (first === undefined || servers.length < 2 || !servers.every(hasCookie)) continue
    if (!backend.hasDefaults || !isHttp(backend)) continue
    if (backend.settings.some(({ name }) => name === 'cookie')) continue
    report(
      findings,
      'route-unused',
      backend.at(first, argumentOf(first, 'cookie')?.index),
      `the servers of ${backend.title} have cookies, but no "cookie NAME" line applies to it: requests of one session are balanced over all servers`,
      'add cookie SRV insert indirect nocache to the backend, or remove the cookies of its servers',
    )
  }
}

/** HAProxy sends the requests with a cookie to the first server that has it. */
export const haproxyRouteRepeated: HaproxyRule = ({ backends }, findings) => {
  for (const backend of backends) {
    const first = new Map<string, string>()
    for (const server of serversOf(backend)) {
      const cookie = argumentOf(server, 'cookie')
      if (cookie === null) continue
      const other = first.get(cookie.value)
      first.set(cookie.value, other ?? server.args[0] ?? '')
      if (other === undefined) continue
      report(
        findings,
        'route-repeated',
        backend.at(server, cookie.index),
        `cookie ${cookie.value} is also the cookie of server "${other}"`,
        'give each server its own value',
      )
    }
  }
}

/** `cookie JSESSIONID insert`: two cookies of one name in a response. */
export const haproxyCookieKnown: HaproxyRule = (view, findings) => {
  for (const { backends, cookie } of cookieLines(view)) {
    const [name = ''] = cookie.args
    const known = knownSessionCookie(name)
    const [first] = backends
    if (first === undefined || known === null || !cookie.args.includes('insert')) continue
    report(
      findings,
      'affinity-cookie-known',
      first.atSetting(cookie, 0),
      `${name} is the session cookie of ${known.title}: HAProxy sets it to the name of a server`,
      'choose a name that the application does not use, such as srv_id, or write prefix in place of insert',
    )
  }
}
