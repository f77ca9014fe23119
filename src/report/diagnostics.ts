import type { Severity } from '../core/diagnostics/diagnostic.ts'
import type { LocatedDiagnostic, Location } from '../core/diagnostics/located.ts'
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

/** Marks that stand on the character before, and what else takes no column. */
const narrow = /\p{M}|\u200b|\ufe0f/gu

/** Blanks that are as wide as the text. Tabs stay, for they are as wide as where they stand. */
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

/** One diagnostic: `file:line:column: severity[code]: message`, the line with a caret, the remedy. */
const formatDiagnostic = (diagnostic: LocatedDiagnostic, style: Style): string => {
  const { severity, code, message, help, location } = diagnostic
  const colour = paint(style, severity)
  const head = `${style.bold(visible(place(location)))}: ${colour(`${severity}[${code}]`)}: ${style.bold(visible(message))}`
  const framed = severity === 'info' ? [] : frame(location, colour)
  const remedy =
    help === null
      ? []
      : [`      ${style.dim('=')} ${severity === 'info' ? 'note' : 'help'}: ${visible(help)}`]
  return `${[head, ...framed, ...remedy].join('\n')}\n`
}

/** Beyond this many of one severity the rest is counted. */
const shownPerSeverity = 50

const countLine = (diagnostics: readonly LocatedDiagnostic[]): string => {
  const count = (severity: Severity, word: string) => {
    const number = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`]
  }
  return [...count('error', 'error'), ...count('warning', 'warning')].join(', ')
}

/** All diagnostics for a person: errors last, where a terminal shows them. */
export const formatDiagnostics = (
  diagnostics: readonly LocatedDiagnostic[],
  style: Style,
  quiet = false,
): string => {
  const severities: readonly Severity[] = quiet ? ['error'] : ['info', 'warning', 'error']
  const parts = severities.flatMap((severity) => {
    const some = diagnostics.filter((diagnostic) => diagnostic.severity === severity)
    const more = some.length - shownPerSeverity
    return [
      ...some.slice(0, shownPerSeverity).map((diagnostic) => formatDiagnostic(diagnostic, style)),
      ...(more > 0 ? [`… and ${more} more of severity ${severity}\n`] : []),
    ]
  })
  const counted = quiet ? '' : countLine(diagnostics)
  return parts.join('') + (counted === '' ? '' : `${counted}\n`)
}
