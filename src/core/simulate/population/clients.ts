import { parseIp } from '../../model/ip.ts'
import type { ClientAddress } from '../request.ts'

/** A person with a browser, or a program. */
export interface Client {
  /** Different for each. */
  readonly name: string
  /** Of its first requests, and of those after a change: privacy addresses of IPv6 differ. */
  readonly address: ClientAddress
  readonly later: ClientAddress
  /** Whose connection the proxy sees: of a CDN; else the same as `address` and `later`. */
  readonly peer: ClientAddress | null
  readonly keepsCookies: boolean
  /** How many pages it opens at once before it has a cookie. */
  readonly tabs: number
}

export interface Habits {
  /** The share of clients that send no cookies back, from 0 to 1. */
  readonly withoutCookies: number
  readonly tabs: number
}

export const usualHabits: Habits = { withoutCookies: 0, tabs: 1 }

export const ipv4 = (bytes: Uint8Array): ClientAddress => ({ text: bytes.join('.'), bytes })

const shortened = (groups: readonly string[]): string => {
  const text = groups.join(':')
  if (!/(?:^|:)0:0(?::|$)/.test(text)) return text
  return parseIp(text)?.toString() ?? text
}

/** As nginx writes it: without leading zeros, and the longest run of zeros left out. */
export const ipv6 = (bytes: Uint8Array): ClientAddress => {
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  )
  return { text: shortened(groups), bytes }
}
