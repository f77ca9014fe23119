import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { repositoryAt } from '../support/git-repository.ts'
import { inTemporaryFolder, runCli } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'
import { pathsReadBy, withValue } from '../support/schema-paths.ts'

const secret = 'hunter2-of-the-host'

const nginx = { version: '1.26.3' }

const targets: Readonly<Record<string, object>> = {
  nginx,
  haproxy: { version: '3.0.11' },
  httpd: { version: '2.4.66' },
}

const spec = {
  version: 1,
  name: 'shop',
  targets: { nginx },
  frontends: { web: { listen: [8080], locations: [{ match: '/', upstream: 'shop' }] } },
  upstreams: {
    shop: {
      affinity: { method: 'jvm_route' },
      servers: { tomcat01: { address: '10.0.0.1:8080' } },
      app: { runtime: 'tomcat', version: '9.0.122' },
    },
  },
}

const put = (folder: string, path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

/** A repository with a spec in a folder of it, and a file of the host beside the repository. */
const inRepository = (work: (repository: string, cwd: string) => Promise<void>) =>
  inTemporaryFolder(async (top) => {
    put(top, 'host/shadow', `<${secret}\n`)
    put(top, 'host/app/WEB-INF/web.xml', `<${secret}/>\n`)
    put(top, 'repository/.git/config', `[remote]\n\turl = https://${secret}@example.com\n`)
    put(top, 'repository/deploy/app/keep', '')
    put(top, 'repository/shared/server.xml', `<Server port="-1"/>`)
    const repository = join(top, 'repository')
    symlinkSync('../../host/shadow', join(repository, 'deploy/link.xml'))
    symlinkSync('../../host', join(repository, 'deploy/linked'))
    symlinkSync('linked', join(repository, 'deploy/chain'))
    symlinkSync('../../../host/app/WEB-INF', join(repository, 'deploy/app/WEB-INF'))
    await work(repository, join(repository, 'deploy'))
  })

/** The spec with the target that the field belongs to. */
const specFor = ([first, target = 'nginx']: readonly string[]): object =>
  first === 'targets' ? { ...spec, targets: { [target]: targets[target] } } : spec

const writeSpec = (cwd: string, field: string, value: string): void => {
  const path = field.split('.')
  writeFileSync(
    join(cwd, 'sessctl.yaml'),
    JSON.stringify(withValue(specFor(path), path, value), null, 2),
  )
}

/** Ways out of a repository, from the folder of the spec. */
const waysOut: Readonly<Record<string, (repository: string) => string>> = {
  'by ..': () => '../../host/shadow',
  'by .. in the middle': () => 'a/../../../host/shadow',
  'by an absolute path': (repository) => join(repository, '../host/shadow'),
  'by a link to a file': () => 'link.xml',
  'by a link to a folder': () => 'linked/shadow',
  'by a chain of links': () => 'chain/shadow',
  'to a file that is not there': () => '../../host/none',
  'through a link, to a file that is not there': () => 'linked/none',
  'to the environment of this process': () => '/proc/self/environ',
  'through the root of this process': (repository) =>
    `/proc/self/root${join(repository, '../host/shadow')}`,
  'to a device': () => '/dev/zero',
  'to the files of git': () => '../.git/config',
  'to the files of git, by this process': () => '/proc/self/cwd/../.git/config',
}

const commands: readonly (readonly string[])[] = [
  ['generate', '--format', 'json'],
  ['generate', '--check'],
  ['diff'],
  ['lab', 'sessctl.yaml', '--dry-run'],
  ['verify', 'http://127.0.0.1/', '--file', 'sessctl.yaml', '--dry-run'],
]

/** One of the snippets is enough: all are read by one function (test/unit/core/snippets.test.ts). */
const fields = pathsReadBy('sessctl').filter(
  (path) => !String(path).includes('snippets') || String(path).includes('server'),
)

test('the schema has paths that sessctl reads', () => {
  expect(fields.length).toBeGreaterThanOrEqual(5)
})

/** All fields are resolved by one function: every way with one of them, and two ways with each. */
const waysOf = (field: string): readonly string[] =>
  field === fields[0] ? Object.keys(waysOut) : ['by ..', 'by a link to a file']

describe.each(fields)('%s is not read outside of the repository', (field) => {
  test.each(waysOf(field))('%s', (way) =>
    inRepository(async (repository, cwd) => {
      const path = waysOut[way]?.(repository) ?? ''
      writeSpec(cwd, field, path)
      // /proc/self is the process that reads.
      const run = path.startsWith('/proc/') ? runCli : runHere
      const { exitCode, stdout, stderr } = await run(commands[0] ?? [], { cwd })
      expect(stdout + stderr).not.toContain(secret)
      const { diagnostics, artifacts } = JSON.parse(stdout)
      expect(diagnostics).toEqual([
        expect.objectContaining({
          code: 'path-outside',
          severity: 'error',
          message: expect.stringContaining(`"${path}"`),
          help: expect.stringMatching(/--allow-outside|work tree/),
        }),
      ])
      expect(diagnostics[0].location).toMatchObject({
        file: 'sessctl.yaml',
        column: expect.any(Number),
      })
      expect(artifacts).toEqual([])
      expect(exitCode).toBe(2)
    }),
  )

  test('in every command', () =>
    inRepository(async (_, cwd) => {
      writeSpec(cwd, field, 'link.xml')
      for (const args of commands) {
        const { exitCode, stdout, stderr } = await runHere(args, { cwd })
        expect(stdout + stderr).toContain('leads by a symbolic link')
        expect(stdout + stderr).toMatch(/sessctl\.yaml:\d+:\d+|"line":/)
        expect(stdout + stderr).not.toContain(secret)
        expect(exitCode).toBe(2)
      }
    }))

  test('in an old revision, and without showing the file where it is allowed', () =>
    inTemporaryFolder(async (top) => {
      const folder = join(top, 'repository')
      put(top, 'host/shadow', `<${secret}>\n`)
      mkdirSync(folder)
      const repository = repositoryAt(folder)
      repository.git('init', '--quiet')
      writeSpec(folder, field, '../host/shadow')
      repository.commit()
      writeFileSync(join(folder, 'sessctl.yaml'), JSON.stringify(spec))
      const refused = await runHere(['diff', '--base', 'HEAD'], { cwd: folder })
      expect(refused.stderr).toContain('path-outside')
      expect(refused.exitCode).toBe(2)
      const allow = ['--allow-outside', '../host']
      const shown = await runHere(['diff', '--base', 'HEAD', ...allow], { cwd: folder })
      expect(shown.stderr).not.toContain('path-outside')
      expect(shown.stdout + shown.stderr).not.toContain(secret)
    }))

  test.each([['text'], ['json']])(
    'an allowed file is read, and its content is not shown (%s)',
    (format) =>
      inRepository(async (_, cwd) => {
        writeSpec(cwd, field, '../../host/shadow')
        const args = ['generate', '--format', format, '--allow-outside', '../../host/shadow']
        const { exitCode, stdout, stderr } = await runHere(args, { cwd })
        expect(stdout + stderr).toMatch(/-invalid|snippet-syntax/)
        expect(stdout + stderr).not.toContain('path-outside')
        expect(stdout + stderr).not.toContain(secret)
        expect(exitCode).toBe(2)
      }),
  )

  test('the spec may read the whole repository', () =>
    inRepository(async (_, cwd) => {
      writeSpec(cwd, field, '../shared/server.xml')
      const { stdout } = await runHere(['generate', '--format', 'json'], { cwd })
      expect(stdout).not.toContain('path-outside')
    }))
})

test('a link in an application is not followed out of the repository', () =>
  inRepository(async (_, cwd) => {
    writeSpec(cwd, 'upstreams.*.app.webapp', 'app')
    const { exitCode, stderr } = await runHere(['generate'], { cwd })
    expect(stderr).toContain('"app/WEB-INF/web.xml" leads by a symbolic link')
    expect(exitCode).toBe(2)
  }))

test('a link in the folder of a server.xml is not followed out of the repository', () =>
  inRepository(async (_, cwd) => {
    put(cwd, 'conf/server.xml', '<Server port="-1"/>')
    symlinkSync('../../../host/shadow', join(cwd, 'conf/context.xml'))
    writeSpec(cwd, 'upstreams.*.app.tomcat.base', 'conf/server.xml')
    const { exitCode, stderr } = await runHere(['generate'], { cwd })
    expect(stderr).toContain('"conf/context.xml" leads by a symbolic link')
    expect(exitCode).toBe(2)
  }))

describe('--allow-outside', () => {
  const refusals: readonly (readonly [string, string, RegExp])[] = [
    ['a link of the repository', 'linked', /leads out of the repository by a symbolic link/],
    ['nothing', '', /names no path/],
  ]
  test.each(refusals)('does not take %s', (_, path, message) =>
    inRepository(async (_, cwd) => {
      writeSpec(cwd, 'upstreams.*.app.tomcat.base', 'linked/shadow')
      const { exitCode, stderr } = await runHere(['generate', '--allow-outside', path], { cwd })
      expect(stderr).toMatch(message)
      expect(exitCode).toBe(2)
    }),
  )

  test('--allow-outside of the repository itself does not allow .git', () =>
    inRepository(async (repository, cwd) => {
      writeSpec(cwd, 'upstreams.*.app.tomcat.base', '../.git/config')
      const { stdout, stderr } = await runHere(['generate', '--allow-outside', repository], { cwd })
      expect(stderr).toContain('a file of git itself')
      expect(stdout + stderr).not.toContain(secret)
    }))
})

describe('a spec that is a link to a place outside is not read', () => {
  const readers: readonly (readonly string[])[] = [
    ['generate'],
    ['diff'],
    ['lab', 'sessctl.yaml', '--dry-run'],
    ['verify', 'http://127.0.0.1/', '--file', 'sessctl.yaml', '--dry-run'],
    ['build-nginx', '--file', 'sessctl.yaml', '--dry-run'],
  ]
  test.each(readers)('%s', (...args) =>
    inRepository(async (_, cwd) => {
      symlinkSync('../../host/shadow', join(cwd, 'sessctl.yaml'))
      const { exitCode, stdout, stderr } = await runHere(args, { cwd })
      expect(stderr).toMatch(
        /(^|\n|: )sessctl\.yaml leads out of its folder and repository by a symbolic link/,
      )
      expect(stdout + stderr).not.toContain(secret)
      expect(exitCode).toBe(2)
    }),
  )

  test('a spec in a folder that is a link to a place outside is not read', () =>
    inRepository(async (repository, cwd) => {
      put(repository, '../host/sessctl.yaml', `${secret}: [\n`)
      const { exitCode, stderr } = await runHere(['generate', '--file', 'linked/sessctl.yaml'], {
        cwd,
      })
      expect(stderr).not.toContain(secret)
      expect(exitCode).toBe(2)
    }))
})

describe.each(pathsReadBy('build-nginx'))('%s is not read outside of the repository', (field) => {
  const written = (path: string) => (field === 'build.flags.#' ? `--add-module=${path}` : path)
  const ways = ['by ..', 'by a link to a folder', 'to the files of git']
  test.each(ways)('%s', (way) =>
    inRepository(async (repository, cwd) => {
      writeSpec(cwd, field, written(waysOut[way]?.(repository) ?? ''))
      const args = ['build-nginx', '--file', 'sessctl.yaml', '--dry-run']
      const { exitCode, stdout, stderr } = await runHere(args, { cwd })
      expect(stderr).toMatch(/sessctl\.yaml:\d+:\d+: /)
      expect(stderr).toMatch(/outside the folder of the spec|a file of git itself/)
      expect(stdout + stderr).not.toContain(secret)
      expect(exitCode).toBe(2)
    }),
  )

  test('unless it is allowed', () =>
    inRepository(async (_, cwd) => {
      writeSpec(cwd, field, written('../../host/app'))
      const args = ['build-nginx', '--file', 'sessctl.yaml', '--dry-run']
      const { stderr } = await runHere([...args, '--allow-outside', '../../host'], { cwd })
      expect(stderr).not.toContain('outside the folder of the spec')
    }))
})
