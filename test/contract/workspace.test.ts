import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { workspaceOnDisk } from '../../src/adapters/workspace.ts'

let outside = ''
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 'sessctl-outside-'))
})
afterEach(() => rmSync(outside, { recursive: true, force: true }))

describe('in a folder that programs of another user own, a link is not followed', () => {
  test('in place of a file', () =>
    workspaceOnDisk.within(async (place) => {
      const file = join(outside, 'file')
      writeFileSync(file, 'before')
      await place.makeFolder('a')
      symlinkSync(file, join(place.folder, 'a', 'f'))
      await expect(place.write('a/f', 'after')).rejects.toThrow('cannot write')
      expect(readFileSync(file, 'utf8')).toBe('before')
    }))

  test('in place of a folder', () =>
    workspaceOnDisk.within(async (place) => {
      symlinkSync(outside, join(place.folder, 'b'))
      await expect(place.write('b/f', 'after')).rejects.toThrow('a symbolic link has its name')
      await expect(place.makeFolder('b/c/d')).rejects.toThrow('a symbolic link has its name')
      expect(readdirSync(outside)).toEqual([])
    }))
})

describe.skipIf(process.getuid?.() !== 0)('a folder for another user', () => {
  test('belongs to that user with all its files, and is closed to others', () =>
    workspaceOnDisk.within(
      async (place) => {
        await place.write('a/b/f', 'x')
        await place.makeFolder('a/c')
        for (const path of ['.', 'a', 'a/b', 'a/b/f', 'a/c'])
          expect(statSync(join(place.folder, path))).toMatchObject({ uid: 54_321, gid: 54_322 })
        expect(statSync(place.folder).mode & 0o777).toBe(0o700)
        expect(statSync(join(place.folder, 'a/b/f')).mode & 0o777).toBe(0o600)
      },
      { uid: 54_321, gid: 54_322, readsAll: false },
    ))
})
