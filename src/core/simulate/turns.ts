/**
 * Smooth weighted round robin, as nginx and httpd compute it: each round adds its weight to every server,
 * and takes the sum of all weights from the server that then has the most. Here a round takes a time that
 * grows with the logarithm of the number of servers, not with the number, and chooses the same server.
 */
export interface Turns {
  readonly weights: Float64Array
  readonly total: number
  /** Rounds so far: each has added its weight to every server. */
  rounds: number
  /** What each server has without what the rounds added. */
  readonly values: Float64Array
  /** Servers of one weight: among them, what the rounds add makes no difference. */
  readonly heaps: readonly Heap[]
  /** The heap of each server. */
  readonly heapOf: Uint32Array
  /** The place of each server in its heap. */
  readonly places: Uint32Array
}

/** The server with the most first; of equals, the first of the list. */
interface Heap {
  readonly weight: number
  readonly items: Uint32Array
}

const comesBefore = ({ values }: Turns, one: number, other: number): boolean => {
  const difference = (values[one] ?? 0) - (values[other] ?? 0)
  return difference > 0 || (difference === 0 && one < other)
}

const put = ({ places }: Turns, { items }: Heap, item: number, place: number): void => {
  items[place] = item
  places[item] = place
}

const sinks = (turns: Turns, heap: Heap, item: number): void => {
  const { items } = heap
  let place = turns.places[item] ?? 0
  for (;;) {
    let child = 2 * place + 1
    if (child >= items.length) break
    const right = child + 1
    if (right < items.length && comesBefore(turns, items[right] ?? 0, items[child] ?? 0))
      child = right
    const below = items[child] ?? 0
    if (!comesBefore(turns, below, item)) break
    put(turns, heap, below, place)
    place = child
  }
  put(turns, heap, item, place)
}

/** @param currents what each server has at the start. */
export const turnsOf = (weights: readonly number[], currents: readonly number[]): Turns => {
  const byWeight = new Map<number, number[]>()
  for (const [item, weight] of weights.entries()) {
    const same = byWeight.get(weight)
    if (same === undefined) byWeight.set(weight, [item])
    else same.push(item)
  }
  const heapOf = new Uint32Array(weights.length)
  const places = new Uint32Array(weights.length)
  const values = Float64Array.from(currents)
  const heaps = [...byWeight].map(([weight, items], index): Heap => {
    items.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b)
    for (const [place, item] of items.entries()) {
      heapOf[item] = index
      places[item] = place
    }
    // A sorted list is a heap.
    return { weight, items: Uint32Array.from(items) }
  })
  return {
    weights: Float64Array.from(weights),
    total: weights.reduce((sum, weight) => sum + weight, 0),
    rounds: 0,
    values,
    heaps,
    heapOf,
    places,
  }
}

/** What a server has now. */
export const currentOf = ({ values, weights, rounds }: Turns, item: number): number =>
  (values[item] ?? 0) + rounds * (weights[item] ?? 0)

/** A round for a server that is chosen in another way; it may cost more than what these servers get. */
export const takeTurn = (turns: Turns, item: number, cost = turns.total): void => {
  turns.rounds += 1
  turns.values[item] = (turns.values[item] ?? 0) - cost
  const heap = turns.heaps[turns.heapOf[item] ?? 0]
  if (heap !== undefined) sinks(turns, heap, item)
}

/** A round for a server that is not among these. */
export const passTurn = (turns: Turns): void => {
  turns.rounds += 1
}

/** The server of the next round; -1: there are no servers. */
export const nextTurn = (turns: Turns): number => {
  let best = -1
  let most = Number.NEGATIVE_INFINITY
  for (const { weight, items } of turns.heaps) {
    const [item = -1] = items
    const current = (turns.values[item] ?? 0) + (turns.rounds + 1) * weight
    if (current < most || (current === most && item > best)) continue
    best = item
    most = current
  }
  if (best !== -1) takeTurn(turns, best)
  return best
}
