import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { run } from '../support/process.ts'
import { tempDir } from '../support/temp-dir.ts'
import { bytesOf, type NewNginx } from './builds.ts'
import { startHost } from './host.ts'

/** A file of this host that belongs to a package of a dpkg database of its own. */
interface Packaged {
  /** Has the tools of dpkg that know this database. */
  readonly path: string
  /** A command line of the host's dpkg or apt, with this database; its output. */
  readonly call: (command: string) => Promise<string>
  /** Installs a version of the package, whose file has this content. */
  readonly install: (version: string, content: string) => Promise<void>
}

/** The package `nginx`, which is installed with the file as it is. */
const packagedFile = async (file: string): Promise<Packaged> => {
  const folder = tempDir()
  const database = join(folder, 'dpkg')
  for (const name of ['info', 'updates', 'triggers'])
    mkdirSync(join(database, name), { recursive: true })
  writeFileSync(join(database, 'status'), '')
  mkdirSync(join(folder, 'bin'))
  writeFileSync(
    join(folder, 'bin/dpkg-query'),
    `#!/bin/sh\nexec /usr/bin/dpkg-query --admindir='${database}' "$@"\n`,
    { mode: 0o755 },
  )
  const call = async (command: string): Promise<string> => {
    const [program = '', ...args] = command.split(' ')
    const own =
      program === 'apt-mark'
        ? [
            '-o',
            `Dir::State::status=${database}/status`,
            '-o',
            `DPkg::Options::=--admindir=${database}`,
          ]
        : [`--admindir=${database}`]
    const { exitCode, output } = await run([program, ...own, ...args], folder, 20_000)
    if (exitCode !== 0) throw new Error(`${command}\n${output}`)
    return output
  }
  const install = async (version: string, content: string): Promise<void> => {
    const tree = join(folder, version)
    mkdirSync(join(tree, 'DEBIAN'), { recursive: true })
    mkdirSync(join(tree, dirname(file)), { recursive: true })
    writeFileSync(join(tree, file), content, { encoding: 'latin1', mode: 0o755 })
    writeFileSync(
      join(tree, 'DEBIAN/control'),
      `Package: nginx\nVersion: ${version}\nArchitecture: all\nMaintainer: n <n@example.com>\nDescription: nginx\n`,
    )
    const archive = `${tree}.deb`
    await run(
      ['dpkg-deb', '-Znone', '--root-owner-group', '--build', tree, archive],
      folder,
      20_000,
    )
    await call(`dpkg --log=/dev/null --install ${archive}`)
  }
  await install('1', readFileSync(file, 'latin1'))
  return { path: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, call, install }
}

/** The warning about a file of a package, and what its commands lead to. */
export const checkPackaged = async (
  built: NewNginx,
  old: string,
  compilers: string,
): Promise<void> => {
  // Only root can call dpkg.
  if (process.getuid?.() !== 0) return
  const host = await startHost({ nginx: old })
  const packaged = await packagedFile(host.sbin)
  const env = { PATH: `${compilers}:${packaged.path}` }
  const install = async (): Promise<string> => {
    const { exitCode, stderr } = await built.upgrade(host, ['--install'], { env })
    expect(exitCode, stderr).toBe(0)
    expect(host.files()['sbin/nginx']).toBe(bytesOf(built.nginx))
    return stderr
  }
  const { stdout } = await built.upgrade(host, ['--install', '--dry-run'], { env })
  expect(stdout).toContain(`${host.sbin}, a file of the package nginx`)
  const said = await install()
  expect(said).toContain(
    `${host.sbin} belongs to the package nginx: the next upgrade of the package replaces the new file`,
  )
  // Which it does, without one of the commands.
  await packaged.install('2', 'of the package')
  expect(bytesOf(host.sbin)).toBe('of the package')
  writeFileSync(host.sbin, bytesOf(old), 'latin1')

  await install()
  const [divert = ''] = /dpkg-divert [^;]*/.exec(said) ?? []
  const [hold = ''] = /apt-mark hold \S+/.exec(said) ?? []
  await packaged.call(divert)
  await packaged.install('3', 'of the package')
  expect(bytesOf(host.sbin)).toBe(bytesOf(built.nginx))
  expect(bytesOf(`${host.sbin}.distrib`)).toBe('of the package')
  expect(await install()).not.toContain('belongs to the package')

  await packaged.call(divert.replace('--add', '--remove').replace(/--divert \S+ /, ''))
  expect(await install()).toContain('belongs to the package')
  await packaged.call(hold)
  expect(await install()).not.toContain('belongs to the package')
}
