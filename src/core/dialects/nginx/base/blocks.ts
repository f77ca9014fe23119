import { indentOf, lineBreakOf } from '../../../config/edit/lines.ts'
import type { NginxStatement } from '../../../config/nginx/files.ts'
import type { ConfigEdit } from '../../../config/text.ts'
import { quote } from '../quote.ts'
import type { Statement } from '../upstream-statements.ts'
import type { Base } from './open.ts'

/** A block to write at the http level. */
export interface NewBlock {
  readonly head: Statement
  readonly statements: readonly Statement[]
}

/** Where new blocks are written, with the layout of the file. */
export interface Site {
  readonly path: string
  readonly offset: number
  /** Of the blocks at this level. */
  readonly indent: string
  /** What a block adds to the indentation. */
  readonly unit: string
  readonly lineBreak: string
  /** Whether the blocks follow the text at this place, or come before it. */
  readonly isAfter: boolean
}

/** The indentation that a block of the file adds; four spaces without an example. */
const unitOf = (base: Base, path: string): string => {
  const { text } = base.documentOf(path)
  for (const statement of base.statements) {
    const parent = statement.within.at(-1)
    if (statement.path !== path || parent === undefined) continue
    const [outer, inner] = [indentOf(text, parent.start), indentOf(text, statement.directive.start)]
    if (outer !== null && inner?.startsWith(outer) === true && inner.length > outer.length)
      return inner.slice(outer.length)
  }
  return '    '
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

const lineEndAfter = (text: string, at: number): number => {
  const feed = text.indexOf('\n', at)
  const end = feed === -1 ? text.length : feed
  return text.charAt(end - 1) === '\r' && end > at ? end - 1 : end
}

const siteAt = (
  base: Base,
  path: string,
  offset: number,
  indent: string,
  isAfter: boolean,
): Site => ({
  path,
  offset,
  indent,
  unit: unitOf(base, path),
  lineBreak: lineBreakOf(base.documentOf(path).text),
  isAfter,
})

/**
 * After the last upstream block, else before the first server block, else at the end.
 * @param removed blocks that will not be there.
 */
export const siteOf = (base: Base, removed: ReadonlySet<NginxStatement>): Site => {
  const blocks = base.statements.filter(
    (one) => base.isInHttp(one) && one.directive.block !== null && !removed.has(one),
  )
  const textOf = ({ path }: NginxStatement): string => base.documentOf(path).text
  const indent = (one: NginxStatement): string => indentOf(textOf(one), one.directive.start) ?? ''
  const upstream = blocks.findLast(({ directive }) => directive.name === 'upstream')
  if (upstream !== undefined) {
    const at = lineEndAfter(textOf(upstream), upstream.directive.end)
    return siteAt(base, upstream.path, at, indent(upstream), true)
  }
  const server = blocks.find(({ directive }) => directive.name === 'server')
  if (server !== undefined) {
    const at = aboveComments(textOf(server), server.directive.start)
    return siteAt(base, server.path, at, indent(server), false)
  }
  const { main } = base.files
  const http = base.statements.find(
    ({ directive, within }) => within.length === 0 && directive.name === 'http',
  )
  const path = http?.path ?? main
  const { text } = base.documentOf(path)
  const end = http?.directive.block?.end
  if (end === undefined) return siteAt(base, path, text.length, '', true)
  const unit = unitOf(base, path)
  const own = indentOf(text, end)
  return siteAt(base, path, own === null ? end : end - own.length, `${own ?? ''}${unit}`, false)
}

const line = ({ name, args }: Statement): string => [name, ...args].map(quote).join(' ')

/** The edit that writes new blocks, with an empty line between each two. */
export const insertBlocks = (site: Site, blocks: readonly NewBlock[], text: string): ConfigEdit => {
  const { indent, unit, lineBreak, offset, isAfter } = site
  const texts = blocks.map(({ head, statements }) =>
    [
      `${indent}${line(head)} {`,
      ...statements.map((one) => `${indent}${unit}${line(one)};`),
      `${indent}}`,
    ].join(lineBreak),
  )
  const all = texts.join(`${lineBreak}${lineBreak}`)
  if (!isAfter) return { start: offset, end: offset, text: `${all}${lineBreak}${lineBreak}` }
  const isAtEnd = offset === text.length
  const isEmpty = text.trim() === ''
  const before = isEmpty ? '' : isAtEnd && text.endsWith('\n') ? lineBreak : lineBreak.repeat(2)
  return { start: offset, end: offset, text: `${before}${all}${isAtEnd ? lineBreak : ''}` }
}

/** Writes directives at the beginning of a block of the file. */
export const fillBlock = (
  base: Base,
  { path, directive: { block, start } }: NginxStatement,
  statements: readonly Statement[],
): ConfigEdit => {
  const { text } = base.documentOf(path)
  const at = block?.start ?? start
  const lineBreak = lineBreakOf(text)
  const indent = indentOf(text, start) ?? ''
  const lines = statements.map((one) => `${lineBreak}${indent}${unitOf(base, path)}${line(one)};`)
  const isEmpty = block !== null && /^[ \t]*$/.test(text.slice(at, block.end))
  return { start: at, end: at, text: `${lines.join('')}${isEmpty ? `${lineBreak}${indent}` : ''}` }
}
