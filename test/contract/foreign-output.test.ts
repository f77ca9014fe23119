import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesOnDisk } from '../../src/adapters/files.ts'
import { outputOnDisk } from '../../src/adapters/output/index.ts'
import { diskOnHost } from '../../src/build-nginx/adapters/disk.ts'
import type { Found } from '../../src/core/output/plan.ts'
import { IoError } from '../../src/errors.ts'
import { asRoot, secondUser, sharedFolder, theirFolder } from '../support/second-user.ts'

const never = new AbortController().signal
const path = 'nginx/shop.conf'

const write = (out: string, text: string): Promise<void> =>
  outputOnDisk.change(
    out,
    () => [path],
    (found: Found) => {
      const before = found.files.get(path) ?? null
      const after = new TextEncoder().encode(text)
      const action = before === null ? 'create' : 'update'
      return [{ path, action, before, after, isEdited: false, privateFor: null, openMode: null }]
    },
    never,
  )

const ownersOf = (...names: readonly string[]): readonly number[] =>
  names.map((name) => statSync(name).uid)

asRoot(
  'what root writes into a folder of another user is written with the rights of this user',
  async () => {
    const out = join(theirFolder(sharedFolder(), 'app'), 'generated')
    await write(out, 'one')
    expect(ownersOf(out, join(out, 'nginx'), join(out, path))).toEqual(Array(3).fill(secondUser))
    expect([process.geteuid?.(), process.getegid?.()]).toEqual([0, 0])
    expect(readdirSync(out)).toEqual(['nginx'])
    expect(outputOnDisk.notice(out)).toMatchObject({
      level: 'note',
      message: expect.stringContaining(`is owned by user ${secondUser}`),
    })

    const disk = diskOnHost(never)
    await filesOnDisk.write(join(out, 'schema.json'), '{}')
    await disk.write(join(out, 'libs/a.jar'), '')
    await disk.publish(join(out, 'nginx.deb'), new Uint8Array(), 0)
    const written = ['schema.json', 'libs', 'libs/a.jar', 'nginx.deb'].map((name) =>
      join(out, name),
    )
    expect(ownersOf(...written)).toEqual(Array(4).fill(secondUser))
  },
)

asRoot('what this user may neither read nor write is neither read nor written', async () => {
  const out = theirFolder(sharedFolder(), 'generated')
  theirFolder(out, 'nginx')
  writeFileSync(join(out, path), 'secret of root', { mode: 0o600 })
  await expect(outputOnDisk.look(out, () => [path])).rejects.toThrow('permission denied')

  // A folder that is root's, in the place of theirs.
  chownSync(join(out, 'nginx'), 0, 0)
  chmodSync(join(out, path), 0o644)
  await expect(write(out, 'two')).rejects.toThrow(IoError)
  expect(readFileSync(join(out, path), 'utf8')).toBe('secret of root')
  expect(process.geteuid?.()).toBe(0)
})

/** Of Linux. */
const renameat2 = process.arch === 'arm64' ? 276 : 316

asRoot(
  'a folder that is exchanged for a link while root writes leads nowhere',
  async () => {
    const folder = sharedFolder()
    const out = theirFolder(folder, 'generated')
    theirFolder(out, 'nginx')
    const victim = join(folder, 'victim')
    mkdirSync(victim, { mode: 0o755 })
    // Two names change places in one system call, again and again; node has none for it.
    writeFileSync(join(victim, 'shop.conf'), 'of root')
    symlinkSync(victim, join(out, 'link'))
    const untouched = statSync(victim).mtimeMs
    const program = `$| = 1; print "ready"; alarm 60; my ($one, $two) = ('nginx', 'link');
    while (1) { syscall(${renameat2}, -100, $one, -100, $two, 2) }`
    const rival = spawn('perl', ['-e', program], {
      uid: secondUser,
      gid: secondUser,
      cwd: out,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      await new Promise((resolve) => rival.stdout.once('data', resolve))
      let refused = 0
      for (let turn = 0; turn < 300; turn++)
        await write(out, `${turn}`).catch((error: unknown) => {
          expect(error).toBeInstanceOf(IoError)
          refused++
        })
      // It was a race.
      expect(refused).toBeGreaterThan(0)
      // Nothing was ever made in it, nor taken away again.
      expect(statSync(victim).mtimeMs).toBe(untouched)
    } finally {
      const ended = new Promise((resolve) => rival.once('exit', resolve))
      rival.kill('SIGKILL')
      await ended
    }
  },
  120_000,
)

asRoot('folders of several users are refused', async () => {
  const first = theirFolder(sharedFolder(), 'first')
  const second = join(first, 'second')
  mkdirSync(second)
  chownSync(second, 65533, 65533)
  await expect(write(join(second, 'out'), '')).rejects.toThrow(
    `${first} is owned by user ${secondUser}, and ${second} by user 65533`,
  )
})

asRoot(
  'a folder that everybody can write to: root is warned, and reads without a word',
  async () => {
    // GitLab's runners check out into such folders, and run jobs as root.
    const open = join(sharedFolder(), 'open')
    mkdirSync(open)
    chmodSync(open, 0o777)
    expect(outputOnDisk.notice(join(open, 'out'))).toMatchObject({
      level: 'warning',
      message: expect.stringContaining(`${open}: it is writable by everybody (mode 0777)`),
    })
    await write(join(open, 'out'), 'text')
    const found = await outputOnDisk.look(join(open, 'out'), () => ['nginx/shop.conf'])
    expect(found.files.size).toBe(1)
  },
)

asRoot('a folder that a group can write to: root is warned', async () => {
  const shared = join(sharedFolder(), 'shared')
  mkdirSync(shared)
  chownSync(shared, 0, secondUser)
  chmodSync(shared, 0o775)
  expect(outputOnDisk.notice(join(shared, 'out'))).toMatchObject({
    level: 'warning',
    message: expect.stringContaining(`${shared}: it is writable by its group (mode 0775)`),
  })
  await write(join(shared, 'out'), '')
})

test('a folder of the same user is not reported', async () => {
  const folder = sharedFolder()
  expect(outputOnDisk.notice(join(folder, 'generated'))).toBeNull()
})
