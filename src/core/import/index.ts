import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts'
import { Findings } from '../diagnostics/findings.ts'
import { writeSpec } from '../spec/write.ts'
import { type SessionForm, sessionForms } from './apps.ts'
import { buildSpec, type Read } from './build.ts'
import { type Trial, tryOut } from './changes.ts'
import type { LeftOut, UpstreamDraft } from './draft.ts'
import { readSources } from './read.ts'
import { reportLeftOut, reportRefused, reportUnmatched } from './reports.ts'
import { type ImportSettings, type ImportSource, isProxy } from './sources.ts'

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

interface Reason {
  readonly message: string
  readonly at: Place
}

/** What can be told about a trial that would change files or fail; null: it does neither. */
const reasonOf = ({ errors, changes }: Trial): Reason | null => {
  const [error] = errors
  if (error !== undefined) return error
  return changes[0] ?? null
}

/** A name or an address that is known only where the file is used. */
const placeholderIn = (upstream: UpstreamDraft): Reason | null => {
  const word = [upstream.name, ...upstream.servers.map(({ address }) => address)].find((text) =>
    /\{\{|\{%|<%|\$\{/.test(text),
  )
  const message = `"${word}" is written by a template language or an environment variable, so it is not known`
  return word === undefined ? null : { at: upstream.at, message }
}

/** Why the spec cannot have some upstreams together; null: it can. */
const problemWith = (
  upstreams: readonly UpstreamDraft[],
  read: Read,
  settings: ImportSettings,
): Reason | null => {
  const alone = {
    sources: read.sources.filter(isProxy),
    upstreams,
    matches: new Map(),
    unmatched: [],
    leftOut: [],
  }
  return reasonOf(tryOut(settings.spec, textOf(alone, settings, 'local'), alone.sources))
}

/** The upstream blocks as they are, without what several of them mean together. */
const asWritten = (upstream: UpstreamDraft): readonly UpstreamDraft[] =>
  upstream.alternatives.length === 0 ? [upstream] : upstream.alternatives

/** The upstreams that the spec can have, and what is wrong with the others. */
const usableUpstreams = (
  read: Read,
  settings: ImportSettings,
): { readonly usable: readonly UpstreamDraft[]; readonly leftOut: readonly LeftOut[] } => {
  const leftOut: LeftOut[] = []
  const refuse = (upstream: UpstreamDraft, { at, message }: Reason): void => {
    const place = at.kind === 'file' ? at : upstream.at
    leftOut.push({ upstream: upstream.name, at: place, message, help: null })
  }
  const oneOf = (whole: UpstreamDraft): readonly UpstreamDraft[] =>
    asWritten(whole).filter((upstream) => {
      const reason = problemWith([upstream], read, settings)
      if (reason !== null) refuse(upstream, reason)
      return reason === null
    })
  /** In halves: most of many upstreams are tried together, since each trial reads the whole file. */
  const usableOf = (upstreams: readonly UpstreamDraft[]): readonly UpstreamDraft[] => {
    const [first] = upstreams
    if (first === undefined || problemWith(upstreams, read, settings) === null) return upstreams
    if (upstreams.length === 1) return oneOf(first)
    const half = upstreams.length >> 1
    return [...usableOf(upstreams.slice(0, half)), ...usableOf(upstreams.slice(half))]
  }
  const known = read.upstreams.filter((upstream) => {
    const reason = placeholderIn(upstream)
    if (reason !== null) refuse(upstream, reason)
    return reason === null
  })
  return { usable: usableOf(known), leftOut }
}

interface Attempt {
  readonly read: Read
  readonly text: string
  readonly trial: Trial
}

const isUnchanged = ({ trial: { changes, errors } }: Attempt): boolean =>
  errors.length + changes.length === 0

/** The first form of the sessions with which no byte changes; else the last attempt. */
const attempt = (read: Read, settings: ImportSettings): Attempt => {
  let last: Attempt | null = null
  // Without a Tomcat, all forms are one.
  const forms = read.matches.size === 0 ? sessionForms.slice(0, 1) : sessionForms
  for (const form of forms) {
    const text = textOf(read, settings, form)
    last = { read, text, trial: tryOut(settings.spec, text, read.sources) }
    if (isUnchanged(last)) return last
  }
  if (last === null) throw new TypeError('there is no form of sessions')
  return last
}

/** The spec with which generate changes nothing; else the last attempt. */
const bestOf = (read: Read, settings: ImportSettings): Attempt => {
  const whole = attempt(read, settings)
  if (isUnchanged(whole)) return whole
  const { leftOut, usable } = usableUpstreams(read, settings)
  const known = [...read.leftOut, ...leftOut]
  const some =
    leftOut.length === 0 ? whole : attempt({ ...read, upstreams: usable, leftOut: known }, settings)
  if (isUnchanged(some)) return some
  // Two upstreams may each be right alone, and get each other's names together.
  return attempt({ ...read, upstreams: usable.flatMap(asWritten), leftOut: known }, settings)
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
  if (findings.hasErrors) return { text: null, diagnostics: findings.all }
  const best = bestOf(read, settings)
  if (isUnchanged(best)) {
    reportLeftOut(best.read.leftOut, findings)
    reportUnmatched(best.read.unmatched, findings)
    return { text: best.text, diagnostics: findings.all }
  }
  reportRefused(best.trial, settings.spec, findings)
  return { text: null, diagnostics: findings.all }
}
