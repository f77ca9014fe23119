import type { Exchange, GivenRoute, Observation } from './exchange.ts'
import { givenSession, type Identity, readMark, splitSessionId } from './identity.ts'

const countOf = (text: string | null): number | null =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null

/** The name of the server as its answer, or else the client's own cookie, has it. */
const serverOf = (
  exchange: Exchange,
  session: string | null,
  identity: Identity,
): string | null => {
  const { answer, cookies } = exchange
  if (answer === null) return null
  const { server: mark, trustsSilence, names } = identity
  const said = mark === null ? givenSession(answer, identity.session) : readMark(mark, answer)
  const isByCookie = mark === null || mark.kind === 'cookie'
  const silent = mark === null ? session : mark.kind === 'cookie' ? cookies.get(mark.name) : null
  // What a proxy answers itself, for a server that is away or to whom it refuses, sets no cookie either.
  const isSilent = isByCookie && trustsSilence && answer.status < 400
  const word = said ?? (isSilent ? (silent ?? null) : null)
  if (word === null) return null
  const name = mark === null ? splitSessionId(word, identity.session).route : word
  return name === null ? null : (names.get(name) ?? name)
}

const routeOf = (given: string | null, { session, routes }: Identity): GivenRoute | null => {
  if (given === null || routes === null) return null
  const word = splitSessionId(given, session).route ?? ''
  return { word, isKnown: routes.has(word) }
}

/** The id of the session as the application has it, where it tells; else as the client has it. */
const sessionOf = (
  { answer }: Exchange,
  byCookie: string | null,
  { sessionBy, hasChangingIds }: Identity,
): string | null => {
  if (hasChangingIds) return null
  return sessionBy === null || answer === null ? byCookie : readMark(sessionBy, answer)
}

/** What a request and its answer tell. */
export const observe = (exchange: Exchange, identity: Identity): Observation => {
  const { client, phase, atMs, tookMs, answer, problem, cookies, urlSession } = exchange
  const { session: form } = identity
  const given = answer === null ? null : givenSession(answer, form)
  const byCookie = given ?? urlSession ?? cookies.get(form.cookie) ?? null
  const session = sessionOf(exchange, byCookie, identity)
  const counted =
    answer === null || identity.count === null ? null : readMark(identity.count, answer)
  return {
    client,
    phase,
    atMs,
    tookMs,
    status: answer?.status ?? null,
    problem,
    server: serverOf(exchange, byCookie, identity),
    session: session === null ? null : splitSessionId(session, form).id,
    route: routeOf(given, identity),
    count: countOf(counted),
  }
}
