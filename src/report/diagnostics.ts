import { areaOf } from '../core/catalogue.ts'
import type { Severity } from '../core/diagnostics/diagnostic.ts'
import type { LocatedDiagnostic, Location } from '../core/diagnostics/located.ts'
import { documentation } from '../version.ts'
import type { Style } from './style.ts'
import { visible, visibleInPlace } from './visible.ts'

const paint = (style: Style, severity: Severity): ((text: string) => string) =>
  ({ error: style.red, warning: style.yellow, info: style.cyan })[severity]

/** Longer lines are shown from a little before the caret to a little after it. */
const frameWidth = 100
const frameLead = 30

const place = ({ file, line, column }: Location): string =>
  [file, ...(line === null ? [] : [line, ...(column === null ? [] : [column])])].join(':')

/** Characters that take two columns of a terminal: scripts of East Asia, and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu

/** Combining marks, and other characters that take no column. */
const narrow = /\p{M}|\u200b|\ufe0f/gu

/** Blanks of the same width as the text. Tabs are kept: their width depends on their position. */
const blankAs = (text: string): string =>
  text
    .replace(narrow, '')
    .replace(wide, '  ')
    .replace(/[^\t ]/gu, ' ')

const frame = (
  { line, column, width, lineText, lineColumn }: Location,
  mark: (text: string) => string,
): readonly string[] => {
  if (line === null || lineText === null) return []
  const shown = visibleInPlace(lineText)
  const caretAt = (column ?? lineColumn) - lineColumn
  const start = shown.length > frameWidth && caretAt > frameLead ? caretAt - frameLead : 0
  const part = shown.slice(start, start + frameWidth)
  const lead = blankAs(`${start > 0 ? '…' : ''}${part.slice(0, caretAt - start)}`)
  const marked = part.slice(caretAt - start, caretAt - start + width)
  const carets = '^'.repeat(Math.max(1, blankAs(marked).length))
  const number = String(line).padStart(5)
  const rest = start + frameWidth < shown.length ? '…' : ''
  return [
    `${number} | ${start > 0 ? '…' : ''}${part}${rest}`,
    ...(column === null ? [] : [`${' '.repeat(number.length)} | ${lead}${mark(carets)}`]),
  ]
}

/**
 * One diagnostic: `file:line:column: severity[code]: message`, the line with a caret, the remedy, and the page
 * of the code.
 * @param isFirst whether it is the first of its code; the others have no link.
 */
const formatDiagnostic = (
  diagnostic: LocatedDiagnostic,
  isFirst: boolean,
  style: Style,
): string => {
  const { severity, code, message, help, location } = diagnostic
  const colour = paint(style, severity)
  const head = `${style.bold(visible(place(location)))}: ${colour(`${severity}[${code}]`)}: ${style.bold(visible(message))}`
  const framed = severity === 'info' ? [] : frame(location, colour)
  const remedy =
    help === null
      ? []
      : [`      ${style.dim('=')} ${severity === 'info' ? 'note' : 'help'}: ${visible(help)}`]
  const area = isFirst && severity !== 'info' ? areaOf(code) : null
  const link =
    area === null
      ? []
      : [`      ${style.dim('=')} see: ${documentation}/rules/${area.page}#${code}`]
  return `${[head, ...framed, ...remedy, ...link].join('\n')}\n`
}

/** With more of one severity, the rest is counted. */
const shownPerSeverity = 50

/**
 * What is printed: errors only; errors, or warnings where there are none, with the rest counted; both,
 * with notes counted; or everything.
 */
export type Detail = 'errors' | 'counted' | 'warnings' | 'all'

/** @param args the options `--quiet` and `--verbose` of a command. */
export const detailOf = (args: { readonly quiet: boolean; readonly verbose: boolean }): Detail =>
  args.quiet ? 'errors' : args.verbose ? 'all' : 'counted'

const words = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<
  Severity,
  string
>

const counted = (severity: Severity, number: number): string =>
  `${number} ${words[severity]}${number === 1 ? '' : 's'}`

/** `2 warnings, 5 notes; -v shows the notes`: how many of each there are, and which are not shown. */
const countLine = (
  numbers: ReadonlyMap<Severity, number>,
  isShown: (severity: Severity) => boolean,
): string => {
  const present = (['error', 'warning', 'info'] as const).filter((severity) =>
    numbers.has(severity),
  )
  const hidden = present.filter((severity) => !isShown(severity))
  const listed = (some: readonly Severity[]) =>
    some.map((severity) => counted(severity, numbers.get(severity) ?? 0)).join(', ')
  if (hidden.length === 0) return listed(present.filter((severity) => severity !== 'info'))
  const all = listed(present)
  const isOne = hidden.length === 1 && numbers.get(hidden[0] ?? 'info') === 1
  const which =
    hidden.length === present.length
      ? isOne
        ? 'it'
        : 'them'
      : `the ${hidden.map((severity) => `${words[severity]}${isOne ? '' : 's'}`).join(' and ')}`
  return `${all}; -v shows ${which}`
}

/**
 * All diagnostics as text: errors last, at the end of a terminal's output. While there are errors,
 * warnings and notes are only counted: they may be consequences of an error.
 */
export const formatDiagnostics = (
  diagnostics: readonly LocatedDiagnostic[],
  style: Style,
  detail: Detail,
): string => {
  const of = (severity: Severity) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity)
  const severities: readonly Severity[] = ['info', 'warning', 'error']
  const numbers = new Map(
    severities.flatMap((severity) => {
      const { length } = of(severity)
      return length === 0 ? [] : [[severity, length] as const]
    }),
  )
  const isShown = (severity: Severity): boolean =>
    detail === 'all' ||
    severity === 'error' ||
    (detail === 'warnings' && severity === 'warning') ||
    (detail === 'counted' && severity === 'warning' && !numbers.has('error'))
  const first = new Map(
    [...diagnostics].reverse().map((diagnostic) => [diagnostic.code, diagnostic]),
  )
  const isFirst = (diagnostic: LocatedDiagnostic) => first.get(diagnostic.code) === diagnostic
  const parts = severities.filter(isShown).flatMap((severity) => {
    const some = of(severity)
    const more = some.length - shownPerSeverity
    return [
      ...some
        .slice(0, shownPerSeverity)
        .map((diagnostic) => formatDiagnostic(diagnostic, isFirst(diagnostic), style)),
      ...(more > 0 ? [`… and ${more} more of severity ${severity}\n`] : []),
    ]
  })
  const line = detail === 'errors' ? '' : countLine(numbers, isShown)
  return parts.join('') + (line === '' ? '' : `${line}\n`)
}
