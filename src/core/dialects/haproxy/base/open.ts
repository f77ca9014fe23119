import {
  type HaproxyDocument,
  type HaproxySection,
  type HaproxyStatement,
  readHaproxy,
} from '../../../config/haproxy/config.ts'
import { type HaproxyProxy, haproxyProxies } from '../../../config/haproxy/effective.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { linesOf } from '../../../diagnostics/source-lines.ts'
import { report } from './codes.ts'

/** An existing configuration that is edited in place. */
export interface Base {
  /** As written in the spec. */
  readonly file: string
  readonly document: HaproxyDocument
  readonly proxies: readonly HaproxyProxy[]
  readonly at: (offset: number) => Place
}

const placesIn = (file: string, text: string): Base['at'] => {
  const find = linesOf(text, [])
  return (offset) => {
    const line = find(offset)
    return {
      kind: 'file',
      file,
      line: line.index + 1,
      column: offset - line.start + 1,
      lineText: line.shown,
    }
  }
}

/** @returns null if the file cannot be edited, which is reported. */
export const openBase = (file: string, bytes: Uint8Array, findings: Findings): Base | null => {
  const document = readHaproxy(bytes)
  const at = placesIn(file, document.text)
  const [problem] = document.problems
  if (problem !== undefined) {
    const help = 'correct the mistake, which haproxy -c reports, too'
    report(findings, 'haproxy-base-invalid', at(problem.at), problem.message, help)
    return null
  }
  return { file, document, proxies: haproxyProxies([{ path: file, config: document }]), at }
}

const lines =
  /^(?:server|server-template|default-server|balance|hash-type|cookie|stick|stick-table|use-server)$/

/** A line that sessctl would have to compare, in a conditional block; null: there is none. */
const conditionalIn = ({ header, lines: all }: HaproxySection): HaproxyStatement | null =>
  [header, ...all].find(
    ({ name, within }) => within.length > 0 && (lines.test(name) || name === header.name),
  ) ?? null

/** The first statement or word of a template language in a section; null: there is none. */
const templateIn = ({ document }: Base, { header, lines: all }: HaproxySection): number | null => {
  if (!document.isTemplate) return null
  const next = document.sections.find((one) => one.header.start > header.start)
  const end = next?.header.start ?? document.text.length
  const last = all.at(-1)?.end ?? header.end
  const found = document.tokens.find(
    ({ kind, start, value }) =>
      header.start <= start &&
      start < end &&
      ((kind === 'opaque' && start < last) || (kind === 'word' && /\{\{|\{%|<%/.test(value))),
  )
  return found?.start ?? null
}

/** The section of an upstream; null: there is none, or it cannot be edited, which is reported. */
export const findSection = (
  base: Base,
  name: string,
  findings: Findings,
): { readonly proxy: HaproxyProxy | null; readonly isRefused: boolean } => {
  const [proxy = null, second] = base.proxies.filter(
    ({ section }) => section.keyword !== 'frontend' && section.name === name,
  )
  if (proxy === null) return { proxy, isRefused: false }
  const conditional = conditionalIn(proxy.section)
  const template = templateIn(base, proxy.section)
  if (second !== undefined) {
    const at = base.at(second.section.header.start)
    const message = `backend "${name}" is defined a second time here`
    report(findings, 'haproxy-base-twice', at, message, 'remove one of the two sections')
  }
  if (template !== null) {
    report(
      findings,
      'haproxy-base-template',
      base.at(template),
      `backend "${name}" contains a statement of a template language: its servers are not known`,
      'render the template, and name the result as "base"; or write the servers into the file',
    )
  } else if (conditional !== null) {
    report(
      findings,
      'haproxy-base-conditional',
      base.at(conditional.start),
      `"${conditional.name}" of backend "${name}" depends on "${conditional.within.at(-1)?.name}": whether HAProxy uses it is not known`,
      'remove the condition, or move the backend to a file for each case',
    )
  }
  return {
    proxy,
    isRefused: second !== undefined || template !== null || conditional !== null,
  }
}
