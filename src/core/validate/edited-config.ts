import type { ConfigFiles } from '../dialects/dialect.ts'
import type { Artifact } from '../render/artifact.ts'

/** An existing configuration as it is once the artifacts are installed. */
export interface EditedConfig {
  readonly config: ConfigFiles
  /** The artifact of a file; null: the file is unchanged. */
  readonly artifactOf: (path: string) => Artifact | null
}

/** Puts each edited file in the place of its original. */
export const withEdited = (input: ConfigFiles, artifacts: readonly Artifact[]): EditedConfig => {
  const artifactOf = (path: string): Artifact | null =>
    artifacts.find(({ source }) => source === path) ?? null
  const files = [...input.files].map(
    ([path, bytes]) => [path, artifactOf(path)?.bytes ?? bytes] as const,
  )
  return { config: { ...input, files: new Map(files) }, artifactOf }
}
