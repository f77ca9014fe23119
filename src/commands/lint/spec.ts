import { dirname, join, normalize } from 'node:path'
import type { Context } from '../../context.ts'
import { decodeConfig, editText } from '../../core/config/text.ts'
import type { LocatedDiagnostic } from '../../core/diagnostics/located.ts'
import { asFindings } from '../../core/linting/finding.ts'
import { compile, readSpec, resolveSpec, shownDiagnostics } from '../../core/pipeline.ts'
import { encodeText } from '../../core/render/encode-text.ts'
import { installedVersions } from '../installed.ts'
import { readInputs } from '../named.ts'
import type { Checked, CheckedFile } from './checked.ts'

/** Places in other files are written as the spec names them: from the folder of the spec. */
const fromHere =
  (spec: string) =>
  (diagnostic: LocatedDiagnostic): LocatedDiagnostic => {
    const { location } = diagnostic
    if (location.file === spec) return diagnostic
    const file = normalize(join(dirname(spec), location.file))
    return { ...diagnostic, location: { ...location, file } }
  }

/**
 * Checks a spec, and what the dialects make of it.
 * @throws IoError when a file that it names cannot be read.
 */
export const lintSpec = async (
  { file, path, bytes }: Pick<CheckedFile, 'file' | 'path' | 'bytes'>,
  allowOutside: readonly string[],
  context: Context,
): Promise<Checked> => {
  const read = readSpec(file, bytes)
  const resolved = resolveSpec(read, await installedVersions(read.spec, context))
  const named = { file, allowOutside }
  const inputs = await readInputs(resolved, null, named, context, true)
  const compilation = compile(resolved, inputs, null)
  const { source } = compilation
  const mark = decodeConfig(bytes).text.startsWith('\uFEFF') ? '\uFEFF' : ''
  return {
    files: [
      {
        file,
        path,
        bytes,
        secrets: source.secrets().map(([start, end]) => source.text.slice(start, end)),
        edited: (edits) => encodeText(`${mark}${editText(source.text, edits)}`, 'utf-8'),
      },
    ],
    findings: asFindings(shownDiagnostics(compilation).map(fromHere(file))),
  }
}
