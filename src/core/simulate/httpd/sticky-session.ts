import type { Cookie, Request } from '../request.ts'
import { passTurn, takeTurn } from '../turns.ts'
import { calmOf, isUsableNow } from './calm.ts'
import { isByTurns, type Method } from './method.ts'
import { type Balancer, isStandby, isUsable, type Worker } from './workers.ts'

/** `stickysession=COOKIE|PARAMETER` */
export interface StickySession {
  readonly cookie: string
  readonly parameter: string
  /** `scolonpathdelim=On` */
  readonly endsAtSemicolon: boolean
  /** `stickysessionsep=Off`: the value is the route; else the route follows the first dot. */
  readonly isWhole: boolean
  /** `nofailover=On`: 503 if the member of the route cannot serve. */
  readonly strict: boolean
  /** The cookie that httpd sets to a dot and the route when it has selected the member; null: none. */
  readonly ownCookie: string | null
}

/** The first value after `PARAMETER=`, wherever it is in the URL. */
const inUrl = (uri: string, { parameter, endsAtSemicolon }: StickySession): string | null => {
  const start = `${parameter}=`
  const delimiters = endsAtSemicolon ? /[;?&]/ : /[?&]/
  for (let at = uri.indexOf(start); at !== -1; at = uri.indexOf(start, at + 1)) {
    const rest = uri.slice(at + start.length)
    if (rest !== '') return rest.split(delimiters).find((part) => part !== '') ?? null
  }
  return null
}

const inCookies = (cookies: readonly Cookie[], name: string): string | null =>
  cookies.find((cookie) => cookie.name === name && cookie.value !== '')?.value ?? null

/** Empty: the session has none; null: there is no session. */
export const routeOf = (request: Request, options: StickySession): string | null => {
  const session = inUrl(request.uri, options) ?? inCookies(request.cookies, options.cookie)
  if (session === null || options.isWhole) return session
  const dot = session.indexOf('.')
  return dot === -1 ? '' : session.slice(dot + 1)
}

/** The member of the route: hot standbys after the others. */
export const workerOf = (balancer: Balancer, route: string | null, now: number): Worker | null => {
  if (route === null || route === '') return null
  const named = balancer.byRoute.get(route) ?? []
  const inOrder = [...named.filter((each) => !isStandby(each)), ...named.filter(isStandby)]
  return inOrder.find((worker) => isUsableNow(balancer, worker, now)) ?? null
}

/** Sessions count as requests: every usable member is owed its factor, and the member has worked. */
export const accountSession = (balancer: Balancer, method: Method, chosen: Worker): void => {
  if (balancer.calm !== null || isByTurns(method, balancer)) {
    const calm = calmOf(balancer)
    const item = calm.items[chosen.index] ?? -1
    if (item === -1) {
      passTurn(calm.turns)
      chosen.status -= calm.total
    } else takeTurn(calm.turns, item, calm.total)
    calm.sessions += 1
    return
  }
  for (const worker of balancer.workers) {
    if (!isUsable(worker)) continue
    worker.status += worker.factor
    chosen.status -= worker.factor
  }
}
