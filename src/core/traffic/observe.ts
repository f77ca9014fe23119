import type { Exchange, GivenRoute, Observation } from './exchange.ts'
import { assignedSession, type Identification, readField, splitSessionId } from './identity.ts'

const countOf = (text: string | null): number | null =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null

/** The name of the server according to the response, otherwise to the client's cookie. */
const serverOf = (
  exchange: Exchange,
  session: string | null,
  identification: Identification,
): string | null => {
  const { response, cookies } = exchange
  if (response === null) return null
  const { server: field, cookieNamesServer, serverNames, session: form } = identification
  const isByCookie = field === null || field.kind === 'cookie'
  const sent = field === null ? session : field.kind === 'cookie' ? cookies.get(field.name) : null
  // An error page of the balancer sets no cookie either.
  const isUnchanged = isByCookie && cookieNamesServer && response.status < 400
  const value =
    (field === null ? assignedSession(response, form) : readField(field, response)) ??
    (isUnchanged ? (sent ?? null) : null)
  if (value === null) return null
  const name = field === null ? splitSessionId(value, form).route : value
  return name === null ? null : (serverNames.get(name) ?? name)
}

const routeOf = (given: string | null, { session, routes }: Identification): GivenRoute | null => {
  if (given === null || routes === null) return null
  const word = splitSessionId(given, session).route ?? ''
  return { value: word, isKnown: routes.has(word) }
}

/** The session id according to the application, otherwise to the client. */
const sessionOf = (
  { response }: Exchange,
  byCookie: string | null,
  { sessionBy, hasChangingIds }: Identification,
): string | null => {
  if (hasChangingIds) return null
  return sessionBy === null || response === null ? byCookie : readField(sessionBy, response)
}

/** What an exchange shows about its server and its session. */
export const observe = (exchange: Exchange, identification: Identification): Observation => {
  const { client, phase, atMs, tookMs, response, failure, cookies, urlSession, upgrade } = exchange
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
    upgrade,
  }
}
