import type { AppResponse } from '../model.ts'
import { cookieValue, type HashKey, ignoringCase, type Request } from '../request.ts'
import { type Affinity, byMethod, nothingLearned, nothingSet } from './affinity.ts'

/** The text of a variable in a request; empty or null: it has none. */
export type Variable = (request: Request) => string | null

/** The first that is not empty. nginx does not try the others if its server is unknown. */
const firstOf = (variables: readonly Variable[], request: Request): string | null => {
  for (const variable of variables) {
    const value = variable(request)
    if (value !== null && value !== '') return value
  }
  return null
}

/** `$cookie_NAME` */
export const cookieVariable =
  (name: string): Variable =>
  ({ cookies }) =>
    cookieValue(cookies, name, ignoringCase)

/** A variable as the key of a hash. */
export const keyOf =
  (variable: Variable): HashKey =>
  (request) =>
    variable(request)

/** `sticky cookie NAME`: every response names the server that sent it. */
export const stickyCookie = (name: string): Affinity<null> => ({
  start: () => null,
  begin: (_, search) => {
    search.sid = cookieVariable(name)(search.request) || null
  },
  next: byMethod,
  setCookies: ({ sid }) => [{ name, value: sid }],
  end: nothingLearned,
})

/** `sticky route VARIABLE…` */
export const stickyRoute = (variables: readonly Variable[]): Affinity<null> => ({
  start: () => null,
  begin: (_, search) => {
    search.sid = firstOf(variables, search.request)
  },
  next: byMethod,
  setCookies: nothingSet,
  end: nothingLearned,
})

/** The table of `sticky learn`, from the session used longest ago to the one used last. */
export type Sessions = Map<string, { sid: string; lastUsed: number }>

export interface Learning {
  readonly lookup: readonly Variable[]
  /** Read when the response has arrived. */
  readonly create: readonly ((response: AppResponse) => string | null)[]
  /** Seconds after its last use until nginx forgets a session. */
  readonly timeout: number
  /** How many sessions the zone holds; of more, the one used longest ago is forgotten. */
  readonly capacity: number
}

/** `$upstream_cookie_NAME` */
export const upstreamCookie =
  (name: string) =>
  ({ setCookies }: AppResponse): string | null =>
    cookieValue(setCookies, name, ignoringCase)

const createdBy = ({ create }: Learning, response: AppResponse): string | null => {
  for (const variable of create) {
    const value = variable(response)
    if (value !== null && value !== '') return value
  }
  return null
}

const remember = (sessions: Sessions, session: string, sid: string, now: number): void => {
  sessions.delete(session)
  sessions.set(session, { sid, lastUsed: now })
}

/** `sticky learn`: nginx keeps the server of each session that it saw begin. */
export const stickyLearn = (
  learning: Learning,
  /** What the zone holds already; null: nothing, at each start. */
  known: Sessions | null = null,
): Affinity<Sessions> => ({
  start: (before) => before ?? known ?? new Map(),
  begin: (sessions, search) => {
    const session = firstOf(learning.lookup, search.request)
    const known = session === null ? undefined : sessions.get(session)
    if (known === undefined) return
    if (search.request.time - known.lastUsed < learning.timeout) search.sid = known.sid
    else sessions.delete(session ?? '')
  },
  next: byMethod,
  setCookies: nothingSet,
  end: (sessions, request, { sid }, response) => {
    const created = createdBy(learning, response)
    const session = created ?? firstOf(learning.lookup, request)
    if (session === null || (created === null && !sessions.has(session))) return
    remember(sessions, session, sid, request.time)
    const [oldest] = sessions.size > learning.capacity ? sessions.keys() : []
    if (oldest !== undefined) sessions.delete(oldest)
  },
})
