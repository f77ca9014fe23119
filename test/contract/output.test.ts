import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
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
import { outputOnDisk } from '../../src/adapters/output/index.ts'
import type { Change, Found } from '../../src/core/output/plan.ts'
import { IoError } from '../../src/errors.ts'

let folder = ''
let out = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sessctl-output-'))
  out = join(folder, 'generated')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const never = new AbortController().signal
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const change = (
  found: Found,
  path: string,
  text: string | null,
  privateFor: Change['privateFor'] = null,
): Change => {
  const before = found.files.get(path) ?? null
  const after = text === null ? null : bytes(text)
  const action = after === null ? 'remove' : before === null ? 'create' : 'update'
  return { path, action, before, after, isEdited: false, privateFor, openMode: null }
}

const write = (texts: Readonly<Record<string, string | null>>, signal = never): Promise<void> =>
  outputOnDisk.change(
    out,
    () => Object.keys(texts),
    (found) => Object.entries(texts).map(([path, text]) => change(found, path, text)),
    signal,
  )

const tree = (root = out, prefix = ''): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
      const path = `${prefix}${entry.name}`
      return entry.isDirectory()
        ? Object.entries(tree(join(root, entry.name), `${path}/`))
        : [[path, readFileSync(join(root, entry.name), 'utf8')]]
    }),
  )

