import { base64Sha256 } from '../../core/traffic/digest.ts'
import type { Trial } from '../../core/traffic/evaluate.ts'
import { articleOf, badgeOf } from './article.ts'
import { coloursOf } from './colours.ts'
import { cellOf, comparedScenarios, mainFigure, totalsOf } from './comparison.ts'
import { html, type Markup, nothing } from './markup.ts'
import { styleSheet } from './style-sheet.ts'
import { msText, verdictOf } from './words.ts'

/** How one of our pages is known again: nothing else is overwritten. */
export const pageMark = '<meta name="generator" content="sessctl">'

const idOf = (trial: number, scenario: string): string => `t${trial}-${scenario}`

/** A row for each scenario and a column for each trial, with links to what stands below. */
const summary = (trials: readonly Trial[]): Markup => {
  const names = comparedScenarios(trials)
  const titleOf = (name: string) =>
    trials.flatMap(({ results }) => results).find(({ scenario }) => scenario === name)?.title ?? ''
  const rows = names.map((name) => {
    const cells = trials.map((trial, index) => {
      const result = cellOf(trial, name)
      return result === null
        ? html`<td>–</td>`
        : html`<td>${badgeOf(result)} <a href="#${idOf(index, name)}">${mainFigure(result)} ${result.checks[0]?.figure ?? ''}</a></td>`
    })
    return html`<tr><th scope="row">${titleOf(name)}</th>${cells}</tr>`
  })
  const totals = trials.map(totalsOf)
  const row = (title: string, cells: readonly string[]) =>
    html`<tr><th scope="row">${title}</th>${cells.map((text) => html`<td>${text}</td>`)}</tr>`
  return html`<div class="wide"><table><caption>Each with the figure that it is about</caption><thead><tr><th scope="col">Scenario</th>${trials.map(({ name }) => html`<th scope="col">${trials.length === 1 ? 'Result' : name}</th>`)}</tr></thead><tbody>${rows}${row(
    'Failed requests',
    totals.map(({ failed, requests }) => `${failed} of ${requests}`),
  )}${row(
    'Median latency',
    totals.map(({ medianMs }) => (medianMs === null ? '–' : msText(medianMs))),
  )}</tbody></table></div>`
}

const legend = (colours: ReadonlyMap<string, string>): Markup => {
  const item = (colour: string, name: string) =>
    html`<li><svg width="12" height="12" aria-hidden="true"><rect class="${colour}" width="12" height="12"/></svg>${name}</li>`
  return html`<ul class="legend" aria-label="Colours">${[...colours].slice(0, 40).map(([name, colour]) => item(colour, name))}${item('bad', 'failed')}${item('dark', 'others, or not known by whom')}</ul>`
}

const section = (trial: Trial, index: number, trials: readonly Trial[]): Markup => {
  const colours = coloursOf(trial)
  const verdict = trials.length === 1 ? nothing : html`<p>${verdictOf(trial.results)}</p>`
  const notes =
    trial.notes.length === 0
      ? nothing
      : html`<ul>${trial.notes.map((note) => html`<li>${note}</li>`)}</ul>`
  return html`<section aria-labelledby="t${index}"><h2 id="t${index}">${trial.name}</h2><p class="dim">${trial.about}</p>${verdict}${notes}${legend(colours)}${trial.results.map((result) => articleOf(result, colours, idOf(index, result.scenario)))}</section>`
}

/**
 * One page that needs nothing else: no script, no request, and a policy that allows neither.
 * The same trials are the same bytes.
 */
export const trafficPage = (title: string, trials: readonly Trial[]): string => {
  const policy = `default-src 'none'; style-src 'sha256-${base64Sha256(styleSheet)}'; base-uri 'none'; form-action 'none'`
  const style: Markup = { markup: styleSheet }
  const all = trials.flatMap(({ results }) => results)
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${{ markup: policy }}">${{ markup: pageMark }}<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1><p class="verdict">${verdictOf(all)}</p>${summary(trials)}${trials.map(section)}</main></body></html>
`
  return page.markup
}
