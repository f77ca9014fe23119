import {
  type HaproxyDocument,
  type HaproxySection,
  type HaproxyStatement,
  readHaproxy,
} from '../../../config/haproxy/config.ts'
import { type HaproxyProxy, haproxyProxies } from '../../../config/haproxy/effective.ts'
import { haproxyOrder } from '../../../config/haproxy/order.ts'
import { foreignPlaceholder } from '../../../config/looks-like-template.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { ConfigFiles } from '../../dialect.ts'
import { placesIn } from '../../edited-files.ts'
import { report } from './codes.ts'

/** A file of the configuration. */
export interface BaseFile {
  /** Relative to the folder of the main file. */
  readonly path: string
  readonly document: HaproxyDocument
}

/** An existing configuration that is edited in place. */
export interface Base {
  /** In the order in which HAProxy reads them. */
  readonly files: readonly BaseFile[]
  readonly proxies: readonly HaproxyProxy[]
  readonly documentOf: (path: string) => HaproxyDocument
  readonly at: (path: string, offset: number) => Place
}

/**
 * @param main as written in the spec.
 * @returns null if a file cannot be edited, which is reported.
 */
export const openBase = (main: string, input: ConfigFiles, findings: Findings): Base | null => {
  const files = haproxyOrder(input).map(
    ([path, bytes]): BaseFile => ({ path, document: readHaproxy(bytes) }),
  )
  const documents = new Map(files.map(({ document, path }) => [path, document]))
  const base: Base = {
    files,
    proxies: haproxyProxies(files.map(({ document, path }) => ({ path, config: document }))),
    documentOf: (path) => {
      const document = documents.get(path)
      if (document === undefined) throw new TypeError(`${path} is not a file of ${main}`)
      return document
    },
    at: placesIn(main, documents),
  }
  const problems = files.flatMap(({ document, path }) =>
    document.problems.slice(0, 1).map((problem) => ({ path, problem })),
  )
  for (const { path, problem } of problems) {
    const help = 'correct the mistake, which haproxy -c reports, too'
    report(findings, 'haproxy-base-invalid', base.at(path, problem.at), problem.message, help)
  }
  return problems.length === 0 ? base : null
}

const lines =
  /^(?:server|server-template|default-server|balance|hash-type|cookie|stick|stick-table|use-server)$/

/** A line that sessctl would have to compare, in a conditional block; null: there is none. */
const conditionalIn = ({ header, lines: all }: HaproxySection): HaproxyStatement | null =>
  [header, ...all].find(
    ({ name, within }) => within.length > 0 && (lines.test(name) || name === header.name),
  ) ?? null

/** The first statement or word of a template language in a section; null: there is none. */
const templateIn = (
  document: HaproxyDocument,
  { header, lines: all }: HaproxySection,
): number | null => {
  const foreign = all.find(({ name }) => foreignPlaceholder.test(name))
  if (foreign !== undefined || !document.isTemplate) return foreign?.start ?? null
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
  const template = templateIn(base.documentOf(proxy.path), proxy.section)
  if (second !== undefined) {
    const at = base.at(second.path, second.section.header.start)
    const message = `backend "${name}" is defined a second time here`
    report(findings, 'haproxy-base-twice', at, message, 'remove one of the two sections')
  }
  if (template !== null) {
    report(
      findings,
      'haproxy-base-template',
      base.at(proxy.path, template),
      `backend "${name}" contains a statement of a template language: its servers are not known`,
      'render the template, and name the result as "base"; or write the servers into the file',
    )
  } else if (conditional !== null) {
    report(
      findings,
      'haproxy-base-conditional',
      base.at(proxy.path, conditional.start),
      `"${conditional.name}" of backend "${name}" depends on "${conditional.within.at(-1)?.name}": whether HAProxy uses it is not known`,
      'remove the condition, or move the backend to a file for each case',
    )
  }
  return {
    proxy,
    isRefused: second !== undefined || template !== null || conditional !== null,
  }
}
