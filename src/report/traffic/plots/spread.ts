import type { Figures } from '../../../core/traffic/figures/figures.ts'
import { formatShare } from '../../../core/traffic/reason.ts'
import { html, type Markup, nothing } from '../markup.ts'

const bar = { left: 116, width: 210, height: 14, gap: 6 } as const
const most = 40

/** Where clients went at first, beside what the weights give each server. */
export const spreadPlot = (
  { servers }: Figures,
  colours: ReadonlyMap<string, string>,
  title: string,
): Markup => {
  const clients = servers.reduce((sum, one) => sum + one.clients, 0)
  const shown = servers.slice(0, most)
  if (clients === 0) return nothing
  const largest = Math.max(
    ...shown.map((one) => Math.max(one.clients / clients, one.expected ?? 0)),
  )
  const rows = shown.map(({ name, clients: count, expected }, index) => {
    const y = 2 + index * (bar.height + bar.gap)
    const width = (bar.width * count) / clients / largest
    const mark = expected === null ? null : bar.left + (bar.width * expected) / largest
    return html`<text class="label" x="${bar.left - 8}" y="${y + bar.height - 3}">${name.length > 18 ? `${name.slice(0, 17)}…` : name}</text><rect class="${colours.get(name) ?? 'dark'}" x="${bar.left}" y="${y}" width="${width}" height="${bar.height}"><title>${name}: ${count} of ${clients} clients</title></rect>${
      mark === null
        ? nothing
        : html`<rect class="turn" x="${mark - 1}" y="${y - 2}" width="2" height="${bar.height + 4}"><title>${name}: its weight gives it ${formatShare(expected ?? 0)}</title></rect>`
    }<text class="note" x="${bar.left + Math.max(width, mark === null ? 0 : mark - bar.left) + 8}" y="${y + bar.height - 3}">${count} (${formatShare(count / clients)})</text>`
  })
  const height = 4 + shown.length * (bar.height + bar.gap)
  const isMarked = shown.some(({ expected }) => expected !== null)
  const about = `${title}: ${shown.map((one) => `${one.name} ${one.clients}`).join(', ')} of ${clients} clients`
  return html`<figure><figcaption>Where clients began${isMarked ? '; the mark is what the weight gives a server' : ''}${servers.length > most ? ` (the first ${most} of ${servers.length} servers)` : ''}</figcaption><div class="wide"><svg role="img" aria-label="${about}" viewBox="0 0 ${bar.left + bar.width + 84} ${height}" width="${bar.left + bar.width + 84}" height="${height}">${rows}</svg></div></figure>`
}
