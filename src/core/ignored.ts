import { allCodes, areaOf } from './catalogue.ts'
import { Findings } from './diagnostics/findings.ts'
import { type LocatedDiagnostic, locate, type Source } from './diagnostics/located.ts'
import { didYouMean } from './diagnostics/suggest.ts'
import { report } from './spec/codes.ts'

/** `# sessctl: ignore CODE reason` */
const comment = /^\s*#\s*sessctl:\s*ignore\b[ \t]*(\S*)[ \t]*(.*)$/

interface Ignored {
  readonly code: string
  readonly reason: string
  /** UTF-16 offsets of the comment. */
  readonly start: number
  readonly end: number
  /** 1-based line of the spec that the comment applies to: the next line that is not a comment. */
  readonly line: number
}

const ignoredIn = (text: string): readonly Ignored[] => {
  if (!text.includes('sessctl:')) return []
  const found: Ignored[] = []
  let waiting: Omit<Ignored, 'line'>[] = []
  let start = 0
  for (const [index, line] of text.split('\n').entries()) {
    const [match, code = '', reason = ''] = comment.exec(line) ?? []
    if (match !== undefined) {
      const indent = line.length - line.trimStart().length
      const end = start + line.trimEnd().length
      waiting.push({ code, reason: reason.trim(), start: start + indent, end })
    } else if (/^\s*[^#\s]/.test(line)) {
      found.push(...waiting.map((one) => ({ ...one, line: index + 1 })))
      waiting = []
    }
    start += line.length + 1
  }
  return [...found, ...waiting.map((one) => ({ ...one, line: 0 }))]
}

const keyOf = (line: number | null, code: string): string => `${line} ${code}`

const checkComment = (
  { code, reason, start, end }: Ignored,
  isUsed: boolean,
  findings: Findings,
): void => {
  const at = { kind: 'text', start, end } as const
  const meaning = areaOf(code)?.codes[code]
  if (meaning === undefined)
    report(
      findings,
      'spec-ignore',
      at,
      `"${code}" is not the code of a diagnostic`,
      didYouMean(code, allCodes),
    )
  else if (meaning.severity === 'error')
    report(
      findings,
      'spec-ignore',
      at,
      `"${code}" is an error, and errors cannot be ignored`,
      'remove the comment',
    )
  else if (reason === '')
    report(
      findings,
      'spec-ignore',
      at,
      'the comment has no reason',
      `write # sessctl: ignore ${code} REASON`,
    )
  else if (!isUsed)
    report(
      findings,
      'spec-ignore',
      at,
      `the next line has no diagnostic "${code}"`,
      'remove the comment, or move it to the line above the diagnostic',
    )
}

/**
 * Removes the warnings and notes that comments in the spec ignore, and reports comments without effect.
 * @param isWhole whether all targets were rendered; otherwise a comment may apply to another target.
 */
export const withoutIgnored = (
  diagnostics: readonly LocatedDiagnostic[],
  source: Source,
  isWhole: boolean,
): readonly LocatedDiagnostic[] => {
  const comments = ignoredIn(source.text)
  if (comments.length === 0) return diagnostics
  const isComplete = isWhole && diagnostics.every(({ severity }) => severity !== 'error')
  const ofSpec = diagnostics.filter(({ location }) => location.file === source.file)
  const present = new Set(ofSpec.map(({ code, location }) => keyOf(location.line, code)))
  const findings = new Findings()
  for (const one of comments)
    checkComment(one, !isComplete || present.has(keyOf(one.line, one.code)), findings)
  const effective = new Set(
    comments.filter(({ reason }) => reason !== '').map(({ line, code }) => keyOf(line, code)),
  )
  const shown = diagnostics.filter(
    ({ severity, code, location }) =>
      severity === 'error' ||
      location.file !== source.file ||
      !effective.has(keyOf(location.line, code)),
  )
  return [...locate(findings.all, source), ...shown]
}
