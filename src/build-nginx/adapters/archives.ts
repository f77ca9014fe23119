import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ioError } from '../../adapters/io-error.ts'
import { SessctlError } from '../../errors.ts'
import type { Archives } from '../ports/build.ts'
import { gunzip, gzip, pack } from './pack.ts'
import { digestsIn, extractInto, inspect } from './tarball.ts'
import { damaged, unpacked } from './unpacked.ts'
import { setUsualModes } from './usual-modes.ts'

const expand = async (file: string): Promise<Uint8Array> => {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of unpacked(file, null)) chunks.push(chunk)
  } catch (error) {
    throw error instanceof SessctlError ? error : damaged(file, error)
  }
  return Buffer.concat(chunks)
}

/** Archives by the `tar` package, as a stream; nothing is written before all of it was looked at. */
export const archivesOnDisk: Archives = {
  expand,
  pack,
  gunzip,
  gzip,
  digests: async (archive, sha256) => digestsIn({ archive, sha256, only: '' }),
  extract: async (archive, folder, { only = '', sha256 = null } = {}) => {
    // One name: what a run that was killed has left there goes with the next one.
    const stage = join(dirname(folder), `.${basename(folder)}.sessctl-extract`)
    const wanted = { archive, sha256, only }
    try {
      rmSync(stage, { recursive: true, force: true })
      mkdirSync(stage, { recursive: true, mode: 0o700 })
      const top = await inspect(wanted)
      if (top === null && only === '') throw damaged(archive, new Error('it is empty'))
      if (top === null) return false
      const into = join(stage, 'tree')
      mkdirSync(into)
      await extractInto(wanted, into)
      setUsualModes(into)
      rmSync(folder, { recursive: true, force: true })
      renameSync(join(into, top), folder)
      return true
    } catch (error) {
      if (error instanceof SessctlError) throw error
      const { code } = error as NodeJS.ErrnoException
      throw code?.startsWith('E') ? ioError('unpack into', folder, error) : damaged(archive, error)
    } finally {
      rmSync(stage, { recursive: true, force: true })
    }
  },
}
