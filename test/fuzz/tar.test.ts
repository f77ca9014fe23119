import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { archivesOnDisk } from '../../src/adapters/build/archives.ts'
import { SessctlError } from '../../src/errors.ts'
import { fuzz } from './fuzz.ts'

const folder = mkdtempSync(join(tmpdir(), 'sessctl-fuzz-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const words = [
  '../',
  '/etc/',
  'ustar\u000000',
  '\u0000',
  '0000755',
  '2',
  '5',
  'x',
  'L',
  '77777777777',
]

fuzz(
  'tar',
  [...words, '\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff', './', '.'],
  async (bytes) => {
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
  },
)
