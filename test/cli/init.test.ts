import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { inTemporaryFolder } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const bin = fileURLToPath(new URL('../../bin/sessctl.js', import.meta.url))

describe('sessctl init', () => {
  test('writes a spec that generate accepts, and does not replace it', () =>
    inTemporaryFolder(async (cwd) => {
      const written = await runHere(['init'], { cwd })
      expect([written.exitCode, written.stderr]).toEqual([0, ''])
      expect(written.stdout).toBe('sessctl.yaml written. Edit it, then run sessctl generate.\n')
      expect((await runHere(['generate', '--error-on-warnings'], { cwd })).exitCode).toBe(0)
      const again = await runHere(['init'], { cwd })
      expect([again.exitCode, again.stderr]).toEqual([
        3,
        'error: sessctl.yaml exists\n  = help: name another file with --output, or replace it with --force\n',
      ])
      writeFileSync(join(cwd, 'sessctl.yaml'), 'mine')
      expect((await runHere(['init', '--force'], { cwd })).exitCode).toBe(0)
      expect(readFileSync(join(cwd, 'sessctl.yaml'), 'utf8')).not.toBe('mine')
    }))

  test('takes answers from options', () =>
    inTemporaryFolder(async (cwd) => {
      const { stdout } = await runHere(
        [
          ...['init', '-o', '-', '--name', 'portal', '--host-name', 'portal.example.org'],
          ...['--proxy', 'haproxy,httpd', '--runtime', 'php', '--sessions', 'shared'],
          ...['--server', 'web1=10.1.0.1:80,web2=10.1.0.2:80'],
        ],
        { cwd },
      )
      for (const text of ['name: portal', '[portal.example.org]', 'haproxy: {', 'httpd: {'])
        expect(stdout).toContain(text)
      for (const text of ['web1: 10.1.0.1:80', 'runtime: php', 'store: redis', 'REDIS_PASSWORD'])
        expect(stdout).toContain(text)
      expect(existsSync(join(cwd, 'sessctl.yaml'))).toBe(false)
    }))

  test.each([
    [['--runtime', 'tomkat'], 'did you mean "tomcat"?'],
    [['--proxy', 'ngnix'], 'did you mean nginx?'],
    [['--server', 'a'], 'NAME=ADDRESS:PORT'],
    [['--name', 'no name'], '"no name"'],
    [['--server', 'a=10.0.0.1:70000'], '70000'],
    [['--name', 'x\nversion: 2'], '= help'],
  ])('refuses %j', (options, message) =>
    inTemporaryFolder(async (cwd) => {
      const { exitCode, stderr } = await runHere(['init', '-y', ...options], { cwd })
      expect(exitCode).toBe(2)
      expect(stderr).toContain(message)
      expect(existsSync(join(cwd, 'sessctl.yaml'))).toBe(false)
    }),
  )

  /** Runs init on a terminal, and types each answer after its question. @returns what was shown, and the exit code. */
  const onTerminal = (cwd: string, answers: readonly string[]) =>
    new Promise<readonly [shown: string, exitCode: number | null]>((resolve) => {
      const child = spawn('script', ['-qec', `'${process.execPath}' '${bin}' init`, '/dev/null'], {
        cwd,
        env: { PATH: process.env['PATH'] ?? '', TERM: 'dumb' },
      })
      let shown = ''
      let answered = 0
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        shown += text
        if (shown.split(']: ').length - 1 <= answered) return
        child.stdin.write(answers[answered] ?? '')
        answered += 1
      })
      child.once('close', (exitCode) => resolve([shown, exitCode]))
    })

  const hasScript = spawnSync('script', ['--version']).status === 0

  test.skipIf(!hasScript)('asks on a terminal', () =>
    inTemporaryFolder(async (cwd) => {
      const [shown, exitCode] = await onTerminal(cwd, [
        'portal\r',
        '\r',
        'haproxy\r',
        '\r',
        '\r',
        '\r',
      ])
      expect(shown).toContain('Public host name [shop.example.com]: ')
      expect(exitCode).toBe(0)
      const spec = readFileSync(join(cwd, 'sessctl.yaml'), 'utf8')
      expect(spec).toContain('name: portal\n')
      expect(spec).toContain('haproxy: {')
    }),
  )

  test.skipIf(!hasScript).each([
    ['Ctrl-C', '\u0003', 130],
    ['Ctrl-D', '\u0004', 2],
  ])('%s ends it, and nothing is written', (_name, key, expected) =>
    inTemporaryFolder(async (cwd) => {
      const [, exitCode] = await onTerminal(cwd, ['portal\r', key])
      expect(exitCode).toBe(expected)
      expect(existsSync(join(cwd, 'sessctl.yaml'))).toBe(false)
    }),
  )
})

test('--version -v lists Node, the platform and the programs of this host', () =>
  inTemporaryFolder(async (cwd) => {
    const plain = await runHere(['--version'], { cwd })
    const { exitCode, stdout } = await runHere(['--version', '-v'], {
      cwd,
      env: { SESSCTL_HAPROXY: '/nowhere/haproxy' },
    })
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`sessctl ${plain.stdout}Node ${process.versions.node}, `)
    expect(stdout).toContain('HAProxy: SESSCTL_HAPROXY: /nowhere/haproxy is not HAProxy')
    expect(stdout).toMatch(/^nginx(: not found| \d+\.)/m)
  }))

describe('sessctl completion', () => {
  const script = (shell: string) =>
    spawnSync(process.execPath, [bin, 'completion', shell], { encoding: 'utf8' }).stdout

  test.each([
    ['sessctl gen', ['generate']],
    ['sessctl generate --form', ['--format']],
    ['sessctl generate --format ', ['text', 'json']],
    ['sessctl diff -t ha', ['haproxy']],
    ['sessctl completion po', ['powershell']],
    ['sessctl help va', ['validate']],
  ])('bash: %j', (line, expected) => {
    const words = line.split(' ')
    const quoted = words.map((word) => `'${word}'`).join(' ')
    const asked = `eval "$(cat)"; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _sessctl; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout } = spawnSync('bash', ['-c', asked], {
      input: script('bash'),
      encoding: 'utf8',
    })
    expect(stdout.trim().split('\n')).toEqual(expected)
  })

  test.each(['zsh', 'fish', 'powershell'])('%s knows every command', (shell) => {
    const text = script(shell)
    for (const name of ['init', 'generate', 'validate', 'diff', 'lab', 'verify', 'build-nginx'])
      expect(text).toContain(name)
    expect(text).toContain('error-on-warnings')
  })

  test('another shell is refused', () => {
    const { status, stderr } = spawnSync(process.execPath, [bin, 'completion', 'tcsh'], {
      encoding: 'utf8',
    })
    expect(status).toBe(2)
    expect(stderr).toContain('bash, zsh, fish, powershell')
  })
})
