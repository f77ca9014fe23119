/** Offsets in a text, end exclusive. */
export type Span = readonly [start: number, end: number]

/** Sorted and merged. */
export const mergeSpans = (spans: readonly Span[]): readonly Span[] => {
  const merged: [number, number][] = []
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = merged.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}

/** The text with stars instead of the merged spans. The length is unchanged, so that carets still point to the right column. */
export const starred = (text: string, spans: readonly Span[]): string => {
  let shown = ''
  let behind = 0
  for (const [start, end] of spans) {
    shown += text.slice(behind, start) + '*'.repeat(end - start)
    behind = end
  }
  return shown + text.slice(behind)
}
