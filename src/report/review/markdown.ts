import type { FileChange } from '../../core/diff/compare.ts'
import type { Placed } from '../../core/diff/placed.ts'
import type { Change, Risk } from '../../core/review/review.ts'
import { percent } from '../../core/review/shares.ts'
import { formatFileChange } from '../diff.ts'
import { styleFor } from '../style.ts'
import { visible } from '../visible.ts'
import { markdownBlock, markdownCode, markdownText, reviewMarker } from './markdown-text.ts'
import { proofMarkdown } from './proof.ts'
import {
  affected,
  effects,
  fileCounts,
  kindWords,
  outputPlace,
  type ReviewReport,
  remedyWord,
  sentence,
  specPlace,
  toneOf,
  upstreamName,
  verdictText,
} from './report.ts'

/**
 * The limit of GitHub is 65,536 characters, of which it counts some twice; that of other code hosts is
 * larger. As bytes, every way of counting is within it.
 */
export const mostCommentBytes = 65_000

/** More comments about one change are not read. */
const mostComments = 4

/** More is not read in a comment. */
const mostItems = 50

const signs = { good: '✅', warn: '⚠️', bad: '❌' } as const

const riskItem = (risk: Placed<Risk>): string => {
  const { kind, message, remedies, output } = risk
  const places = [specPlace(risk), ...(output === null ? [] : [outputPlace(output)])]
  const avoid = remedies.map(({ text, commands }, index) =>
    [
      `  - ${remedyWord(index)}: ${markdownText(sentence(text))}`,
      ...commands.map((command) => `    - ${markdownCode(command)}`),
    ].join('\n'),
  )
  return [
    `- **${kindWords[kind]}**: ${markdownText(sentence(message))} ${places.map(markdownCode).join(', ')}`,
    ...avoid,
  ].join('\n')
}

const changeItem = (change: Placed<Change>): string =>
  `- ${markdownText(change.text)} ${markdownCode(specPlace(change))}`

/** The first items as blocks, as many as fit. Later ones are not even written: there may be 20,000. */
const fitting = <Item>(
  items: readonly Item[],
  blockOf: (item: Item) => string,
  bytes: number,
): readonly string[] => {
  const kept: string[] = []
  let used = 0
  for (const item of items) {
    const block = blockOf(item)
    used += Buffer.byteLength(block) + 1
    if (used > bytes) break
    kept.push(block)
  }
  return kept
}

/** What of a list fits, and how many items do not. */
interface Section {
  readonly text: string
  readonly left: number
}

const sectionOf = <Item>(
  heading: string,
  items: readonly Item[],
  blockOf: (item: Item) => string,
  bytes: number,
): Section => {
  if (items.length === 0) return { text: '', left: 0 }
  const room = bytes - Buffer.byteLength(heading) - 80
  const kept = fitting(items.slice(0, mostItems), blockOf, room)
  const left = items.length - kept.length
  const more = left === 0 ? [] : [`- … and ${left} more`]
  return { text: `${[heading, '', ...kept, ...more].join('\n')}\n\n`, left }
}

/** The impact as a table: one row for each upstream and proxy. */
const impactRows = ({ review }: ReviewReport): readonly string[] =>
  review === null
    ? []
    : affected(review).flatMap((impact) =>
        impact.proxies.map(
          (one) =>
            `| ${markdownText(upstreamName(impact))} | ${one.proxy} | ${percent(one.moved)} | ${percent(one.lost)} | ${percent(one.failed)} | ${markdownText(sentence(one.reason))} |`,
        ),
      )

const impactTable = (report: ReviewReport): string => {
  const rows = impactRows(report)
  if (rows.length === 0) return ''
  const kept = fitting(rows.slice(0, mostItems), (row) => row, mostCommentBytes / 6)
  const left = rows.length - kept.length
  return [
    '| upstream | proxy | clients that move | sessions lost | clients with an error | why |',
    '|---|---|---|---|---|---|',
    ...kept,
    ...(left > 0 ? ['', `… and ${left} more rows`] : []),
    '',
    '',
  ].join('\n')
}

