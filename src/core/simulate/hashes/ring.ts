/** Points in 32 bits, each with the number of its owner. */
export interface Ring {
  readonly hashes: Uint32Array
  readonly owners: Uint32Array
}

const ownersAtMost = 2 ** 20

/**
 * Sorted by hash; of equal hashes, by owner. A number holds both, because numbers sort fastest.
 * @param count the number of points.
 * @param points adds each of them.
 */
export const ringOf = (
  count: number,
  points: (add: (hash: number, owner: number) => void) => void,
): Ring => {
  const sorted = new Float64Array(count)
  let next = 0
  points((hash, owner) => {
    sorted[next] = hash * ownersAtMost + owner
    next += 1
  })
  sorted.sort()
  return {
    hashes: Uint32Array.from(sorted, (point) => Math.floor(point / ownersAtMost)),
    owners: Uint32Array.from(sorted, (point) => point % ownersAtMost),
  }
}

/** The index of the first point that is not below the hash; the number of points if all are. */
export const firstFrom = ({ hashes }: Ring, hash: number): number => {
  let low = 0
  let high = hashes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((hashes[middle] ?? 0) < hash) low = middle + 1
    else high = middle
  }
  return low
}
