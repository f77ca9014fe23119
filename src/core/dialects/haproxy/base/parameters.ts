import type { ParameterRules } from '../../../config/edit/parameters.ts'
import { haproxyWord } from '../quote.ts'

const units: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Milliseconds of a time such as `5000`, `10s` or `1h30m`; null: it is none. @param plain the unit of a number alone. */
export const millisecondsOf = (text: string, plain: 's' | 'ms' = 'ms'): number | null => {
  if (!/^(?:\d+(?:us|ms|[smhd])?)+$/.test(text)) return null
  return [...text.matchAll(/(\d+)(us|ms|[smhd])?/g)].reduce(
    (sum, [, number = '0', unit = plain]) => sum + Number(number) * (units[unit] ?? 0),
    0,
  )
}

const sizes: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }

const sizeOf = (text: string): number | null => {
  const [, number, unit = ''] = /^(\d+)([kmg]?)$/.exec(text.toLowerCase()) ?? []
  return number === undefined ? null : Number(number) * (sizes[unit] ?? 1)
}

const valueIn = (parameter: string): string => parameter.slice(parameter.indexOf(' ') + 1)

const isSameTime = (one: string, other: string, plain: 's' | 'ms' = 'ms'): boolean => {
  const time = millisecondsOf(valueIn(one), plain)
  return time !== null && time === millisecondsOf(valueIn(other), plain)
}

/** Parameters of `server` that are one word (manual of HAProxy 3.2, section 5.2). All others have a value. */
const serverFlags =
  /^(?:agent-check|allow-0rtt|backup|check|check-reuse-pool|check-send-proxy|check-ssl|check-via-socks4|disabled|enabled|force-(?:sslv3|tlsv1[0-3])|no-[\w-]+|non-stick|renegotiate|send-proxy|send-proxy-v2(?:-ssl|-ssl-cn)?|ssl|ssl-reuse|stick|strict-maxconn|tfo|tls-tickets)$/

/** The opposites of flags have one name with them: `no-check` replaces `check`. */
const serverKey = (parameter: string): string => {
  const [name = ''] = parameter.split(' ', 1)
  return name === 'enabled' ? 'disabled' : name.replace(/^no-/, '')
}

/** What HAProxy uses where a parameter is left out. */
const serverDefaults: ReadonlySet<string> = new Set([
  ...['weight 1', 'maxconn 0', 'minconn 0', 'rise 2', 'fall 3', 'inter 2s', 'enabled'],
  ...['no-check', 'no-backup', 'no-ssl', 'init-addr last,libc,none'],
])

const serverTimes = /^(?:inter|fastinter|downinter)$/

/** Chosen by sessctl: the file may have others. */
const named = /^(?:resolvers|init-addr|hash-key)$/

/**
 * Parameters of `server`. Those that the spec can leave out (`check`, `maxconn`, `ssl`) and those that it
 * does not have (`slowstart`, `send-proxy`) are kept.
 * @param inherited parameters of `default-server`, by their names.
 */
export const serverRules = (inherited: ReadonlyMap<string, string>): ParameterRules => {
  const isSameValue = (written: string, wanted: string, key: string): boolean =>
    written === wanted || named.test(key) || (serverTimes.test(key) && isSameTime(written, wanted))
  return {
    lengthAt: (words, index) => (serverFlags.test(words[index] ?? '') ? 1 : 2),
    keyOf: serverKey,
    isOwned: (key) => /^(?:weight|cookie|backup|disabled)$/.test(key),
    isSame: (written, wanted, key) => {
      const usual = inherited.get(key)
      if (wanted === null)
        return usual === undefined && written !== null && serverDefaults.has(written)
      if (written !== null) return isSameValue(written, wanted, key)
      return usual === undefined ? serverDefaults.has(wanted) : isSameValue(usual, wanted, key)
    },
    quote: haproxyWord,
  }
}

const cookieValues = /^(?:domain|maxidle|maxlife|attr)$/

/**
 * Parameters of `cookie NAME`: `postonly`, `preserve`, `maxlife` and other attributes are kept, and
 * `indirect` and `nocache` are not added, because the application or a cache may rely on it.
 */
export const cookieRules: ParameterRules = {
  lengthAt: (words, index) => (cookieValues.test(words[index] ?? '') ? 2 : 1),
  keyOf: (parameter) => {
    if (/^(?:insert|rewrite|prefix)$/.test(parameter)) return 'mode'
    const [name = '', value = ''] = parameter.split(' ')
    if (name === 'domain') return parameter
    return name === 'attr' ? `attr ${value.split('=', 1)[0]?.toLowerCase()}` : name
  },
  isOwned: (key) =>
    /^(?:mode|indirect|nocache|httponly|secure|dynamic|maxidle|domain .*|attr (?:samesite|max-age|domain|partitioned))$/.test(
      key,
    ),
  isSame: (written, wanted, key) =>
    written === wanted ||
    (written === null && /^(?:indirect|nocache)$/.test(key)) ||
    (key === 'maxidle' && written !== null && wanted !== null && isSameTime(written, wanted, 's')),
  quote: haproxyWord,
}

/** Parameters of `stick-table`: counters (`store`) and the section of peers are those of the file. */
export const tableRules: ParameterRules = {
  lengthAt: (words, index) => {
    if (/^(?:nopurge|recv-only)$/.test(words[index] ?? '')) return 1
    return words[index] === 'type' && words[index + 2] === 'len' ? 4 : 2
  },
  keyOf: (parameter) => parameter.split(' ', 1)[0] ?? '',
  isOwned: (key) => /^(?:type|size|expire|srvkey)$/.test(key),
  isSame: (written, wanted, key) => {
    if (written === null || wanted === null) return written === wanted
    if (key === 'peers') return true
    // Session ids are shorter than the default length of strings, 32, or differ in their first 32 characters.
    if (key === 'type') return written.split(' ')[1] === wanted.split(' ')[1]
    if (key === 'size') return sizeOf(valueIn(written)) === sizeOf(valueIn(wanted))
    return written === wanted || (key === 'expire' && isSameTime(written, wanted))
  },
  quote: haproxyWord,
}
