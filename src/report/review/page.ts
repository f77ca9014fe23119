import type { FileChange } from '../../core/diff/compare.ts'
import type { Placed } from '../../core/diff/placed.ts'
import type { Change, Risk, Side } from '../../core/review/review.ts'
import { percent } from '../../core/review/shares.ts'
import { formatFileChange } from '../diff.ts'
import { htmlDocument } from '../html-document.ts'
import { styleFor } from '../style.ts'
import { html, type Markup, nothing } from '../traffic/markup.ts'
import { clusterPicture, type Shares } from './picture.ts'
import { proofHeads, proofNotes, proofRows, proofSentence } from './proof.ts'
import {
  affected,
  effects,
  fileCounts,
  kindWords,
  placesOf,
  plural,
  type ReviewReport,
  sentence,
  specPlace,
  toneOf,
  upstreamName,
  verdictText,
} from './report.ts'
import { reviewStyleSheet } from './style-sheet.ts'

/** More makes a page that browsers are slow with; the text format has everything. */
const mostFiles = 500
const mostItems = 1_000
const mostLines = 2_000

const more = (left: number, noun: string): Markup =>
  left <= 0 ? nothing : html`<p class="dim">… and ${plural(left, `more ${noun}`)}</p>`

const section = (id: string, title: string, content: Markup): Markup =>
  html`<section aria-labelledby="${id}"><h2 id="${id}" tabindex="-1">${title}</h2>${content}</section>`

const commandBlock = (commands: readonly string[]): Markup =>
  commands.length === 0
    ? nothing
    : html`<pre tabindex="0"><code>${commands.map((command) => html`${command}\n`)}</code></pre>`

const riskItem = (risk: Placed<Risk>): Markup => {
  const { kind, message, remedies } = risk
  const tone = kind === 'sessions' ? 'bad' : kind === 'cosmetic' ? '' : 'warn'
  const avoid = remedies.map(
    ({ text, commands }) => html`<li>${sentence(text)}${commandBlock(commands)}</li>`,
  )
  const list =
    avoid.length === 0
      ? nothing
      : html`<details open><summary>To avoid it</summary><ul>${avoid}</ul></details>`
  return html`<li><p><span class="badge ${tone}">${kindWords[kind]}</span> ${sentence(message)}</p><p class="dim">at <code>${placesOf(risk)}</code></p>${list}</li>`
}

const changeItem = (change: Placed<Change>): Markup =>
  html`<li>${change.text} <span class="dim"><code>${specPlace(change)}</code></span></li>`

const impactTable = (report: ReviewReport): Markup => {
  const { review } = report
  if (review === null || affected(review).length === 0) return nothing
  const rows = affected(review).flatMap((impact) =>
    impact.proxies.map(
      (one) =>
        html`<tr><th scope="row">${upstreamName(impact)}</th><td>${one.proxy}</td><td class="number">${percent(one.moved)}</td><td class="number">${percent(one.lost)}</td><td class="number">${percent(one.failed)}</td></tr><tr class="why"><td class="dim" colspan="5">${sentence(one.reason)}</td></tr>`,
    ),
  )
  return section(
    'impact',
    'Impact',
    html`<div class="wide" role="group" aria-label="Impact on each upstream and proxy" tabindex="0"><table><thead><tr><th scope="col">Upstream</th><th scope="col">Proxy</th><th scope="col" class="number">Clients that move</th><th scope="col" class="number">Sessions lost</th><th scope="col" class="number">Clients with an error</th></tr></thead><tbody>${rows.slice(0, mostItems)}</tbody></table></div>${more(rows.length - mostItems, 'row')}`,
  )
}

const proofTable = ({ proof }: ReviewReport): Markup => {
  if (proof === null) return nothing
  const rows = proofRows(proof).map(
    ([name, ...cells]) =>
      html`<tr><th scope="row">${name ?? ''}</th>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`,
  )
  return section(
    'proof',
    'Proof',
    html`<p>${sentence(proofSentence(proof))}</p><div class="wide" role="group" aria-label="Predicted and measured" tabindex="0"><table><thead><tr>${proofHeads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>${proofNotes(proof).map((note) => html`<p class="dim">${sentence(note)}</p>`)}`,
  )
}

