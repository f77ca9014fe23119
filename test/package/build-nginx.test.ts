import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { archivesOnDisk } from '../../src/adapters/build/archives.ts'
import { findNginxSource } from '../real/support/build.ts'
import { run } from '../real/support/process.ts'
import { findToolchain, withServers } from '../real/support/servers.ts'
import { tempDir } from '../real/support/temp-dir.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
let installed = ''

/** As npm would install it: packed, unpacked, and called through a link. */
beforeAll(async () => {
  const folder = tempDir()
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root })
  const [name = ''] = readdirSync(folder)
  installed = join(folder, 'node_modules/sessctl')
  await archivesOnDisk.extract(join(folder, name), installed)
  mkdirSync(join(folder, 'bin'))
  symlinkSync('../node_modules/sessctl/bin/sessctl.js', join(folder, 'bin/sessctl'))
})

describe('the package', () => {
  test.each([
    'module/config',
    'module/LICENSE',
    'patches/nginx/series.json',
    'patches/nginx/server-parameter.patch',
    'keys/nginx/pluknet.asc',
    'dist/openpgp.cjs',
    'dist/tar.cjs',
  ])('has %s', (path) => {
    expect(existsSync(join(installed, path))).toBe(true)
  })
  test('has no tests', () => {
    expect(existsSync(join(installed, 'module/t'))).toBe(false)
    expect(existsSync(join(installed, 'test'))).toBe(false)
  })
})

const needs = { toolchain: findToolchain(), source: findNginxSource('1.26') }

withServers(
  needs,
  'finds its module, its patches and its keys from anywhere',
  async ({ toolchain, source }) => {
    const cwd = tempDir()
    const bin = join(installed, '../../bin/sessctl')
    const args = [
      '--source',
      source.tarball,
      '--cache',
      join(cwd, 'cache'),
      '--',
      '--with-nonsense',
    ]
    const command = [
      'env',
      `PATH=${toolchain.bin}:${process.env['PATH']}`,
      bin,
      'build-nginx',
      ...args,
    ] as const
    const finished = await run(command, cwd, 120_000)
    expect(finished.output).toContain('signed by Sergey Kandaurov on 2025-02-05')
    expect(finished.output).toContain('1 patch fits, 1 files change')
    expect(finished.output).toContain('configure stopped: invalid option "--with-nonsense"')
    expect(finished.exitCode).toBe(3)
  },
)
