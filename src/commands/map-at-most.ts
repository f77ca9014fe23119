import pMap, { pMapSkip } from 'p-map'

/**
 * Works on so many items at a time; the results are in the order of the items. After a failure nothing
 * new is begun and what is under way is waited for, because p-map alone would leave it running. Of
 * several failures the one of the first item is thrown.
 */
export const mapAtMost = async <Item, Result>(
  most: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const failures = new Map<number, unknown>()
  const attempt = async (item: Item, index: number): Promise<Result | typeof pMapSkip> => {
    if (failures.size > 0) return pMapSkip
    try {
      return await work(item)
    } catch (error) {
      failures.set(index, error)
      return pMapSkip
    }
  }
  const results = await pMap(items, attempt, { concurrency: Math.max(1, most) })
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()))
  return results
}
