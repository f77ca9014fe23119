import type { ScenarioResult, Trial } from '../../core/traffic/evaluate.ts'
import { type ScenarioName, scenarioNames } from '../../core/traffic/scenario.ts'
import type { Style } from '../style.ts'
import { visible } from '../visible.ts'
import { figureWords, msText, shareText, statusWord } from './words.ts'

export const resultOf = ({ results }: Trial, name: ScenarioName): ScenarioResult | null =>
  results.find(({ scenario }) => scenario === name) ?? null

/** The scenarios that were run for at least one of the trials. */
export const comparedScenarios = (trials: readonly Trial[]): readonly ScenarioName[] =>
  scenarioNames.filter((name) =>
    trials.some((trial) => (resultOf(trial, name)?.figures ?? null) !== null),
  )

/** The figure that the scenario is about. */
export const mainFigure = (result: ScenarioResult | null): string => {
  const [first] = result?.checks ?? []
  return first === undefined ? '–' : shareText(first.measured)
}

/** Figures of a whole trial, by a short and a long name. */
export const totals: readonly {
  readonly name: string
  readonly title: string
  readonly of: (trial: Trial) => string
}[] = [
  {
    name: 'failed',
    title: 'Failed requests',
    of: ({ results }) =>
      String(results.reduce((sum, { figures }) => sum + (figures?.failed ?? 0), 0)),
  },
  {
    name: 'added',
    title: 'Median latency added by the balancer',
    of: ({ addedMs }) => (addedMs === null ? '–' : msText(addedMs)),
  },
]

interface Column {
  readonly name: string
  readonly cellOf: (trial: Trial) => { readonly text: string; readonly isBad: boolean }
}

/** `sticky: cdn, sticky; sessions kept: kill, back`: the figure of each column. */
const legendOf = (names: readonly ScenarioName[], trials: readonly Trial[]): string => {
  const columns = new Map<string, ScenarioName[]>()
  for (const name of names) {
    const [check] = trials.flatMap((trial) => resultOf(trial, name)?.checks ?? [])
    if (check === undefined) continue
    const word = figureWords[check.figure]
    columns.set(word, [...(columns.get(word) ?? []), name])
  }
  return [...columns].map(([word, own]) => `${word}: ${own.join(', ')}`).join('; ')
}

/** A row for each trial and a column for each scenario. */
export const formatComparison = (trials: readonly Trial[], style: Style): string => {
  const names = comparedScenarios(trials)
  const columns: readonly Column[] = [
    { name: 'spec', cellOf: ({ name }) => ({ text: visible(name), isBad: false }) },
    ...names.map(
      (name): Column => ({
        name,
        cellOf: (trial) => {
          const result = resultOf(trial, name)
          const isBad = result !== null && /^[A-Z]/.test(statusWord(result))
          return { text: mainFigure(result), isBad }
        },
      }),
    ),
    ...totals.map(
      ({ name, of }): Column => ({
        name,
        cellOf: (trial) => ({ text: of(trial), isBad: false }),
      }),
    ),
  ]
  const rows = trials.map((trial) => columns.map(({ cellOf }) => cellOf(trial)))
  const widths = columns.map(({ name }, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.text.length ?? 0)),
  )
  const padded = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)
  return [
    style.bold(columns.map(({ name }, column) => padded(name, column)).join('  ')),
    ...rows.map((row) =>
      row
        .map(({ text, isBad }, column) =>
          isBad ? style.red(padded(text, column)) : padded(text, column),
        )
        .join('  '),
    ),
    style.dim(legendOf(names, trials)),
    '',
  ].join('\n')
}
