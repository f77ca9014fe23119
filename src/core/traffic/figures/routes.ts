import type { Observation } from '../exchange.ts'

/** Sessions that were given with the route of a server, of all that were given. */
export const routedShare = (served: readonly Observation[]): number | null => {
  const given = served.flatMap(({ route }) => route ?? [])
  return given.length === 0 ? null : given.filter(({ isKnown }) => isKnown).length / given.length
}

export const unknownRoutes = (served: readonly Observation[]): readonly string[] =>
  [
    ...new Set(
      served.flatMap(({ route }) => (route === null || route.isKnown ? [] : [route.value])),
    ),
  ].sort()
