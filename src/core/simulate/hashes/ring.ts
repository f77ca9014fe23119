/** Points in 32 bits, each with the number of its owner. */
export interface Ring {
  readonly hashes: Uint32Array
  readonly owners: Uint32Array
}

const ownersAtMost = 2 ** 20

/** Sorted by hash; of equal hashes, by owner. A number holds both, because numbers sort fastest. */
export const ringOf = (points: Iterable<readonly [hash: number, owner: number]>): Ring => {
  const sorted = Float64Array.from(points, ([hash, owner]) => hash * ownersAtMost + owner).sort()
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
