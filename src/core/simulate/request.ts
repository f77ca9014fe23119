import { parseIp } from '../model/ip.ts'

/** An address, parsed once for all requests of a client. */
export interface ClientAddress {
  readonly text: string
  /** 4 or 16 bytes; empty for a Unix socket. */
  readonly bytes: Uint8Array
}

/** Any text that is not an address counts as a client on a Unix socket. */
export const clientAddress = (text: string): ClientAddress => ({
  text,
  bytes: Uint8Array.from(parseIp(text)?.toByteArray() ?? []),
})

/** What a proxy can see of a request. */
export interface Request {
  /** Of the client as the proxy knows it: behind another proxy, what `clientAddress` made of it. */
  readonly address: ClientAddress
  /** The names and values of the header, in its order; a browser may send a name twice. */
  readonly cookies: readonly Cookie[]
  /** Path and query as the client sent them. */
  readonly uri: string
  /** Seconds; any origin. nginx compares whole seconds. */
  readonly time: number
  /** What else tells clients apart, such as a user agent; absent: only the address does. */
  readonly client?: string
}

export interface Cookie {
  readonly name: string
  readonly value: string
}

/** The value of the first cookie with the name, null: there is none. */
export const cookieValue = (
  cookies: readonly Cookie[],
  name: string,
  hasSameName: (name: string, other: string) => boolean = (one, other) => one === other,
): string | null => cookies.find((cookie) => hasSameName(cookie.name, name))?.value ?? null

/** nginx compares names of cookies without regard to case. */
export const ignoringCase = (one: string, other: string): boolean =>
  one.length === other.length && one.toLowerCase() === other.toLowerCase()

/** The key of a hash; null: the request has none. */
export type HashKey = (request: Request) => string | Uint8Array | null
