import type { Trial } from '../../core/traffic/evaluate.ts'

/** As many colours as people tell apart, those who see fewer among them; then they come again. */
export const colourCount = 8

/** The class of a server's colour, the same in every plot of a trial. */
export const coloursOf = ({ results }: Trial): ReadonlyMap<string, string> => {
  const names = new Set(
    results.flatMap(({ figures }) => figures?.servers.map(({ name }) => name) ?? []),
  )
  return new Map([...names].sort().map((name, index) => [name, `s${index % colourCount}`]))
}
