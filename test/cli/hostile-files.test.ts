import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inTemporaryFolder, runCli } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const spec = readFileSync(new URL('../../fixtures/specs/jvm-route.yaml', import.meta.url), 'utf8')
const secret = 'root:$6$hash-that-nobody-may-see'

/** A folder with a spec, its artifacts and a file beside them that must never be shown. */
const inProject = (work: (cwd: string) => Promise<void>) =>
  inTemporaryFolder(async (cwd) => {
    writeFileSync(join(cwd, 'sessctl.yaml'), spec)
    writeFileSync(join(cwd, 'shadow'), `${secret}\n`)
    expect((await runHere(['generate'], { cwd })).exitCode).toBe(0)
    await work(cwd)
  })

const fifo = (path: string) => execFileSync('mkfifo', [path])

describe('what is not a regular file is refused without waiting', () => {
  const places: Readonly<Record<string, (cwd: string) => void>> = {
    'the spec is a pipe': (cwd) => {
      rmSync(join(cwd, 'sessctl.yaml'))
      fifo(join(cwd, 'sessctl.yaml'))
    },
    'the base of a Tomcat is a pipe': (cwd) => {
      fifo(join(cwd, 'server.xml'))
      const based = spec.replace(
        'runtime: tomcat,',
        'runtime: tomcat, tomcat: { base: server.xml },',
      )
      writeFileSync(join(cwd, 'sessctl.yaml'), based)
      expect(based).not.toBe(spec)
    },
    'an artifact is a pipe': (cwd) => {
      rmSync(join(cwd, 'generated/haproxy/haproxy.cfg'))
      fifo(join(cwd, 'generated/haproxy/haproxy.cfg'))
    },
    'the manifest is a pipe': (cwd) => {
      rmSync(join(cwd, 'generated/manifest.json'))
      fifo(join(cwd, 'generated/manifest.json'))
    },
  }
  test.each(Object.keys(places))('%s', (name) =>
    inProject(async (cwd) => {
      places[name]?.(cwd)
      for (const command of ['generate', 'diff']) {
        const { exitCode, stderr } = await runCli([command], { cwd })
        expect(stderr).toMatch(/is not a (regular|plain) file/)
        expect(exitCode).toBe(3)
      }
    }),
  )

  test('the spec is an endless device', () =>
    inProject(async (cwd) => {
      const { exitCode, stderr } = await runCli(['generate', '--file', '/dev/zero'], { cwd })
      expect(stderr).toContain('is not a regular file')
      expect(exitCode).toBe(3)
    }))

  test('standard input without an end', () =>
    inProject(async (cwd) => {
      const input = Buffer.alloc(9 * 1024 * 1024, 'a: b\n')
      const { exitCode, stderr } = await runCli(['generate', '--file', '-'], { cwd, input })
      expect(stderr).toContain('standard input is larger than 8 MiB')
      expect(exitCode).toBe(3)
    }))
})

describe('links below --out are not followed', () => {
  const artifact = 'generated/haproxy/haproxy.cfg'
  const places: Readonly<Record<string, (cwd: string) => void>> = {
    'an artifact': (cwd) => {
      rmSync(join(cwd, artifact))
      symlinkSync('../../shadow', join(cwd, artifact))
    },
    'a folder, with a manifest that lists a file in it': (cwd) => {
      const manifest = join(cwd, 'generated/manifest.json')
      const text = readFileSync(manifest, 'utf8')
      writeFileSync(manifest, text.replace('haproxy/haproxy.cfg', 'etc/shadow'))
      symlinkSync('..', join(cwd, 'generated/etc'))
    },
    'the folder of an artifact': (cwd) => {
      renameSync(join(cwd, dirname(artifact)), join(cwd, 'moved'))
      rmSync(join(cwd, 'moved/haproxy.cfg'))
      renameSync(join(cwd, 'shadow'), join(cwd, 'moved/haproxy.cfg'))
      symlinkSync('../moved', join(cwd, dirname(artifact)))
    },
    'the manifest': (cwd) => {
      rmSync(join(cwd, 'generated/manifest.json'))
      symlinkSync('../shadow', join(cwd, 'generated/manifest.json'))
    },
  }
  test.each(Object.keys(places))('%s', (name) =>
    inProject(async (cwd) => {
      places[name]?.(cwd)
      for (const args of [['diff'], ['generate', '--check'], ['generate']]) {
        const { exitCode, stdout, stderr } = await runHere(args, { cwd })
        expect(stdout + stderr).not.toContain('hash-that-nobody')
        expect(stderr).toContain('is a symbolic link')
        expect(exitCode).toBe(3)
      }
    }),
  )

  test('files of an interrupted run', () =>
    inProject(async (cwd) => {
      const name = `.sessctl-0123456789ab-0.new`
      mkdirSync(join(cwd, 'outside'))
      writeFileSync(join(cwd, 'outside', name), 'keep\n')
      symlinkSync('../outside', join(cwd, 'generated/x'))
      // A process id that none has: the run is dead.
      writeFileSync(
        join(cwd, 'generated/.sessctl.lock.4194305--0123456789ab'),
        JSON.stringify([`x/${name}`]),
      )
      const { exitCode, stderr } = await runHere(['generate'], { cwd })
      expect(stderr).toContain('is a symbolic link')
      expect(exitCode).toBe(3)
      expect(existsSync(join(cwd, 'outside', name))).toBe(true)
    }))
})

test('a manifest of another program is reported, and nothing is written', () =>
  inProject(async (cwd) => {
    writeFileSync(join(cwd, 'generated/manifest.json'), '{ "name": "a web application" }\n')
    for (const args of [['diff'], ['generate', '--check'], ['generate']]) {
      const { exitCode, stderr } = await runHere(args, { cwd })
      expect(stderr).toContain('manifest.json is not a valid manifest of sessctl')
      expect(exitCode).toBe(3)
    }
    expect(readFileSync(join(cwd, 'generated/manifest.json'), 'utf8')).toContain('web application')
  }))
