import type { ClusterEvent } from '../../core/traffic/exchange.ts'
import type { Figures } from '../../core/traffic/figures/figures.ts'
import type { RequestRun, Row, Slot, Timeline } from '../../core/traffic/figures/timeline.ts'
import { formatShare } from '../../core/traffic/reason.ts'
import { html, type Markup, nothing } from './markup.ts'
import { eventWords, plural } from './words.ts'

/** The class of each server's colour. */
export type Colours = ReadonlyMap<string, string>

/** All plots fit a screen of 400 px without scrolling. */
export const width = 340

export const figure = (
  caption: string,
  label: string,
  height: number,
  content: readonly Markup[],
) =>
  html`<figure><figcaption>${caption}</figcaption><svg role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${content}</svg></figure>`

const shortened = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name

const spread = { left: 96, width: 160, height: 14, gap: 6, most: 40 } as const

/** The first server of each client, next to the share that the weights give each server. */
export const spreadPlot = ({ servers }: Figures, colours: Colours, title: string): Markup => {
  const clients = servers.reduce((sum, one) => sum + one.clients, 0)
  const shown = servers.slice(0, spread.most)
  if (clients === 0) return nothing
  const largest = Math.max(
    ...shown.map((one) => Math.max(one.clients / clients, one.expected ?? 0)),
  )
  const bars = shown.map(({ name, clients: count, expected }, index) => {
    const y = 2 + index * (spread.height + spread.gap)
    const length = (spread.width * count) / clients / largest
    const expectedLength = expected === null ? null : (spread.width * expected) / largest
    const mark =
      expectedLength === null
        ? nothing
        : html`<rect class="mark" x="${spread.left + expectedLength - 1}" y="${y - 2}" width="2" height="${spread.height + 4}"><title>${name}: ${formatShare(expected ?? 0)} by its weight</title></rect>`
    return html`<text class="label" x="${spread.left - 6}" y="${y + spread.height - 3}">${shortened(name, 15)}</text><rect class="${colours.get(name) ?? 'dark'}" x="${spread.left}" y="${y}" width="${length}" height="${spread.height}"><title>${name}: ${count} of ${clients} clients</title></rect>${mark}<text class="note" x="${spread.left + Math.max(length, expectedLength ?? 0) + 6}" y="${y + spread.height - 3}">${count} (${formatShare(count / clients)})</text>`
  })
  const caption = [
    'First server of each client',
    ...(shown.some(({ expected }) => expected !== null) ? ['mark: share by weight'] : []),
    ...(servers.length > spread.most ? [`${spread.most} of ${servers.length} servers`] : []),
  ].join('; ')
  const label = `${title}: ${shown.map((one) => `${one.name} ${one.clients}`).join(', ')} of ${clients} clients`
  return figure(caption, label, 4 + shown.length * (spread.height + spread.gap), bars)
}

const cell = { height: 9, gap: 2, left: 62, top: 4 } as const

const classOf = ({ server, isServed }: RequestRun, colours: Colours): string => {
  if (!isServed) return 'bad'
  return server === null ? 'dark' : (colours.get(server) ?? 'dark')
}

const runText = ({ server, isServed, length, phase }: RequestRun): string => {
  const by = isServed ? (server === null ? 'from an unknown server' : `from ${server}`) : 'failed'
  return `${plural(length, 'request')} ${by} (${phase})`
}

const rowOf = (
  { client, runs }: Row,
  index: number,
  cellWidth: number,
  colours: Colours,
): Markup => {
  const y = cell.top + index * (cell.height + cell.gap)
  let at = 0
  const rects = runs.map((run, place) => {
    const x = cell.left + at * cellWidth
    at += run.length
    // A failure also differs in its form, not only in its colour.
    const inset = run.isServed ? 0 : 3
    const startsPhase = place > 0 && runs[place - 1]?.phase !== run.phase
    return html`<rect class="${classOf(run, colours)}" x="${x}" y="${y + inset}" width="${Math.max(0.5, run.length * cellWidth - 1)}" height="${cell.height - 2 * inset}"><title>client ${client}: ${runText(run)}</title></rect>${
      startsPhase
        ? html`<rect class="mark" x="${x - 1.5}" y="${y - 1}" width="2" height="${cell.height + 2}"/>`
        : nothing
    }`
  })
  return html`<text class="label" x="${cell.left - 6}" y="${y + cell.height - 1}">client ${client}</text>${rects}`
}

