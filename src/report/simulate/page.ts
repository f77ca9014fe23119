import type { RefusedStep, Story, StoryStep } from '../../core/simulate/story/tell.ts'
import { htmlDocument } from '../html-document.ts'
import { quoted } from '../traffic/command-line.ts'
import { html, type Markup, nothing } from '../traffic/markup.ts'
import type { Colours } from '../traffic/plots.ts'
import { plural } from '../traffic/words.ts'
import { lossPlot, spreadOverTime } from './plots.ts'
import { styleSheet } from './style-sheet.ts'
import {
  isRefused,
  keepingWords,
  legend,
  lostColumns,
  percentage,
  type Simulation,
  spreadTable,
  titles,
} from './words.ts'

/** How a report was made; without a date, so that equal runs give equal bytes. */
export interface SimulationOrigin {
  readonly version: string
  /** The words after `sessctl`. */
  readonly commandLine: readonly string[]
}

const colourCount = 8
const mostInLegend = 40

const coloursOf = (story: Story): Colours =>
  new Map(spreadTable(story).servers.map((name, index) => [name, `s${index % colourCount}`]))

const number = (text: string): Markup => html`<td class="number">${text}</td>`

const stepRow = (step: StoryStep | RefusedStep, index: number, clients: number): Markup => {
  const head = html`<th scope="row">${index + 1}. ${step.event}</th>`
  if (isRefused(step))
    return html`<tr>${head}<td colspan="${lostColumns.length + 4}">refused by the proxy</td></tr>`
  const lost = lostColumns.map(({ of }) => number(percentage(of(step), step.sessions)))
  return html`<tr>${head}${number(percentage(step.moved, clients))}${lost}${number(percentage(step.failed, clients))}${number(percentage(step.retried, clients))}<td class="text">${step.lasting.text}</td></tr>`
}

const stepTable = ({ steps, clients }: Story, title: string): Markup => {
  const heads = ['moved', ...lostColumns.map(({ title }) => title), 'error', 'retried'].map(
    (title) => html`<th scope="col" class="number">${title}</th>`,
  )
  return html`<div class="wide" role="group" aria-label="Events: ${title}" tabindex="0"><table><thead><tr><th scope="col">event</th>${heads}<th scope="col">how long</th></tr></thead><tbody>${steps.map((step, index) => stepRow(step, index, clients))}</tbody></table></div>`
}

/** The numbers of the plot. */
const clientTable = (story: Story, title: string): Markup => {
  const { servers, clients } = spreadTable(story)
  if (servers.length > mostInLegend) return nothing
  const heads = clients.map(
    (_, index) =>
      html`<th scope="col" class="number">${index === 0 ? 'start' : `after ${index}`}</th>`,
  )
  const rows = servers.map((server, index) => {
    const cells = clients.map((column) => number(String(column[index] ?? '–')))
    return html`<tr><th scope="row">${server}</th>${cells}</tr>`
  })
  return html`<details><summary>Clients of each server in numbers</summary><div class="wide" role="group" aria-label="Clients of each server: ${title}" tabindex="0"><table><thead><tr><td></td>${heads}</tr></thead><tbody>${rows}</tbody></table></div></details>`
}

const colourLegend = (colours: Colours): Markup => {
  const items = [...colours]
    .slice(0, mostInLegend)
    .map(
      ([name, colour]) =>
        html`<li><svg width="12" height="12" aria-hidden="true"><rect class="${colour}" width="12" height="12"/></svg>${name}</li>`,
    )
  return html`<ul class="legend" aria-label="Colours">${items}</ul>`
}

/** The clock does not matter, so the worst event of all does. */
const verdictOf = ({ steps }: Story): Markup => {
  const real = steps.flatMap((step) => (isRefused(step) ? [] : [step]))
  const worst = real.reduce<StoryStep | null>(
    (most, step) =>
      most === null || step.lost * most.sessions > most.lost * step.sessions ? step : most,
    null,
  )
  if (worst === null || worst.lost === 0)
    return html`<p class="verdict good">No session is lost.</p>`
  return html`<p class="verdict bad">Up to ${percentage(worst.lost, worst.sessions)} of the sessions are lost (${worst.event}).</p>`
}

const article = (story: Story, index: number): Markup => {
  const { proxy, version, form, sessionsIn } = story
  const title = `${titles[proxy]} ${version}`
  const colours = coloursOf(story)
  const id = `p${index}`
  return html`<article id="${id}" aria-labelledby="${id}-title"><header><h2 id="${id}-title">${title}</h2><span class="dim">${form}; ${keepingWords[sessionsIn]}</span></header>${verdictOf(story)}${stepTable(story, title)}${colourLegend(colours)}<div class="plots">${spreadOverTime(story, colours, title)}${lossPlot(story, title)}</div>${clientTable(story, title)}</article>`
}

/** A self-contained page, in the style of the lab's. Equal runs give equal bytes. */
export const simulationPage = (
  { version, commandLine }: SimulationOrigin,
  { spec, upstream, population, seed, stories }: Simulation,
): string => {
  const clients = plural(stories[0]?.clients ?? 0, 'client')
  const title = `Simulation of ${upstream} in ${spec}`
  return htmlDocument(
    title,
    styleSheet,
    html`<main><h1>${title}</h1><p class="dim">sessctl ${version}: <code>sessctl ${commandLine.map(quoted).join(' ')}</code></p><p>${clients} (${population}), seed ${seed}.</p>${stories.map(article)}<p class="dim">${legend}</p></main>`,
  )
}
