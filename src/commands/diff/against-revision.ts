import { dirname, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { hasErrors } from '../../core/diagnostics/diagnostic.ts'
import { dialects } from '../../core/dialects/index.ts'
import { type MarkedTexts, renderMarked } from '../../core/diff/marked.ts'
import { type Compilation, type Only, shownDiagnostics } from '../../core/pipeline.ts'
import type { Artifact } from '../../core/render/artifact.ts'
import { IoError } from '../../errors.ts'
import type { Commit, Files, NamedFiles } from '../../ports.ts'
import { compileLoaded, loadSpec, onlyDialects } from '../load.ts'
import type { SpecFile } from '../named.ts'
import { type Base, type Comparison, nothingToCompare, secretsOf } from './comparison.ts'

/** Links in a commit lead to other files of the commit, or to none. */
const ofCommit = <Content>(content: Content) => ({ content, isOutside: false })

/**
 * Files that the spec named at the revision, with their content of that time. A file outside the
 * repository has no history: its present content is read, if the command line allows it.
 */
const namedIn = (commit: Commit, revision: string, disk: NamedFiles): NamedFiles => ({
  ...disk,
  read: async (path) => {
    if (!commit.holds(path)) return disk.read(path)
    const bytes = await commit.read(path)
    if (bytes === null) throw new IoError(`cannot read ${path}: it is not in ${revision}`)
    return ofCommit(bytes)
  },
  // A .war is seldom committed. The present one is read instead; none of its content is in the output.
  readWebapp: async (path) => {
    const found = commit.holds(path) ? await commit.readWebapp(path) : null
    return found === null ? disk.readWebapp(path) : ofCommit(found)
  },
  readConfig: async (path, language) => {
    if (!commit.holds(path)) return disk.readConfig(path, language)
    const found = await commit.readConfig(path, language)
    if (found === null) throw new IoError(`cannot read ${path}: it is not in ${revision}`)
    return ofCommit(found)
  },
  readConf: async (folder) =>
    commit.holds(folder) ? ofCommit(await commit.readConf(folder)) : disk.readConf(folder),
})

/** Files as they were in a commit. */
const filesIn = (commit: Commit, revision: string, { files }: Context): Files => ({
  ...files,
  read: async (path) => {
    if (!commit.holds(path)) return files.read(path)
    const bytes = await commit.read(path)
    if (bytes === null) throw new IoError(`cannot read ${path}: it is not in ${revision}`)
    return bytes
  },
  checkSpecPlace: async () => undefined,
  namedBy: (folder, allowed) => namedIn(commit, revision, files.namedBy(folder, allowed)),
  exists: async (path) =>
    commit.holds(path) ? (await commit.read(path)) !== null : files.exists(path),
})

const wants = (name: string, { cluster }: Compilation): boolean =>
  cluster !== null &&
  Object.values(dialects).some((dialect) => dialect.name === name && dialect.isWanted(cluster))

/** The dialects of --target. A dialect that only the revision has was removed, which is a change as well. */
const onlyInEither = (
  targets: readonly string[],
  now: Compilation,
  past: Compilation | null,
): Only => {
  const isPast = (name: string) => past !== null && wants(name, past)
  onlyDialects(
    targets.filter((name) => !isPast(name)),
    now,
  )
  const chosen = Object.values(dialects).filter(({ name }) => targets.includes(name))
  return targets.length === 0 ? null : new Set(chosen.map(({ name }) => name))
}

const byPath = (artifacts: readonly Artifact[]): ReadonlyMap<string, Uint8Array> =>
  new Map(artifacts.map(({ path, bytes }) => [path, bytes]))

const noTexts: MarkedTexts = { texts: new Map(), markers: [] }

const compared = (base: Base, now: Compilation, before: Compilation | null): Comparison => {
  const markedNow = renderMarked(now, 'literal')
  const markedBefore = before === null ? noTexts : renderMarked(before, 'literal')
  const [wanted, old] = [byPath(now.artifacts), byPath(before?.artifacts ?? [])]
  return {
    base,
    diagnostics: shownDiagnostics(now),
    pairs: [...new Set([...wanted.keys(), ...old.keys()])].map((path) => ({
      path,
      before: old.get(path) ?? null,
      after: wanted.get(path) ?? null,
      markedBefore: markedBefore.texts.get(path) ?? null,
      markedAfter: markedNow.texts.get(path) ?? null,
      openMode: null,
      shape: null,
    })),
    secrets: secretsOf([now.spec, before?.spec ?? null], [markedNow, markedBefore]),
    edited: new Set(),
    foreign: [],
    notes: [],
  }
}

/** Compares the output of the spec with its output at a revision of the repository. */
export const againstRevision = async (
  from: SpecFile,
  targets: readonly string[],
  revision: string,
  context: Context,
): Promise<Comparison> => {
  const { file } = from
  const path = resolve(context.cwd, file)
  const now = await loadSpec(file, context)
  const commit = await context.git.commit(dirname(path), revision)
  const hasSpec = (await commit.read(path)) !== null
  const base = { revision, commit: commit.id, hasSpec }
  const past = { ...context, files: filesIn(commit, revision, context) }
  const before = hasSpec ? await loadSpec(file, past, `${revision}:${file}`) : null
  const only = onlyInEither(targets, now, before)
  const nowCompiled = await compileLoaded(now, only, from, context)
  const beforeCompiled = before === null ? null : await compileLoaded(before, only, from, past)
  const problems = [beforeCompiled, nowCompiled].flatMap((side) =>
    side === null ? [] : shownDiagnostics(side),
  )
  if (hasErrors(problems)) {
    return nothingToCompare(
      base,
      problems.filter(({ severity }) => severity === 'error'),
    )
  }
  const comparison = compared(base, nowCompiled, beforeCompiled)
  return hasSpec
    ? comparison
    : { ...comparison, notes: [`${file} is not in ${revision}: everything is new`] }
}
