/** The servers that should take new clients, with their weights. */
export type ServerWeights = ReadonlyMap<string, number>

const sum = (numbers: Iterable<number>): number => {
  let total = 0
  for (const number of numbers) total += number
  return total
}

const descending = (numbers: Iterable<number>): readonly number[] =>
  [...numbers].sort((a, b) => b - a)

/**
 * Pairs of clients seen and weight. Where answers call the servers by names of which we know none
 * (a hashed cookie), the most clients are held to belong to the largest weight.
 */
const paired = (
  counts: ReadonlyMap<string, number>,
  expected: ServerWeights,
): readonly (readonly [count: number, weight: number])[] => {
  const isKnown = [...counts.keys()].some((name) => expected.has(name))
  if (isKnown || counts.size === 0) {
    const names = new Set([...counts.keys(), ...expected.keys()])
    return [...names].map((name) => [counts.get(name) ?? 0, expected.get(name) ?? 0])
  }
  const [seen, weights] = [descending(counts.values()), descending(expected.values())]
  const length = Math.max(seen.length, weights.length)
  return Array.from({ length }, (_, index) => [seen[index] ?? 0, weights[index] ?? 0])
}

/**
 * How near the spread is to the weights: 1 where every server has its share, 0 where all clients are
 * on the one that should have the fewest. It is 1 - D / max D, with D the share of clients that are
 * on a server too many (total variation distance).
 * @param counts clients of each server.
 * @param expected null: the servers seen, all alike. One alone then tells nothing: another may be there.
 */
export const evenness = (
  counts: ReadonlyMap<string, number>,
  expected: ServerWeights | null,
): number | null => {
  const clients = sum(counts.values())
  if (clients === 0 || (expected === null && counts.size === 1)) return null
  const shares = paired(counts, expected ?? new Map([...counts.keys()].map((name) => [name, 1])))
  const weights = sum(shares.map(([, weight]) => weight))
  if (weights === 0) return null
  const tooMany = sum(
    shares.map(([count, weight]) => Math.max(0, count / clients - weight / weights)),
  )
  const positive = shares.map(([, weight]) => weight / weights).filter((share) => share > 0)
  const least = positive.reduce((smallest, share) => Math.min(smallest, share), 1)
  // One server alone has no share to give away; what is elsewhere then is all wrong.
  const worst = shares.some(([, weight]) => weight === 0) ? 1 : 1 - least
  return worst === 0 ? 1 : Math.max(0, 1 - tooMany / worst)
}
