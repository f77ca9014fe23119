import type { Placed } from '../../core/diff/placed.ts'
import type { Change, Risk } from '../../core/review/review.ts'
import { formatFileChange } from '../diff.ts'
import type { Style } from '../style.ts'
import { visible } from '../visible.ts'
import { wrapped } from '../wrap.ts'
import { proofLines } from './proof.ts'
import {
  affected,
  effects,
  fileCounts,
  impactFigures,
  kindWords,
  placesOf,
  type ReviewReport,
  remedyWord,
  sentence,
  specPlace,
  toneOf,
  upstreamName,
  verdictText,
} from './report.ts'

const mostChanges = 100
const mostRisks = 100
const kindWidth = 16

const more = (all: readonly unknown[], most: number): readonly string[] =>
  all.length > most ? [`  … and ${all.length - most} more`] : []

const riskLines = (risk: Placed<Risk>, style: Style): readonly string[] => {
  const { kind, message, remedies } = risk
  const paint = kind === 'sessions' ? style.red : kind === 'cosmetic' ? style.dim : style.yellow
  const indent = ' '.repeat(kindWidth)
  return [
    `  ${paint(kindWords[kind].padEnd(kindWidth - 2))}${visible(sentence(message))}`,
    `${indent}${style.dim(`at ${visible(placesOf(risk))}`)}`,
    ...remedies.flatMap(({ text, commands }, index) => [
      `${indent}${remedyWord(index)}: ${visible(sentence(text))}`,
      ...commands.map((command) => `${indent}  $ ${style.bold(visible(command))}`),
    ]),
  ]
}

const changeLine = (change: Placed<Change>, style: Style): string =>
  `  ${visible(change.text)} ${style.dim(`(${visible(specPlace(change))})`)}`

/** The layers above the text of the files. Each line starts with a word, which no tool reads as a patch. */
const reviewLines = (report: ReviewReport, style: Style): readonly string[] => {
  const { review } = report
  if (review === null) return []
  const paint = { good: style.green, warn: style.yellow, bad: style.red }[toneOf(review)]
  const { risks, changes } = review
  return [
    style.bold(paint(visible(verdictText(report)))),
    ...effects(review).map(([what, names]) => `${what}: ${visible(names)}`),
    ...(risks.length === 0
      ? []
      : [
          '',
          style.bold(`Risks (${risks.length})`),
          ...risks.slice(0, mostRisks).flatMap((risk) => riskLines(risk, style)),
          ...more(risks, mostRisks),
        ]),
    ...(affected(review).length === 0
      ? []
      : [
          '',
          style.bold('Impact'),
          ...affected(review).flatMap((impact) =>
            impact.proxies.flatMap((one) => [
              `  ${visible(upstreamName(impact))}, ${one.proxy}: ${impactFigures(one)}`,
              `    ${style.dim(visible(sentence(one.reason)))}`,
            ]),
          ),
        ]),
    ...proofLines(report.proof, style),
    ...(changes.length === 0
      ? []
      : [
          '',
          style.bold(`Changes (${changes.length})`),
          ...changes.slice(0, mostChanges).map((change) => changeLine(change, style)),
          ...more(changes, mostChanges),
        ]),
    '',
    `${style.bold('Text')}: ${fileCounts(report)}`,
  ]
}

/**
 * The review, and below it a unified diff, which `patch` and `git apply` still apply: they skip what is above.
 * @param columns of the terminal; null: lines are not broken.
 */
export const reviewText = (
  report: ReviewReport,
  style: Style,
  columns: number | null = null,
): string => {
  const { files } = report
  const above = reviewLines(report, style).flatMap((line) => wrapped(line, columns))
  return [
    ...above.map((line) => `${line}\n`),
    ...files.map((change) => formatFileChange(change, style)),
  ].join('')
}
