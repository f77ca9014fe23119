import {
  chmodSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesOnDisk } from '../../src/adapters/files.ts'
import { inTemporaryFolder } from '../support/run-cli.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const [before, after] = [bytes('before'), bytes('after')]

test('a file is rewritten with its mode, and through its link', async () => {
  await inTemporaryFolder(async (folder) => {
    const [file, link] = [join(folder, 'nginx.conf'), join(folder, 'link')]
    writeFileSync(file, before)
    chmodSync(file, 0o640)
    symlinkSync('nginx.conf', link)
    await filesOnDisk.rewrite(link, before, after)
    expect(readFileSync(file, 'utf8')).toBe('after')
    expect((statSync(file).mode & 0o7777).toString(8)).toBe('640')
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['link', 'nginx.conf'])
  })
})

test('a file that was changed, or that has several names, is not rewritten', async () => {
  await inTemporaryFolder(async (folder) => {
    const file = join(folder, 'nginx.conf')
    writeFileSync(file, 'other')
    await expect(filesOnDisk.rewrite(file, before, after)).rejects.toThrow('was changed')
    writeFileSync(file, before)
    linkSync(file, join(folder, 'second'))
    await expect(filesOnDisk.rewrite(file, before, after)).rejects.toThrow('several hard links')
    expect(readFileSync(file, 'utf8')).toBe('before')
    expect(readdirSync(folder).sort()).toEqual(['nginx.conf', 'second'])
  })
})
