import {
  agrees,
  contradicted,
  type Figure,
  type Proof,
  tolerance,
  type UpstreamProof,
} from '../../core/prove/proof.ts'
import type { Style } from '../style.ts'
import { visible } from '../visible.ts'
import { markdownText } from './markdown-text.ts'
import { sentence } from './report.ts'

/** Tenths: the tolerance is two percentage points. */
const percentOf = (share: number | null): string =>
  share === null ? '–' : `${(share * 100).toFixed(1)}%`

export const proofHeads = [
  'upstream',
  'proxy',
  'moved: review',
  'predicted',
  'measured',
  'lost: review',
  'predicted',
  'measured',
] as const

const figureCells = ({ review, predicted, measured }: Figure): readonly string[] =>
  [review, predicted, measured].map(percentOf)

const cellsOf = ({ name, proxy, moved, lost }: UpstreamProof): readonly string[] => [
  name,
  proxy,
  ...figureCells(moved),
  ...figureCells(lost),
]

/** What the table means, one sentence each. */
const explanations = ({ upstreams }: Proof): readonly string[] => {
  const clients = Math.max(0, ...upstreams.map((upstream) => upstream.clients))
  return [
    `review: clients from anywhere; predicted and measured: the same ${clients} clients in the lab`,
  ]
}

const reasonsOf = ({ upstreams }: Proof): readonly string[] =>
  upstreams.flatMap(({ name, proxy, reason }) =>
    reason === null ? [] : [`not measured for ${name} behind ${proxy}: ${reason}`],
  )

const programsOf = ({ programs }: Proof): readonly string[] =>
  programs.map(({ before, after }) => (before === after ? before : `${before}; then ${after}`))

/** The answer of the proof in one sentence. */
export const proofSentence = (proof: Proof): string => {
  const wrong = contradicted(proof)
  const points = tolerance * 100
  if (wrong.length > 0) {
    const names = wrong.map(({ name, proxy }) => `${name} behind ${proxy}`)
    return `the lab contradicts the prediction by more than ${points} percentage points: ${names.join(', ')}`
  }
  const figures = proof.upstreams.flatMap(({ moved, lost }) => [agrees(moved), agrees(lost)])
  return figures.includes(true)
    ? `predicted and measured differ by at most ${points} percentage points`
    : 'nothing was measured'
}

/** What a reader needs to know of the table, one sentence each. */
export const proofNotes = (proof: Proof): readonly string[] => [
  ...explanations(proof),
  ...reasonsOf(proof),
  ...programsOf(proof),
  ...proof.notes,
]

/** The cells of the table. */
export const proofRows = ({ upstreams }: Proof): readonly (readonly string[])[] =>
  upstreams.map(cellsOf)

const widthsOf = (rows: readonly (readonly string[])[]): readonly number[] =>
  proofHeads.map((_, column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length)))

/** Below the impact. */
export const proofLines = (proof: Proof | null, style: Style): readonly string[] => {
  if (proof === null) return []
  const rows = proofRows(proof).map((cells) => cells.map(visible))
  const widths = widthsOf([proofHeads, ...rows])
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  const paint = contradicted(proof).length > 0 ? style.red : style.green
  return [
    '',
    `${style.bold('Proof')}: ${paint(sentence(proofSentence(proof)))}`,
    `  ${style.dim(lineOf(proofHeads))}`,
    ...rows.map((cells) => `  ${lineOf(cells)}`),
    ...proofNotes(proof).map((text) => `    ${style.dim(visible(sentence(text)))}`),
  ]
}

/** The same as a table; empty without a proof. */
export const proofMarkdown = (proof: Proof | null): string => {
  if (proof === null) return ''
  const rows = proofRows(proof).map(
    ([name = '', ...cells]) => `| ${[markdownText(name), ...cells].join(' | ')} |`,
  )
  return [
    `#### Proof: ${markdownText(sentence(proofSentence(proof)))}`,
    '',
    `| ${proofHeads.join(' | ')} |`,
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
    ...proofNotes(proof).map((text) => `- ${markdownText(sentence(text))}`),
    '',
    '',
  ].join('\n')
}

const jsonFigure = (figure: Figure) => ({ ...figure, agrees: agrees(figure) })

/** null: nothing was proved. */
export const proofJson = (proof: Proof | null) =>
  proof === null
    ? null
    : {
        agrees: contradicted(proof).length === 0,
        tolerance,
        programs: proof.programs,
        upstreams: proof.upstreams.map(({ moved, lost, ...upstream }) => ({
          ...upstream,
          moved: jsonFigure(moved),
          lost: jsonFigure(lost),
        })),
        notes: proof.notes,
      }
