import { lineBreakOf } from '../../../config/edit/lines.ts'
import { afterLine, indentAt } from '../../../config/edit/whole-lines.ts'
import type { HttpdStatement } from '../../../config/httpd/statements.ts'
import type { ConfigEdit } from '../../../config/text.ts'
import { endOfContinued, endOfLines } from './editing.ts'
import type { Base } from './open.ts'

/** Where a balancer is written that the files do not have. */
export interface Site {
  readonly path: string
  readonly offset: number
  readonly indent: string
  /** Whether it follows another balancer, or the end of the file. */
  readonly isAfter: boolean
}

/** Where the comment lines directly above a directive begin. */
const aboveComments = (text: string, start: number): number => {
  let at = text.lastIndexOf('\n', start - 1) + 1
  while (at > 0) {
    const before = text.lastIndexOf('\n', at - 2) + 1
    if (!/^[ \t]*#/.test(text.slice(before, at))) break
    at = before
  }
  return at
}

const isBalancer = ({ args, name }: HttpdStatement): boolean =>
  name === 'proxy' && /^balancer:/i.test(args[0] ?? '')

/**
 * After the last balancer of the main server, else before the first virtual host, else at the end. In a
 * template, a balancer or a virtual host may be in a branch that is not rendered.
 */
export const siteOf = (base: Base): Site => {
  const { main } = base.files
  const isTemplate = [...base.files.files.values()].some((document) => document.isTemplate)
  const statements = isTemplate ? [] : base.files.statements
  const last = statements.findLast(isBalancer)
  if (last !== undefined) {
    const { text } = base.documentOf(last.path)
    const offset = afterLine(text, endOfLines(text, last.directive))
    return { path: last.path, offset, indent: indentAt(text, last.directive.start), isAfter: true }
  }
  const host = statements.find(({ name }) => name === 'virtualhost')
  if (host !== undefined) {
    const { text } = base.documentOf(host.path)
    const { start } = host.directive
    return {
      path: host.path,
      offset: aboveComments(text, start),
      indent: indentAt(text, start),
      isAfter: false,
    }
  }
  return { path: main, offset: base.documentOf(main).text.length, indent: '', isAfter: true }
}

/** The edit that writes new blocks of lines, with an empty line between each two. */
export const insertBlocks = (
  base: Base,
  { indent, isAfter, offset, path }: Site,
  blocks: readonly (readonly string[])[],
): ConfigEdit => {
  const { text } = base.documentOf(path)
  const lineBreak = lineBreakOf(text)
  const written = blocks
    .map((lines) => lines.map((line) => `${indent}${line}${lineBreak}`).join(''))
    .join(lineBreak)
  const isLast = offset === text.length && offset > 0
  const ended = isLast ? lineBreak.repeat(endOfContinued(text).length) : ''
  const isOpen = isLast && !text.endsWith('\n')
  const before = text.slice(0, offset).trim() === '' ? '' : lineBreak
  const inserted = isAfter
    ? `${ended}${isOpen ? lineBreak : ''}${before}${written}`
    : `${written}${lineBreak}`
  return { start: offset, end: offset, text: inserted }
}
