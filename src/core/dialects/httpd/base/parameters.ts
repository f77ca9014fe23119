import type { ParameterRules } from '../../../config/edit/parameters.ts'
import { httpdWord } from '../quote.ts'

const valueIn = (word: string): string => word.slice(word.indexOf('=') + 1)

const nameOf = (word: string): string => word.split('=', 1)[0]?.toLowerCase() ?? ''

/** What httpd uses where a parameter is left out. */
const defaults: ReadonlySet<string> = new Set([
  ...['loadfactor=1', 'lbmethod=byrequests', 'nofailover=off', 'scolonpathdelim=off'],
  ...['stickysessionsep=.', 'disablereuse=off', 'retry=60'],
])

/** Milliseconds; a number alone counts seconds. */
const timeOf = (text: string): number | null => {
  const [, number, unit = 's'] = /^(\d+)(ms|s|mi?n?|h)?$/i.exec(text) ?? []
  if (number === undefined) return null
  const factor = { ms: 1, s: 1000, h: 3_600_000 }[unit.toLowerCase()] ?? 60_000
  return Number(number) * factor
}

const flagsOf = (status: string): string =>
  [...status.replace(/\+/g, '').toUpperCase()].sort().join('')

const isSameValue = (one: string, other: string, key: string): boolean => {
  if (one === other) return true
  const [a, b] = [valueIn(one), valueIn(other)]
  if (key === 'status') return flagsOf(a) === flagsOf(b)
  if (/^(?:nofailover|scolonpathdelim|disablereuse|lbmethod|hcmethod)$/.test(key))
    return a.toLowerCase() === b.toLowerCase()
  const time = timeOf(a)
  return /^(?:hcinterval|retry|acquire)$/.test(key) && time !== null && time === timeOf(b)
}

const rules = (isOwned: (key: string) => boolean): ParameterRules => ({
  lengthAt: () => 1,
  keyOf: nameOf,
  isOwned,
  isSame: (written, wanted, key) => {
    if (written !== null && wanted !== null) return isSameValue(written, wanted, key)
    const one = written ?? wanted ?? ''
    return defaults.has(`${key}=${valueIn(one).toLowerCase()}`)
  },
  quote: httpdWord,
})

/**
 * Parameters of `BalancerMember`. Those that the spec can leave out (`retry`, `max`, `hc…`) and those that
 * it does not have (`ping`, `timeout`) are kept.
 */
export const memberRules = rules((key) => /^(?:route|loadfactor|status)$/.test(key))

/** Parameters of `ProxySet`, of `<Proxy>` and of `ProxyPass`. */
export const balancerRules = rules((key) =>
  /^(?:stickysession|scolonpathdelim|stickysessionsep|nofailover)$/.test(key),
)

/** Whether a parameter of a balancer is the method, or of the affinity. */
export const isSetting = (name: string): boolean =>
  name === 'lbmethod' || balancerRules.isOwned(name)
