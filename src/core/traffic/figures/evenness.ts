/** The servers for new clients, with their weights. */
export type ServerWeights = ReadonlyMap<string, number>

const sum = (numbers: Iterable<number>): number => {
  let total = 0
  for (const number of numbers) total += number
  return total
}

const descending = (numbers: Iterable<number>): readonly number[] =>
  [...numbers].sort((a, b) => b - a)

/**
 * Pairs of the number of clients and the weight of a server. If responses have only unknown names (a
 * hashed cookie), the server with the most clients is paired with the largest weight.
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
 * How close the distribution is to the weights: 1 if each server has its share, 0 if all clients are on
 * the server with the lowest weight. It is 1 - D / max D, where D is the share of clients in excess
 * (total variation distance).
 * @param counts clients of each server.
 * @param expected null: the servers that were seen, with equal weights; unknown for a single server.
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
  const excess = sum(
    shares.map(([count, weight]) => Math.max(0, count / clients - weight / weights)),
  )
  const positive = shares.map(([, weight]) => weight / weights).filter((share) => share > 0)
  const least = positive.reduce((smallest, share) => Math.min(smallest, share), 1)
  // With a single expected server, all other clients are in excess.
  const worst = shares.some(([, weight]) => weight === 0) ? 1 : 1 - least
  return worst === 0 ? 1 : Math.max(0, 1 - excess / worst)
}
