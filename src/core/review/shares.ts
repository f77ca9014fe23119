/** `33%`, `<1%`, `>99%`: 0% and 100% are written only where they are exact. */
export const percent = (share: number): string => {
  if (share > 0 && share < 0.01) return '<1%'
  if (share < 1 && share > 0.99) return '>99%'
  return `${Math.round(share * 100)}%`
}

/** `all sessions`, `33% of the sessions`. */
export const shareOf = (share: number, what: string): string =>
  share >= 1 ? `all ${what}` : `${percent(share)} of the ${what}`

/** `a, b, c and 7 more` */
export const named = (names: readonly string[]): string => {
  const shown = names.slice(0, 3)
  const rest = names.length - shown.length
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
