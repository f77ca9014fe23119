import type { Row, Stretch, Timeline } from '../../../core/traffic/figures/timeline.ts'
import { html, type Markup, nothing } from '../markup.ts'
import { plural } from '../words.ts'

const cell = { height: 9, gap: 2, left: 66, top: 4 } as const
/** Few requests have wide cells, many have narrow ones. */
const widthFor = (longest: number): number => Math.min(24, Math.max(10, Math.floor(320 / longest)))

const classOf = ({ server, isServed }: Stretch, colours: ReadonlyMap<string, string>): string => {
  if (!isServed) return 'bad'
  return server === null ? 'dark' : (colours.get(server) ?? 'dark')
}

const whatOf = ({ server, isServed, length, phase }: Stretch): string => {
  const by = isServed ? (server === null ? 'not known by whom' : `by ${server}`) : 'failed'
  return `${plural(length, 'request')} ${by} (${phase})`
}

const rowOf = (
  { client, stretches }: Row,
  index: number,
  cellWidth: number,
  colours: ReadonlyMap<string, string>,
): Markup => {
  const y = cell.top + index * (cell.height + cell.gap)
  let at = 0
  const rects = stretches.map((stretch, place) => {
    const x = cell.left + at * cellWidth
    at += stretch.length
    // Told by its form as well as by its colour.
    const inset = stretch.isServed ? 0 : 3
    const isTurn = place > 0 && stretches[place - 1]?.phase !== stretch.phase
    return html`<rect class="${classOf(stretch, colours)}" x="${x}" y="${y + inset}" width="${stretch.length * cellWidth - 1}" height="${cell.height - 2 * inset}"><title>client ${client}: ${whatOf(stretch)}</title></rect>${
      isTurn
        ? html`<rect class="turn" x="${x - 1.5}" y="${y - 1}" width="2" height="${cell.height + 2}"/>`
        : nothing
    }`
  })
  return html`<text class="label" x="${cell.left - 6}" y="${y + cell.height - 1}">client ${client}</text>${rects}`
}

/** Who served whom: a row for each client, its requests one behind the other. */
export const rowsPlot = (
  { rows, servers }: Timeline,
  colours: ReadonlyMap<string, string>,
  title: string,
): Markup => {
  const longest = Math.max(
    0,
    ...rows.map(({ stretches }) => stretches.reduce((sum, { length }) => sum + length, 0)),
  )
  if (longest < 2) return nothing
  const cellWidth = widthFor(longest)
  const width = cell.left + longest * cellWidth + 4
  const height = cell.top + rows.length * (cell.height + cell.gap) + 2
  const about = `${title}: requests of ${plural(rows.length, 'client')}, in the colour of the server (${servers.join(', ')}) that answered`
  return html`<figure><figcaption>Who served whom: a row for each client, its requests from left to right</figcaption><div class="wide"><svg role="img" aria-label="${about}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${rows.map((row, index) => rowOf(row, index, cellWidth, colours))}</svg></div></figure>`
}
