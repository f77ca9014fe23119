import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { workspaceOnDisk } from '../../../src/adapters/workspace.ts'

test('a private folder with files is removed after the work', async () => {
  const folder = await workspaceOnDisk.within(async (place) => {
    await place.write('a/b/c.txt', 'text')
    await place.makeFolder('empty/deep')
    expect(statSync(place.folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(place.folder, 'a/b/c.txt')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(place.folder, 'a/b/c.txt'), 'utf8')).toBe('text')
    expect(statSync(join(place.folder, 'empty/deep')).isDirectory()).toBe(true)
    return place.folder
  })
  expect(existsSync(folder)).toBe(false)
})

test('it is removed after work that failed as well', async () => {
  let folder = ''
  const work = workspaceOnDisk.within(async (place) => {
    folder = place.folder
    await place.write('a', '1')
    throw new Error('failed')
  })
  await expect(work).rejects.toThrow('failed')
  expect(folder).not.toBe('')
  expect(existsSync(folder)).toBe(false)
})
