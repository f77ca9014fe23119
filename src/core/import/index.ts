import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts'
import { Findings } from '../diagnostics/findings.ts'
import { parseXml } from '../dialects/tomcat/xml/parse.ts'
import { writeSpec } from '../spec/write.ts'
import { noNeeds } from './affinity.ts'
import { type SessionForm, sessionForms } from './apps.ts'
import { buildSpec, type Read } from './build.ts'
import { type Trial, tryOut } from './changes.ts'
import { report } from './codes.ts'
import { type ServerDraft, todo, type UpstreamDraft } from './draft.ts'
import { matchTomcats } from './match.ts'
import { readUpstreams } from './nginx.ts'
import { type ContextSource, contextOf, type ImportSettings, type ImportSource } from './sources.ts'
import { readTomcat, type TomcatFacts } from './tomcat.ts'

export type { ImportSettings, ImportSource, InstalledNginx } from './sources.ts'

/** The result of an import. */
export interface Imported {
  /** The text of the spec; null: a file was refused. */
  readonly text: string | null
  readonly diagnostics: readonly Diagnostic[]
}

const head = `Written by sessctl import. Edit it, then run sessctl generate: as it is, generate changes
nothing in the files that it names.`

const textOf = (read: Read, settings: ImportSettings, form: SessionForm): string => {
  const { values, comments } = buildSpec(read, settings, form)
  return writeSpec(values, head, comments)
}

/** Without a proxy, the Tomcats are the servers of one upstream. */
const upstreamOfTomcats = (
  tomcats: readonly TomcatFacts[],
): Pick<Read, 'upstreams' | 'matches'> => {
  const hasRoutes = tomcats.some(({ jvmRoute }) => jvmRoute !== null)
  const isAlone = tomcats.length === 1
  const matches = new Map<ServerDraft, TomcatFacts>()
  const servers = tomcats.map((facts, index) => {
    const port = facts.ports[0] ?? 8080
    const host = isAlone ? '127.0.0.1' : `tomcat${index + 1}`
    const server = { address: `${host}:${port}`, host, port, route: null, values: {} }
    matches.set(server, facts)
    return server
  })
  const [first] = tomcats
  if (first === undefined) return { upstreams: [], matches }
  const upstream: UpstreamDraft = {
    name: 'tomcat',
    at: first.at,
    values: { affinity: { method: hasRoutes ? 'jvm_route' : 'none' } },
    servers,
    needs: noNeeds,
    remarks: [todo('the addresses at which the proxy reaches the servers')],
    alternatives: [],
  }
  return { upstreams: [upstream], matches }
}

/** Reports what can be told about a trial that would change files or fail. */
const reasonOf = ({
  errors,
  changes,
}: Trial): { readonly message: string; readonly at: Place } | null => {
  const [error] = errors
  if (error !== undefined) return error
  return changes[0] ?? null
}

