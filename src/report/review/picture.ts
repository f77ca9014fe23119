import { formatAddress } from '../../core/model/address.ts'
import { storeOf } from '../../core/model/app.ts'
import type { Cluster, Server, Upstream } from '../../core/model/cluster.ts'
import type { Side } from '../../core/review/review.ts'
import { percent } from '../../core/review/shares.ts'
import { html, type Markup, nothing } from '../traffic/markup.ts'
import { plural } from './report.ts'

/** A picture fits a screen of 400 px without scrolling. */
const width = 340
const row = 20
const inset = 10
const mostServers = 12
const mostUpstreams = 12

/** How a server of one side differs from the other side. */
export type Mark = 'same' | 'added' | 'removed' | 'changed'

const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text

/** What a picture shows of a server, in one line. */
const serverText = ({ name, address, weight, state }: Server): string =>
  [
    `${name} ${formatAddress(address)}`,
    ...(weight === 1 ? [] : [`weight ${weight}`]),
    ...(state === 'up' ? [] : [state]),
  ].join(', ')

const methodOf = ({ affinity, balance }: Upstream): string =>
  affinity.method === 'none' ? balance.kind : affinity.method

const sessionsOf = ({ app }: Upstream): string => {
  if (app.runtime === 'none') return 'sessions: unknown'
  const store = storeOf(app)
  const { sessions } = app
  return store === null
    ? `sessions: ${sessions.store}`
    : `sessions: ${sessions.store} in ${store.name} (${store.kind})`
}

/** Whether a server is the same on the other side, by its address and its name. */
const marker = (other: Cluster | null, side: Side): ((server: Server, of: Upstream) => Mark) => {
  const known = new Map<string, string>()
  const addresses = new Set<string>()
  for (const { name, servers } of other?.upstreams ?? [])
    for (const server of servers) {
      known.set(JSON.stringify([name, server.name]), serverText(server))
      addresses.add(formatAddress(server.address))
    }
  const alone: Mark = side === 'after' ? 'added' : 'removed'
  return (server, { name }) => {
    if (other === null) return 'same'
    const same = known.get(JSON.stringify([name, server.name]))
    if (same === serverText(server)) return 'same'
    return same !== undefined || addresses.has(formatAddress(server.address)) ? 'changed' : alone
  }
}

/** Of clients, by the name of the upstream and then of the server; null: unknown. */
export type Shares = (upstream: string, server: string) => number | null

const markText: Readonly<Record<Mark, string>> = {
  same: '',
  added: '+ ',
  removed: '− ',
  changed: '~ ',
}

interface Drawn {
  readonly height: number
  readonly content: Markup
  readonly text: string
}

const serverRow = (text: string, mark: Mark, share: number | null, y: number): Markup => {
  const length = (width - 2 * inset) * (share ?? 0)
  const bar = html`<rect class="share" x="${inset}" y="${y}" width="${length}" height="${row - 3}"/>`
  const figure =
    share === null
      ? nothing
      : html`<text class="end" x="${width - inset - 4}" y="${y + 13}">${percent(share)}</text>`
  return html`<g class="${mark}"><title>${text}</title><rect class="box" x="${inset}" y="${y}" width="${width - 2 * inset}" height="${row - 3}"/>${bar}<text class="name" x="${inset + 6}" y="${y + 13}">${markText[mark]}${shortened(text, 40)}</text>${figure}</g>`
}

const drawUpstream = (
  upstream: Upstream,
  markOf: (server: Server, of: Upstream) => Mark,
  shares: Shares,
  top: number,
): Drawn => {
  const { name, servers } = upstream
  // Of many servers, those that differ are shown first.
  const marked = servers.map((server) => ({ server, mark: markOf(server, upstream) }))
  const differing = marked.filter(({ mark }) => mark !== 'same')
  const kept = new Set([...differing, ...marked].slice(0, mostServers))
  const shown = marked.filter((each) => kept.has(each))
  const left = servers.length - shown.length
  const rows = shown.map(({ server, mark }, index) =>
    serverRow(serverText(server), mark, shares(name, server.name), top + 24 + index * row),
  )
  const lines = shown.length + (left > 0 ? 1 : 0)
  const more =
    left === 0
      ? nothing
      : html`<text x="${inset + 6}" y="${top + 37 + shown.length * row}">and ${plural(left, 'more server')}</text>`
  const bottom = top + 24 + lines * row
  const height = 24 + lines * row + 22
  const text = `${name}, ${methodOf(upstream)}: ${shown.map(({ server, mark }) => `${serverText(server)}${mark === 'same' ? '' : ` (${mark})`}`).join('; ')}${left === 0 ? '' : ` and ${left} more`}; ${sessionsOf(upstream)}`
  return {
    height: height + 12,
    text,
    content: html`<rect class="group" x="1" y="${top}" width="${width - 2}" height="${height}" rx="4"/><text class="title" x="${inset}" y="${top + 16}">${shortened(name, 26)}</text><text class="end" x="${width - inset}" y="${top + 16}">${methodOf(upstream)}</text>${rows}${more}<text x="${inset}" y="${bottom + 13}">${shortened(sessionsOf(upstream), 54)}</text>`,
  }
}

/** One side of the change: the proxies, and below them their upstreams with servers and sessions. */
export const clusterPicture = (
  cluster: Cluster,
  other: Cluster | null,
  side: Side,
  shares: Shares,
): Markup => {
  const proxies = cluster.targets
    .map((target) => `${target.dialect} ${target.version.text}`)
    .join(', ')
  const markOf = marker(other, side)
  let top = 40
  const drawn = cluster.upstreams.slice(0, mostUpstreams).map((upstream) => {
    const each = drawUpstream(upstream, markOf, shares, top)
    top += each.height
    return each
  })
  const left = cluster.upstreams.length - drawn.length
  const more =
    left === 0
      ? nothing
      : html`<text x="${inset}" y="${top + 10}">and ${plural(left, 'more upstream')}</text>`
  const height = top + (left === 0 ? 0 : 18)
  const title = side === 'before' ? 'Before' : 'After'
  const label = `${title}: ${proxies} in front of ${drawn.map(({ text }) => text).join('. ')}`
  return html`<figure><figcaption>${title}</figcaption><svg role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><rect class="proxy" x="1" y="1" width="${width - 2}" height="24" rx="4"/><text class="title" x="${inset}" y="17">${shortened(proxies, 48)}</text><path class="axis" d="M${width / 2} 25v15"/>${drawn.map(({ content }) => content)}${more}</svg></figure>`
}
