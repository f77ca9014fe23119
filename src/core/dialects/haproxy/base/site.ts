import { lineBreakOf } from '../../../config/edit/lines.ts'
import { afterLine, indentAt } from '../../../config/edit/whole-lines.ts'
import {
  type HaproxyDocument,
  type HaproxySection,
  readHaproxyConfig,
} from '../../../config/haproxy/config.ts'
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

const isBackend = ({ keyword }: HaproxySection): boolean => /^(?:backend|listen)$/.test(keyword)

/** Where new sections are written. */
export interface Site {
  readonly path: string
  readonly document: HaproxyDocument
  readonly offset: number
}

/** After the last backend; without one, at the end of the last file with sections. */
export const siteOf = ({ files }: Base): Site | null => {
  const file =
    files.findLast(({ document }) => document.sections.some(isBackend)) ??
    files.findLast(({ document }) => document.sections.length > 0) ??
    files.at(-1)
  if (file === undefined) return null
  const { sections, text } = file.document
  const last = sections.findLast(isBackend)
  if (last === undefined) return { ...file, offset: text.length }
  let at = afterLine(text, last.lines.at(-1)?.end ?? last.header.end)
  // Indented comments belong to the section.
  for (
    let end = afterLine(text, at);
    at < text.length && /^[ \t]+#/.test(text.slice(at, end));
    end = afterLine(text, at)
  )
    at = end
  return { ...file, offset: at }
}

/** The indentation of the last section with lines; four spaces without one. */
export const indentIn = ({ sections, text }: HaproxyDocument): string => {
  const line = sections.findLast(({ lines }) => lines.length > 0)?.lines[0]
  return line === undefined ? '    ' : indentAt(text, line.start)
}

/** The edit that writes new sections, with an empty line between each two. */
export const insertSections = (
  { document, offset }: Site,
  sections: readonly NewSection[],
): ConfigEdit => {
  const { text } = document
  const lineBreak = lineBreakOf(text)
  const indent = indentIn(document)
  const texts = sections.map(({ head, lines }) =>
    [written(head), ...lines.map(({ words }) => `${indent}${written(words)}`)]
      .map((each) => `${each}${lineBreak}`)
      .join(''),
  )
  const before = text.slice(0, offset).trim() === '' ? '' : lineBreak
  return { start: offset, end: offset, text: `${before}${texts.join(lineBreak)}` }
}

/** The mode of a new backend: that of the `defaults` before its place. */
export const modeOfNew = ({ files }: Base, site: Site, name: string): string => {
  const insertion = insertSections(site, [{ head: ['backend', name], lines: [] }])
  const config = readHaproxyConfig(editText(site.document.text, [insertion]), {
    isTemplate: site.document.isTemplate,
  })
  const edited = files.map(({ document, path }) => ({
    path,
    config: path === site.path ? config : document,
  }))
  const proxy = haproxyProxies(edited).findLast(
    ({ section }) => section.keyword === 'backend' && section.name === name,
  )
  const settings = proxy === undefined ? [] : haproxySettings(proxy)
  return settings.findLast((one) => one.name === 'mode')?.args[0] ?? 'tcp'
}
