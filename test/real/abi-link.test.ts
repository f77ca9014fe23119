import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readNginx } from '../../src/build-nginx/core/abi/read.ts'
import { runCli } from '../support/run-cli.ts'
import { run } from './support/process.ts'
import { findServer, findToolchain, type Toolchain, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const nginx = findServer('nginx', '1.18')

/** The folder in which the file system of Debian's nginx 1.18 begins. */
const rootOf = (command: string): string =>
  join(dirname(dirname(command)), 'roots', 'bullseye-native')

const modules = '/usr/lib/nginx/modules'
const binary = (root: string): string => join(root, 'usr/sbin/nginx')

/** What the command says of modules that are loaded in this order. */
const judged = async (root: string, files: readonly string[]) => {
  const args = ['abi', '--root', root, '--format', 'json', binary(root)]
  return runCli([...args, ...files.map((file) => join(root, modules, file))], { cwd: tempDir() })
}

const problemsOf = (stdout: string): readonly { readonly reason: string }[] =>
  JSON.parse(stdout).modules.flatMap(({ links }: { links: unknown }) => links)

withServers({ nginx }, "predicts nginx's result for each order of two modules", async (servers) => {
  const root = rootOf(servers.nginx.command)
  const names = readdirSync(join(root, modules)).filter((name) => name.endsWith('.so'))
  expect(names).toContain('ngx_stream_geoip_module.so')
  const pairs = names.flatMap((first) => names.map((second): readonly string[] => [first, second]))
  const seen = { fits: 0, not: 0 }
  for (const files of [...names.map((name) => [name]), ...pairs]) {
    if (new Set(files).size < files.length) continue
    const folder = tempDir()
    mkdirSync(join(folder, 'logs'))
    const lines = files.map((file) => `load_module ${join(root, modules, file)};`)
    writeFileSync(
      join(folder, 'nginx.conf'),
      `${lines.join('\n')}\npid nginx.pid;\nerror_log stderr;\nevents {}\n`,
    )
    const options = ['-t', '-p', folder, '-c', 'nginx.conf'] as const
    const { exitCode, output } = await run([servers.nginx.command, ...options], folder, 30_000)
    const result = await judged(root, files)
    expect(result.exitCode, `${files.join(' ')}\n${output}\n${result.stdout}`).toBe(
      exitCode === 0 ? 0 : 1,
    )
    const problems = problemsOf(result.stdout)
    const undefinedSymbol = /undefined symbol: (\w+)/.exec(output)?.[1]
    if (exitCode === 0) seen.fits += 1
    else {
      seen.not += 1
      expect(problems).toMatchObject([{ reason: 'symbols' }])
      expect(JSON.stringify(problems)).toContain(undefinedSymbol)
    }
  }
  expect(seen.fits).toBeGreaterThan(10)
  expect(seen.not).toBeGreaterThan(4)
})

/** A file system of our own with the libraries and the modules of the real one. */
const rootFolder = (root: string): string => {
  const folder = tempDir()
  mkdirSync(join(folder, 'usr/lib/nginx'), { recursive: true })
  for (const name of ['lib', 'lib64', 'usr/lib/x86_64-linux-gnu', 'usr/lib/nginx/modules'])
    symlinkSync(join(root, name), join(folder, name))
  return folder
}

withServers({ nginx }, 'reads load_module in the order of the configuration', async (servers) => {
  const root = rootOf(servers.nginx.command)
  const folder = rootFolder(root)
  mkdirSync(join(folder, 'etc/nginx/enabled'), { recursive: true })
  const enabled = (name: string, file: string) =>
    writeFileSync(join(folder, 'etc/nginx/enabled', name), `load_module ${modules}/${file};\n`)
  writeFileSync(
    join(folder, 'etc/nginx/nginx.conf'),
    'include enabled/*.conf;\nevents {}\nhttp { include sites.conf; }\n',
  )
  writeFileSync(join(folder, 'etc/nginx/sites.conf'), 'server { listen 80; }\n')
  const check = () =>
    runCli(['abi', '--root', folder, '--from-config', '/etc/nginx/nginx.conf', binary(root)], {
      cwd: folder,
    })
  enabled('50-geoip.conf', 'ngx_stream_geoip_module.so')
  enabled('60-stream.conf', 'ngx_stream_module.so')
  const wrong = await check()
  expect(wrong.exitCode).toBe(1)
  expect(wrong.stdout).toContain('undefined symbols: ngx_stream_add_variable')
  expect(wrong.stdout).toContain(`load ${modules}/ngx_stream_module.so, which defines them, before`)
  rmSync(join(folder, 'etc/nginx/enabled/60-stream.conf'))
  const alone = await check()
  expect(alone.stdout).toContain('load ngx_stream_module.so before it; the symbols belong to')
  enabled('40-stream.conf', 'ngx_stream_module.so')
  const right = await check()
  expect(right.stdout).not.toContain('does not')
  expect(right.exitCode).toBe(0)
})

const libraryOf = async (
  { bin }: Toolchain,
  name: string,
  source: string,
  ...flags: readonly string[]
): Promise<void> => {
  const file = `${name}.c`
  writeFileSync(file, source)
  const made = [join(bin, 'gcc'), '-shared', '-fPIC', '-nostdlib', '-o', name, file] as const
  const { exitCode, output } = await run([...made, ...flags], dirname(name), 60_000)
  expect(exitCode, output).toBe(0)
}

/** A shared object that says of itself that it is a module of that nginx. */
const moduleSource = (version: number, signature: string, body: string): string => `
  struct { unsigned long words[5], version; const char *signature; } m = {
    {-1, -1, 0, 0, 0}, ${version}, "${signature}" };
  void *ngx_modules[] = { &m, 0 };
  const char *ngx_module_names[] = { "m", 0 };
  ${body}
`

describe('libraries of a module', () => {
  const needs = { nginx, toolchain: findToolchain() }
  withServers(
    needs,
    'names the libraries that the dynamic linker would not find',
    async (servers) => {
      const { toolchain } = servers
      const root = rootOf(servers.nginx.command)
      const facts = readNginx(readFileSync(binary(root)))
      const folder = rootFolder(root)
      const [lib, old] = [join(folder, 'opt/lib'), join(folder, 'opt/old')]
      const answerOf = async (place: string, version: string) => {
        mkdirSync(place, { recursive: true })
        const script = join(place, 'versions')
        writeFileSync(script, `${version} { global: answer; local: *; };\n`)
        const flags = ['-Wl,-soname,libanswer.so.1', `-Wl,--version-script=${script}`]
        const name = join(place, 'libanswer.so.1')
        await libraryOf(toolchain, name, 'int answer(void) { return 42; }', ...flags)
      }
      await answerOf(lib, 'ANSWER_2')
      await answerOf(old, 'ANSWER_1')
      const body = `
      extern int answer(void), absent(void);
      extern int optional(void) __attribute__((weak));
      int f(void) { return optional ? answer() : absent(); }`
      const source = moduleSource(facts?.version ?? 0, facts?.signature ?? '', body)
      const say = async (name: string, ...flags: readonly string[]) => {
        const file = join(folder, 'opt', name)
        await libraryOf(toolchain, file, source, join(lib, 'libanswer.so.1'), ...flags)
        const args = ['abi', '--root', folder, '--format', 'json', binary(root), file]
        return problemsOf((await runCli(args, { cwd: folder })).stdout)
      }
      const absent = { reason: 'symbols', symbols: ['absent'], definedBy: null, isLater: false }
      expect(await say('without.so')).toEqual([
        { reason: 'library', library: 'libanswer.so.1', neededBy: null },
      ])
      expect(await say('with.so', '-Wl,-rpath,$ORIGIN/lib')).toEqual([absent])
      expect(await say('outdated.so', '-Wl,--enable-new-dtags,-rpath,/opt/old')).toEqual([
        { reason: 'library-version', library: 'libanswer.so.1', version: 'ANSWER_2' },
        absent,
      ])
    },
  )
})

describe('--hook', () => {
  const args = ['--from-config', '/etc/nginx/nginx.conf', '/usr/sbin/nginx']
  test.each(['apt', 'dnf'])('prints the file of %s', async (manager) => {
    const { stdout, exitCode } = await runCli(['abi', '--hook', manager, ...args], {
      cwd: tempDir(),
    })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('sessctl abi --from-config /etc/nginx/nginx.conf /usr/sbin/nginx')
  })
  test.each([
    [['--hook', 'apk', ...args]],
    [['--hook', 'apt', '/usr/sbin/nginx']],
    [['--hook', 'apt', '--from-config', '/etc/nginx.conf', '/usr/sbin/nginx; reboot']],
    [['--hook', 'apt', '--from-config', '/etc/"x".conf', '/usr/sbin/nginx']],
  ])('refuses %j', async (words) => {
    const { stdout, exitCode } = await runCli(['abi', ...words], { cwd: tempDir() })
    expect([exitCode, stdout]).toEqual([2, ''])
  })
})
