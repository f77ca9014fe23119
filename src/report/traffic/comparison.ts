import type { Result, Trial } from '../../core/traffic/evaluate.ts'
import { type ScenarioName, scenarioNames } from '../../core/traffic/scenario.ts'
import type { Style } from '../style.ts'
import { visible } from '../visible.ts'
import { msText, shareText, statusWord } from './words.ts'

/** What of a trial a cell of the table says. */
export const cellOf = (trial: Trial, name: ScenarioName): Result | null =>
  trial.results.find(({ scenario }) => scenario === name) ?? null

/** The scenarios that any of them has run. */
export const comparedScenarios = (trials: readonly Trial[]): readonly ScenarioName[] =>
  scenarioNames.filter((name) => trials.some((trial) => cellOf(trial, name)?.figures != null))

/** What a scenario is about, measured. */
export const mainFigure = (result: Result | null): string => {
  const [first] = result?.checks ?? []
  return first === undefined ? '–' : shareText(first.measured)
}

export interface Totals {
  readonly requests: number
  readonly failed: number
  /** The median of the first scenario: of a cluster that nothing has happened to. */
  readonly medianMs: number | null
}

export const totalsOf = ({ results }: Trial): Totals => {
  const figures = results.flatMap((result) => result.figures ?? [])
  return {
    requests: figures.reduce((sum, one) => sum + one.requests, 0),
    failed: figures.reduce((sum, one) => sum + one.failed, 0),
    medianMs: figures[0]?.latency?.p50 ?? null,
  }
}

/** One line for each trial, one column for each scenario. */
export const formatComparison = (trials: readonly Trial[], style: Style): string => {
  const names = comparedScenarios(trials)
  const rows = trials.map((trial) => {
    const { failed, medianMs } = totalsOf(trial)
    const cells = names.map((name) => {
      const result = cellOf(trial, name)
      return {
        text: mainFigure(result),
        isBad: result !== null && /^[A-Z]/.test(statusWord(result)),
      }
    })
    return [
      { text: visible(trial.name), isBad: false },
      ...cells,
      { text: String(failed), isBad: false },
      { text: medianMs === null ? '–' : msText(medianMs), isBad: false },
    ]
  })
  const heads = ['', ...names, 'failed', 'median']
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.text.length ?? 0)),
  )
  const padded = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)
  return [
    style.dim(heads.map(padded).join('  ')),
    ...rows.map((row) =>
      row
        .map(({ text, isBad }, column) =>
          isBad ? style.red(padded(text, column)) : padded(text, column),
        )
        .join('  '),
    ),
    '',
  ].join('\n')
}
