import { isFailure, type ScenarioResult, type Trial } from '../../core/traffic/evaluate.ts'
import type { Figures } from '../../core/traffic/figures/figures.ts'
import { formatShare } from '../../core/traffic/reason.ts'
import type { ScenarioName } from '../../core/traffic/scenario.ts'
import { htmlDocument } from '../html-document.ts'
import { quoted } from './command-line.ts'
import { comparedScenarios, mainFigure, resultOf, totals } from './comparison.ts'
import { html, type Markup, nothing } from './markup.ts'
import { type Colours, clientPlot, spreadPlot, timePlot } from './plots.ts'
import { styleSheet } from './style-sheet.ts'
import {
  checkText,
  figureText,
  figureWords,
  msText,
  plural,
  statusWord,
  type Verdict,
  verdictOf,
} from './words.ts'

/** How and when a report was made. */
export interface ReportOrigin {
  readonly version: string
  /** The words after `sessctl`. */
  readonly commandLine: readonly string[]
  readonly epochMs: number
}

/** As many colours as most people can tell apart, also with colour blindness; then they repeat. */
const colourCount = 8
const mostInLegend = 40

const coloursOf = ({ results }: Trial): Colours => {
  const names = new Set(
    results.flatMap(({ figures }) => figures?.servers.map(({ name }) => name) ?? []),
  )
  return new Map([...names].sort().map((name, index) => [name, `s${index % colourCount}`]))
}

const originLine = ({ version, commandLine, epochMs }: ReportOrigin): Markup => {
  const date = `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return html`<p class="dim">sessctl ${version}, <time>${date}</time>: <code>sessctl ${commandLine.map(quoted).join(' ')}</code></p>`
}

const badgeOf = (result: ScenarioResult): Markup => {
  const isWarning = !isFailure(result) && result.status === 'failed'
  const kind =
    result.status === 'held' ? 'good' : isFailure(result) ? 'bad' : isWarning ? 'warn' : ''
  return html`<span class="badge ${kind}">${statusWord(result)}</span>`
}

const idOf = (trial: number, scenario: string): string => `t${trial}-${scenario}`

/** A row for each scenario and a column for each trial, with links to the details. */
const summary = (trials: readonly Trial[]): Markup => {
  const cellOf = (name: ScenarioName) => (trial: Trial, index: number) => {
    const result = resultOf(trial, name)
    const [check] = result?.checks ?? []
    return result === null
      ? html`<td>–</td>`
      : html`<td>${badgeOf(result)} <a href="#${idOf(index, name)}">${mainFigure(result)} ${check === undefined ? '' : figureWords[check.figure]}</a></td>`
  }
  const titleOf = (name: ScenarioName): string =>
    trials.flatMap((trial) => resultOf(trial, name)?.title ?? [])[0] ?? ''
  const rows = comparedScenarios(trials).map(
    (name) =>
      html`<tr><th scope="row"><b>${name}</b> ${titleOf(name)}</th>${trials.map(cellOf(name))}</tr>`,
  )
  const totalRows = totals.map(
    ({ name, title, of }) =>
      html`<tr><th scope="row"><b>${name}</b> ${title}</th>${trials.map((trial) => html`<td>${of(trial)}</td>`)}</tr>`,
  )
  const heads = trials.map(
    ({ name }) => html`<th scope="col">${trials.length === 1 ? 'Result' : name}</th>`,
  )
  return html`<div class="wide" role="group" aria-label="Scenarios" tabindex="0"><table><thead><tr><th scope="col">Scenario</th>${heads}</tr></thead><tbody>${rows}${totalRows}</tbody></table></div>`
}

const legend = (colours: Colours): Markup => {
  const item = (colour: string, name: string) =>
    html`<li><svg width="12" height="12" aria-hidden="true"><rect class="${colour}" width="12" height="12"/></svg>${name}</li>`
  return html`<ul class="legend" aria-label="Colours">${[...colours].slice(0, mostInLegend).map(([name, colour]) => item(colour, name))}${item('bad', 'failed')}${item('dark', 'other or unknown server')}</ul>`
}

const checkList = ({ checks }: ScenarioResult): Markup => {
  const items = checks.map((check) => {
    const minimum = `${check.isHeld === true ? 'minimum' : 'below the minimum of'} ${formatShare(check.minimum)}`
    return html`<li><strong>${checkText(check)}</strong> <span class="dim">(${check.isHeld === null ? 'unknown' : minimum})</span>: ${check.reason}</li>`
  })
  return html`<ul>${items}</ul>`
}

const figureLine = (figures: Figures, { checks }: ScenarioResult): Markup => {
  const { clients, unidentified, endings, latency } = figures
  const codes = endings.map(({ code, count }) => `${code}: ${count}`).join(', ')
  const words = [
    plural(clients, 'client'),
    figureText(figures, checks),
    ...(latency === null ? [] : [`max ${msText(latency.max)}`]),
    ...(unidentified === 0 ? [] : [`${unidentified} from an unknown server`]),
  ]
  return html`<p class="dim">${words.join(', ')} (${codes})</p>`
}

const articleOf = (result: ScenarioResult, colours: Colours, id: string): Markup => {
  const { scenario, title, claim, reason, figures, timeline, checks, isClaimed } = result
  const sentence = `${claim[0]?.toUpperCase() ?? ''}${claim.slice(1)}.`
  const details =
    figures === null || timeline === null
      ? html`<p>${reason}</p>`
      : html`${checkList(result)}${figureLine(figures, result)}<div class="plots">${spreadPlot(figures, colours, title)}${clientPlot(timeline, colours, title)}${timePlot(timeline, colours, title)}</div>`
  const skipped = checks.length === 0 ? html`${badgeOf(result)} ` : nothing
  return html`<article id="${id}" aria-labelledby="${id}-title"><header>${skipped}<h3 id="${id}-title"><b>${scenario}</b> ${title}</h3><span class="dim">${isClaimed ? 'claimed' : 'not claimed'}</span></header><p>${sentence}</p>${details}</article>`
}

const verdictLine = ({ kind, text }: Verdict): Markup =>
  html`<p class="verdict ${kind}">${text[0]?.toUpperCase() ?? ''}${text.slice(1)}</p>`

const section = (trial: Trial, index: number, trials: readonly Trial[]): Markup => {
  const colours = coloursOf(trial)
  const verdict = trials.length === 1 ? nothing : verdictLine(verdictOf(trial.results))
  const notes =
    trial.notes.length === 0
      ? nothing
      : html`<ul>${trial.notes.map((note) => html`<li>${note}</li>`)}</ul>`
  return html`<section aria-labelledby="t${index}"><h2 id="t${index}">${trial.name}</h2><p class="dim">${trial.about}</p>${verdict}${notes}${legend(colours)}${trial.results.map((result) => articleOf(result, colours, idOf(index, result.scenario)))}</section>`
}

/** A page about trials. Equal trials of one origin give equal bytes. */
export const trafficPage = (origin: ReportOrigin, trials: readonly Trial[]): string => {
  const results = trials.flatMap((trial) => trial.results)
  const title = `Session affinity of ${trials.map(({ name }) => name).join(', ')}`
  return htmlDocument(
    title,
    styleSheet,
    html`<main><h1>${title}</h1>${verdictLine(verdictOf(results))}${originLine(origin)}${summary(trials)}${trials.map(section)}</main>`,
  )
}
