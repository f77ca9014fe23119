import type { StickyCookieAffinity } from '../model/affinity.ts'

/** Ten years, as nginx's `expires=max`. */
const longestAge = 315_360_000

export const sameSites = { strict: 'Strict', lax: 'Lax', none: 'None' } as const

/** Whole seconds, at least one; null: the cookie ends with the browser. */
export const maxAgeOf = ({ expires }: StickyCookieAffinity): number | null => {
  if (expires === null) return null
  return expires === 'max' ? longestAge : Math.max(1, Math.ceil(expires.ms / 1000))
}

export const maxAgeAttributes = (affinity: StickyCookieAffinity): readonly string[] => {
  const seconds = maxAgeOf(affinity)
  return seconds === null ? [] : [`Max-Age=${seconds}`]
}

export const sameSiteAttributes = ({ sameSite }: StickyCookieAffinity): readonly string[] =>
  sameSite === null ? [] : [`SameSite=${sameSites[sameSite]}`]
