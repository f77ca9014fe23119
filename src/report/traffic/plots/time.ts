import type { Happening } from '../../../core/traffic/exchange.ts'
import type { Slot, Timeline } from '../../../core/traffic/figures/timeline.ts'
import { html, type Markup, nothing } from '../markup.ts'
import { eventWords, plural } from '../words.ts'

const plot = { left: 40, top: 18, width: 660, height: 96, bottom: 18 } as const

interface Part {
  readonly colour: string
  readonly count: number
  readonly what: string
}

const partsOf = (
  slot: Slot,
  servers: readonly string[],
  colours: ReadonlyMap<string, string>,
): readonly Part[] =>
  [
    { colour: 'bad', count: slot.failed, what: 'failed' },
    ...servers.map((name, index) => ({
      colour: colours.get(name) ?? 'dark',
      count: slot.served[index] ?? 0,
      what: name,
    })),
    { colour: 'dark', count: slot.unidentified, what: 'served, not known by whom' },
  ].filter(({ count }) => count > 0)

const sizeOf = ({ served, unidentified, failed }: Slot): number =>
  served.reduce((sum, count) => sum + count, unidentified + failed)

const secondsText = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`

/** Failures stand at the bottom, where all bars begin and few are as good to see as many. */
const bar = (
  parts: readonly Part[],
  x: number,
  width: number,
  scale: number,
): readonly Markup[] => {
  let y = plot.top + plot.height
  return parts.map(({ colour, count, what }) => {
    const height = count * scale
    y -= height
    return html`<rect class="${colour}" x="${x}" y="${y}" width="${width}" height="${height}"><title>${what}: ${plural(count, 'request')}</title></rect>`
  })
}

const eventMark = (
  { event, server, atMs, endMs }: Happening,
  index: number,
  perMs: number,
): Markup => {
  const x = plot.left + atMs * perMs
  const width = Math.max(2, (endMs - atMs) * perMs)
  const isLate = x > plot.left + plot.width * 0.7
  const text = server === null ? eventWords[event] : `${server} ${eventWords[event]}`
  const anchor = isLate ? 'end' : 'start'
  return html`<rect class="event" x="${x}" y="${plot.top}" width="${width}" height="${plot.height}"/><text class="note ${anchor}" x="${x}" y="${plot.top - 5 - (index % 2) * 9}">${text}</text>`
}

/** When what was served, and when what failed. */
export const timePlot = (
  { slots, slotMs, servers, happenings }: Timeline,
  colours: ReadonlyMap<string, string>,
  title: string,
): Markup => {
  const most = Math.max(0, ...slots.map(sizeOf))
  if (most === 0) return nothing
  const slotWidth = plot.width / slots.length
  const scale = plot.height / most
  const base = plot.top + plot.height
  const bars = slots.map((slot, index) =>
    bar(
      partsOf(slot, servers, colours),
      plot.left + index * slotWidth,
      Math.max(0.5, slotWidth - 0.75),
      scale,
    ),
  )
  const failed = slots.reduce((sum, slot) => sum + slot.failed, 0)
  const about = `${title}: requests over ${secondsText(slots.length * slotMs)}, ${failed === 0 ? 'none failed' : `${failed} failed`}`
  const marks = happenings.map((one, index) =>
    eventMark(one, index, plot.width / (slots.length * slotMs)),
  )
  return html`<figure><figcaption>When: requests in each ${secondsText(slotMs)}, and what failed</figcaption><div class="wide"><svg role="img" aria-label="${about}" viewBox="0 0 ${plot.left + plot.width + 8} ${base + plot.bottom}" width="${plot.left + plot.width + 8}" height="${base + plot.bottom}"><line class="axis" x1="${plot.left}" y1="${base + 0.5}" x2="${plot.left + plot.width}" y2="${base + 0.5}"/><text class="label" x="${plot.left - 6}" y="${plot.top + 8}">${most}</text><text class="label" x="${plot.left - 6}" y="${base}">0</text><text class="note" x="${plot.left}" y="${base + 13}">0</text><text class="note end" x="${plot.left + plot.width}" y="${base + 13}">${secondsText(slots.length * slotMs)}</text>${bars.flat()}${marks}</svg></div></figure>`
}
