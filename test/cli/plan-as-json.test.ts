import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inTemporaryFolder } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const spec = readFileSync(new URL('../../fixtures/specs/jvm-route.yaml', import.meta.url), 'utf8')
const broken = spec.replace('cookie: JSESSIONID', 'cookei: JSESSIONID')
const lean = ['--', '--without-http_rewrite_module', '--without-http_gzip_module']

/** Takes every configuration: what is tested is the form of the answer. */
const nginx = "#!/bin/sh\necho 'nginx version: nginx/1.26.3' >&2\n"

interface Row {
  readonly args: readonly string[]
  readonly exitCode: number
  /** What the same command ends with without -n or --check; undefined where it does something else. */
  readonly run?: readonly string[]
}

const rows: Readonly<Record<string, Row>> = {
  'generate -n': { args: ['generate', '-n'], exitCode: 0 },
  'generate --check': { args: ['generate', '--check'], exitCode: 1 },
  'generate -n --check': { args: ['generate', '-n', '--check'], exitCode: 1 },
  'generate -n, a spec with an error': {
    args: ['generate', '-n', '-f', 'broken.yaml'],
    exitCode: 2,
    run: ['generate', '-f', 'broken.yaml'],
  },
  'generate --check, a spec with an error': {
    args: ['generate', '--check', '-f', 'broken.yaml'],
    exitCode: 2,
    run: ['generate', '-f', 'broken.yaml'],
  },
  'generate -n, no spec': {
    args: ['generate', '-n', '-f', 'none.yaml'],
    exitCode: 3,
    run: ['generate', '-f', 'none.yaml'],
  },
  'generate -n, a foreign file in the way': {
    args: ['generate', '-n', '-o', 'foreign'],
    exitCode: 3,
    run: ['generate', '-o', 'foreign'],
  },
  'generate -n, warnings as errors': {
    args: ['generate', '-n', '--error-on-warnings'],
    exitCode: 2,
    run: ['generate', '--error-on-warnings'],
  },
  validate: { args: ['validate', '-t', 'nginx'], exitCode: 0 },
  'validate, a program that is missing': {
    args: ['validate', '-t', 'haproxy'],
    exitCode: 3,
    run: ['generate', '--validate', '-t', 'haproxy'],
  },
  'validate, a spec with an error': {
    args: ['validate', 'broken.yaml'],
    exitCode: 2,
    run: ['generate', '--validate', '-f', 'broken.yaml'],
  },
  diff: { args: ['diff'], exitCode: 0 },
  'diff --exit-code': { args: ['diff', '--exit-code'], exitCode: 1 },
  'diff, a spec with an error': { args: ['diff', 'broken.yaml'], exitCode: 2 },
  'diff, no revision': { args: ['diff', '--base', 'none'], exitCode: 3 },
  'lab -n': { args: ['lab', '-n'], exitCode: 0 },
  'lab -n, two specs': { args: ['lab', '-n', 'sessctl.yaml', 'other.yaml'], exitCode: 0 },
  'lab -n, a spec with an error': {
    args: ['lab', '-n', 'broken.yaml'],
    exitCode: 2,
    run: ['lab', 'broken.yaml'],
  },
  'lab -n, a program that is missing': {
    args: ['lab', '-n', '--nginx', 'none'],
    exitCode: 3,
    run: ['lab', '--nginx', 'none'],
  },
  'lab -n, a scenario that is none': {
    args: ['lab', '-n', '--scenario', 'none'],
    exitCode: 2,
    run: ['lab', '--scenario', 'none'],
  },
  'verify -n': { args: ['verify', 'http://127.0.0.1:1/', '-n'], exitCode: 0 },
  'verify -n, a spec': {
    args: ['verify', 'http://127.0.0.1:1/', '-n', '-f', 'sessctl.yaml'],
    exitCode: 0,
  },
  'verify -n, another host': {
    args: ['verify', 'http://192.0.2.1/', '-n'],
    exitCode: 2,
    run: ['verify', 'http://192.0.2.1/'],
  },
  'verify -n, a spec with an error': {
    args: ['verify', 'http://127.0.0.1:1/', '-n', '-f', 'broken.yaml'],
    exitCode: 2,
    run: ['verify', 'http://127.0.0.1:1/', '-f', 'broken.yaml'],
  },
  'build-nginx -n': { args: ['build-nginx', '1.26.3', '-n', ...lean], exitCode: 0 },
  'build-nginx -n --verbose': {
    args: ['build-nginx', '1.26.3', '-n', '--verbose', ...lean],
    exitCode: 0,
  },
  'build-nginx -n, a release that is none': {
    args: ['build-nginx', '1.x', '-n'],
    exitCode: 2,
    run: ['build-nginx', '1.x'],
  },
  'build-nginx -n, no lock': {
    args: ['build-nginx', '1.26.3', '-n', '--frozen', ...lean],
    exitCode: 2,
    run: ['build-nginx', '1.26.3', '--frozen', ...lean],
  },
  // A warning of the plan: only configure decides whether a compiler can be used.
  'build-nginx -n, a compiler that is missing': {
    args: ['build-nginx', '1.26.3', '-n', '--cc', 'none', ...lean],
    exitCode: 0,
  },
  'build-nginx -n, a spec with an error': {
    args: ['build-nginx', '-n', '-f', 'broken.yaml', ...lean],
    exitCode: 2,
    run: ['build-nginx', '-f', 'broken.yaml', ...lean],
  },
}

/** Options come before `--`. */
const asJson = (args: readonly string[]): readonly string[] => {
  const [command = '', ...more] = args
  return [command, '--format', 'json', ...more]
}

const inProject = (work: (cwd: string) => Promise<void>) =>
  inTemporaryFolder(async (cwd) => {
    writeFileSync(join(cwd, 'sessctl.yaml'), spec)
    writeFileSync(join(cwd, 'other.yaml'), spec)
    writeFileSync(join(cwd, 'broken.yaml'), broken)
    writeFileSync(join(cwd, 'nginx'), nginx, { mode: 0o755 })
    const { exitCode } = await runHere(['generate', '-o', 'foreign'], { cwd })
    expect(exitCode).toBe(0)
    writeFileSync(join(cwd, 'foreign/manifest.json'), '')
    await work(cwd)
  })

describe('a plan or a check as JSON is one document without other output', () => {
  test.each(Object.keys(rows))('%s', (name) =>
    inProject(async (cwd) => {
      const row = rows[name]
      if (row === undefined) throw new TypeError(name)
      const env = { SESSCTL_NGINX: join(cwd, 'nginx'), PATH: '/usr/bin:/bin' }
      const { exitCode, stdout, stderr } = await runHere(asJson(row.args), { cwd, env })
      expect(stderr).toBe('')
      const document: unknown = JSON.parse(stdout)
      expect(document).toMatchObject({ command: row.args[0], exitCode })
      expect(exitCode, stdout).toBe(row.exitCode)
      expect(stdout.endsWith('}\n')).toBe(true)
      const text = await runHere(row.args, { cwd, env })
      expect(text.exitCode).toBe(exitCode)
      if (row.run === undefined) return
      for (const args of [row.run, asJson(row.run)])
        expect((await runHere(args, { cwd, env })).exitCode, args.join(' ')).toBe(exitCode)
    }),
  )
})
