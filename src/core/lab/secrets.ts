import type { Secret } from '../model/store.ts'
import type { TemporaryFile } from '../validate/check.ts'

/** Secrets of a lab's own in the places of the real ones. */
export interface LabSecrets {
  readonly replace: (written: Secret | null, value: string) => Secret | null
  /** What the application servers find in their environment. */
  readonly env: Record<string, string>
  readonly files: TemporaryFile[]
}

/** @param folder of the lab. */
export const secretsIn = (folder: string): LabSecrets => {
  const env: Record<string, string> = {}
  const files: TemporaryFile[] = []
  const instead = (written: Secret | null, value: string): Secret | null => {
    switch (written?.kind) {
      case undefined:
        return null
      case 'literal':
        return { kind: 'literal', value }
      case 'env':
        env[written.name] = value
        return written
      case 'file': {
        const path = `secrets/${files.length}`
        files.push({ path, content: `${value}\n` })
        return { kind: 'file', path: `${folder}/${path}` }
      }
    }
  }
  return { replace: instead, env, files }
}
