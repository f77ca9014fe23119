import type { Exchange, GivenRoute, Observation } from './exchange.ts'
import { assignedSession, type Identification, readField, splitSessionId } from './identity.ts'

const countOf = (text: string | null): number | null =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null

/** The name of the server as its response, or else the client's own cookie, has it. */
const serverOf = (
  exchange: Exchange,
  session: string | null,
  identification: Identification,
): string | null => {
  const { response, cookies } = exchange
  if (response === null) return null
  const { server: mark, cookieNamesServer: trustsSilence, serverNames: names } = identification
  const said =
    mark === null ? assignedSession(response, identification.session) : readField(mark, response)
  const isByCookie = mark === null || mark.kind === 'cookie'
  const silent = mark === null ? session : mark.kind === 'cookie' ? cookies.get(mark.name) : null
  // What a proxy answers itself, for a server that is away or to whom it refuses, sets no cookie either.
  const isSilent = isByCookie && trustsSilence && response.status < 400
  const word = said ?? (isSilent ? (silent ?? null) : null)
  if (word === null) return null
  const name = mark === null ? splitSessionId(word, identification.session).route : word
  return name === null ? null : (names.get(name) ?? name)
}

const routeOf = (given: string | null, { session, routes }: Identification): GivenRoute | null => {
  if (given === null || routes === null) return null
  const word = splitSessionId(given, session).route ?? ''
  return { value: word, isKnown: routes.has(word) }
}

/** The id of the session as the application has it, where it tells; else as the client has it. */
const sessionOf = (
  { response }: Exchange,
  byCookie: string | null,
  { sessionBy, hasChangingIds }: Identification,
): string | null => {
  if (hasChangingIds) return null
  return sessionBy === null || response === null ? byCookie : readField(sessionBy, response)
}

/** What a request and its response tell. */
export const observe = (exchange: Exchange, identification: Identification): Observation => {
  const { client, phase, atMs, tookMs, response, failure, cookies, urlSession } = exchange
  const { session: form } = identification
  const given = response === null ? null : assignedSession(response, form)
  const byCookie = given ?? urlSession ?? cookies.get(form.cookie) ?? null
  const session = sessionOf(exchange, byCookie, identification)
  const counted =
    response === null || identification.count === null
      ? null
      : readField(identification.count, response)
  return {
    client,
    phase,
    atMs,
    tookMs,
    status: response?.status ?? null,
    failure,
    server: serverOf(exchange, byCookie, identification),
    session: session === null ? null : splitSessionId(session, form).id,
    route: routeOf(given, identification),
    count: countOf(counted),
  }
}
