import type { ParameterRules } from '../../../config/edit/parameters.ts'
import { quote } from '../quote.ts'

const units: Readonly<Record<string, number>> = {
  '': 1000,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Milliseconds of a time such as `10`, `10s` or `1h30m`; null: it is none. */
const millisecondsOf = (text: string): number | null => {
  if (!/^(?:\d+(?:ms|[smhdw]?) *)+$/.test(text)) return null
  return [...text.matchAll(/(\d+)(ms|[smhdw]?)/g)].reduce(
    (sum, [, number = '0', unit = '']) => sum + Number(number) * (units[unit] ?? 0),
    0,
  )
}

const valueIn = (word: string): string => word.slice(word.indexOf('=') + 1)

/** What nginx uses where a parameter is left out. */
const defaults: ReadonlySet<string> = new Set(['weight=1', 'max_conns=0', 'path=/', 'timeout=10m'])

const isSameValue = (written: string, wanted: string, key: string): boolean => {
  if (written === wanted) return true
  const [one, other] = [valueIn(written), valueIn(wanted)]
  // The name of a zone is chosen by sessctl.
  if (key === 'zone') return one.slice(one.lastIndexOf(':')) === other.slice(other.lastIndexOf(':'))
  const time = millisecondsOf(one)
  return (
    /^(?:fail_timeout|expires|timeout)$/.test(key) &&
    time !== null &&
    time === millisecondsOf(other)
  )
}

const rules = (
  keyOf: ParameterRules['keyOf'],
  isOwned: ParameterRules['isOwned'],
): ParameterRules => ({
  lengthAt: () => 1,
  keyOf,
  isOwned,
  isSame: (written, wanted, key) => {
    if (written === null || wanted === null) return defaults.has(written ?? wanted ?? '')
    return isSameValue(written, wanted, key)
  },
  quote,
})

const nameOf = (word: string): string =>
  word.includes('=') ? word.slice(0, word.indexOf('=')) : word

/** The route of a server: the parameter has another name in each implementation. */
export const isRoute = (word: string): boolean => /^(?:srun_id|route|sid)=/.test(word)

const states = new Set(['backup', 'down', 'drain'])

/**
 * Parameters of `server`. Those that the spec can leave out (`max_fails`, `fail_timeout`, `max_conns`)
 * and those that it does not have (`slow_start`, `resolve`) are kept.
 */
export const serverRules = rules(nameOf, (key) =>
  ['weight', 'srun_id', 'route', 'sid', ...states].includes(key),
)

/** `sticky` and `session_sticky`: attributes of the cookie that the spec does not have are kept. */
export const cookieRules = rules(
  (word) => (/^(?:create|lookup)=/.test(word) ? word : nameOf(word)),
  (key) => /^(?:create=.*|lookup=.*|domain|secure|httponly|samesite|expires)$/.test(key),
)

/** Words that follow each other in one order, such as the variables of `sticky route`. */
export const flagRules = rules(
  (word) => word,
  (word) => !/^two$|^least_(?:conn|time)/.test(word),
)
