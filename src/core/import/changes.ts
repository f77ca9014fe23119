import { folderOf, pathBelow } from '../config/glob.ts'
import { decodeConfig } from '../config/text.ts'
import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts'
import { insideOnly } from '../outside.ts'
import { compile, readSpec, resolveSpec } from '../pipeline.ts'
import type { Artifact } from '../render/artifact.ts'
import { type ImportSource, inputsOf, isProxy } from './sources.ts'

/** A line of a file that `sessctl generate` would change, and why. */
export interface Change {
  /** As the spec names it. */
  readonly file: string
  readonly at: Place
  readonly message: string
}

/** What `sessctl generate` makes of a spec. */
export interface Trial {
  /** Why it would write nothing. */
  readonly errors: readonly Diagnostic[]
  readonly changes: readonly Change[]
}

interface ExistingFile {
  readonly file: string
  readonly bytes: Uint8Array
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index])

/** A file of a source, as an artifact names it; null: the source does not have it. */
const fileIn = (
  source: ImportSource,
  dialect: Artifact['dialect'],
  path: string,
): ExistingFile | null => {
  if (!isProxy(source)) return dialect === 'tomcat' && source.file === path ? source : null
  const bytes = source.kind === dialect ? source.config.files.get(path) : undefined
  return bytes === undefined ? null : { file: pathBelow(folderOf(source.file), path), bytes }
}

/** The existing file that an artifact is the edited one of; null: it is a new file. */
const originalOf = (
  { dialect, source }: Artifact,
  sources: readonly ImportSource[],
): ExistingFile | null => {
  if (source === null) return null
  for (const one of sources) {
    const file = fileIn(one, dialect, source)
    if (file !== null) return file
  }
  return null
}

/** What the dialects report where they change something. */
const changeCodes =
  /^(?:(?:nginx|haproxy|httpd)-base-(?:server|method|added)|tomcat-base-(?:port|route|attribute|store|parts|cluster))$/

/** The first line that differs. */
const changeIn = (
  { file, bytes }: ExistingFile,
  artifact: Artifact,
  diagnostics: readonly Diagnostic[],
): Change => {
  const [before, after] = [bytes, artifact.bytes].map((each) => decodeConfig(each).text.split('\n'))
  const index = before?.findIndex((line, number) => line !== after?.[number]) ?? -1
  const line = index === -1 ? (before?.length ?? 1) : index + 1
  const reported = diagnostics.find(
    ({ at, code }) => changeCodes.test(code) && at.kind === 'file' && at.file === file,
  )
  if (reported !== undefined) return { file, at: reported.at, message: reported.message }
  const written = after?.[line - 1]?.trim() ?? ''
  const lineText = before?.[line - 1]?.replace(/\r$/, '') ?? null
  return {
    file,
    at: { kind: 'file', file, line, column: null, lineText },
    message: `generate would write this line: ${written}`,
  }
}

/** Generates with a spec that is not written yet, in memory. */
export const tryOut = (spec: string, text: string, sources: readonly ImportSource[]): Trial => {
  const resolved = resolveSpec(readSpec(spec, text), {})
  const { artifacts, diagnostics } = compile(resolved, insideOnly(inputsOf(sources)), null)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) return { errors, changes: [] }
  return {
    errors,
    changes: artifacts.flatMap((artifact) => {
      const original = originalOf(artifact, sources)
      if (original === null || isSame(original.bytes, artifact.bytes)) return []
      return [changeIn(original, artifact, diagnostics)]
    }),
  }
}