/** A row for each client: its requests in the colours of the servers. */
export const clientPlot = (
  { rows, servers }: Timeline,
  colours: Colours,
  title: string,
): Markup => {
  const longest = Math.max(
    0,
    ...rows.map(({ runs }) => runs.reduce((sum, { length }) => sum + length, 0)),
  )
  if (longest < 2) return nothing
  const cellWidth = Math.min(24, (width - cell.left - 4) / longest)
  const label = `${title}: requests of ${plural(rows.length, 'client')} in the colour of their server (${servers.join(', ')})`
  return figure(
    'Requests of each client in order, by server',
    label,
    cell.top + rows.length * (cell.height + cell.gap) + 2,
    rows.map((row, index) => rowOf(row, index, cellWidth, colours)),
  )
}

const time = { left: 34, top: 24, width: 298, height: 96, bottom: 18 } as const

interface Part {
  readonly colour: string
  readonly count: number
  readonly name: string
}

const partsOf = (slot: Slot, servers: readonly string[], colours: Colours): readonly Part[] =>
  [
    { colour: 'bad', count: slot.failed, name: 'failed' },
    ...servers.map((name, index) => ({
      colour: colours.get(name) ?? 'dark',
      count: slot.served[index] ?? 0,
      name,
    })),
    { colour: 'dark', count: slot.unidentified, name: 'unknown server' },
  ].filter(({ count }) => count > 0)

const sizeOf = ({ served, unidentified, failed }: Slot): number =>
  served.reduce((sum, count) => sum + count, unidentified + failed)

const durationText = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`

/** Failures are at the bottom, where a few are as visible as many. */
const barOf = (
  parts: readonly Part[],
  x: number,
  barWidth: number,
  scale: number,
): readonly Markup[] => {
  let y = time.top + time.height
  return parts.map(({ colour, count, name }) => {
    const height = count * scale
    y -= height
    return html`<rect class="${colour}" x="${x}" y="${y}" width="${barWidth}" height="${height}"><title>${name}: ${plural(count, 'request')}</title></rect>`
  })
}

const eventMark = (
  { event, server, atMs, endMs }: ClusterEvent,
  index: number,
  perMs: number,
): Markup => {
  const x = time.left + atMs * perMs
  const length = Math.max(2, (endMs - atMs) * perMs)
  const text = server === null ? eventWords[event] : `${shortened(server, 20)} ${eventWords[event]}`
  const anchor = x > time.left + time.width / 2 ? 'end' : 'start'
  return html`<rect class="event" x="${x}" y="${time.top}" width="${length}" height="${time.height}"/><text class="note ${anchor}" x="${x}" y="${time.top - 4 - (index % 2) * 11}">${text}</text>`
}

/** Responses and failures over time. */
export const timePlot = (
  { slots, slotMs, servers, clusterEvents }: Timeline,
  colours: Colours,
  title: string,
): Markup => {
  const most = Math.max(0, ...slots.map(sizeOf))
  if (most === 0) return nothing
  const slotWidth = time.width / slots.length
  const base = time.top + time.height
  const end = time.left + time.width
  const duration = durationText(slots.length * slotMs)
  const bars = slots.flatMap((slot, index) =>
    barOf(
      partsOf(slot, servers, colours),
      time.left + index * slotWidth,
      Math.max(0.5, slotWidth - 0.75),
      time.height / most,
    ),
  )
  const failed = slots.reduce((sum, slot) => sum + slot.failed, 0)
  const marks = clusterEvents.map((one, index) =>
    eventMark(one, index, time.width / (slots.length * slotMs)),
  )
  const axes = html`<line class="axis" x1="${time.left}" y1="${base + 0.5}" x2="${end}" y2="${base + 0.5}"/><text class="label" x="${time.left - 5}" y="${time.top + 8}">${most}</text><text class="label" x="${time.left - 5}" y="${base}">0</text><text class="note" x="${time.left}" y="${base + 13}">0 s</text><text class="note end" x="${end}" y="${base + 13}">${duration}</text>`
  return figure(
    `Requests over time, in steps of ${durationText(slotMs)}`,
    `${title}: requests over ${duration}, ${failed === 0 ? 'none failed' : `${failed} failed`}`,
    base + time.bottom,
    [axes, ...bars, ...marks],
  )
}
