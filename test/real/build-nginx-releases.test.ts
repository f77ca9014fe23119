import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { withLibraries } from '../support/namespaces.ts'
import { runCli } from '../support/run-cli.ts'
import { buildEnvironment, type Document } from './support/build.ts'
import { run } from './support/process.ts'
import { findServer, findToolchain, serversDir, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

vi.setConfig({ testTimeout: 600_000 })

type Release = 'trixie' | 'sid'

/** What a release has to run with: its nginx, its dpkg, its archive. Tools and compilers are those of this host. */
const hostOf = (release: Release, bin: string) => {
  const folder = tempDir()
  const root = join(serversDir(), `roots/${release}-native`)
  const set = readFileSync(join(serversDir(), `sets/${release}-native.tsv`), 'utf8')
  const revision = / nginx=(\S+)/.exec(set)?.[1] ?? ''
  const nginx = join(root, 'usr/sbin/nginx')
  for (const name of ['dpkg/info', 'dpkg/updates', 'bin'])
    mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(
    join(folder, 'dpkg/status'),
    `Package: nginx\nStatus: install ok installed\nMaintainer: n <n@tracker.debian.org>\nArchitecture: all\nVersion: ${revision}\nDescription: nginx\n\n`,
  )
  writeFileSync(join(folder, 'dpkg/info/nginx.list'), `${nginx}\n`)
  const script = (name: string, lines: readonly string[]): void =>
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 })
  script('dpkg-query', [`exec /usr/bin/dpkg-query --admindir='${folder}/dpkg' "$@"`])
  // The machine's mirrors, with the suites of the release: sid has no others.
  const others = release === 'sid' ? ' | grep -v -e -security -e -updates' : ''
  script('apt-get', [
    'case "$*" in *Created-By*)',
    `/usr/bin/apt-get "$@" | sed 's/bookworm/${release}/'${others}; exit;;`,
    'esac',
    'exec /usr/bin/apt-get "$@"',
  ])
  return { root, nginx, revision, folder, bin: `${join(folder, 'bin')}:${bin}` }
}

const releases = [
  ['trixie', '1.26'],
  ['sid', '1.30'],
] as const

for (const [release, short] of releases)
  withServers(
    { toolchain: findToolchain(), nginx: findServer('nginx', short) },
    `builds the module for the nginx of ${release} with its nginx-dev, and serves`,
    async ({ toolchain }, context) => {
      const targets = await run(
        ['apt-get', 'indextargets', '--format', '$(ORIGIN) $(RELEASE)'],
        '/',
      )
      if (!targets.output.includes('Debian bookworm'))
        context.skip("this machine's apt is not bookworm's")
      const host = hostOf(release, toolchain.bin)
      const through = withLibraries(host.root, host.folder)
      if (typeof through === 'string') return context.skip(through)
      const args = ['build-nginx', '--for', host.nginx, '--format', 'json']
      const env = buildEnvironment({ ...toolchain, bin: host.bin }, tempDir())
      const built = await runCli(args, { cwd: host.folder, env, through })
      expect(built.exitCode, `${built.stdout}${built.stderr}`).toBe(0)
      const document = JSON.parse(built.stdout) as Document
      const { revision } = host
      expect(document.inputs[0]?.verified).toEqual({
        how: 'apt',
        package: 'nginx-dev',
        version: revision,
      })
      // Sessions stay on their server, another one answers for it, and the status page lists both.
      expect(document.seen).toHaveLength(3)
    },
  )
