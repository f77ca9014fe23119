import { allCodes, areaOf } from './catalogue.ts'
import type { Diagnostic, Place } from './diagnostics/diagnostic.ts'
import { Findings } from './diagnostics/findings.ts'
import { type LocatedDiagnostic, locate, type Source } from './diagnostics/located.ts'
import { didYouMean } from './diagnostics/suggest.ts'
import type { FileKind } from './linting/files/kind.ts'
import { report } from './spec/codes.ts'

/** How a language writes `sessctl: ignore CODE reason` in a comment of its own. */
interface CommentSyntax {
  readonly comment: RegExp
  /** A line that a comment above it can apply to. */
  readonly content: RegExp
  /** A line that the next one continues: no comment can be between them. */
  readonly continued: RegExp | null
  readonly written: (code: string) => string
}

const hashSyntax: CommentSyntax = {
  comment: /^\s*#\s*sessctl:\s*ignore\b[ \t]*(\S*)[ \t]*(.*)$/,
  content: /^\s*[^#\s]/,
  continued: null,
  written: (code) => `# sessctl: ignore ${code} REASON`,
}

const xmlSyntax: CommentSyntax = {
  comment: /^\s*<!--\s*sessctl:\s*ignore\b[ \t]*((?!-->)\S*)[ \t]*(.*?)\s*-->\s*$/,
  content: /^\s*(?!<!--.*-->\s*$)\S/,
  continued: null,
  written: (code) => `<!-- sessctl: ignore ${code} REASON -->`,
}

const httpdSyntax: CommentSyntax = { ...hashSyntax, continued: /\\\r?$/ }

const syntaxes: Readonly<Record<Exclude<FileKind, 'spec'>, CommentSyntax>> = {
  nginx: hashSyntax,
  haproxy: hashSyntax,
  httpd: httpdSyntax,
  tomcat: xmlSyntax,
}

interface Ignored {
  readonly code: string
  readonly reason: string
  /** UTF-16 offsets of the comment. */
  readonly start: number
  readonly end: number
  /** The lines that the comment applies to, from 1: the next one that is no comment, and its continuations. */
  readonly lines: readonly number[]
}

const ignoredIn = (
  text: string,
  { comment, content, continued }: CommentSyntax,
): readonly Ignored[] => {
  if (!text.includes('sessctl:')) return []
  const found: Ignored[] = []
  let waiting: Omit<Ignored, 'lines'>[] = []
  let start = 0
  let applied: number[] = []
  let isContinued = false
  for (const [index, line] of text.split('\n').entries()) {
    const match: RegExpExecArray | null = isContinued ? null : comment.exec(line)
    const isContent: boolean = !isContinued && match === null && content.test(line)
    if (isContinued) applied.push(index + 1)
    else if (match !== null) {
      const [, code = '', reason = ''] = match
      const indent = line.length - line.trimStart().length
      const end = start + line.trimEnd().length
      waiting.push({ code, reason: reason.trim(), start: start + indent, end })
    } else if (isContent) {
      applied = [index + 1]
      for (const one of waiting) found.push({ ...one, lines: applied })
      waiting = []
    }
    isContinued = (isContinued || isContent) && continued !== null && continued.test(line)
    start += line.length + 1
  }
  return [...found, ...waiting.map((one) => ({ ...one, lines: [] }))]
}

const keyOf = (line: number | null, code: string): string => `${line} ${code}`

interface Judged extends Ignored {
  readonly at: Place
  readonly isUsed: boolean
}

const checkComment = (
  { code, reason, at, isUsed }: Judged,
  { written }: CommentSyntax,
  mayIgnoreErrors: boolean,
  findings: Findings,
): void => {
  const say = (message: string, help: string): void =>
    report(findings, 'spec-ignore', at, message, help)
  const meaning = areaOf(code)?.codes[code]
  if (meaning === undefined)
    say(`"${code}" is not the code of a diagnostic`, didYouMean(code, allCodes))
  else if (meaning.severity === 'error' && !mayIgnoreErrors)
    say(`"${code}" is an error, and errors cannot be ignored`, 'remove the comment')
  else if (reason === '') say('the comment has no reason', `write ${written(code)}`)
  else if (!isUsed)
    say(
      `the next line has no diagnostic "${code}"`,
      'remove the comment, or move it to the line above the diagnostic',
    )
}

/** Which diagnostics the comments of a file ignore, and what is wrong with the comments. */
const ignoring = (
  diagnostics: readonly LocatedDiagnostic[],
  file: string,
  comments: readonly (Ignored & { readonly at: Place })[],
  syntax: CommentSyntax,
  {
    isComplete,
    mayIgnoreErrors,
  }: { readonly isComplete: boolean; readonly mayIgnoreErrors: boolean },
) => {
  const ofFile = diagnostics.filter(({ location }) => location.file === file)
  const present = new Set(ofFile.map(({ code, location }) => keyOf(location.line, code)))
  const findings = new Findings()
  for (const one of comments) {
    const isUsed = !isComplete || one.lines.some((line) => present.has(keyOf(line, one.code)))
    checkComment({ ...one, isUsed }, syntax, mayIgnoreErrors, findings)
  }
  const effective = new Set(
    comments
      .filter(({ reason }) => reason !== '')
      .flatMap(({ lines, code }) => lines.map((line) => keyOf(line, code))),
  )
  const shown = diagnostics.filter(
    ({ severity, code, location }) =>
      (severity === 'error' && !mayIgnoreErrors) ||
      location.file !== file ||
      !effective.has(keyOf(location.line, code)),
  )
  return { shown, problems: findings.all }
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
  const comments = ignoredIn(source.text, hashSyntax)
  if (comments.length === 0) return diagnostics
  const isComplete = isWhole && diagnostics.every(({ severity }) => severity !== 'error')
  const placed = comments.map((one) => ({
    ...one,
    at: { kind: 'text', start: one.start, end: one.end } as const,
  }))
  const options = { isComplete, mayIgnoreErrors: false }
  const { shown, problems } = ignoring(diagnostics, source.file, placed, hashSyntax, options)
  return [...locate(problems, source), ...shown]
}

/**
 * The same for a file that sessctl did not write. Its errors can be ignored, too: it is not sessctl
 * that refuses it.
 */
export const withoutIgnoredIn = (
  diagnostics: readonly LocatedDiagnostic[],
  file: {
    readonly file: string
    readonly text: string
    readonly at: (start: number, end: number) => Place
  },
  kind: Exclude<FileKind, 'spec'>,
): { readonly shown: readonly LocatedDiagnostic[]; readonly problems: readonly Diagnostic[] } => {
  const syntax = syntaxes[kind]
  const comments = ignoredIn(file.text, syntax)
  if (comments.length === 0) return { shown: diagnostics, problems: [] }
  const placed = comments.map((one) => ({ ...one, at: file.at(one.start, one.end) }))
  const options = { isComplete: true, mayIgnoreErrors: true }
  return ignoring(diagnostics, file.file, placed, syntax, options)
}
