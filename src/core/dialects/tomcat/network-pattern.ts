import { groupsOf, isIpv4Network, type Network } from '../../model/network.ts'

const anyOf = (alternatives: readonly string[]): string =>
  alternatives.length === 1 ? alternatives.join('') : `(?:${alternatives.join('|')})`

/** The decimal numbers from `low` to `high`: 16 to 31 is `1[6-9]|2[0-9]|3[0-1]`. */
const decimalRange = (low: number, high: number): string => {
  const alternatives: string[] = []
  for (let ten = Math.floor(low / 10); ten * 10 <= high; ten += 1) {
    const [from, to] = [Math.max(low, ten * 10) % 10, Math.min(high, ten * 10 + 9) % 10]
    alternatives.push(`${ten === 0 ? '' : ten}${from === to ? from : `[${from}-${to}]`}`)
  }
  return anyOf(alternatives)
}

const ipv4Pattern = (network: Network): string =>
  groupsOf(network)
    .map((group, index) => {
      const free = Math.min(8, Math.max(0, (index + 1) * 8 - network.prefix))
      if (free === 8) return String.raw`\d{1,3}`
      return free === 0 ? String(group) : decimalRange(group, group + 2 ** free - 1)
    })
    .join(String.raw`\.`)

const hexDigits = (low: number, high: number): string => {
  if (low === high) return low.toString(16)
  const parts = [
    low <= 9 ? `${low}-${Math.min(high, 9)}` : '',
    high >= 10 ? `${Math.max(low, 10).toString(16)}-${high.toString(16)}` : '',
  ]
  return `[${parts.join('')}]`
}

/** The hexadecimal numbers of a 16-bit group with `free` variable bits at its end, without leading zeros. */
const hexGroup = (group: number, free: number): string => {
  const [whole, rest] = [Math.floor(free / 4), 2 ** (free % 4)]
  const tail = whole === 0 ? '' : `[0-9a-f]{${whole}}`
  const top = Math.floor(group / 16 ** whole)
  if (group > 0) {
    const fixed = Math.floor(top / 16)
    const digit = hexDigits(top % 16, (top % 16) + rest - 1)
    return `${fixed === 0 ? '' : fixed.toString(16)}${digit}${tail}`
  }
  const shorter = whole === 0 ? [] : [`[0-9a-f]{1,${whole}}`]
  const longer = rest === 1 ? [] : [`${hexDigits(whole === 0 ? 0 : 1, rest - 1)}${tail}`]
  return anyOf([...shorter, ...longer])
}

/** Runs of two or more zero groups among the fixed groups, which may be written as `::`. */
const zeroRuns = (fixed: readonly number[]): readonly (readonly [start: number, end: number])[] => {
  const runs: [number, number][] = []
  for (let start = 0; start < fixed.length; start += 1) {
    if (fixed[start] !== 0) continue
    let end = start
    while (fixed[end] === 0) end += 1
    if (end - start > 1) runs.push([start, end])
    start = end
  }
  return runs
}

const anyGroup = '[0-9a-f]{1,4}'

/** Up to `count` groups after a `::`. */
const upTo = (count: number): string =>
  count === 0 ? '' : `(?:${anyGroup}(?::${anyGroup}){0,${count - 1}})?`

/** The index of the zero groups at the end. */
const trailingZeros = (groups: readonly number[]): number =>
  groups.findLastIndex((group) => group !== 0) + 1

const ipv6Pattern = (network: Network): readonly string[] => {
  const { prefix } = network
  const groups = groupsOf(network)
  const whole = Math.floor(prefix / 16)
  const fixed = groups.slice(0, whole)
  const text = fixed.map((group) => group.toString(16))
  const partial =
    whole < 8 && prefix % 16 > 0 ? hexGroup(groups[whole] ?? 0, 16 - (prefix % 16)) : null
  const known = partial === null ? text : [...text, partial]
  const free = 8 - known.length
  // The rest of the address can have any form, also with a zone id.
  const full = free === 0 ? known.join(':') : [...known, '[0-9a-zA-Z:.%_-]*'].join(':')
  const inside = zeroRuns(fixed)
    .filter(([, end]) => end < known.length)
    .map(([start, end]) => {
      const [before, after] = [text.slice(0, start).join(':'), known.slice(end).join(':')]
      return `${before}::${after}${free === 0 ? '' : `(?::${anyGroup}){${free}}`}`
    })
  // Zeros at the end of the fixed groups and those that follow are one run.
  const isOpen = (partial === null ? fixed.at(-1) : groups[whole]) === 0
  const before = text.slice(0, trailingZeros(fixed)).join(':')
  return [full, ...inside, ...(isOpen ? [`${before}::${upTo(free)}`] : [])]
}

/**
 * A Java regular expression for the addresses of networks, for RemoteIpValve. IPv6 addresses are in
 * full (as Java formats a peer address) or shortened by RFC 5952 (as in headers of proxies).
 */
export const networksPattern = (networks: readonly Network[]): string =>
  networks
    .flatMap((network) => (isIpv4Network(network) ? [ipv4Pattern(network)] : ipv6Pattern(network)))
    .join('|')
