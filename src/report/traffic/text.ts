import { isFailure, type ScenarioResult, type Trial } from '../../core/traffic/evaluate.ts'
import type { Style } from '../style.ts'
import { visible } from '../visible.ts'
import { checkText, figureText, plural, statusWord, verdictOf } from './words.ts'

const mostServers = 40

const colourOf = (result: ScenarioResult, style: Style) => {
  if (result.status === 'held') return style.green
  if (isFailure(result)) return style.red
  return result.status === 'failed' ? style.yellow : style.dim
}

const resultLines = (result: ScenarioResult, style: Style): readonly string[] => {
  const { scenario, title, checks, figures, reason } = result
  const word = colourOf(result, style)(statusWord(result).padEnd(10))
  const measured = checks.map(checkText).join(', ')
  const others = figures === null ? '' : figureText(figures, checks)
  return [
    `${word}${style.bold(scenario.padEnd(10))}${title}`,
    ...(measured === '' ? [] : [`          ${measured.padEnd(37)}  ${style.dim(others)}`]),
    ...(reason === '' ? [] : [`          ${style.dim('=')} ${visible(reason)}`]),
  ]
}

/** The requests of each server in all scenarios. */
const serverLines = (results: readonly ScenarioResult[]): readonly string[] => {
  const totals = new Map<string, number>()
  for (const { figures } of results)
    for (const { name, requests } of figures?.servers ?? [])
      totals.set(name, (totals.get(name) ?? 0) + requests)
  const sorted = [...totals].sort(([a], [b]) => (a < b ? -1 : 1))
  const width = Math.max(0, ...sorted.map(([name]) => visible(name).length))
  return sorted
    .slice(0, mostServers)
    .map(([name, requests]) => `  ${visible(name).padEnd(width)}  ${plural(requests, 'request')}`)
    .concat(sorted.length > mostServers ? [`  … and ${sorted.length - mostServers} more`] : [])
}

/** The results of one cluster, for a terminal. */
export const formatTrial = (trial: Trial, style: Style): string =>
  [
    `${style.bold(visible(trial.name))}: ${visible(trial.about)}`,
    ...trial.notes.map((note) => `  ${style.cyan('note')}: ${visible(note)}`),
    '',
    ...trial.results.flatMap((result) => resultLines(result, style)),
    '',
    ...serverLines(trial.results),
    verdictOf(trial.results).text,
    '',
  ].join('\n')
