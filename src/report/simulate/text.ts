import type { RefusedStep, Story, StoryStep } from '../../core/simulate/story/tell.ts'
import type { Style } from '../style.ts'
import { plural } from '../traffic/words.ts'
import { visible } from '../visible.ts'
import {
  isRefused,
  keepingWords,
  legend,
  lostColumns,
  percentage,
  type Simulation,
  type SpreadTable,
  spreadTable,
  titles,
} from './words.ts'

type Row = readonly string[]

/** The first column to the left, the others to the right; the last is text. */
const aligned = (rows: readonly Row[], hasText: boolean): readonly string[] => {
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => {
        if (column === 0) return cell.padEnd(widths[0] ?? 0)
        return hasText && column === columns - 1 ? cell : cell.padStart(widths[column] ?? 0)
      })
      .join('  ')
      .trimEnd(),
  )
}

const stepRow = (step: StoryStep | RefusedStep, index: number, clients: number): Row => {
  const name = `${index + 1} ${visible(step.event)}`
  if (isRefused(step)) return [name, '–', ...lostColumns.map(() => '–'), '–', '–', 'refused']
  return [
    name,
    percentage(step.moved, clients),
    ...lostColumns.map(({ of }) => percentage(of(step), step.sessions)),
    percentage(step.failed, clients),
    percentage(step.retried, clients),
    visible(step.lasting.text),
  ]
}

const mostServers = 40

const numbers = ({ servers, clients }: SpreadTable): readonly Row[] =>
  servers.map((server, index) => [
    visible(server),
    ...clients.map((column) => String(column[index] ?? '–')),
  ])

/** The least, the middle and the most clients of a server. */
const summary = ({ clients }: SpreadTable): readonly Row[] => {
  const sorted = clients.map((column) =>
    column.filter((count) => count !== null).sort((a, b) => a - b),
  )
  const at = (share: number): readonly string[] =>
    sorted.map((column) => String(column[Math.floor(share * (column.length - 1))] ?? '–'))
  return [
    ['least', ...at(0)],
    ['median', ...at(0.5)],
    ['most', ...at(1)],
  ]
}

const spreadLines = (story: Story): readonly string[] => {
  const table = spreadTable(story)
  const head = ['clients', 'start', ...story.steps.map((_, index) => String(index + 1))]
  const isLong = table.servers.length > mostServers
  return [
    ...aligned([head, ...(isLong ? summary(table) : numbers(table))], false),
    ...(isLong ? [`of ${table.servers.length} servers`] : []),
  ]
}

const storyLines = (story: Story, style: Style): readonly string[] => {
  const { proxy, version, form, sessionsIn, clients, steps } = story
  const head = [
    'event',
    'moved',
    ...lostColumns.map(({ title }) => title),
    'error',
    'retried',
    'how long',
  ]
  const rows = steps.map((step, index) => stepRow(step, index, clients))
  const [first = '', ...events] = aligned([head, ...rows], true)
  const [columns = '', ...servers] = spreadLines(story)
  return [
    `${style.bold(`${titles[proxy]} ${version}`)}: ${visible(form)}; ${keepingWords[sessionsIn]}`,
    '',
    style.bold(first),
    ...events,
    '',
    style.bold(columns),
    ...servers,
    '',
  ]
}

/** Tables for a terminal. */
export const formatSimulation = (simulation: Simulation, style: Style): string => {
  const { spec, upstream, population, seed, stories } = simulation
  const clients = stories[0]?.clients ?? 0
  return [
    `${visible(spec)}, upstream ${visible(upstream)}: ${plural(clients, 'client')} (${visible(population)}), seed ${seed}`,
    '',
    ...stories.flatMap((story) => storyLines(story, style)),
    style.dim(legend),
    '',
  ].join('\n')
}
