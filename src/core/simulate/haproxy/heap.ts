/** A binary heap: the least number first. */
export type Heap = number[]

export const push = (heap: Heap, number: number): void => {
  let place = heap.length
  while (place > 0) {
    const parent = (place - 1) >> 1
    const above = heap[parent] ?? 0
    if (above <= number) break
    heap[place] = above
    place = parent
  }
  heap[place] = number
}

/** Takes the least number; undefined: there is none. */
export const pop = (heap: Heap): number | undefined => {
  const least = heap[0]
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return least
  let place = 0
  for (;;) {
    let child = 2 * place + 1
    if (child >= heap.length) break
    if ((heap[child + 1] ?? Number.POSITIVE_INFINITY) < (heap[child] ?? 0)) child += 1
    const below = heap[child] ?? 0
    if (below >= last) break
    heap[place] = below
    place = child
  }
  heap[place] = last
  return least
}
