import type { Disk } from '../ports/build.ts'

/**
 * A JSON file that a run left in the cache; null where there is none, or a damaged one: the cache
 * saves time, and what cannot be read in it is made again.
 */
export const readRecord = async (path: string, disk: Disk): Promise<unknown> => {
  const bytes = await disk.readIfThere(path)
  if (bytes === null) return null
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}
