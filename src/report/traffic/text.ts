import { isFailure, type Result, type Trial } from '../../core/traffic/evaluate.ts'
import type { Figures } from '../../core/traffic/figures/figures.ts'
import { formatShare } from '../../core/traffic/reason.ts'
import type { Style } from '../style.ts'
import { visible } from '../visible.ts'
import { checkText, msText, plural, statusWord, verdictOf } from './words.ts'

const colourOf = (result: Result, style: Style) => {
  if (result.status === 'held') return style.green
  if (isFailure(result)) return style.red
  return result.status === 'failed' ? style.yellow : style.dim
}

/** Sessions that were lost are told even where nobody asked for them. */
const figureText = ({ requests, failed, latency, shares }: Figures, tellsLoss: boolean): string =>
  [
    plural(requests, 'request'),
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(!tellsLoss || shares.kept === null || shares.kept === 1
      ? []
      : [`${formatShare(1 - shares.kept)} of the sessions lost`]),
    ...(latency === null ? [] : [`p50 ${msText(latency.p50)}, p99 ${msText(latency.p99)}`]),
  ].join(', ')

const resultLines = (result: Result, style: Style): readonly string[] => {
  const { scenario, title, checks, figures, reason } = result
  const word = colourOf(result, style)(statusWord(result).padEnd(10))
  const tellsLoss = checks.every(({ figure }) => figure !== 'kept')
  const measured = checks.map(checkText).join(', ')
  const dots = style.dim(figures === null ? '' : figureText(figures, tellsLoss))
  return [
    `${word}${style.bold(scenario.padEnd(10))}${title}`,
    ...(measured === '' ? [] : [`          ${measured.padEnd(37)}  ${dots}`]),
    ...(reason === '' ? [] : [`          ${style.dim('=')} ${visible(reason)}`]),
  ]
}

/** Over all scenarios: where the requests of this run went. */
const serverLines = (results: readonly Result[]): readonly string[] => {
  const totals = new Map<string, number>()
  for (const { figures } of results)
    for (const { name, requests } of figures?.servers ?? [])
      totals.set(name, (totals.get(name) ?? 0) + requests)
  const shown = [...totals].sort(([a], [b]) => (a < b ? -1 : 1))
  const width = Math.max(0, ...shown.map(([name]) => visible(name).length))
  return shown
    .slice(0, 40)
    .map(([name, requests]) => `  ${visible(name).padEnd(width)}  ${plural(requests, 'request')}`)
    .concat(shown.length > 40 ? [`  … and ${shown.length - 40} more`] : [])
}

/** What was seen of one cluster, for a terminal. */
export const formatTrial = (trial: Trial, style: Style): string =>
  [
    `${style.bold(visible(trial.name))}: ${visible(trial.about)}`,
    ...trial.notes.map((note) => `  ${style.cyan('note')}: ${visible(note)}`),
    '',
    ...trial.results.flatMap((result) => resultLines(result, style)),
    '',
    ...serverLines(trial.results),
    verdictOf(trial.results),
    '',
  ].join('\n')
