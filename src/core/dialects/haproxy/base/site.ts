import { lineBreakOf } from '../../../config/edit/lines.ts'
import { afterLine, indentAt } from '../../../config/edit/whole-lines.ts'
import { readHaproxyConfig } from '../../../config/haproxy/config.ts'
import { haproxyProxies, haproxySettings } from '../../../config/haproxy/effective.ts'
import { type ConfigEdit, editText } from '../../../config/text.ts'
import type { Line } from '../lines.ts'
import { written } from './editing.ts'
import type { Base } from './open.ts'

/** A section to write. */
export interface NewSection {
  /** `backend NAME` */
  readonly head: readonly string[]
  readonly lines: readonly Line[]
}

/** Where new sections are written: after the last backend, else at the end. */
export const siteOf = ({ document: { sections, text } }: Base): number => {
  const last = sections.findLast(({ keyword }) => /^(?:backend|listen)$/.test(keyword))
  if (last === undefined) return text.length
  let at = afterLine(text, last.lines.at(-1)?.end ?? last.header.end)
  // Indented comments belong to the section.
  for (
    let end = afterLine(text, at);
    at < text.length && /^[ \t]+#/.test(text.slice(at, end));
    end = afterLine(text, at)
  )
    at = end
  return at
}

/** The indentation of the last section with lines; four spaces without one. */
export const indentIn = ({ document: { sections, text } }: Base): string => {
  const line = sections.findLast(({ lines }) => lines.length > 0)?.lines[0]
  return line === undefined ? '    ' : indentAt(text, line.start)
}

/** The edit that writes new sections, with an empty line between each two. */
export const insertSections = (base: Base, sections: readonly NewSection[]): ConfigEdit => {
  const { text } = base.document
  const at = siteOf(base)
  const lineBreak = lineBreakOf(text)
  const indent = indentIn(base)
  const texts = sections.map(({ head, lines }) =>
    [written(head), ...lines.map(({ words }) => `${indent}${written(words)}`)]
      .map((each) => `${each}${lineBreak}`)
      .join(''),
  )
  const before = text.slice(0, at).trim() === '' ? '' : lineBreak
  return { start: at, end: at, text: `${before}${texts.join(lineBreak)}` }
}

/** The mode of a new backend: that of the `defaults` before its place. */
export const modeOfNew = (base: Base, name: string): string => {
  const insertion = insertSections(base, [{ head: ['backend', name], lines: [] }])
  const config = readHaproxyConfig(editText(base.document.text, [insertion]), {
    isTemplate: base.document.isTemplate,
  })
  const proxy = haproxyProxies([{ path: base.file, config }]).findLast(
    ({ section }) => section.keyword === 'backend' && section.name === name,
  )
  const settings = proxy === undefined ? [] : haproxySettings(proxy)
  return settings.findLast((one) => one.name === 'mode')?.args[0] ?? 'tcp'
}
