import { setCookiePair } from './cookies.ts'
import type { HttpResponse } from './exchange.ts'

/** A regular expression, perhaps one with a limit of time. */
export interface Pattern {
  readonly exec: (text: string) => RegExpExecArray | null
  readonly toString: () => string
}

/** Where in an answer a word stands. */
export type ResponseField =
  | { readonly kind: 'header'; readonly name: string }
  /** The cookie that the answer sets. */
  | { readonly kind: 'cookie'; readonly name: string }
  /** A member of a JSON object, wherever in the body. */
  | { readonly kind: 'json'; readonly name: string }
  /** The first group, or all that matches. */
  | { readonly kind: 'body'; readonly pattern: Pattern }

/** The session id of an application, and where its route is. */
export interface SessionId {
  readonly cookie: string
  /** The parameter in URLs, as in `;jsessionid=…`. */
  readonly url: string
  /** `suffix`: what follows the last dot; `prefix`: what comes before the first one. */
  readonly route: 'suffix' | 'prefix' | 'none'
}

/** How the server and the session of an answer are known. */
export interface Identification {
  /** null: by the route in the session id. */
  readonly server: ResponseField | null
  readonly session: SessionId
  /** Where the application itself tells the id of its session; null: its cookie is all that tells. */
  readonly sessionBy: ResponseField | null
  /** Each answer gives another id to the same session: ids tell nothing. */
  readonly hasChangingIds: boolean
  /** The application's count of the session's requests; null: it tells none. */
  readonly count: ResponseField | null
  /**
   * An answer that sets no cookie came from the server that the client's cookie names. Not so where
   * servers share their sessions, for any of them then takes any session as it is.
   */
  readonly cookieNamesServer: boolean
  /** What a server may be called in answers (its route, its address) → its name. */
  readonly serverNames: ReadonlyMap<string, string>
  /** Those that session ids may end with; null: nobody said, or it does not matter. */
  readonly routes: ReadonlySet<string> | null
}

const setCookieOf = ({ headers }: HttpResponse, wanted: string): string | null => {
  const values = (headers.get('set-cookie') ?? [])
    .map(setCookiePair)
    .filter(([name, value]) => name === wanted && value !== '')
  return values.at(-1)?.[1] ?? null
}

/** The text of a JSON string as it stands in the body; numbers and words as they are. */
const jsonMember = (body: string, name: string): string | null => {
  const quoted = JSON.stringify(name).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const found = new RegExp(`${quoted}\\s*:\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([-\\w.]+))`).exec(body)
  const [, text, word] = found ?? []
  return text ?? (word === 'null' ? null : (word ?? null))
}

const nonEmpty = (text: string | null | undefined): string | null =>
  text === null || text === undefined || text === '' ? null : text

export const readField = (mark: ResponseField, answer: HttpResponse): string | null => {
  switch (mark.kind) {
    case 'header':
      return nonEmpty(answer.headers.get(mark.name.toLowerCase())?.at(-1))
    case 'cookie':
      return setCookieOf(answer, mark.name)
    case 'json':
      return nonEmpty(jsonMember(answer.body, mark.name))
    case 'body': {
      const found = mark.pattern.exec(answer.body)
      return nonEmpty(found?.[1] ?? found?.[0])
    }
  }
}

/** The session id that an answer gives the client. */
export const assignedSession = (answer: HttpResponse, session: SessionId): string | null =>
  setCookieOf(answer, session.cookie)

export interface SplitId {
  readonly id: string
  readonly route: string | null
}

/** A session id without its route, and the route. */
export const splitSessionId = (text: string, { route }: SessionId): SplitId => {
  const dot = route === 'suffix' ? text.lastIndexOf('.') : text.indexOf('.')
  if (route === 'none' || dot < 0) return { id: text, route: null }
  const [before, after] = [text.slice(0, dot), text.slice(dot + 1)]
  return route === 'suffix'
    ? { id: before, route: nonEmpty(after) }
    : { id: after, route: nonEmpty(before) }
}