/** Clients per server, as the balancing method of the first proxy gives it. */
const sharesOf = ({ review }: ReviewReport, side: Side): Shares => {
  const spreads = new Map(
    (review?.impact ?? []).flatMap(({ name, nameBefore, proxies }) => {
      const [first] = proxies
      const key = side === 'before' ? (nameBefore ?? name) : name
      return first === undefined
        ? []
        : [[key, new Map(Object.entries(first.spread[side]))] as const]
    }),
  )
  return (upstream, server) => spreads.get(upstream)?.get(server) ?? null
}

const pictures = (report: ReviewReport): Markup => {
  const { before, after } = report.clusters
  if (before === null && after === null) return nothing
  const drawn = [
    ...(before === null
      ? []
      : [clusterPicture(before, after, 'before', sharesOf(report, 'before'))]),
    ...(after === null ? [] : [clusterPicture(after, before, 'after', sharesOf(report, 'after'))]),
  ]
  return section(
    'cluster',
    'Cluster',
    html`<p class="dim">+ added, − removed, ~ changed; the bars are the shares of clients.</p><div class="plots">${drawn}</div>`,
  )
}

const lineClass = (line: string): string => {
  if (/^(?:---|\+\+\+|#)/.test(line)) return 'dim'
  if (line.startsWith('@@')) return 'at'
  return line.startsWith('+') ? 'plus' : line.startsWith('-') ? 'minus' : ''
}

const fileDetails = (change: FileChange, isOpen: boolean): Markup => {
  const { path, status, added, removed } = change
  const lines = formatFileChange(change, styleFor(false)).trimEnd().split('\n')
  const text = lines
    .slice(0, mostLines)
    .map((line) => html`<span class="${lineClass(line)}">${line}\n</span>`)
  const open: Markup = { markup: isOpen ? ' open' : '' }
  return html`<details${open}><summary><code>${path}</code> <span class="dim">${status}, +${added} −${removed}</span></summary><pre class="diff" tabindex="0" role="region" aria-label="${path}">${text}</pre>${more(lines.length - mostLines, 'line')}</details>`
}

/** The review as a page that is read, and used with the keyboard, without anything else. */
export const reviewPage = (report: ReviewReport): string => {
  const { review, subject, before, after, files, notes } = report
  const tone = review === null ? '' : toneOf(review)
  const [risks, changes] = [review?.risks ?? [], review?.changes ?? []]
  const told = (review === null ? [] : effects(review)).map(
    ([what, names]) => html`<p><strong>${what}</strong>: ${names}</p>`,
  )
  const list = (items: readonly Markup[], noun: string): Markup =>
    html`<ul class="items">${items.slice(0, mostItems)}</ul>${more(items.length - mostItems, noun)}`
  const title = `Review of ${subject}`
  return htmlDocument(
    title,
    reviewStyleSheet,
    html`<a class="skip" href="#text">Skip to the text of the files</a><main><h1>${title}</h1><p class="verdict ${tone}">${verdictText(report)}</p>${told}<p class="dim">${before} → ${after}</p>${notes.map((note) => html`<p>${sentence(note)}</p>`)}${risks.length === 0 ? nothing : section('risks', `Risks (${risks.length})`, list(risks.map(riskItem), 'risk'))}${impactTable(report)}${proofTable(report)}${pictures(report)}${changes.length === 0 ? nothing : section('changes', `Changes (${changes.length})`, list(changes.map(changeItem), 'change'))}${section('text', 'Text', html`<p class="dim">${sentence(fileCounts(report))}</p>${files.slice(0, mostFiles).map((file, index) => fileDetails(file, index === 0))}${more(files.length - mostFiles, 'file')}`)}</main>`,
  )
}
