import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, vi } from 'vitest'
import { cyclonedxErrors } from '../support/cyclonedx.ts'
import { runCli } from '../support/run-cli.ts'
import { buildEnvironment, findNginxSource } from './support/build.ts'
import { findDebian, findPackages, runInDebian, saidIn } from './support/debian-root.ts'
import { findToolchain, serversDir, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

vi.setConfig({ testTimeout: 900_000 })

const recipe = fileURLToPath(new URL('../../docs/how-to/container', import.meta.url))

interface Instruction {
  readonly name: string
  readonly text: string
}

/** The stages of a Dockerfile, each from its FROM on. */
const stagesOf = (file: string): readonly (readonly Instruction[])[] => {
  const stages: Instruction[][] = []
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, name = '', text = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    if (name === 'FROM') stages.push([])
    if (name !== '') stages.at(-1)?.push({ name, text })
  }
  return stages
}

const textsOf = (stage: readonly Instruction[], name: string): readonly string[] =>
  stage.filter((one) => one.name === name).map(({ text }) => text)

const textOf = (stage: readonly Instruction[], name: string): string =>
  textsOf(stage, name)[0] ?? ''

/** Packages that `apt-get install` of a stage names. */
const packagesOf = (stage: readonly Instruction[]): readonly string[] =>
  textsOf(stage, 'RUN').flatMap((text) =>
    (/--no-install-recommends ([^&]*)/.exec(text)?.[1] ?? '')
      .split(' ')
      .filter((word) => word !== ''),
  )

const words = (json: string): readonly string[] => JSON.parse(json) as readonly string[]

withServers(
  {
    toolchain: findToolchain(),
    source: findNginxSource('1.22'),
    debian: findDebian(),
    packages: findPackages(),
  },
  'the steps of the Dockerfile in docs/ make an nginx that serves without root and writes to /tmp only',
  async ({ toolchain, source, debian, packages }) => {
    const [build = [], sbom = [], final = []] = stagesOf(join(recipe, 'Dockerfile'))
    const [cwd, cache] = [tempDir(), tempDir()]
    for (const name of ['sessctl.yaml', 'nginx.conf'])
      copyFileSync(join(recipe, name), join(cwd, name))
    const env = buildEnvironment(toolchain, cache)
    // The tarball stands in for the download, and objects without optimisation for others.
    const given = ['--source', source.tarball, '--', '--with-cc-opt=-O0']
    const recorded = await runCli(['build-nginx', '--file', 'sessctl.yaml', ...given], { cwd, env })
    expect(recorded.exitCode, recorded.stderr).toBe(0)

    // The build stage: its packages are those of the tests' compilers, and its command is run.
    const known = readFileSync(join(serversDir(), 'sets/bookworm-toolchain.tsv'), 'utf8')
    const compilers = packagesOf(build).filter((name) => name !== 'ca-certificates')
    expect(compilers.filter((name) => !known.includes(` ${name}=`))).toEqual([])
    expect(textsOf(build, 'COPY')).toEqual(['sessctl.yaml nginx.lock ./'])
    const [program, ...args] = (textsOf(build, 'RUN').at(-1) ?? '').split(' ')
    expect(program).toBe('sessctl')
    const out = join(cwd, 'out')
    const inHere = args.map((word) => (word === '/out/' ? `${out}/` : word))
    const built = await runCli([...inHere, ...given], { cwd, env })
    expect(built.exitCode, built.stderr).toBe(0)

    // The stage with the bill of materials.
    const [, ...documents] = textOf(sbom, 'COPY').split(' ').slice(0, -1)
    expect(documents).toEqual(['/out/sbom.cdx.json', '/out/manifest.json'])
    for (const file of documents) readFileSync(join(cwd, file))
    expect(cyclonedxErrors(JSON.parse(readFileSync(join(out, 'sbom.cdx.json'), 'utf8')))).toBeNull()

    // The final stage.
    const [user = '', group = ''] = textOf(final, 'USER').split(':')
    const command = [...words(textOf(final, 'ENTRYPOINT')), ...words(textOf(final, 'CMD'))]
    const copies = textsOf(final, 'COPY').map((text) => {
      const [from = '', to = ''] = text.replace('--from=build ', '').split(' ')
      return `mkdir -p "$(dirname ${to})" && cp -rT /shared/${from.replace(/^\//, '')} ${to}`
    })
    mkdirSync(join(cwd, 'log'))
    writeFileSync(join(cwd, 'log/all'), '')
    const ran = await runInDebian(
      { layers: [debian], folder: cwd, packages, toolchain },
      `
for package in ${packagesOf(final).join(' ')}; do
  dpkg --status "$package" | grep -q '^Status: install ok installed'
done
${copies.join('\n')}
ln -s /proc/self/fd/1 /dev/stdout
ln -s /proc/self/fd/2 /dev/stderr
chown ${user}:${group} /shared/log/all
setpriv --reuid ${user} --regid ${group} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \\
  ${command.map((word) => `'${word}'`).join(' ')} >>/shared/log/all 2>&1 &
master=$!
for try in $(seq 50); do [ -s /tmp/nginx.pid ] && break; sleep 0.1; done
said served "$(status ${textOf(final, 'EXPOSE')})"
said wrote "$(find / -xdev \\( -path /proc -o -path /shared \\) -prune -o -user ${user} -print | cut -d/ -f2 | sort -u)"
said users "$(for pid in $master $(cat /proc/$master/task/$master/children); do stat -c %u /proc/$pid; done | sort -u)"
kill -s ${textOf(final, 'STOPSIGNAL')} $master
wait $master
said stopped $?
said logged "$(grep -c '"GET / HTTP/1.0" 200' /shared/log/all)"
said complaints "$(grep -c -E '\\[(warn|error|crit|alert|emerg)\\]' /shared/log/all)"`,
    )
    expect(saidIn(ran), ran.output + readFileSync(join(cwd, 'log/all'), 'utf8')).toEqual({
      served: 'HTTP/1.1 200 OK',
      wrote: 'tmp',
      users: user,
      stopped: '0',
      logged: '1',
      complaints: '0',
    })
  },
)
