import type { Upstream } from '../../core/model/cluster.ts'
import { servletCookie } from '../../core/model/session-cookie.ts'
import { identityOf } from '../../core/traffic/expectations.ts'
import type { Identity, Mark } from '../../core/traffic/identity.ts'
import { describeMark, parseMark } from '../../core/traffic/marks.ts'
import { UsageError } from '../../errors.ts'
import type { TrafficWorld } from '../../ports/traffic.ts'
import type { Args } from './wishes.ts'

const withoutSpec: Identity = {
  server: null,
  session: { cookie: servletCookie, url: 'jsessionid', route: 'suffix' },
  sessionBy: null,
  hasChangingIds: false,
  count: null,
  trustsSilence: true,
  names: new Map(),
  routes: null,
}

const markOf = (flag: string, text: string, kinds: string): Mark => {
  const mark = parseMark(text)
  if (typeof mark !== 'string') return mark
  throw new UsageError(`${flag}: ${mark}`, { help: kinds })
}

const serverKinds = 'route:COOKIE, cookie:NAME, header:NAME, json:MEMBER or body:REGEXP'
const countKinds = 'header:NAME, json:MEMBER or body:REGEXP'

const withServer = (identity: Identity, text: string): Identity => {
  const [, cookie] = /^route:(.+)$/s.exec(text) ?? []
  if (cookie === undefined)
    return { ...identity, server: markOf('--server-by', text, serverKinds), trustsSilence: true }
  // A route has the form of a cookie's name; the rest of the session id is as the spec has it.
  markOf('--server-by', `cookie:${cookie}`, serverKinds)
  const { session } = identity
  const route = session.route === 'none' ? 'suffix' : session.route
  return { ...identity, server: null, session: { ...session, cookie, route } }
}

/** How answers are told apart: the command line before the spec. */
export const identityFor = (args: Args, upstream: Upstream | null): Identity => {
  const known = upstream === null ? withoutSpec : identityOf(upstream)
  const named = args.serverBy === null ? known : withServer(known, args.serverBy)
  return args.countBy === null
    ? named
    : { ...named, count: markOf('--count-by', args.countBy, countKinds) }
}

/** The same with the user's expressions limited in time. */
export const withLimits = (identity: Identity, limited: TrafficWorld['limited']): Identity => {
  const limit = (mark: Mark | null): Mark | null =>
    mark?.kind === 'body' ? { ...mark, pattern: limited(mark.pattern) } : mark
  return { ...identity, server: limit(identity.server), count: limit(identity.count) }
}

/** For the report: a reader must know what the figures stand on. */
export const identityNote = ({ server, session, trustsSilence }: Identity): string => {
  if (server !== null) return `the server of an answer is known by ${describeMark(server)}`
  if (session.route === 'none')
    return 'nothing tells the server of an answer: name it with --server-by'
  const by = `the server of an answer is known by the route in ${session.cookie}`
  return trustsSilence
    ? `${by}; servers that share their sessions would not show`
    : `${by} that it sets; an answer that sets none tells nothing, as the servers share their sessions`
}
