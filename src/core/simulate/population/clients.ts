import type { Addresses } from './addresses.ts'

/** Persons with a browser, or programs: what is known of each is at its number. */
export interface Clients {
  readonly count: number
  /** Different for each. */
  readonly nameOf: (client: number) => string
  /** Of their first requests, and of those after a change: privacy addresses of IPv6 differ. */
  readonly addresses: Addresses
  readonly later: Addresses
  /** Whose connections the proxy sees: those of a CDN; null: their own. */
  readonly peers: Addresses | null
  /** 0: the client sends no cookies back. */
  readonly keepsCookies: Uint8Array
  /** How many pages each opens at once before it has a cookie. */
  readonly tabs: number
}

export interface Habits {
  /** The share of clients that send no cookies back, from 0 to 1. */
  readonly withoutCookies: number
  readonly tabs: number
}

export const usualHabits: Habits = { withoutCookies: 0, tabs: 1 }
