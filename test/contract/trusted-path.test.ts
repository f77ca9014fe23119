import { spawn } from 'node:child_process'
import { chmodSync, lchownSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { diskOnHost } from '../../src/build-nginx/adapters/disk.ts'
import { IoError } from '../../src/errors.ts'
import { asRoot, give, sharedFolder, theirFolder } from '../support/second-user.ts'

const disk = diskOnHost(new AbortController().signal)

const refusal = async (work: Promise<void>): Promise<string> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(IoError)
  const { message, help } = error as IoError
  expect(help).toMatch(/rm -r .*or set a folder that no other user/)
  return message
}

describe('a cache that other users cannot change', () => {
  test('is private, also below a world-writable folder with the sticky bit', async () => {
    const shared = join(sharedFolder(), 'tmp')
    mkdirSync(shared)
    chmodSync(shared, 0o1777)
    const cache = join(shared, 'cache')
    await disk.secure(cache)
    await disk.write(join(cache, 'trees/a/file'), '')
    await disk.secure(cache)
    await disk.requireOurs(cache)
  })

  test('contains no files that others can write to, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      const cache = join(sharedFolder(), 'cache')
      await disk.secure(cache)
      mkdirSync(join(cache, 'by-a-program'))
      await disk.write(join(cache, 'trees/a/b/file'), '')
      await disk.requireOurs(cache)
    } finally {
      process.umask(before)
    }
  })

  test('is usable while another run creates and removes files in it', async () => {
    const cache = join(sharedFolder(), 'cache')
    await disk.secure(cache)
    const program = `
      const fs = require('node:fs')
      const end = Date.now() + 20000
      fs.mkdirSync('incoming')
      process.stdout.write('ready')
      while (Date.now() < end) {
        for (const name of ['a', 'b', 'c']) fs.mkdirSync('incoming/' + name + '/x', { recursive: true })
        for (const name of ['a', 'b', 'c']) fs.rmSync('incoming/' + name, { recursive: true })
      }`
    const rival = spawn(process.execPath, ['-e', program], { cwd: cache })
    try {
      await new Promise((resolve) => rival.stdout.once('data', resolve))
      for (let turn = 0; turn < 3000; turn++) await disk.secure(cache)
    } finally {
      rival.kill('SIGKILL')
    }
  })

  test('can be a link of the same user', async () => {
    const folder = sharedFolder()
    mkdirSync(join(folder, 'real'))
    symlinkSync('real', join(folder, 'link'))
    await disk.secure(join(folder, 'link'))
  })
})

describe('a cache that others can write to is refused', () => {
  test.each([
    [0o777, 'everybody (mode 0777)'],
    [0o775, 'its group (mode 0775)'],
    [0o1777, 'everybody (mode 01777)'],
  ])('of mode %o', async (mode, who) => {
    const cache = join(sharedFolder(), 'cache')
    mkdirSync(cache)
    chmodSync(cache, mode)
    expect(await refusal(disk.secure(cache))).toContain(`${cache}: it is writable by ${who}`)
  })

  test.each(['trees', 'trees/digest', 'builds/key', 'proofs/file'])('at %s', async (path) => {
    const cache = join(sharedFolder(), 'cache')
    await disk.secure(cache)
    await disk.write(join(cache, 'proofs/file'), '')
    if (!path.endsWith('file')) mkdirSync(join(cache, path), { recursive: true })
    chmodSync(join(cache, path), 0o777)
    expect(await refusal(disk.secure(cache))).toContain(`${join(cache, path)}: it is writable by`)
  })

  test('above it', async () => {
    const folder = join(sharedFolder(), 'open')
    mkdirSync(folder)
    chmodSync(folder, 0o777)
    expect(await refusal(disk.secure(join(folder, 'cache')))).toContain(`${folder}: it is writable`)
  })

  test('deep in a tree', async () => {
    const cache = join(sharedFolder(), 'cache')
    await disk.secure(cache)
    const file = join(cache, 'trees/digest/src/core/nginx.c')
    await disk.write(file, '')
    chmodSync(file, 0o666)
    await disk.secure(cache)
    expect(await refusal(disk.requireOurs(join(cache, 'trees/digest')))).toContain(file)
  })
})

describe('a cache of another user is refused', () => {
  const owned = 'it is owned by user 65534, and sessctl runs as user 0'

  asRoot('itself', async () => {
    const cache = theirFolder(sharedFolder(), 'cache', 0o700)
    expect(await refusal(disk.secure(cache))).toContain(`${cache}: ${owned}`)
  })

  asRoot('below a folder of theirs', async () => {
    const home = theirFolder(sharedFolder(), 'home')
    expect(await refusal(disk.secure(join(home, '.cache/sessctl')))).toContain(`${home}: ${owned}`)
  })

  asRoot('by a link of theirs, to a folder of ours', async () => {
    const folder = sharedFolder()
    mkdirSync(join(folder, 'real'), { mode: 0o700 })
    chmodSync(folder, 0o1777)
    symlinkSync('real', join(folder, 'link'))
    lchownSync(join(folder, 'link'), 65534, 65534)
    expect(await refusal(disk.secure(join(folder, 'link')))).toContain(owned)
  })

  asRoot('a folder or a file in it', async () => {
    for (const path of ['trees/digest', 'last-upgrade', 'proofs/nginx.json']) {
      const cache = join(sharedFolder(), 'cache')
      await disk.secure(cache)
      await disk.write(join(cache, path), '')
      give(join(cache, path))
      expect(await refusal(disk.secure(cache))).toContain(`${join(cache, path)}: ${owned}`)
    }
  })

  asRoot('a file deep in a work or build', async () => {
    const cache = join(sharedFolder(), 'cache')
    const file = join(cache, 'work/key/nginx/objs/src/core/nginx.o')
    await disk.secure(cache)
    await disk.write(file, '')
    give(file)
    expect(await refusal(disk.requireOurs(join(cache, 'work/key')))).toContain(`${file}: ${owned}`)
  })
})
