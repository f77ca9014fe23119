import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type CliResult, inTemporaryFolder } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const shop = readFileSync(
  fileURLToPath(new URL('../../fixtures/docs/shop.yaml', import.meta.url)),
  'utf8',
)

const inFolder = <Result>(
  name: string,
  work: (run: (...args: readonly string[]) => Promise<CliResult>, cwd: string) => Promise<Result>,
) =>
  inTemporaryFolder(async (cwd) => {
    writeFileSync(join(cwd, name), shop)
    return work((...args) => runHere(args, { cwd }), cwd)
  })

describe('the spec', () => {
  test.each([
    ['generate', ['--stdout']],
    ['generate', ['-n']],
    ['diff', []],
  ])('%s %j reads the same spec by position and with --file', (command, options) =>
    inFolder('shop.yaml', async (run) => {
      const byPosition = await run(command, 'shop.yaml', ...options)
      const byOption = await run(command, ...options, '--file', 'shop.yaml')
      expect(byPosition.exitCode).toBe(0)
      expect(byPosition.stdout).not.toBe('')
      expect(byPosition.stdout).toBe(byOption.stdout)
    }),
  )

  test('verify takes it after the URL', () =>
    inFolder('shop.yaml', async (run) => {
      const [byPosition, byOption] = await Promise.all([
        run('verify', 'http://127.0.0.1:9/', 'shop.yaml', '-n'),
        run('verify', 'http://127.0.0.1:9/', '-f', 'shop.yaml', '-n'),
      ])
      expect(byPosition.exitCode).toBe(0)
      expect(byPosition).toEqual(byOption)
    }))

  test.each(['generate', 'diff', 'lab'])(
    '%s refuses one by position together with one of --file',
    (command) =>
      inFolder('shop.yaml', async (run) => {
        const { exitCode, stderr } = await run(command, 'shop.yaml', '-f', 'shop.yaml')
        expect([exitCode, stderr]).toEqual([
          2,
          'error: the spec is named by position and with --file\n  = help: use one of the two\n',
        ])
      }),
  )

  test.each(['sessctl.yaml', 'sessctl.yml'])('%s is found', (name) =>
    inFolder(name, async (run, cwd) => {
      expect((await run('generate', '--check')).exitCode).toBe(1)
      expect((await run('diff')).exitCode).toBe(0)
      renameSync(join(cwd, name), join(cwd, 'other.yaml'))
      const { exitCode, stderr } = await run('generate')
      expect(exitCode).toBe(3)
      expect(stderr).toContain(`there is no sessctl.yaml or sessctl.yml in ${cwd}`)
      expect(stderr).toContain('--file FILE')
    }),
  )
})

describe('options', () => {
  test('--out is the former name of --output', () =>
    inFolder('sessctl.yaml', async (run, cwd) => {
      expect((await run('generate', '--out', 'there')).exitCode).toBe(0)
      expect(existsSync(join(cwd, 'there', 'manifest.json'))).toBe(true)
      for (const option of ['--out', '--output', '-o'])
        expect((await run('generate', '--check', option, 'there')).exitCode).toBe(0)
      expect((await run('help', 'generate')).stdout).not.toContain('--out ')
    }))

  test.each([
    [['-t', 'nginx,tomcat']],
    [['-t', 'nginx', '-t', 'tomcat']],
    [['--target=nginx,tomcat']],
  ])('a list: %j', (options) =>
    inFolder('sessctl.yaml', async (run) => {
      const { stdout } = await run('generate', '-n', ...options)
      expect(stdout).toContain('nginx/shop.conf')
      expect(stdout).toContain('tomcat/')
    }),
  )

  test('--error-on-warnings writes nothing for a spec with warnings', () =>
    inFolder('sessctl.yaml', async (run, cwd) => {
      writeFileSync(join(cwd, 'sessctl.yaml'), shop.replace(/^version: 1$/m, '$&\n# no warning'))
      expect((await run('generate', '--error-on-warnings', '-o', 'a')).exitCode).toBe(0)
      writeFileSync(
        join(cwd, 'sessctl.yaml'),
        shop.replace(/serverNames: .*\]/, 'serverNames: [localhost]'),
      )
      const { exitCode, stderr } = await run('generate', '--error-on-warnings', '-o', 'b')
      expect(exitCode).toBe(2)
      expect(stderr).toContain('warning[')
      expect(existsSync(join(cwd, 'b'))).toBe(false)
      expect((await run('generate', '-o', 'b')).exitCode).toBe(0)
    }))
})

describe('a command line that is invalid', () => {
  test.each([
    [['foo'], "unknown command 'foo'", '--help'],
    [['help', 'generat'], "unknown command 'generat'\n  (Did you mean generate?)", '--help'],
    [['generate', '--fil'], "unknown option '--fil'\n  (Did you mean --file?)", 'help generate'],
    [['verify'], "missing required argument 'url'", 'help verify'],
    [['schema', 'x'], "too many arguments for 'schema'", 'help schema'],
    [['generate', '--', 'x'], 'generate takes no arguments after --', 'help generate'],
    [['generate', '-f'], "option '-f, --file <path>' argument missing", 'help generate'],
  ])('%j', (args, message, page) =>
    inFolder('sessctl.yaml', async (run) => {
      const { exitCode, stdout, stderr } = await run(...args)
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(stderr).toContain(`error: ${message}`)
      expect(stderr).toContain(`= help: see sessctl ${page}`)
    }),
  )

  test.each([[[]], [['--help']], [['-h']], [['help']]])('%j prints the help', (args) =>
    inFolder('sessctl.yaml', async (run) => {
      const { exitCode, stdout, stderr } = await run(...args)
      expect([exitCode, stderr]).toEqual([0, ''])
      expect(stdout).toContain('Usage: sessctl')
    }),
  )
})
