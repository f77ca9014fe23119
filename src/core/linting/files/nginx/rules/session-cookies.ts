import { knownSessionCookie } from '../../../../model/session-cookie.ts'
import { report } from '../../codes.ts'
import type { NginxRule } from '../../rule.ts'
import { hasSeveralServers, type NginxNode, placeOf } from '../view.ts'

/** The first request has no session id, so that it is hashed to another server than the second one. */
export const hashOfSessionCookie: NginxRule = ({ upstreams }, findings) => {
  for (const upstream of upstreams) {
    if (!hasSeveralServers(upstream)) continue
    for (const method of upstream.node.children.filter(({ name }) => name === 'hash')) {
      const [, cookie = ''] = /^\$\{?cookie_(\w+)\}?$/.exec(method.args[0] ?? '') ?? []
      if (knownSessionCookie(cookie) === null) continue
      report(
        findings,
        'affinity-key-issued',
        placeOf(method, 0),
        `$cookie_${cookie} is set by the server that answers the first request: its hash can select another server for the next request`,
        'use sticky or jvm_route, or share the sessions of the servers',
      )
    }
  }
}

/** `sticky cookie NAME`, `sticky name=NAME`, with the argument that has the name. */
export const stickyCookieOf = ({
  args,
}: NginxNode): readonly [name: string, argument: number] | null => {
  const argument = args.findIndex((arg) => arg.startsWith('name='))
  if (argument !== -1) return [args[argument]?.slice('name='.length) ?? '', argument]
  return args[0] === 'cookie' && args[1] !== undefined ? [args[1], 1] : null
}

/** The balancer overwrites the cookie of the application. */
export const affinityCookieKnown: NginxRule = ({ upstreams }, findings) => {
  for (const { node } of upstreams) {
    for (const sticky of node.children.filter(({ name }) => name === 'sticky')) {
      const [cookie, argument] = stickyCookieOf(sticky) ?? ['', 0]
      const known = knownSessionCookie(cookie)
      if (known === null) continue
      report(
        findings,
        'affinity-cookie-known',
        placeOf(sticky, argument),
        `${cookie} is the session cookie of ${known.title}: nginx overwrites it with the name of a server`,
        'choose a name that the application does not use, such as srv_id',
      )
    }
  }
}
