import type { Context } from '../../context.ts'
import { hasErrors } from '../../core/diagnostics/diagnostic.ts'
import { renderMarked } from '../../core/diff/marked.ts'
import { canonicalJson, manifestPath, parseManifest, sha256Of } from '../../core/output/manifest.ts'
import { concernedPaths, type Found, planWrite } from '../../core/output/plan.ts'
import { privateArtifacts } from '../../core/output/private-artifacts.ts'
import type { Compilation } from '../../core/pipeline.ts'
import { SessctlError, UsageError } from '../../errors.ts'
import { checkManifest } from '../manifest.ts'
import { type Comparison, nothingToCompare, secretsOf } from './comparison.ts'
import { compiledSide, diagnosticsOf, type FolderSide, type SpecSide } from './side.ts'

const foreignNote = (folder: string, foreign: readonly string[]): string => {
  const more = foreign.length - 3
  const named = foreign.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} more` : '')
  return `sessctl generate would refuse: ${folder} holds files that sessctl did not write: ${named}`
}

const unknownSpec = (label: string, { manifestText }: Found): string =>
  manifestText === null
    ? `${label} has no generated files yet: with --base or a second spec, diff says what happens to sessions`
    : `it is not known which spec the files in ${label} come from: with --base or a second spec, diff says what happens to sessions`

/**
 * The spec that the files of a folder were generated from: the present one, or that of the last commit.
 * null: another one, which is not known.
 */
const specOf = async (
  { manifestText }: Found,
  after: Compilation,
  committed: () => Promise<SpecSide | null>,
): Promise<Compilation | null> => {
  const sha256 = parseManifest(manifestText ?? '')?.spec.sha256
  const isOrigin = ({ spec }: Compilation): boolean =>
    spec !== null && sha256Of(canonicalJson(spec)) === sha256
  if (sha256 === undefined) return null
  if (isOrigin(after)) return after
  try {
    const side = await committed()
    if (side === null || !isOrigin(side.resolved)) return null
    const before = await compiledSide(side, after.only)
    return before === null || hasErrors(before.diagnostics) ? null : before
  } catch (error) {
    // Without git, a repository or a file of that time, the comparison has its files only.
    if (error instanceof SessctlError) return null
    throw error
  }
}

/**
 * A folder of generated files with the spec that generates them now.
 * @param committed finds the last commit's version of the spec, which the files may have come from.
 */
export const compareWithFolder = async (
  { folder, label }: FolderSide,
  after: Compilation,
  committed: () => Promise<SpecSide | null>,
  context: Context,
): Promise<Comparison> => {
  const { artifacts, cluster, spec, only } = after
  const diagnostics = diagnosticsOf(null, after)
  if (cluster === null || spec === null || hasErrors(diagnostics))
    return nothingToCompare(diagnostics)
  const found = await context.output.look(folder, (manifestText) =>
    concernedPaths(artifacts, manifestText),
  )
  checkManifest(folder, found.manifestText)
  const literal = renderMarked(after, 'literal')
  const all = renderMarked(after, 'all')
  const secret = privateArtifacts(after, literal)
  const { changes, foreign } = planWrite({ artifacts, private: secret, cluster, spec, only }, found)
  const before = await specOf(found, after, committed)
  return {
    diagnostics,
    // The manifest follows from the other files; its hashes are not reviewed.
    pairs: changes.flatMap(({ path, before: bytes, after: wanted, openMode }) =>
      path === manifestPath
        ? []
        : [
            {
              path,
              before: bytes,
              after: wanted,
              markedBefore: null,
              markedAfter: literal.texts.get(path) ?? null,
              openMode,
              shape: all.texts.get(path) ?? null,
            },
          ],
    ),
    secrets: secretsOf([after, before], [literal, all]),
    before,
    after,
    edited: new Set(changes.flatMap(({ path, isEdited }) => (isEdited ? [path] : []))),
    foreign,
    unknown: before === null ? unknownSpec(label, found) : null,
    notes: foreign.length === 0 ? [] : [foreignNote(folder, foreign)],
  }
}

/** @param others files of the other folder, which this one may have without listing them. */
const filesIn = async (
  { folder, label }: FolderSide,
  others: Iterable<string>,
  context: Context,
): Promise<Found> => {
  const found = await context.output.look(folder, (text) => [
    ...new Set([...concernedPaths([], text), ...others]),
  ])
  if (found.manifestText === null)
    throw new UsageError(`${label} has no ${manifestPath}: it is no folder of generated files`, {
      help: 'name two folders that sessctl generate wrote, or two specs',
    })
  checkManifest(folder, found.manifestText)
  return found
}

/** Two folders of generated files, whose specs are not known. */
export const compareFolders = async (
  before: FolderSide,
  after: FolderSide,
  context: Context,
): Promise<Comparison> => {
  const listed = await filesIn(before, [], context)
  const now = await filesIn(after, listed.files.keys(), context)
  const old = await filesIn(before, now.files.keys(), context)
  const paths = new Set([...now.files.keys(), ...old.files.keys()])
  paths.delete(manifestPath)
  return {
    ...nothingToCompare([]),
    unknown: 'what happens to sessions is not known: generated files do not contain their spec',
    pairs: [...paths].map((path) => ({
      path,
      before: old.files.get(path) ?? null,
      after: now.files.get(path) ?? null,
      markedBefore: null,
      markedAfter: null,
      openMode: null,
      shape: null,
    })),
  }
}
