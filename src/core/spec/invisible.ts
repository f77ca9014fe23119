import type { Findings } from '../diagnostics/findings.ts'
import type { Source } from '../diagnostics/located.ts'
import { report } from './codes.ts'

/**
 * Characters without a visible shape: marks and overrides of the writing direction, zero-width
 * characters, soft hyphens, line and paragraph separators, byte-order marks, tags and the invisible
 * operators.
 */
const ranges =
  '\\u00AD\\u061C\\u180E\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB\\u{E0000}-\\u{E007F}'

export const withoutInvisible = new RegExp(`^[^${ranges}]*$`, 'u')

const invisible = new RegExp(`[${ranges}]`, 'u')

/** The first invisible character, such as `U+202E`. */
export const firstInvisible = (text: string): string => {
  const code = invisible.exec(text)?.[0]?.codePointAt(0) ?? 0
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Characters that change the order in which the rest of a line is shown. */
const bidirectional = /[\u202A-\u202E\u2066-\u2069]/u

const mostReported = 20

/**
 * A comment may contain any text. One that changes the writing direction can make a setting look like
 * a part of the comment, or the comment like a setting, to a reviewer of the spec.
 */
export const bidirectionalComments = ({ text }: Pick<Source, 'text'>, findings: Findings): void => {
  if (!bidirectional.test(text)) return
  let count = 0
  let start = 0
  for (const line of text.split('\n')) {
    const comment = /(?:^|\s)#/.exec(line)
    const at = comment === null ? -1 : line.slice(comment.index).search(bidirectional)
    if (comment !== null && at !== -1 && count++ < mostReported) {
      const offset = start + comment.index + at
      report(
        findings,
        'spec-bidirectional',
        { kind: 'text', start: offset, end: offset + 1 },
        `this comment contains ${firstInvisible(line.slice(comment.index + at))}, which changes the order in which the line is shown`,
        'remove the character',
      )
    }
    start += line.length + 1
  }
}
