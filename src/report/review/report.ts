import { hasErrors } from '../../core/diagnostics/diagnostic.ts'
import type { LocatedDiagnostic } from '../../core/diagnostics/located.ts'
import type { FileChange } from '../../core/diff/compare.ts'
import type { OutputLine } from '../../core/diff/output-lines.ts'
import type { Placed, PlacedReview } from '../../core/diff/placed.ts'
import type { Cluster } from '../../core/model/cluster.ts'
import type { Proof } from '../../core/prove/proof.ts'
import type { ProxyImpact, RiskKind, UpstreamImpact } from '../../core/review/review.ts'
import { percent } from '../../core/review/shares.ts'

/** The result of a comparison, which every format prints. */
export interface ReviewReport {
  /** The spec, as the command line names it; of two folders, the new one. */
  readonly subject: string
  /** In words: `origin/main`, `generated`, `old.yaml`. */
  readonly before: string
  readonly after: string
  /** null: one side has no spec. */
  readonly review: PlacedReview | null
  /** The review compared with the lab; null: --prove was not given. */
  readonly proof: Proof | null
  /** Why there is no review; null: there is one. */
  readonly withoutReview: string | null
  /** By path. */
  readonly files: readonly FileChange[]
  /** The number of files that do not change. */
  readonly unchanged: number
  readonly clusters: { readonly before: Cluster | null; readonly after: Cluster | null }
  /** Warnings about the new spec are the business of `lint`; with errors of its rules, no file is compared. */
  readonly diagnostics: readonly LocatedDiagnostic[]
  /** One sentence each, without a full stop. */
  readonly notes: readonly string[]
  /** The command line that shows everything, where a format leaves something out. */
  readonly command: string
}

export const plural = (count: number, noun: string, many = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : many}`

/** How bad the verdict is. */
export type Tone = 'good' | 'warn' | 'bad'

export const toneOf = ({ verdict, risks }: PlacedReview): Tone => {
  if (verdict.lost > 0 || risks.some(({ kind }) => kind === 'sessions')) return 'bad'
  return risks.some(({ kind }) => kind !== 'cosmetic') ? 'warn' : 'good'
}

const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`

/** A sentence with its full stop. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`)

export const verdictText = ({ review, withoutReview }: ReviewReport): string =>
  sentence(capital(review?.verdict.sentence ?? withoutReview ?? ''))

/** Lists of 10,000 Tomcats are cut. */
export const listed = (names: readonly string[], most = 8): string =>
  names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`

/** What restarts, and what reads its configuration again. */
export const effects = ({ verdict }: PlacedReview): readonly (readonly [string, string])[] => [
  ...(verdict.restarts.length === 0 ? [] : [['Restart', listed(verdict.restarts)] as const]),
  ...(verdict.reloads.length === 0 ? [] : [['Reload', listed(verdict.reloads)] as const]),
]

export const kindWords: Readonly<Record<RiskKind, string>> = {
  sessions: 'sessions',
  availability: 'availability',
  security: 'security',
  cosmetic: 'cosmetic',
}

/** A place in the spec: `shop.yaml:12`. */
export const specPlace = ({ spec }: Pick<Placed<unknown>, 'spec'>): string =>
  spec.line === null ? spec.file : `${spec.file}:${spec.line}`

/** A place in a generated file. */
export const outputPlace = ({ path, line, side }: OutputLine): string =>
  `${path}:${line}${side === 'before' ? ' (removed)' : ''}`

export const placesOf = (item: Pick<Placed<unknown>, 'spec' | 'output'>): string =>
  [specPlace(item), ...(item.output === null ? [] : [outputPlace(item.output)])].join(', ')

/** The upstreams on which the change has an effect, and those that it names: why it has none is said, too. */
export const affected = ({ changes, impact }: PlacedReview): readonly UpstreamImpact[] => {
  const named = new Set(changes.map(({ upstream }) => upstream))
  return impact.filter(
    ({ name, nameBefore, moved, lost, proxies }) =>
      named.has(name) ||
      (nameBefore !== null && named.has(nameBefore)) ||
      moved > 0 ||
      lost > 0 ||
      proxies.some(({ failed }) => failed > 0),
  )
}

/** Before each of several remedies. */
export const remedyWord = (index: number): string => (index === 0 ? 'To avoid it' : 'Or')

export const impactFigures = ({ moved, lost, failed }: ProxyImpact): string =>
  [
    `${percent(moved)} of the clients move`,
    `${percent(lost)} of the sessions are lost`,
    ...(failed > 0 ? [`${percent(failed)} of the clients get an error once`] : []),
  ].join(', ')

export const upstreamName = ({ name, nameBefore }: UpstreamImpact): string =>
  nameBefore === null ? name : `${name} (was ${nameBefore})`

/** `Text: 2 files change, 14 are unchanged`. */
export const fileCounts = ({ files, unchanged, diagnostics }: ReviewReport): string => {
  if (hasErrors(diagnostics)) return 'not compared, because generate refuses the new spec'
  return [
    files.length === 0
      ? 'no generated file changes'
      : `${plural(files.length, 'file changes', 'files change')}`,
    ...(unchanged === 0 ? [] : [`${unchanged} ${unchanged === 1 ? 'is' : 'are'} unchanged`]),
  ].join(', ')
}
