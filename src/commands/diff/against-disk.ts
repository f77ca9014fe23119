import type { Context } from '../../context.ts'
import { hasErrors } from '../../core/diagnostics/diagnostic.ts'
import { renderMarked } from '../../core/diff/marked.ts'
import { manifestPath } from '../../core/output/manifest.ts'
import { concernedPaths, planWrite } from '../../core/output/plan.ts'
import { privateArtifacts } from '../../core/output/private-artifacts.ts'
import { shownDiagnostics } from '../../core/pipeline.ts'
import { compileFile } from '../load.ts'
import { checkManifest } from '../manifest.ts'
import type { SpecFile } from '../named.ts'
import { type Comparison, nothingToCompare, secretsOf } from './comparison.ts'

const foreignNote = (folder: string, foreign: readonly string[]): string => {
  const more = foreign.length - 3
  const named = foreign.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} more` : '')
  return `sessctl generate would refuse: ${folder} holds files that sessctl did not write: ${named}`
}

/** Compares the output of the spec with the files in a folder (an absolute path). */
export const againstDisk = async (
  from: SpecFile,
  targets: readonly string[],
  folder: string,
  context: Context,
): Promise<Comparison> => {
  const compilation = await compileFile(from, targets, context)
  const { artifacts, cluster, spec, only } = compilation
  const diagnostics = shownDiagnostics(compilation)
  if (cluster === null || spec === null || hasErrors(diagnostics))
    return nothingToCompare(null, diagnostics)
  const found = await context.output.look(folder, (manifestText) =>
    concernedPaths(artifacts, manifestText),
  )
  checkManifest(folder, found.manifestText)
  const literal = renderMarked(compilation, 'literal')
  const all = renderMarked(compilation, 'all')
  const secret = privateArtifacts(compilation, literal)
  const { changes, foreign } = planWrite({ artifacts, private: secret, cluster, spec, only }, found)
  return {
    base: null,
    diagnostics,
    // The manifest follows from the other files; its hashes are not reviewed.
    pairs: changes.flatMap(({ path, before, after, openMode }) =>
      path === manifestPath
        ? []
        : [
            {
              path,
              before,
              after,
              markedBefore: null,
              markedAfter: literal.texts.get(path) ?? null,
              openMode,
              shape: all.texts.get(path) ?? null,
            },
          ],
    ),
    secrets: secretsOf([spec], [literal, all]),
    edited: new Set(changes.flatMap(({ path, isEdited }) => (isEdited ? [path] : []))),
    foreign,
    notes: foreign.length === 0 ? [] : [foreignNote(folder, foreign)],
  }
}
