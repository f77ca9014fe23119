import { isLoggedVariable, type LoggedVariable } from './access-log-fields.ts'
import type { Frontend, Header, Location } from './cluster.ts'
import type { RequestText } from './request-text.ts'

/** The headers of a frontend and of all its locations. */
export const allHeaders = ({ headers, locations }: Frontend): readonly Header[] => [
  ...headers,
  ...locations.flatMap((location) => location.headers),
]

/** The headers of requests of a location. */
export const headersOfLocation = ({ headers }: Frontend, location: Location): readonly Header[] => {
  const own = new Set(location.headers.map(({ name }) => name.toLowerCase()))
  return [...headers.filter(({ name }) => !own.has(name.toLowerCase())), ...location.headers]
}

/** The variable of a field of an access log. */
export const loggedText = (name: LoggedVariable): RequestText => [{ kind: 'variable', name }]

/** Every text of a frontend and its locations that can contain variables. */
export const requestTextsOf = (frontend: Frontend): readonly RequestText[] => [
  ...allHeaders(frontend).map(({ text }) => text),
  ...(frontend.accessLog?.fields ?? []).filter(isLoggedVariable).map(loggedText),
]
