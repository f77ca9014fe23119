import type { HaproxyStatement } from '../../../../config/haproxy/config.ts'
import { knownSessionCookie } from '../../../../model/session-cookie.ts'
import { report } from '../../codes.ts'
import type { HaproxyRule } from '../../rule.ts'
import { argumentOf, backendsOf, placeIn, serversOf } from '../view.ts'

/** The `cookie` of a section itself: one of `defaults` is meant for the sections that use it. */
const cookieLineOf = (lines: readonly HaproxyStatement[]): HaproxyStatement | null =>
  lines.find(({ name, within }) => name === 'cookie' && within.length === 0) ?? null

/** With `cookie` in the backend, each server needs a value; with `dynamic`, HAProxy computes it. */
export const haproxyRouteMissing: HaproxyRule = (file, findings) => {
  for (const section of backendsOf(file)) {
    const cookie = cookieLineOf(section.lines)
    const servers = serversOf(section)
    if (cookie === null || cookie.args.includes('dynamic') || servers.length < 2) continue
    for (const server of servers) {
      if (argumentOf(server, 'cookie') !== null) continue
      const name = server.args[0] ?? ''
      report(
        findings,
        'route-missing',
        placeIn(file, server),
        `server "${name}" of ${section.keyword} "${section.name ?? ''}" has no cookie: no session stays on it`,
        `add cookie ${name}`,
      )
    }
  }
}

/** HAProxy sends the requests with a cookie to the first server that has it. */
export const haproxyRouteRepeated: HaproxyRule = (file, findings) => {
  for (const section of backendsOf(file)) {
    const first = new Map<string, string>()
    for (const server of serversOf(section)) {
      const cookie = argumentOf(server, 'cookie')
      if (cookie === null) continue
      const other = first.get(cookie.value)
      first.set(cookie.value, other ?? server.args[0] ?? '')
      if (other === undefined) continue
      report(
        findings,
        'route-repeated',
        placeIn(file, server, cookie.index),
        `cookie ${cookie.value} is also the cookie of server "${other}"`,
        'give each server its own value',
      )
    }
  }
}

/** `cookie JSESSIONID insert`: two cookies of one name in a response. */
export const haproxyCookieKnown: HaproxyRule = (file, findings) => {
  for (const section of backendsOf(file)) {
    const cookie = cookieLineOf(section.lines)
    const [name = ''] = cookie?.args ?? []
    const known = knownSessionCookie(name)
    if (cookie === null || known === null || !cookie.args.includes('insert')) continue
    report(
      findings,
      'affinity-cookie-known',
      placeIn(file, cookie, 0),
      `${name} is the session cookie of ${known.title}: HAProxy sets it to the name of a server`,
      'choose a name that the application does not use, such as srv_id, or write prefix in place of insert',
    )
  }
}