describe('an output folder', () => {
  test('contains what was written, and nothing else', async () => {
    await write({ 'a/b/c.conf': '1', 'manifest.json': '2' })
    expect(tree()).toEqual({ 'a/b/c.conf': '1', 'manifest.json': '2' })
  })

  test('replaces and removes files, and removes folders that became empty', async () => {
    await write({ 'a/x': '1', 'b/y': '2' })
    await write({ 'a/x': '3', 'b/y': null })
    expect(tree()).toEqual({ 'a/x': '3' })
    expect(existsSync(join(out, 'b'))).toBe(false)
  })

  test('keeps the mode of a file that it replaces', async () => {
    await write({ x: '1' })
    chmodSync(join(out, 'x'), 0o600)
    await write({ x: '2' })
    expect(statSync(join(out, 'x')).mode & 0o777).toBe(0o600)
  })

  test('contains a file with a secret that others cannot read', async () => {
    const writeSecret = (text: string) =>
      outputOnDisk.change(
        out,
        () => ['x'],
        (found) => [change(found, 'x', text, 'tomcat')],
        never,
      )
    const mode = () => statSync(join(out, 'x')).mode & 0o777
    // With this umask it would be world-writable, and would be refused.
    mkdirSync(out, { mode: 0o755 })
    const umask = process.umask(0)
    try {
      await writeSecret('1')
      expect(mode()).toBe(0o600)
      chmodSync(join(out, 'x'), 0o644)
      expect((await outputOnDisk.look(out, () => ['x'])).modes.get('x')).toBe(0o644)
      await writeSecret('2')
      expect(mode()).toBe(0o600)
      // As an operator sets it for a Tomcat of another user.
      if (process.getuid?.() === 0) chownSync(join(out, 'x'), 0, 65_534)
      const { gid } = statSync(join(out, 'x'))
      chmodSync(join(out, 'x'), 0o640)
      await writeSecret('3')
      expect([mode(), statSync(join(out, 'x')).gid]).toEqual([0o640, gid])
    } finally {
      process.umask(umask)
    }
  })

  test('never copies the mode of the target of a link', async () => {
    await write({ x: '1' })
    const elsewhere = join(folder, 'elsewhere')
    writeFileSync(elsewhere, 'not ours')
    chmodSync(elsewhere, 0o777)
    await outputOnDisk.change(
      out,
      () => ['x'],
      (found) => {
        // Another user swaps it after it was looked at.
        rmSync(join(out, 'x'))
        symlinkSync(elsewhere, join(out, 'x'))
        return [change(found, 'x', '2')]
      },
      never,
    )
    expect(lstatSync(join(out, 'x')).isFile()).toBe(true)
    expect(statSync(join(out, 'x')).mode & 0o111).toBe(0)
    expect(readFileSync(elsewhere, 'utf8')).toBe('not ours')
  })

  test('is unchanged if a change cannot be made', async () => {
    await write({ 'a/x': 'old', 'z/y': 'old' })
    // A folder is in place of the last file: all files before it have been replaced by then.
    mkdirSync(join(out, 'zz', 'blocked'), { recursive: true })
    await expect(
      write({ 'a/x': 'new', 'b/new': 'new', 'z/y': null, 'zz/blocked': 'new' }),
    ).rejects.toThrow(IoError)
    expect(tree()).toEqual({ 'a/x': 'old', 'z/y': 'old' })
    expect(existsSync(join(out, 'b'))).toBe(false)
  })

  test('is unchanged if the run is interrupted', async () => {
    await write({ x: 'old' })
    const abort = new AbortController()
    abort.abort()
    await expect(write({ x: 'new' }, abort.signal)).rejects.toThrow()
    expect(tree()).toEqual({ x: 'old' })
  })

  test('never follows a link to the outside', async () => {
    const elsewhere = join(folder, 'elsewhere')
    mkdirSync(elsewhere)
    mkdirSync(out)
    symlinkSync(elsewhere, join(out, 'nginx'))
    await expect(write({ 'nginx/shop.conf': 'x' })).rejects.toThrow('is a symbolic link')
    expect(readdirSync(elsewhere)).toEqual([])
  })

  test('is not created if no file can be written', async () => {
    await expect(
      outputOnDisk.change(
        join(out, 'deep', 'er'),
        () => [],
        () => {
          throw new IoError('refused')
        },
        never,
      ),
    ).rejects.toThrow('refused')
    expect(existsSync(out)).toBe(false)
  })

  test('reports what blocks it', async () => {
    writeFileSync(out, 'a file')
    await expect(write({ x: '1' })).rejects.toThrow(/generated is a file, not a folder$/)
    await expect(
      outputOnDisk.change(
        join(out, 'deeper'),
        () => [],
        () => [],
        never,
      ),
    ).rejects.toThrow(/generated is a file, not a folder$/)
  })

  test('reports what blocks a file in it', async () => {
    mkdirSync(out)
    writeFileSync(join(out, 'nginx'), 'a file')
    await expect(write({ a: '1', 'nginx/x': '1' })).rejects.toThrow(/nginx is not a folder$/)
    expect(tree()).toEqual({ nginx: 'a file' })
  })

  test.runIf(existsSync('/proc'))('reports that no folder can be created', async () => {
    out = '/proc/sessctl/generated'
    await expect(write({ x: '1' })).rejects.toThrow(/cannot write to .*generated/)
  })

  test('is used by one run at a time', async () => {
    const order: string[] = []
    const slow = (name: string) =>
      outputOnDisk.change(
        out,
        () => ['x'],
        (found) => {
          order.push(
            `${name} sees ${new TextDecoder().decode(found.files.get('x') ?? bytes('nothing'))}`,
          )
          return [change(found, 'x', name)]
        },
        never,
      )
    await Promise.all([slow('one'), slow('two'), slow('three')])
    expect(order).toHaveLength(3)
    const names = order.map((line) => line.split(' ')[0])
    expect(order).toEqual([
      `${names[0]} sees nothing`,
      `${names[1]} sees ${names[0]}`,
      `${names[2]} sees ${names[1]}`,
    ])
    expect(Object.keys(tree())).toEqual(['x'])
  })

  test('is taken over from runs that died, with the files that they had announced', async () => {
    const dead = spawn(process.execPath, ['-e', '0'])
    await new Promise((resolve) => dead.once('exit', resolve))
    mkdirSync(out)
    writeFileSync(join(out, '.sessctl-0123456789ab-0.new'), 'half')
    const lockOf = (which: string): string => join(out, `.sessctl.lock.${dead.pid}--${which}`)
    writeFileSync(
      lockOf('0123456789ab'),
      JSON.stringify(['x', '.sessctl-0123456789ab-0.new', '../../escape']),
    )
    // Killed while it wrote its lock, and before.
    writeFileSync(lockOf('123456789abc'), '["x", "sess')
    writeFileSync(lockOf('23456789abcd'), '')
    let interrupted: readonly string[] = []
    await outputOnDisk.change(
      out,
      () => ['x'],
      (found) => {
        interrupted = found.interrupted
        return [change(found, 'x', 'new')]
      },
      never,
    )
    expect(interrupted).toContain('x')
    expect(tree()).toEqual({ x: 'new' })
  })

  test('keeps the files that a dead run had announced until a change is made', async () => {
    const dead = spawn(process.execPath, ['-e', '0'])
    await new Promise((resolve) => dead.once('exit', resolve))
    mkdirSync(out)
    writeFileSync(join(out, `.sessctl.lock.${dead.pid}--0123456789ab`), '["x"]')
    const seen: (readonly string[])[] = []
    const refuse = (found: Found): never => {
      seen.push(found.interrupted)
      throw new IoError('refused')
    }
    for (const _ of [1, 2])
      await expect(outputOnDisk.change(out, () => [], refuse, never)).rejects.toThrow('refused')
    expect(seen).toEqual([['x'], ['x']])
  })

  // In a container every run may have the same process id.
  test.runIf(existsSync('/proc'))(
    'is free after the death of a run that had the same process id',
    async () => {
      mkdirSync(out)
      writeFileSync(join(out, `.sessctl.lock.${process.pid}-1-0123456789ab`), '[]')
      await write({ x: '1' })
      expect(tree()).toEqual({ x: '1' })
    },
  )

  test('is not waited for forever if another run uses it', async () => {
    mkdirSync(out)
    writeFileSync(join(out, `.sessctl.lock.${process.pid}--0123456789ab`), '[]')
    await expect(write({ x: '1' })).rejects.toThrow(/process id \d+ is writing to/)
  }, 20_000)

  test('reports a full disk and leaves no partial file', async ({ skip }) => {
    const small = join(folder, 'small')
    mkdirSync(small)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'sessctl-test', small], {
        stdio: 'ignore',
      })
    } catch {
      skip('mounting a small file system needs privileges')
    }
    try {
      out = join(small, 'generated')
      await write({ x: 'old' })
      await expect(write({ x: 'new', big: 'x'.repeat(200_000) })).rejects.toThrow(
        'no space is left on the device',
      )
      expect(tree()).toEqual({ x: 'old' })
    } finally {
      execFileSync('umount', [small])
    }
  })
})