/** A longer change is read in the files. */
const mostLines = 400

/** The lines of a change that fit into half of a comment. */
const cutLines = (change: FileChange): readonly string[] => {
  const lines = formatFileChange(change, styleFor(false)).trimEnd().split('\n')
  const kept = fitting(lines.slice(0, mostLines), visible, mostCommentBytes / 2)
  const left = lines.length - kept.length
  return left > 0 ? [...kept, `# … and ${left} more lines`] : kept
}

const fileBlock = (change: FileChange): string => {
  const { path, status, added, removed } = change
  const summary = `${markdownText(path)} (${status}, +${added} −${removed})`
  return `<details><summary>${summary}</summary>\n\n${markdownBlock(cutLines(change), 'diff')}\n</details>\n`
}

const head = (report: ReviewReport): string => {
  const { review, subject, before, after, notes } = report
  const sign = review === null ? 'ℹ️' : signs[toneOf(review)]
  const lines =
    review === null
      ? []
      : effects(review).map(([what, names]) => `**${what}**: ${markdownText(names)}`)
  return [
    reviewMarker(subject),
    `### ${sign} ${markdownText(verdictText(report))}`,
    '',
    `${markdownCode(subject)}: ${markdownText(before)} → ${markdownText(after)}`,
    // A line that began with a name could be a command of GitLab: `/close`.
    ...notes.map((note) => `\nNote: ${markdownText(sentence(note))}`),
    ...lines.map((line) => `\n${line}`),
    '',
    '',
  ].join('\n')
}

const cutNote = (left: readonly (readonly [number, string])[], command: string): string => {
  const parts = left.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]))
  return parts.length === 0
    ? ''
    : `**Not shown, because a comment has a limit: ${parts.join(', ')}.** ${markdownCode(command)} shows all.\n\n`
}

/** The blocks of further comments, as many as there may be. */
const furtherBlocks = (files: readonly FileChange[]): readonly (readonly string[])[] => {
  const comments: (readonly string[])[] = []
  let at = 0
  while (at < files.length && comments.length < mostComments - 1) {
    const blocks = fitting(files.slice(at), fileBlock, mostCommentBytes - 1_000)
    comments.push(blocks)
    at += blocks.length
  }
  return comments
}

/**
 * The comments for a change on a code host, each below the limit of the host and with its marker in its
 * first line. All but the first have files only; what does not fit is counted at the top of the first.
 * Equal reports give equal bytes.
 */
export const reviewMarkdown = (report: ReviewReport): string => {
  const { review, files, command, proof, subject } = report
  const start = head(report)
  const table = `${impactTable(report)}${proofMarkdown(proof)}`
  const budget = mostCommentBytes - Buffer.byteLength(start) - Buffer.byteLength(table) - 1_500
  const risks = sectionOf('#### Risks', review?.risks ?? [], riskItem, budget / 3)
  const changes = sectionOf('#### Changes', review?.changes ?? [], changeItem, budget / 3)
  const rest = budget - Buffer.byteLength(risks.text) - Buffer.byteLength(changes.text)
  const blocks = fitting(files, fileBlock, rest)
  const further = furtherBlocks(files.slice(blocks.length))
  const shown = further.reduce((sum, each) => sum + each.length, blocks.length)
  const counts = fileCounts(report)
  const note = cutNote(
    [
      [risks.left, 'risks'],
      [changes.left, 'changes'],
      [files.length - shown, 'files'],
    ],
    command,
  )
  const text = `${start}${note}${risks.text}${table}${changes.text}#### Text: ${counts}\n\n${blocks.join('\n')}`
  const more = further.map((each, index) =>
    [reviewMarker(subject, index + 2), '#### Text, continued', '', ...each].join('\n'),
  )
  return [text, ...more].map((each) => `${each.trimEnd()}\n`).join('')
}
