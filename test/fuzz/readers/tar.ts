import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { archivesOnDisk } from '../../../src/build-nginx/adapters/archives.ts'
import { SessctlError } from '../../../src/errors.ts'
import type { Read } from '../read.ts'

export const read: Read = async (bytes, folder) => {
  const archive = join(folder, 'a.tar')
  const inner = join(folder, 'inner')
  rmSync(inner, { recursive: true, force: true })
  mkdirSync(inner)
  writeFileSync(archive, bytes)
  const wasRead = await archivesOnDisk.extract(archive, join(inner, 'tree')).catch((error) => {
    if (error instanceof SessctlError) return false
    throw error
  })
  if (existsSync(join(inner, 'tree')) !== wasRead) throw new Error('half an archive is there')
  const outside = [...readdirSync(folder), ...readdirSync(inner)].filter(
    (name) => !['a.tar', 'inner', 'tree'].includes(name),
  )
  if (outside.length > 0) throw new Error(`the archive left ${outside.join(', ')}`)
}
