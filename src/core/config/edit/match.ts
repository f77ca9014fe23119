/** Whether an existing thing is a wanted one. */
export type IsSame<Existing, Wanted> = (existing: Existing, wanted: Wanted) => boolean

/**
 * Finds the existing thing that becomes each wanted one: with the first of the rules for all of them,
 * then with the next one for those that are left.
 */
export const matchInTurns = <Existing, Wanted>(
  existing: readonly Existing[],
  wanted: readonly Wanted[],
  rules: readonly IsSame<Existing, Wanted>[],
): ReadonlyMap<Wanted, Existing> => {
  const left = new Set(existing)
  const matches = new Map<Wanted, Existing>()
  for (const isSame of rules)
    for (const one of wanted) {
      if (matches.has(one)) continue
      const found = [...left].find((each) => isSame(each, one))
      if (found === undefined) continue
      left.delete(found)
      matches.set(one, found)
    }
  return matches
}
