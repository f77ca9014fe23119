import type { Cookie } from './request.ts'

/** The id of a session: when it began, and its number among those that began then. */
export interface SessionId {
  /** Seconds. */
  readonly time: number
  readonly number: number
  readonly text: string
}

const textOf = (time: number, number: number): string => `s${time}x${number}`

export const sessionId = (time: number, number: number): SessionId => ({
  time,
  number,
  text: textOf(time, number),
})

/** A cookie without the session id in its value. */
interface Pattern {
  readonly name: string
  readonly before: string
  /** null: the value has no session id. */
  readonly after: string | null
}

/** The patterns of a client's cookies, in their order. */
interface Form {
  readonly patterns: readonly Pattern[]
  /** The cookies, if none has a session id. */
  readonly cookies: readonly Cookie[] | null
}

/** All forms so far, each once. */
interface Forms {
  readonly list: Form[]
  readonly numbers: Map<string, number>
}

/**
 * The cookies of many clients. Those of the clients of one server differ in the session id only, so that
 * three numbers say which cookies a client has. Objects for each client would be far apart in memory, and
 * reading them would take longer than the selection of a server.
 */
export interface Jars {
  readonly forms: Forms
  /** Of each client: the number of its form, and the id of its session. */
  readonly formOf: Uint32Array
  readonly times: Uint32Array
  readonly numbers: Uint32Array
}

/** The value is written when it is asked for. */
class SessionCookie implements Cookie {
  readonly name: string
  readonly #pattern: Pattern
  readonly #time: number
  readonly #number: number

  constructor(pattern: Pattern, time: number, number: number) {
    this.name = pattern.name
    this.#pattern = pattern
    this.#time = time
    this.#number = number
  }

  get value(): string {
    const { before, after } = this.#pattern
    return before + textOf(this.#time, this.#number) + after
  }
}

const plainCookie = ({ name, before }: Pattern): Cookie => ({ name, value: before })

const noForm: Form = { patterns: [], cookies: [] }

export const emptyJars = (clients: number): Jars => ({
  forms: { list: [noForm], numbers: new Map([['[]', 0]]) },
  formOf: new Uint32Array(clients),
  times: new Uint32Array(clients),
  numbers: new Uint32Array(clients),
})

/** The same cookies; what is put into one of the two is not in the other. */
export const copyOfJars = ({ forms, formOf, times, numbers }: Jars): Jars => ({
  forms,
  formOf: formOf.slice(),
  times: times.slice(),
  numbers: numbers.slice(),
})

export const cookiesIn = (
  { forms, formOf, times, numbers }: Jars,
  client: number,
): readonly Cookie[] => {
  const { cookies, patterns } = forms.list[formOf[client] ?? 0] ?? noForm
  if (cookies !== null) return cookies
  return patterns.map((pattern) =>
    pattern.after === null
      ? plainCookie(pattern)
      : new SessionCookie(pattern, times[client] ?? 0, numbers[client] ?? 0),
  )
}

const patternOf = ({ name, value }: Cookie, id: string | null): Pattern => {
  const at = id === null ? -1 : value.indexOf(id)
  return id === null || at === -1
    ? { name, before: value, after: null }
    : { name, before: value.slice(0, at), after: value.slice(at + id.length) }
}

/** The same value, whatever the session of the client. */
const plainPattern = (pattern: Pattern, time: number, number: number): Pattern => {
  const { name, before, after } = pattern
  return after === null
    ? pattern
    : { name, before: before + textOf(time, number) + after, after: null }
}

/** No cookie has these characters. */
const [betweenParts, betweenPatterns] = ['\0', '\n']

const keyOf = (patterns: readonly Pattern[]): string => {
  let key = ''
  for (const { name, before, after } of patterns)
    key += `${name}${betweenParts}${before}${betweenParts}${after}${betweenPatterns}`
  return key
}

const numberOf = ({ list, numbers }: Forms, patterns: readonly Pattern[]): number => {
  const key = keyOf(patterns)
  const known = numbers.get(key)
  if (known !== undefined) return known
  const hasSession = patterns.some(({ after }) => after !== null)
  list.push({ patterns, cookies: hasSession ? null : patterns.map(plainCookie) })
  numbers.set(key, list.length - 1)
  return list.length - 1
}

/** The last cookies of the client are these already. */
const endsWith = ({ patterns }: Form, set: readonly Cookie[]): boolean =>
  set.every(({ name, value }, index) => {
    const pattern = patterns[patterns.length - set.length + index]
    return pattern?.name === name && pattern.before === value && pattern.after === null
  })

/** The cookies of a browser after a response; `begun`: the response begins this session. */
export const putCookies = (
  jars: Jars,
  client: number,
  set: readonly Cookie[],
  begun: SessionId | null,
): void => {
  const { forms, formOf, times, numbers } = jars
  const form = forms.list[formOf[client] ?? 0] ?? noForm
  if (begun === null && endsWith(form, set)) return
  const others = form.patterns.filter(({ name }) => !set.some((each) => each.name === name))
  // A cookie that is kept while another session begins keeps the id of its own.
  const kept =
    begun === null
      ? others
      : others.map((pattern) => plainPattern(pattern, times[client] ?? 0, numbers[client] ?? 0))
  const id = begun?.text ?? null
  formOf[client] = numberOf(forms, [...kept, ...set.map((cookie) => patternOf(cookie, id))])
  if (begun === null) return
  times[client] = begun.time
  numbers[client] = begun.number
}
