import type { Upstream } from '../../core/model/cluster.ts'
import { servletCookie } from '../../core/model/session-cookie.ts'
import { identificationOf } from '../../core/traffic/expectations.ts'
import type { Identification, ResponseField } from '../../core/traffic/identity.ts'
import { describeField, parseField } from '../../core/traffic/identity.ts'
import { UsageError } from '../../errors.ts'
import type { TrafficWorld } from '../../ports/traffic.ts'
import type { Args } from './options.ts'

const withoutSpec: Identification = {
  server: null,
  session: { cookie: servletCookie, url: 'jsessionid', route: 'suffix' },
  sessionBy: null,
  hasChangingIds: false,
  count: null,
  cookieNamesServer: true,
  serverNames: new Map(),
  routes: null,
}

const markOf = (flag: string, text: string, kinds: string): ResponseField => {
  const mark = parseField(text)
  if (typeof mark !== 'string') return mark
  throw new UsageError(`${flag}: ${mark}`, { help: kinds })
}

const serverKinds = 'route:COOKIE, cookie:NAME, header:NAME, json:MEMBER or body:REGEXP'
const countKinds = 'header:NAME, json:MEMBER or body:REGEXP'

const withServer = (identification: Identification, text: string): Identification => {
  const [, cookie] = /^route:(.+)$/s.exec(text) ?? []
  if (cookie === undefined)
    return {
      ...identification,
      server: markOf('--server-by', text, serverKinds),
      cookieNamesServer: true,
    }
  // The rest of the session id is as in the spec.
  markOf('--server-by', `cookie:${cookie}`, serverKinds)
  const { session } = identification
  const route = session.route === 'none' ? 'suffix' : session.route
  return { ...identification, server: null, session: { ...session, cookie, route } }
}

/** How the servers of responses are identified: by the command line, otherwise by the spec. */
export const identificationFor = (args: Args, upstream: Upstream | null): Identification => {
  const known = upstream === null ? withoutSpec : identificationOf(upstream)
  const named = args.serverBy === null ? known : withServer(known, args.serverBy)
  return args.countBy === null
    ? named
    : { ...named, count: markOf('--count-by', args.countBy, countKinds) }
}

/** Limits the time of the user's regular expressions. */
export const withTimeLimits = (
  identification: Identification,
  limited: TrafficWorld['withTimeLimit'],
): Identification => {
  const limit = (mark: ResponseField | null): ResponseField | null =>
    mark?.kind === 'body' ? { ...mark, pattern: limited(mark.pattern) } : mark
  return {
    ...identification,
    server: limit(identification.server),
    count: limit(identification.count),
  }
}

/** A note in the report: the figures depend on it. */
export const identificationNote = ({
  server,
  session,
  cookieNamesServer: trustsSilence,
}: Identification): string => {
  if (server !== null) return `the server of a response is identified by ${describeField(server)}`
  if (session.route === 'none') return 'responses do not identify their server: use --server-by'
  const by = `the server of a response is identified by the route in ${session.cookie}`
  return trustsSilence
    ? `${by}; a change of the server is not visible if servers share sessions`
    : `${by} that it sets; other responses do not identify their server, because the servers share sessions`
}
