import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import packageJson from '../../package.json' with { type: 'json' }
import { tempDir } from '../real/support/temp-dir.ts'
import { runAction } from '../support/github-action.ts'
import { pack } from './support/pack.ts'
import { type Registry, startRegistry } from './support/registry.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const spec = readFileSync(join(root, 'fixtures/specs/jvm-route.yaml'), 'utf8')

let project = ''
let packed = ''
const inPackage = (path: string) => join(project, 'node_modules/sessctl', path)

const npm = (args: readonly string[], cwd: string) =>
  execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund'], { cwd, stdio: 'pipe' })

/** Packed once, and installed by npm into an empty project. */
beforeAll(() => {
  const folder = tempDir()
  packed = pack(folder)
  project = join(folder, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n')
  writeFileSync(join(project, 'sessctl.yaml'), spec)
  npm(['install', packed], project)
})

/** All files of a folder of the package. */
const filesIn = (path: string): readonly string[] =>
  readdirSync(inPackage(path), { recursive: true, encoding: 'utf8' })

describe('the files of the package', () => {
  test.each([
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'THIRD-PARTY-LICENSES',
    'bin/sessctl.js',
    'dist/index.d.ts',
    'dist/bundled.json',
    'docs/images/lab-report.png',
    'man/sessctl.1',
    'module/config',
    'module/LICENSE',
    'patches/nginx/series.json',
    'patches/nginx/server-parameter.patch',
    'keys/nginx/pluknet.asc',
  ])('%s is there', (path) => {
    expect(existsSync(inPackage(path))).toBe(true)
  })
  test.each(['module/t', 'test', 'src', 'node_modules'])('%s is not there', (path) => {
    expect(existsSync(inPackage(path))).toBe(false)
  })
  test('every file that package.json names is there', () => {
    const named = [
      packageJson.bin.sessctl,
      ...packageJson.man,
      ...Object.values(packageJson.exports['.']),
    ]
    for (const path of named) expect(existsSync(inPackage(path)), path).toBe(true)
  })
  test('there is no source map, and no mention of one', () => {
    expect(filesIn('.').filter((file) => file.endsWith('.map'))).toEqual([])
    const mentioning = filesIn('dist').filter(
      (file) =>
        file.endsWith('.js') &&
        readFileSync(inPackage(join('dist', file)), 'utf8').includes('sourceMappingURL='),
    )
    expect(mentioning).toEqual([])
  })
  test('the package needs only Node.js', () => {
    expect(packageJson).not.toHaveProperty('dependencies')
    const imported = filesIn('dist')
      .filter((file) => file.endsWith('.js'))
      .flatMap((file) => [
        ...readFileSync(inPackage(join('dist', file)), 'utf8').matchAll(
          /^(?:import|export)[^'"]*? from ["']([^.'"][^'"]*)["']/gm,
        ),
      ])
      .map(([, name = '']) => name)
    expect(imported.length).toBeGreaterThan(0)
    expect(imported.filter((name) => !isBuiltin(name))).toEqual([])
  })
  test('package.json has a repository, a homepage and keywords', () => {
    const { repository, homepage, bugs, keywords } = packageJson
    for (const address of [repository.url.replace(/^git\+/, ''), homepage, bugs]) {
      expect(new URL(address).protocol).toBe('https:')
    }
    expect(keywords).toContain('nginx')
  })
})

describe('THIRD-PARTY-LICENSES', () => {
  const text = () => readFileSync(inPackage('THIRD-PARTY-LICENSES'), 'utf8')

  /** esbuild writes the path of each file above its code, which shows whose code is in the bundle. */
  const bundledPackages = () =>
    new Set(
      filesIn('dist')
        .filter((file) => file.endsWith('.js'))
        .flatMap((file) => [
          ...readFileSync(inPackage(join('dist', file)), 'utf8').matchAll(
            /^\s*(?:\/\/ |["'])(?:\S*\/)?node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\/\S+/gm,
          ),
        ])
        .map(([, name = '']) => name),
    )

  test('has the license of every bundled package', () => {
    const bundled = bundledPackages()
    expect([...bundled]).toEqual(
      expect.arrayContaining(['commander', 'openpgp', 'tar', 'yaml', 'zod']),
    )
    for (const name of bundled) {
      expect(text(), name).toMatch(
        new RegExp(`^${name} [0-9.]+ \\([A-Za-z0-9.+-]+\\)\\n-+\\n\\n[\\s\\S]{200}`, 'm'),
      )
    }
  })
  test('has the licenses of packages inside a published bundle', () => {
    expect(text()).toMatch(/^minipass [0-9.]+ /m)
  })
  test('lists the same packages as dist/bundled.json, which has what npm installed', () => {
    const list: unknown = JSON.parse(readFileSync(inPackage('dist/bundled.json'), 'utf8'))
    const listed = list as readonly { name: string; version: string; integrity: string }[]
    expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining([...bundledPackages()]))
    const titles = [...text().matchAll(/^-{80}\n(\S+ [0-9]\S*) \(.*\)\n-{80}$/gm)]
    expect(listed.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(
      titles.map(([, title = '']) => title).sort(),
    )
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
    for (const { name, version, integrity } of listed) {
      expect(integrity, name).toMatch(/^sha512-/)
      const locked = Object.entries<{ version: string; integrity: string }>(packages)
      expect(
        locked.some(
          ([path, one]) =>
            path.endsWith(`node_modules/${name}`) &&
            one.version === version &&
            one.integrity === integrity,
        ),
        name,
      ).toBe(true)
    }
  })
  test('OpenPGP.js, under the LGPL, is in a file of its own', () => {
    const files = filesIn('dist/chunks').filter((file) =>
      readFileSync(inPackage(join('dist/chunks', file)), 'utf8').includes('node_modules/openpgp/'),
    )
    expect(files).toEqual([expect.stringMatching(/^openpgp-/)])
    const [file = ''] = files
    const code = readFileSync(inPackage(join('dist/chunks', file)), 'utf8')
    expect(code).not.toMatch(/^\/\/ src\//m)
  })
})

const generates = (command: string): void => {
  const out = tempDir()
  execFileSync(command, ['generate', '--out', out], { cwd: project, stdio: 'pipe' })
  expect(readdirSync(out).sort()).toEqual(['haproxy', 'manifest.json', 'nginx', 'tomcat'])
}

test('the command runs from a project', () => {
  generates(join(project, 'node_modules/.bin/sessctl'))
})

describe('in CI', () => {
  const withoutFindings = `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], serverNames: [shop.example.com], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: sticky, by: cookie, cookie: srv_id }
    servers: { a: "10.0.0.1:8080", b: "10.0.0.2:8080" }
`
  let registry: Registry | null = null
  /** A runner that has Node.js, npm and the registry, and no sessctl. */
  const runner = async () => {
    registry = await startRegistry(packageJson, packed)
    const home = tempDir()
    const path = `${dirname(process.execPath)}:/usr/bin:/bin`
    return { PATH: path, HOME: home, npm_config_registry: registry.url }
  }
  afterEach(() => {
    registry?.close()
  })

  test('the action installs the release of its own version, and runs it', async () => {
    const cwd = tempDir()
    writeFileSync(join(cwd, 'sessctl.yaml'), withoutFindings)
    execFileSync(join(project, 'node_modules/.bin/sessctl'), ['generate'], { cwd })
    const temporary = tempDir()
    const { steps, outputs } = await runAction({
      cwd,
      temporary,
      github: { 'github.event_name': 'push' },
      env: await runner(),
    })
    expect(steps.map(({ name, exitCode }) => [name, exitCode])).toEqual([
      ['Install sessctl', 0],
      ['Lint', 0],
      ['Check the generated files', 0],
      ['Result', 0],
    ])
    expect(existsSync(join(temporary, 'sessctl/node_modules/.bin/sessctl'))).toBe(true)
    expect(JSON.parse(readFileSync(outputs['sarif'] ?? '', 'utf8'))).toHaveProperty('runs')
  })

  test('the job for GitLab installs it globally: both programs are on the PATH, and the manual page is there', async () => {
    const text = readFileSync(join(root, 'docs/how-to/ci/gitlab.yml'), 'utf8')
    const [, job] = parseAllDocuments(text).map((document) => document.toJS() as unknown)
    const { sessctl } = job as { readonly sessctl: { readonly before_script: readonly string[] } }
    const env = await runner()
    const prefix = tempDir()
    const script = [...sessctl.before_script, 'sessctl --version', 'command -v sessctl-comment']
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-euo', 'pipefail', '-c', script.join('\n')],
      {
        cwd: project,
        env: {
          ...env,
          PATH: `${prefix}/bin:${env.PATH}`,
          npm_config_prefix: prefix,
          SESSCTL_VERSION: packageJson.version,
        },
      },
    )
    expect(stdout.split('\n').slice(-3)).toEqual([
      packageJson.version,
      join(prefix, 'bin/sessctl-comment'),
      '',
    ])
    generates(join(prefix, 'bin/sessctl'))
    expect(existsSync(join(prefix, 'share/man/man1/sessctl.1'))).toBe(true)
  })
})

describe('the library', () => {
  const program = `
import { type Cluster, compile, type Diagnostic, jsonSchema, readSpec, resolveSpec } from 'sessctl'
import { type ConfigDocument, printConfig, readNginx } from 'sessctl'
import { readFileSync } from 'node:fs'

const file = 'sessctl.yaml'
const resolved = resolveSpec(readSpec(file, readFileSync(file)), {})
const cluster: Cluster | null = resolved.cluster
const name: string | undefined = resolved.spec?.name
// @ts-expect-error a name is text
const wrong: number | undefined = resolved.spec?.name
const { artifacts, diagnostics } = compile(resolved, new Map(), new Set(['nginx']))
const listed: readonly Diagnostic[] = diagnostics
console.log(name, cluster === null, listed.length > 0, typeof jsonSchema(), wrong === name)
for (const { path } of artifacts) console.log(path)
const document: ConfigDocument = readNginx(readFileSync(file))
if (printConfig(document).length !== readFileSync(file).length) throw new Error('bytes are lost')
`
  const tsc = (options: Readonly<Record<string, unknown>>) => {
    writeFileSync(join(project, 'program.ts'), program)
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          target: 'es2022',
          types: ['node'],
          typeRoots: [join(root, 'node_modules/@types')],
          ...options,
        },
        files: ['program.ts'],
      }),
    )
    const compiled = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', project], {
      encoding: 'utf8',
    })
    expect(compiled.stdout).toBe('')
    expect(compiled.status).toBe(0)
  }
  test.each([
    { module: 'node16', moduleResolution: 'node16' },
    { module: 'esnext', moduleResolution: 'bundler' },
  ])('compiles with $moduleResolution, runs, and checks its own types', (options) => {
    tsc(options)
    const printed = execFileSync(process.execPath, ['program.js'], {
      cwd: project,
      encoding: 'utf8',
    })
    expect(printed.split('\n')).toEqual([
      'jvm-route false true object true',
      'nginx/jvm-route.conf',
      '',
    ])
  })
})
