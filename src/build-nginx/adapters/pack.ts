import { gunzipSync, gzipSync } from 'node:zlib'
import { BuildError } from '../../errors.ts'
import type { PackageEntry } from '../core/package/entries.ts'
import { mostOf } from './unpacked.ts'

const block = 512

/** Nothing of this host, this user or this moment is in it. */
export const pack = async (
  entries: readonly PackageEntry[],
  seconds: number,
): Promise<Uint8Array> => {
  const { Header } = await import('tar')
  const parts = entries.flatMap(({ path, mode, content }) => {
    const header = new Header({
      path: content === null ? `${path}/` : path,
      mode,
      uid: 0,
      gid: 0,
      uname: 'root',
      gname: 'root',
      size: content?.length ?? 0,
      mtime: new Date(seconds * 1000),
      type: content === null ? 'Directory' : 'File',
    })
    if (header.encode())
      throw new BuildError(`${path} is too long for a tar archive`, {
        help: 'use a shorter --prefix',
      })
    const size = content?.length ?? 0
    return [header.block ?? new Uint8Array(block), content ?? '', Buffer.alloc(-size & (block - 1))]
  })
  const tar = Buffer.concat([...parts.map((part) => Buffer.from(part)), Buffer.alloc(2 * block)])
  return gzipSync(tar, { level: 9 })
}

export const gzip = (bytes: Uint8Array): Promise<Uint8Array> =>
  Promise.resolve(gzipSync(bytes, { level: 9 }))

export const gunzip = async (bytes: Uint8Array): Promise<Uint8Array | null> => {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostOf(bytes.length) })
  } catch {
    return null
  }
}
