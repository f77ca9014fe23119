import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { tempDir } from '../real/support/temp-dir.ts'

const script = fileURLToPath(new URL('../../scripts/audit-bundled.mjs', import.meta.url))

interface Advisory {
  readonly id: number
  readonly url: string
  readonly title: string
  readonly severity: string
  readonly vulnerable_versions: string
}

const advisory = (severity: string, versions: string): Advisory => ({
  id: 1,
  url: 'https://advisories.example/1',
  title: 'a hole',
  severity,
  vulnerable_versions: versions,
})

/** A registry that has advisories, and nothing else. */
let answer: { readonly status: number; readonly body: string } = { status: 200, body: '{}' }
let asked: unknown[] = []
let registry: Server
let address = ''

beforeAll(async () => {
  registry = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (request.url !== '/-/npm/v1/security/advisories/bulk') {
        response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
        return
      }
      const body = Buffer.concat(parts)
      const isPacked = request.headers['content-encoding'] === 'gzip'
      asked.push(JSON.parse((isPacked ? gunzipSync(body) : body).toString()))
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`
})
beforeEach(() => {
  asked = []
})
afterAll(() => void registry.close())

const packages = [
  { name: '@scope/lib', version: '2.1.0', license: 'MIT' },
  { name: 'old', version: '1.0.0', license: 'MIT' },
  { name: 'old', version: '2.0.0', license: 'MIT' },
]

interface Finished {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

const audit = (args: readonly string[] = [], url = address): Promise<Finished> => {
  const folder = tempDir()
  const list = join(folder, 'bundled.json')
  writeFileSync(list, JSON.stringify(packages))
  const child = spawn(process.execPath, [script, ...args, ...(args.length > 1 ? [] : [list])], {
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      npm_config_registry: url,
      npm_config_cache: join(folder, 'cache'),
      npm_config_fetch_retry_mintimeout: '10',
    },
  })
  return new Promise((resolve) => {
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (text: Buffer) => {
      stdout += text.toString()
    })
    child.stderr.on('data', (text: Buffer) => {
      stderr += text.toString()
    })
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}

const answers = (advisories: Readonly<Record<string, readonly Advisory[]>>) => {
  answer = { status: 200, body: JSON.stringify(advisories) }
}

describe('the audit of what is bundled', () => {
  test('asks for every bundled version, and passes when there are no advisories', async () => {
    answers({})
    const { exitCode, stdout, stderr } = await audit()
    expect(stderr).toBe('')
    expect(stdout).toBe('3 bundled packages, 0 advisories, 0 of them high or critical\n')
    expect(exitCode).toBe(0)
    expect(asked).toEqual([{ '@scope/lib': ['2.1.0'], old: ['1.0.0'] }, { old: ['2.0.0'] }])
  })

  test.each([
    ['critical', 'old', '<2', 'old 1.0.0'],
    ['high', 'old', '>=2.0.0', 'old 2.0.0'],
  ])('fails with a %s advisory on %s %s', async (severity, name, versions, named) => {
    answers({ [name]: [advisory(severity, versions)] })
    const { exitCode, stdout } = await audit()
    expect(stdout).toContain(`${severity}: ${named}: a hole (https://advisories.example/1)\n`)
    expect(stdout).toContain('1 advisories, 1 of them high or critical')
    expect(exitCode).toBe(1)
  })

  test('passes with a moderate advisory, and prints it; other versions have others', async () => {
    answers({
      '@scope/lib': [advisory('moderate', '<3'), advisory('critical', '<2.1.0 || >2.1.0')],
    })
    const { exitCode, stdout } = await audit()
    expect(stdout).toContain('moderate: @scope/lib 2.1.0: a hole')
    expect(stdout).toContain('1 advisories, 0 of them high or critical')
    expect(exitCode).toBe(0)
  })

  test.each([
    ['404', 404, 'no', /404/],
    ['405', 405, '', /405/],
    ['500', 500, '{}', /500/],
    ['a web page', 200, '<!doctype html>', /JSON/],
  ])('is skipped with the reason when the registry answers %s', async (_, status, body, reason) => {
    answer = { status, body }
    const { exitCode, stdout } = await audit()
    expect(stdout).toMatch(/^skipped: the advisories on what is bundled: /)
    expect(stdout).toMatch(reason)
    expect(exitCode).toBe(0)
  })

  test('--require makes that a failure', async () => {
    answer = { status: 404, body: '{}' }
    expect(await audit(['--require'])).toMatchObject({ exitCode: 3 })
  })

  test('is skipped with the reason if the registry does not respond', async () => {
    const { exitCode, stdout } = await audit([], 'http://127.0.0.1:9/')
    expect(stdout).toMatch(/^skipped: .*ECONNREFUSED/)
    expect(exitCode).toBe(0)
  })

  test('a missing list is an error', async () => {
    const { exitCode, stderr } = await audit(['--require', '/nonexistent/bundled.json'])
    expect(stderr).toMatch(/^audit-bundled: cannot read .*run npm run build\n$/)
    expect(exitCode).toBe(2)
  })
})
