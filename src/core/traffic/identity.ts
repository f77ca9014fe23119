import { setCookiePair } from './cookies.ts'
import type { HttpResponse } from './exchange.ts'

/** A regular expression, possibly with a time limit. */
export interface Pattern {
  readonly exec: (text: string) => RegExpExecArray | null
  readonly toString: () => string
}

/** A part of a response that has a value. */
export type ResponseField =
  | { readonly kind: 'header'; readonly name: string }
  /** A cookie that the response sets. */
  | { readonly kind: 'cookie'; readonly name: string }
  /** A member of a JSON object anywhere in the body. */
  | { readonly kind: 'json'; readonly name: string }
  /** The first group, or the whole match. */
  | { readonly kind: 'body'; readonly pattern: Pattern }

/** Where an application has its session id, and the route in it. */
export interface SessionId {
  readonly cookie: string
  /** The parameter in URLs, as in `;jsessionid=…`. */
  readonly url: string
  /** `suffix`: after the last dot; `prefix`: before the first dot. */
  readonly route: 'suffix' | 'prefix' | 'none'
}

/** How the server and the session of a response are identified. */
export interface Identification {
  /** null: by the route in the session id. */
  readonly server: ResponseField | null
  readonly session: SessionId
  /** Where the application returns its session id; null: only in its cookie. */
  readonly sessionBy: ResponseField | null
  /** Each response has another id for the same session: ids do not identify sessions. */
  readonly hasChangingIds: boolean
  /** Where the application returns the number of requests of the session; null: nowhere. */
  readonly count: ResponseField | null
  /**
   * Whether a response without a new cookie comes from the server in the client's cookie. This is not
   * the case if servers share sessions, because each of them then accepts each session.
   */
  readonly cookieNamesServer: boolean
  /** Values that identify a server (its route, address or name) → its name. */
  readonly serverNames: ReadonlyMap<string, string>
  /** The valid routes; null: unknown or irrelevant. */
  readonly routes: ReadonlySet<string> | null
}

const setCookieOf = ({ headers }: HttpResponse, wanted: string): string | null => {
  const values = (headers.get('set-cookie') ?? [])
    .map(setCookiePair)
    .filter(([name, value]) => name === wanted && value !== '')
  return values.at(-1)?.[1] ?? null
}

/** A string, number or literal, without decoding escapes. */
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

/** The new session id in a response. */
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

/** Reads `header:X-Server`, `cookie:SRV`, `json:name` or `body:served by (\w+)`; returns a message if it cannot. */
export const parseField = (text: string): ResponseField | string => {
  const [, kind = '', what = ''] = /^([a-z]+):(.+)$/s.exec(text) ?? []
  switch (kind) {
    case 'header':
    case 'cookie':
      return /^[!#$%&'*+.^_`|~\w-]+$/.test(what)
        ? { kind, name: what }
        : `"${what}" is not the name of a ${kind}`
    case 'json':
      return { kind, name: what }
    case 'body':
      try {
        return { kind, pattern: new RegExp(what, 'u') }
      } catch {
        return `"${what}" is not a regular expression`
      }
    default:
      return `"${text}" is not a part of a response`
  }
}

/** For a note in the report. */
export const describeField = (mark: ResponseField): string => {
  switch (mark.kind) {
    case 'header':
      return `the header ${mark.name}`
    case 'cookie':
      return `the cookie ${mark.name}`
    case 'json':
      return `"${mark.name}" in the body`
    case 'body':
      return `${mark.pattern} in the body`
  }
}
