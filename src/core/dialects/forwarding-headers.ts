import type { Frontend } from '../model/cluster.ts'
import { regexText } from './regular-expressions.ts'

/*
 * One grammar of a hop, the element of a header such as X-Forwarded-For, for every dialect: an IPv4 or
 * IPv6 address, optionally in brackets, optionally with a port. Anything else ends the chain, as in
 * nginx. The expressions use no look-ahead and no non-capturing groups, which not every library has.
 */

/** 1 to 65535. */
const port =
  ':0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])'

/** `[2001:db8::7]:51234`, `[2001:db8::7]`; the address is the group. */
export const bracketedHop = `\\[([0-9A-Fa-f:.]+)\\](${port})?`

/** `203.0.113.7:51234`; the address is the group. */
export const hopWithPort = `([0-9.]+)${port}`

/** An IPv4 address followed by other text, of which some servers read the beginning only. */
export const malformedHop = '[0-9]+\\.[0-9.]*[ \\t]*[^0-9., \\t][^,]*'

/** Fewer than four numbers, which some servers read as an address in its historic short form. */
export const shortHop = '[0-9]+(\\.[0-9]+){0,2}\\.?'

/** Sent by a proxy that does not reveal the address (RFC 7239). */
export const unknownHop = 'unknown'

/** Trusted proxies pass these on as the client sent them, so they are always removed. */
export const removedHeaders = ['X-Forwarded-Host', 'X-Forwarded-Prefix', 'Forwarded'] as const

/**
 * The header of `clientAddress`, which is set to the address of the client as well; null where it is one
 * of the usual forwarding headers.
 */
export const additionalHeader = (
  { clientAddress }: Frontend,
  usual: readonly string[],
): string | null => {
  if (clientAddress === null) return null
  const { header } = clientAddress
  return usual.some((name) => name.toLowerCase() === header.toLowerCase()) ? null : header
}

/** Names, in lower case, of the headers that the spec sets: they replace the usual ones. */
export const specifiedHeaders = ({ headers }: Pick<Frontend, 'headers'>): ReadonlySet<string> =>
  new Set(headers.map(({ name }) => name.toLowerCase()))

const separators = ['-', '_', '.']

/** The other separators, as a character class in which `-` is first. */
const othersThan = (own: string): string =>
  `[${separators.filter((separator) => separator !== own).join('')}]`

/**
 * CGI, FastCGI, WSGI and PHP pass headers as variables, in which `-`, `_` and `.` are one character:
 * they read `X_Forwarded_For` of a client as `X-Forwarded-For`.
 * @returns an expression for the names that such an application reads as this header, without the name
 * itself, to be compared regardless of case; null: there are none.
 */
export const headerAliases = (name: string): string | null => {
  const parts = name.split(/([-_.])/)
  const places = parts.flatMap((_, index) => (index % 2 === 1 ? [index] : []))
  const aliases = places.map((place) =>
    parts
      .map((part, index) => {
        if (index % 2 === 0) return regexText(part)
        return index === place ? othersThan(part) : '[-_.]'
      })
      .join(''),
  )
  return aliases.length === 0 ? null : `(${aliases.join('|').toLowerCase()})`
}
