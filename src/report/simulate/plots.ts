import type { Story, StoryStep } from '../../core/simulate/story/tell.ts'
import { html, type Markup, nothing } from '../traffic/markup.ts'
import { type Colours, figure, width } from '../traffic/plots.ts'
import { isRefused, percentage, spreadTable } from './words.ts'

const bars = { left: 38, top: 8, height: 130, bottom: 18, gap: 6 } as const

/** As many servers as can be told apart in a column; the others are one part. */
const mostParts = 40

const columnOf = (
  counts: readonly (number | null)[],
  servers: readonly string[],
  colours: Colours,
  clients: number,
  place: { readonly x: number; readonly width: number },
): readonly Markup[] => {
  let y = bars.top + bars.height
  const parts = counts.slice(0, mostParts).map((count, index) => {
    const height = (bars.height * (count ?? 0)) / Math.max(1, clients)
    const server = servers[index] ?? ''
    y -= height
    return count === null || count === 0
      ? nothing
      : html`<rect class="${colours.get(server) ?? 'dark'}" x="${place.x}" y="${y}" width="${place.width}" height="${Math.max(0, height - 0.5)}"><title>${server}: ${count} of ${clients} clients (${percentage(count, clients)})</title></rect>`
  })
  const rest = counts.slice(mostParts).reduce<number>((sum, count) => sum + (count ?? 0), 0)
  const height = (bars.height * rest) / Math.max(1, clients)
  return rest === 0
    ? parts
    : [
        ...parts,
        html`<rect class="dark" x="${place.x}" y="${y - height}" width="${place.width}" height="${height}"><title>other servers: ${rest} clients</title></rect>`,
      ]
}

/** Clients by server, at the start and after each event. */
export const spreadOverTime = (story: Story, colours: Colours, title: string): Markup => {
  const { clients } = story
  const table = spreadTable(story)
  const step = (width - bars.left - 4) / table.clients.length
  const base = bars.top + bars.height
  const columns = table.clients.flatMap((counts, index) => {
    const x = bars.left + index * step
    const place = { x, width: Math.max(1, step - bars.gap) }
    const label = index === 0 ? 'start' : String(index)
    return [
      ...columnOf(counts, table.servers, colours, clients, place),
      html`<text class="note" x="${x}" y="${base + 13}">${label}</text>`,
    ]
  })
  const axis = html`<line class="axis" x1="${bars.left}" y1="${base + 0.5}" x2="${width}" y2="${base + 0.5}"/><text class="label" x="${bars.left - 5}" y="${bars.top + 8}">100%</text><text class="label" x="${bars.left - 5}" y="${base}">0</text>`
  return figure(
    'Clients by server: at the start, and after each event by its number',
    `${title}: clients of ${table.servers.length} servers at the start and after ${story.steps.length} events`,
    base + bars.bottom,
    [axis, ...columns],
  )
}

const rows = { left: 34, height: 11, gap: 14, top: 6, width: 230 } as const

const rowTop = (index: number): number => rows.top + index * (2 * rows.height + rows.gap)

const rowLabel = (index: number): Markup =>
  html`<text class="label" x="${rows.left - 6}" y="${rowTop(index) + rows.height + 3}">${index + 1}</text>`

const refusedRow = (index: number): readonly Markup[] => [
  rowLabel(index),
  html`<text class="note" x="${rows.left + 5}" y="${rowTop(index) + rows.height + 3}">refused by the proxy</text>`,
]

const rowOf = (step: StoryStep, index: number, clients: number): readonly Markup[] => {
  const y = rowTop(index)
  const bar = (part: number, whole: number, line: number, colour: string, word: string) => {
    const length = whole === 0 ? 0 : (rows.width * part) / whole
    const top = y + line * rows.height
    return html`<rect class="${colour}" x="${rows.left}" y="${top}" width="${Math.max(length, part > 0 ? 1 : 0)}" height="${rows.height - 2}"><title>${step.event}: ${part} ${word}</title></rect><text class="note" x="${rows.left + length + 5}" y="${top + rows.height - 3}">${percentage(part, whole)} ${word}</text>`
  }
  return [
    rowLabel(index),
    bar(step.moved, clients, 0, 'dark', 'moved'),
    bar(step.lost, step.sessions, 1, 'bad', 'lost'),
  ]
}

/** Clients that move and sessions that are lost, for each event. */
export const lossPlot = ({ steps, clients }: Story, title: string): Markup => {
  if (steps.length === 0) return nothing
  const shown = steps.flatMap((step, index) =>
    isRefused(step) ? refusedRow(index) : rowOf(step, index, clients),
  )
  const words = steps.flatMap((step) =>
    isRefused(step) ? [] : `${step.event}: ${percentage(step.lost, step.sessions)} lost`,
  )
  return figure(
    'Clients that move, and sessions that are lost, by the number of the event',
    `${title}: ${words.join(', ')}`,
    rowTop(steps.length),
    shown,
  )
}