/** Why the spec cannot have an upstream; null: it can. */
const problemWith = (
  upstream: UpstreamDraft,
  read: Read,
  settings: ImportSettings,
): { readonly message: string; readonly at: Place } | null => {
  const word = [upstream.name, ...upstream.servers.map(({ address }) => address)].find((text) =>
    /\{\{|\{%|<%|\$\{/.test(text),
  )
  if (word !== undefined) {
    const message = `"${word}" is written by a template language: render the template, and import the result`
    return { at: upstream.at, message }
  }
  const alone = {
    sources: read.sources.filter(({ kind }) => kind === 'nginx'),
    upstreams: [upstream],
    matches: new Map(),
    unmatched: [],
  }
  return reasonOf(tryOut(settings.spec, textOf(alone, settings, 'local'), alone.sources))
}

/** The upstream blocks as they are, without what several of them mean together. */
const asWritten = (upstream: UpstreamDraft): readonly UpstreamDraft[] =>
  upstream.alternatives.length === 0 ? [upstream] : upstream.alternatives

interface Problem {
  readonly upstream: string
  readonly at: Place
  readonly message: string
}

/** The upstreams that the spec can have, and what is wrong with the others. */
const usableUpstreams = (
  read: Read,
  settings: ImportSettings,
): { readonly usable: readonly UpstreamDraft[]; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = []
  const usable = read.upstreams.flatMap((whole) => {
    if (problemWith(whole, read, settings) === null) return [whole]
    return asWritten(whole).filter((upstream) => {
      const reason = problemWith(upstream, read, settings)
      if (reason === null) return true
      const at = reason.at.kind === 'file' ? reason.at : upstream.at
      problems.push({ upstream: upstream.name, at, message: reason.message })
      return false
    })
  })
  return { usable, problems }
}

const reportLeftOut = (problems: readonly Problem[], findings: Findings): void => {
  for (const { at, message, upstream } of problems)
    report(
      findings,
      'import-left-out',
      at,
      `upstream "${upstream}" is not in the spec: ${message}`,
      'generate leaves its block as it is; change the block, and import it again',
    )
}

/** No upstream is left. */
const reportNone = (problems: readonly Problem[], findings: Findings): void => {
  for (const { at, message, upstream } of problems)
    report(
      findings,
      'import-refused',
      at,
      `upstream "${upstream}" cannot be imported, and there is no other one: ${message}`,
      'change the block, and import it again',
    )
}

const reportRefused = ({ changes, errors }: Trial, spec: string, findings: Findings): void => {
  for (const { at, message } of changes)
    report(
      findings,
      'import-refused',
      at,
      `this file cannot be imported: ${message}`,
      'change the file so that generate has nothing to change, or leave it out of the import',
    )
  for (const { at, help, message } of errors) {
    const place: Place =
      at.kind === 'file'
        ? at
        : { kind: 'file', file: spec, line: null, column: null, lineText: null }
    report(findings, 'import-refused', place, message, help)
  }
}

const reportUnmatched = (unmatched: readonly TomcatFacts[], findings: Findings): void => {
  for (const { at, jvmRoute, ports } of unmatched) {
    const what = jvmRoute === null ? `port ${ports.join(', ')}` : `jvmRoute "${jvmRoute}"`
    const message = `no server of the upstreams has the ${what} of this Tomcat`
    const help = 'name the file at its server in the spec: tomcat: { base: PATH }'
    report(findings, 'import-unmatched', at, message, help)
  }
}

/** A context.xml without its Tomcat. */
const reportAlone = (
  context: ContextSource,
  sources: readonly ImportSource[],
  findings: Findings,
): void => {
  if (sources.some((each) => each.kind === 'server' && contextOf(each, sources) === context)) return
  const at: Place = { kind: 'file', file: context.file, line: 1, column: null, lineText: null }
  const message = 'no server.xml of the folder of this context.xml is imported'
  report(findings, 'import-refused', at, message, 'name the server.xml of its Tomcat, too')
}

const readSources = (sources: readonly ImportSource[], findings: Findings): Read => {
  const proxies = sources.filter((each) => each.kind === 'nginx')
  const [, second] = proxies
  if (second !== undefined) {
    const at: Place = { kind: 'file', file: second.file, line: null, column: null, lineText: null }
    const message = 'a spec has one configuration of nginx, and another one was given'
    report(
      findings,
      'import-refused',
      at,
      message,
      'name the nginx.conf that includes both, or import each alone',
    )
  }
  const tomcats = sources.flatMap((each) =>
    each.kind === 'server' ? (readTomcat(each, findings) ?? []) : [],
  )
  for (const source of sources) {
    if (source.kind !== 'context') continue
    const parsed = parseXml(source.bytes)
    if (parsed.ok) {
      reportAlone(source, sources, findings)
      continue
    }
    const { at, help, message } = parsed.problem
    const place: Place = {
      kind: 'file',
      file: source.file,
      line: at?.line ?? null,
      column: at?.column ?? null,
      lineText: at?.lineText ?? null,
    }
    report(findings, 'import-refused', place, message, help)
  }
  const [proxy] = proxies
  if (proxy === undefined) return { sources, ...upstreamOfTomcats(tomcats), unmatched: [] }
  const upstreams = readUpstreams(proxy, findings)
  const matches = matchTomcats(
    tomcats,
    upstreams.flatMap(({ servers }) => servers),
  )
  const matched = new Set(matches.values())
  return {
    sources,
    upstreams,
    matches,
    unmatched: tomcats.filter((each) => !matched.has(each)),
  }
}

/** The first form of the sessions with which no byte changes; else the last trial. */
const firstUnchanged = (
  read: Read,
  settings: ImportSettings,
): { readonly text: string; readonly trial: Trial; readonly form: SessionForm } => {
  let last: { text: string; trial: Trial; form: SessionForm } | null = null
  for (const form of sessionForms) {
    const text = textOf(read, settings, form)
    const trial = tryOut(settings.spec, text, read.sources)
    last = { text, trial, form }
    if (trial.errors.length + trial.changes.length === 0) return last
  }
  if (last === null) throw new TypeError('there is no form of sessions')
  return last
}

/**
 * Turns existing files into a spec that names them as bases. With the spec, `sessctl generate` changes no
 * byte of them: that is tried out before the spec is returned.
 */
export const importFiles = (
  sources: readonly ImportSource[],
  settings: ImportSettings,
): Imported => {
  const findings = new Findings()
  const read = readSources(sources, findings)
  const refused = (): Imported => ({ text: null, diagnostics: findings.all })
  if (findings.hasErrors) return refused()
  const result = firstUnchanged(read, settings)
  const isUnchanged = (trial: Trial): boolean => trial.errors.length + trial.changes.length === 0
  if (isUnchanged(result.trial)) {
    reportUnmatched(read.unmatched, findings)
    return { text: result.text, diagnostics: findings.all }
  }
  const { usable, problems } = usableUpstreams(read, settings)
  if (usable.length === 0) {
    reportNone(problems, findings)
    return refused()
  }
  const some = { ...read, upstreams: usable }
  const first = problems.length === 0 ? result : firstUnchanged(some, settings)
  // Two upstreams may each be right alone, and get each other's names together.
  const plain = { ...read, upstreams: usable.flatMap(asWritten) }
  const again = isUnchanged(first.trial) ? first : firstUnchanged(plain, settings)
  if (!isUnchanged(again.trial)) {
    reportRefused(again.trial, settings.spec, findings)
    return refused()
  }
  reportLeftOut(problems, findings)
  reportUnmatched(read.unmatched, findings)
  return { text: again.text, diagnostics: findings.all }
}
