import type { ArtifactCheck, ShownMessage } from '../core/validate/check.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'

/** Longer lines are cut: the message says what is wrong. */
const frameWidth = 100
const shownFindings = 50
const shownPaths = 3

const frame = ({ line, lineText }: ShownMessage): readonly string[] => {
  if (line === null || lineText === null) return []
  const text = visible(lineText)
  const shown = text.length > frameWidth ? `${text.slice(0, frameWidth)}…` : text
  return [`${String(line).padStart(5)} | ${shown}`]
}

/** `path:line: error: what the server said`, and the line of the artifact. */
const formatFinding = (finding: ShownMessage, style: Style): string => {
  const { severity, path, line, message } = finding
  const colour = severity === 'error' ? style.red : style.yellow
  const place = line === null ? path : `${path}:${line}`
  const head = `${style.bold(visible(place ?? ''))}: ${colour(severity)}: ${style.bold(visible(message))}`
  return `${[head, ...frame(finding)].join('\n')}\n`
}

const someOf = (paths: readonly string[]): string => {
  const more = paths.length - shownPaths
  return more > 1 ? `${paths.slice(0, shownPaths).join(', ')} and ${more} more` : paths.join(', ')
}

/** Results that read the same but for the path, in the order of the first. */
const alike = (checks: readonly ArtifactCheck[]): readonly (readonly ArtifactCheck[])[] => {
  const groups = new Map<string, ArtifactCheck[]>()
  for (const check of checks) {
    const key = JSON.stringify([
      check.status,
      check.by,
      check.insteadOf,
      check.dialect,
      check.notes,
    ])
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [check])
    else known.push(check)
  }
  return [...groups.values()]
}

const noteLine = (note: string, style: Style): string =>
  `      ${style.dim('=')} note: ${visible(note)}\n`

const summary = (
  group: readonly ArtifactCheck[],
  twins: ReadonlyMap<string, number>,
  style: Style,
): string => {
  const [first] = group
  if (first === undefined) return ''
  const { status, by, insteadOf, notes } = first
  const paths = style.bold(visible(someOf(group.map(({ path }) => path))))
  const stoodFor = group.reduce((sum, { path }) => sum + (twins.get(path) ?? 0), 0)
  const twinNotes =
    stoodFor === 0 ? [] : [`also checks ${stoodFor} more, which differ only in routes and ports`]
  if (status === 'not-checked') {
    return `${style.yellow('not checked')}: ${paths}: ${visible([...notes, ...twinNotes].join('; '))}\n`
  }
  const word = status === 'accepted' ? style.green('accepted') : style.red('refused')
  const warning =
    insteadOf === null
      ? ''
      : `      ${style.dim('=')} ${style.yellow('warning')}: the spec is for ${visible(insteadOf)}\n`
  const lines = [...notes, ...twinNotes].map((note) => noteLine(note, style))
  return `${word} by ${visible(by ?? '')}: ${paths}\n${warning}${lines.join('')}`
}

const twinCounts = (checks: readonly ArtifactCheck[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { checkedAs } of checks) {
    if (checkedAs !== null) counts.set(checkedAs, (counts.get(checkedAs) ?? 0) + 1)
  }
  return counts
}

/**
 * The results of the checks as text: errors and warnings of the servers first, then the status of each
 * artifact. Artifacts that are checked by a like one are counted with it.
 */
export const formatValidation = (
  checks: readonly ArtifactCheck[],
  style: Style,
  quiet: boolean,
): string => {
  const own = checks.filter(({ checkedAs }) => checkedAs === null)
  const findings = own
    .flatMap((check) => check.findings)
    .filter(({ severity }) => !quiet || severity === 'error')
  const more = findings.length - shownFindings
  const shown = quiet ? own.filter(({ status }) => status === 'refused') : own
  const twins = twinCounts(checks)
  return [
    ...findings.slice(0, shownFindings).map((finding) => formatFinding(finding, style)),
    ...(more > 0 ? [`… and ${more} more\n`] : []),
    ...alike(shown).map((group) => summary(group, twins, style)),
    ...(own.some(({ status }) => status === 'refused') ? ['nothing was written\n'] : []),
  ].join('')
}
