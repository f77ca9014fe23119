import type { LabPlanned } from '../core/lab/planned.ts'
import type { LabTrial } from '../core/lab/trial.ts'
import type { Result } from '../core/traffic/evaluate.ts'
import type { FigureName } from '../core/traffic/figures/figures.ts'
import { formatShare } from '../core/traffic/reason.ts'
import type { ScenarioName } from '../core/traffic/scenario.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'

interface Column {
  readonly title: string
  readonly value: (trial: LabTrial) => string
}

const nothing = '–'

const resultOf = ({ results }: LabTrial, name: ScenarioName): Result | null =>
  results.find(({ scenario }) => scenario === name) ?? null

const share = (title: string, name: ScenarioName, figure: FigureName): Column => ({
  title,
  value: (trial) => {
    const measured = resultOf(trial, name)?.figures?.shares[figure] ?? null
    return measured === null ? nothing : formatShare(measured)
  },
})

/** Of all scenarios together. */
const failedRequests = ({ results }: LabTrial): string => {
  const figures = results.flatMap((result) => result.figures ?? [])
  return String(figures.reduce((sum, { failed }) => sum + failed, 0))
}

/** Sticky and even, then the sessions that survive each event. */
export const compareColumns: readonly Column[] = [
  share('sticky', 'sticky', 'sticky'),
  share('even', 'spread', 'even'),
  share('even (NAT)', 'nat', 'even'),
  share('even (/24)', 'subnet', 'even'),
  share('sticky (CDN)', 'cdn', 'sticky'),
  share('kept: killed', 'kill', 'kept'),
  share('back', 'back', 'kept'),
  share('drained', 'drain', 'kept'),
  share('rolling', 'rolling', 'kept'),
  share('store', 'store', 'kept'),
  { title: 'failed', value: failedRequests },
  {
    title: 'added',
    value: ({ addedMs }) => (addedMs === null ? nothing : `${addedMs.toFixed(1)} ms`),
  },
]

/** One row for each spec; columns in which nobody has anything are left out. */
export const compareRows = (trials: readonly LabTrial[]): readonly (readonly string[])[] => {
  const columns = compareColumns.filter(({ value }) =>
    trials.some((trial) => value(trial) !== nothing),
  )
  return [
    ['spec', ...columns.map(({ title }) => title)],
    ...trials.map((trial) => [visible(trial.name), ...columns.map(({ value }) => value(trial))]),
  ]
}

/** Names to the left, figures to the right. */
export const formatCompare = (trials: readonly LabTrial[], style: Style): string => {
  const rows = compareRows(trials)
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
  const [head = '', ...body] = lines
  return `${[style.bold(head), ...body].join('\n')}\n`
}

/** What would be started and asked. */
export const formatLabPlan = ({ name, processes, scenarios, notes }: LabPlanned): string => {
  const widthOf = (texts: readonly string[]): number =>
    Math.max(0, ...texts.map(({ length }) => length))
  const names = widthOf(processes.map((process) => visible(process.name)))
  const titles = widthOf(processes.map(({ title }) => visible(title)))
  return [
    `${visible(name)} would be brought up:`,
    ...processes.map(
      (process) =>
        `  ${visible(process.name).padEnd(names)}  ${visible(process.title).padEnd(titles)}  ${visible(process.program)}`,
    ),
    ...notes.map((note) => `  note: ${visible(note)}`),
    'and asked:',
    ...scenarios.map((scenario) => {
      const word = scenario.isClaimed ? 'claimed' : 'told'
      return `  ${scenario.name.padEnd(9)} ${scenario.skipped === null ? word : `skipped: ${visible(scenario.skipped)}`}`
    }),
    '',
  ].join('\n')
}
