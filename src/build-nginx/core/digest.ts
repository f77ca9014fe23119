import { createHash } from 'node:crypto'

export const sha256Hex = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')

export interface DigestedFile {
  readonly path: string
  readonly isExecutable: boolean
  readonly sha256: string
}

/** One number for a folder: names, bytes and the right to execute; no times, no owners. */
export const treeDigest = (files: readonly DigestedFile[]): string =>
  sha256Hex(
    files
      .map(({ path, isExecutable, sha256 }) => `${sha256} ${isExecutable ? 'x' : '-'} ${path}\n`)
      .toSorted()
      .join(''),
  )

/** One number for a value; the same value gives the same number. */
export const valueDigest = (value: unknown): string => sha256Hex(JSON.stringify(value))
