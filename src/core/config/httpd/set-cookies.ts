import { allStatements, type HttpdStatement } from './statements.ts'

/** A `Header` directive that adds a cookie to answers: `Header add Set-Cookie "ROUTEID=…; path=/"`. */
export interface SetCookie {
  readonly name: string
  readonly value: string
  readonly statement: HttpdStatement
  /** The index of the value among the arguments. */
  readonly argument: number
  /** Whether its value is the route of the server that a balancer chose. */
  readonly isRoute: boolean
  /** The balancer that its condition names, in lower case; null: it names none. */
  readonly balancer: string | null
}

const nameOf = (value: string): string | null => /^([^=;\s]+)=/.exec(value)?.[1] ?? null

/** The cookies that a configuration sets, in the order of their directives. */
export const setCookies = (statements: readonly HttpdStatement[]): readonly SetCookie[] =>
  allStatements(statements).flatMap((statement) => {
    const { args, name: directive } = statement
    if (directive !== 'header') return []
    const header = args.findIndex((word) => /^set-cookie$/i.test(word))
    const value = args[header + 1] ?? ''
    const name = nameOf(value)
    if (header === -1 || name === null) return []
    const condition = args.slice(header + 2).find((word) => word.startsWith('expr=')) ?? ''
    return [
      {
        ...{ name, value, statement, argument: header + 1 },
        isRoute: /^[^=;\s]+=\S*BALANCER_/.test(value),
        balancer: /'(balancer:\/\/[^']*)'/i.exec(condition)?.[1]?.toLowerCase() ?? null,
      },
    ]
  })

/** The attributes of a cookie as they are written, by their names in lower case. */
export const cookieAttributes = (value: string): ReadonlyMap<string, string> =>
  new Map(
    value
      .split(';')
      .slice(1)
      .map((word) => word.trim())
      .filter((word) => word !== '')
      .map((word) => [word.split('=', 1)[0]?.trim().toLowerCase() ?? '', word]),
  )

/** The value of an attribute; empty for one without a value, such as `Secure`. */
export const attributeValue = (written: string): string =>
  written.includes('=') ? written.slice(written.indexOf('=') + 1).trim() : ''
