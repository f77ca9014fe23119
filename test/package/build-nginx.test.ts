import { mkdirSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeAll, expect } from 'vitest'
import { archivesOnDisk } from '../../src/build-nginx/adapters/archives.ts'
import { findSignedSource } from '../real/support/build.ts'
import { run } from '../real/support/process.ts'
import { findToolchain, withServers } from '../real/support/servers.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { packBuilt } from './support/pack.ts'

let installed = ''

/** As npm would install it: packed, unpacked, and called through a link. */
beforeAll(async () => {
  const folder = tempDir()
  installed = join(folder, 'node_modules/sessctl')
  await archivesOnDisk.extract(packBuilt(folder), installed)
  mkdirSync(join(folder, 'bin'))
  symlinkSync('../node_modules/sessctl/bin/sessctl.js', join(folder, 'bin/sessctl'))
})

const needs = { toolchain: findToolchain(), source: findSignedSource('1.18') }

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
    expect(finished.output).toContain('signed by Maxim Dounin on ')
    expect(finished.output).toContain('1 patch applies, 1 files change')
    expect(finished.output).toContain('configure failed: invalid option "--with-nonsense"')
    expect(finished.exitCode).toBe(3)
  },
)

withServers(
  { toolchain: findToolchain() },
  'downloads through the proxy that the environment names',
  async (needs) => {
    const cwd = tempDir()
    const command = [
      'env',
      `PATH=${needs.toolchain.bin}:${process.env['PATH']}`,
      // Nobody listens there.
      'HTTPS_PROXY=http://me:s3cr3t@127.0.0.1:9',
      join(installed, '../../bin/sessctl'),
      ...['build-nginx', '1.28.0', '--cache', join(cwd, 'cache'), '--'],
      ...['--without-http_rewrite_module', '--without-http_gzip_module'],
    ] as const
    const finished = await run(command, cwd, 120_000)
    expect(finished.output).toContain('nginx-1.28.0.tar.gz: connect ECONNREFUSED 127.0.0.1:9')
    expect(finished.output).not.toContain('s3cr3t')
    expect(finished.exitCode).toBe(3)
  },
)

withServers({ toolchain: findToolchain() }, 'apt downloads through it as well', async (needs) => {
  const cwd = tempDir()
  const asked: string[] = []
  const proxy = createServer(({ url = '' }, response) => {
    asked.push(url)
    response.writeHead(503).end()
  })
  proxy.on('connect', ({ url = '' }, socket) => {
    asked.push(url)
    socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const command = [
    'env',
    `PATH=${needs.toolchain.bin}:${process.env['PATH']}`,
    ...[`HTTP_PROXY=${address}`, `HTTPS_PROXY=${address}`],
    join(installed, '../../bin/sessctl'),
    ...['build-nginx', '1.22.1', '--source', 'apt', '--cache', join(cwd, 'cache'), '--'],
    ...['--without-http_rewrite_module', '--without-http_gzip_module'],
  ] as const
  const finished = await run(command, cwd, 120_000)
  proxy.close()
  expect(finished.exitCode).toBe(3)
  expect(asked.join('\n')).toMatch(/\/dists\/|:443$/m)
})
