import { chmodSync, chownSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { type CliResult, runCli } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'
import { asRoot, give, secondUser, sharedFolder, theirFolder } from '../support/second-user.ts'

const spec = readFileSync(new URL('../../fixtures/specs/jvm-route.yaml', import.meta.url), 'utf8')
const secret = 'root:$6$hash-that-nobody-may-see'
const artifact = 'generated/haproxy/haproxy.cfg'
const asSecondUser = [
  'setpriv',
  `--reuid=${secondUser}`,
  `--regid=${secondUser}`,
  '--clear-groups',
  '--',
]

/** A project whose artifact is a second name of a private file. Root makes the link: for root it is never forbidden. */
const project = async (owner: number): Promise<string> => {
  const cwd = owner === 0 ? sharedFolder() : theirFolder(sharedFolder(), 'app')
  writeFileSync(join(cwd, 'sessctl.yaml'), spec)
  expect((await runHere(['generate'], { cwd })).exitCode).toBe(0)
  writeFileSync(join(cwd, 'shadow'), `${secret}\n`, { mode: 0o600 })
  rmSync(join(cwd, artifact))
  linkSync(join(cwd, 'shadow'), join(cwd, artifact))
  return cwd
}

/** Another user needs a process. */
const runAs = (
  through: readonly string[],
  args: readonly string[],
  cwd: string,
): Promise<CliResult> =>
  through.length === 0 ? runHere(args, { cwd }) : runCli(args, { cwd, through })

const commands = [['diff'], ['diff', '--format', 'json'], ['generate', '--check'], ['generate']]

interface Row {
  /** Of the project. */
  readonly owner: number
  readonly through: readonly string[]
  readonly prepare: (cwd: string) => void
  readonly why: string
}

const rows: Readonly<Record<string, Row>> = {
  'root, a folder of the second user below one of root, a file of root': {
    owner: 0,
    through: [],
    prepare: (cwd) => give(join(cwd, 'generated/haproxy')),
    why: `the file is owned by user 0, its folder by user ${secondUser}`,
  },
  'root, a folder that everybody can write to, a file of root': {
    owner: 0,
    through: [],
    prepare: (cwd) => chmodSync(join(cwd, 'generated/haproxy'), 0o1777),
    why: 'other users can write to its folder',
  },
  'root, a folder that a group can write to, a file of root': {
    owner: 0,
    through: [],
    prepare: (cwd) => {
      chownSync(join(cwd, 'generated/haproxy'), 0, secondUser)
      chmodSync(join(cwd, 'generated/haproxy'), 0o775)
    },
    why: 'other users can write to its folder',
  },
  'the second user, a folder of root, a file of the second user': {
    owner: 0,
    through: asSecondUser,
    prepare: (cwd) => give(join(cwd, 'shadow')),
    why: `the file is owned by user ${secondUser}, its folder by user 0`,
  },
}

describe('a hard link to a private file, which another user may have made, is not read', () => {
  for (const [name, { owner, through, prepare, why }] of Object.entries(rows)) {
    asRoot(name, async () => {
      const cwd = await project(owner)
      prepare(cwd)
      for (const args of commands) {
        const { exitCode, stdout, stderr } = await runAs(through, args, cwd)
        const said = stdout + stderr
        expect(said).not.toContain('hash-that-nobody')
        if (args.join() === 'generate' && through.length > 0) {
          // Nothing can be written there anyway.
          expect(exitCode).toBe(3)
          continue
        }
        expect(said).toContain(
          `${artifact} is not read: it is a hard link to a private file (2 links)`,
        )
        expect(said).toContain(why)
        expect(exitCode).toBe(3)
      }
      expect(readFileSync(join(cwd, 'shadow'), 'utf8')).toContain(secret)
    })
  }

  asRoot('root in a folder of the second user reads no file of root', async () => {
    const cwd = await project(secondUser)
    chownSync(join(cwd, 'shadow'), 0, 0)
    for (const args of commands) {
      const { exitCode, stdout, stderr } = await runHere(args, { cwd })
      expect(stdout + stderr).not.toContain('hash-that-nobody')
      expect(exitCode).toBe(3)
    }
  })
})

describe('hard links that only the owner can have made are read', () => {
  for (const [name, owner, through] of [
    ['of root', 0, []],
    ['of the second user', secondUser, asSecondUser],
    ['of the second user, as root', secondUser, []],
  ] as const) {
    asRoot(name, async () => {
      const cwd = await project(owner)
      chownSync(join(cwd, 'shadow'), owner, owner)
      // A group of its own, as umask 002 is used with.
      chmodSync(join(cwd, 'generated/haproxy'), 0o775)
      const diff = await runAs(through, ['diff', '--exit-code'], cwd)
      expect(diff.stderr).not.toContain('hard link')
      expect(diff.exitCode).toBe(1)
      expect((await runAs(through, ['generate'], cwd)).exitCode).toBe(0)
      expect(readFileSync(join(cwd, 'shadow'), 'utf8')).toContain(secret)
    })
  }

  asRoot('a file that everybody can read, in any folder', async () => {
    const cwd = await project(0)
    chmodSync(join(cwd, artifact), 0o644)
    give(join(cwd, 'generated/haproxy'))
    expect((await runHere(['diff', '--exit-code'], { cwd })).exitCode).toBe(1)
  })
})
