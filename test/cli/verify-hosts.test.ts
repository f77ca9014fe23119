import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { withOneAddress } from '../support/namespaces.ts'
import { runHere } from '../support/run-here.ts'

const bin = fileURLToPath(new URL('../../bin/sessctl.js', import.meta.url))

/** Port 1: nobody listens there, so that a run that may ask ends with exit 3. */
const verify = (host: string, more: readonly string[]) =>
  runHere(['verify', `http://${host}:1/`, ...more], { cwd: '/tmp' })

const loopback = [
  '127.0.0.1',
  '127.1',
  '127.255.255.254',
  '0x7f000001',
  '0177.0.0.1',
  '2130706433',
  'localhost',
  'localhost.',
  'LOCALHOST',
  'a.localhost',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::FFFF:127.9.9.9]',
]
const refused = [
  '0.0.0.0',
  '0',
  '[::]',
  '[::ffff:0.0.0.0]',
  '10.0.0.1',
  '[::ffff:10.0.0.1]',
  '[::2]',
  '[fe80::1]',
  '128.0.0.1',
  '192.0.2.1',
]

describe('a dry run refuses what the run refuses', () => {
  test.each(loopback)('%s is this host', async (host) => {
    const [planned, ran] = await Promise.all([verify(host, ['-n']), verify(host, [])])
    expect(planned).toMatchObject({ exitCode: 0, stderr: '' })
    expect(ran.exitCode).toBe(3)
    expect(ran.stderr).toContain('cannot connect to')
  })

  test.each(refused)('%s is not', async (host) => {
    const [planned, ran, json] = await Promise.all([
      verify(host, ['-n']),
      verify(host, []),
      verify(host, ['-n', '--format', 'json']),
    ])
    expect(ran.exitCode).toBe(2)
    expect(planned).toEqual(ran)
    expect(json.exitCode).toBe(2)
  })

  test.each([
    ['a host that is none', ['--host', 'a b']],
    ['authorities that are not there', ['--ca', '/nowhere/ca.pem']],
    ['a timeout that is none', ['--timeout', '1']],
    ['a rate that is none', ['--rate', '0']],
    ['servers that are none', ['--servers', 'two']],
    ['an expression that is none', ['--server-by', 'body:(']],
  ])('%s', async (_, more) => {
    const [planned, ran] = await Promise.all([
      verify('127.0.0.1', [...more, '-n']),
      verify('127.0.0.1', more),
    ])
    expect(ran.exitCode).not.toBe(0)
    expect(planned).toEqual(ran)
  })

  test('prints JSON with --format json, and refuses --format html', async () => {
    const json = await verify('127.0.0.1', ['-n', '--format', 'json', '--claim', 'cdn'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      command: 'verify',
      exitCode: 0,
      plan: { url: 'http://127.0.0.1:1/', addresses: ['127.0.0.1'] },
    })
    const { plan } = JSON.parse(json.stdout)
    expect(plan.scenarios).toContainEqual({
      name: 'cdn',
      clients: 100,
      requests: 600,
      isClaimed: true,
      skipped: null,
    })
    const page = await verify('127.0.0.1', ['-n', '--format', 'html'])
    expect(page).toMatchObject({ exitCode: 2, stdout: '' })
  })
})

/** Stands for a balancer: new clients in turn, or by their addresses, those that it knows where they were. */
const balancer = `
let turn = 0, count = 0
const server = require('node:http').createServer(({ headers, socket }, response) => {
  const known = /JSESSIONID=\\w+\\.(\\w+)/.exec(headers.cookie ?? '')?.[1]
  const next = process.env.BY_ADDRESS ? 0 : turn++ % 2
  const name = known ?? (next === 0 ? 'a' : 'b')
  if (known === undefined) response.setHeader('Set-Cookie', 'JSESSIONID=X' + count++ + '.' + name + '; Path=/')
  response.writeHead(200).end()
})
server.listen(0, '127.0.0.1', () => {
  const [bin, host, ...args] = process.argv.slice(1)
  const url = 'http://' + host + ':' + server.address().port + '/'
  require('node:child_process')
    .spawn(process.execPath, [bin, 'verify', url, '-c', '20', '-r', '3', ...args], { stdio: 'inherit' })
    .once('exit', (code) => process.exit(code))
})`

const words = withOneAddress()

describe.skipIf(typeof words === 'string')(
  `a host that has 127.0.0.1 and no other address${typeof words === 'string' ? ` (no namespace here: ${words})` : ''}`,
  () => {
    const [program = '', ...before] = typeof words === 'string' ? [] : words
    const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) => {
        const child = spawn(program, [...before, process.execPath, '-e', balancer, bin, ...args], {
          env: { PATH: process.env['PATH'] ?? '', HOME: '/tmp', ...env },
        })
        const said = { stdout: '', stderr: '' }
        for (const name of ['stdout', 'stderr'] as const)
          child[name].setEncoding('utf8').on('data', (text: string) => {
            said[name] += text
          })
        child.once('close', (exitCode) => resolve({ exitCode, ...said }))
      })

    test('verify uses one client address, and skips what that cannot test', async () => {
      const { exitCode, stdout } = await run(['127.0.0.1'])
      expect(exitCode).toBe(0)
      expect(stdout).toMatch(/^holds {5}sticky/m)
      expect(stdout).toMatch(/^holds {5}spread/m)
      expect(stdout).toMatch(
        /^skipped {3}cdn .*\n.*= all clients have the same address on this host$/m,
      )
      expect(stdout).toMatch(/^skipped {3}subnet/m)
      expect(stdout).toContain('note: all clients have the same address on this host')
      expect(stdout).not.toContain('EADDRNOTAVAIL')
    })

    test('names the client address as a possible reason for an uneven spread', async () => {
      const { exitCode, stdout } = await run(['127.0.0.1'], { BY_ADDRESS: '1' })
      expect(exitCode).toBe(0)
      expect(stdout).toMatch(/^skipped {3}spread .*\n.*may choose servers by client address$/m)
    })

    test('a claim of the command line that cannot be tested fails', async () => {
      const { exitCode, stdout } = await run(['127.0.0.1', '--claim', 'cdn'])
      expect(exitCode).toBe(1)
      expect(stdout).toMatch(/^UNTESTED {2}cdn/m)
    })

    test('exit 3 when no scenario can be tested, in a dry run too', async () => {
      for (const more of [[], ['-n']]) {
        const { exitCode, stderr } = await run(['127.0.0.1', '--scenario', 'cdn', ...more])
        expect(exitCode).toBe(3)
        expect(stderr).toContain(
          'no scenario can be tested on this host (cdn: all clients have the same address',
        )
      }
    })

    test('an address that the balancer does not have', async () => {
      const { exitCode, stderr } = await run(['[::1]'])
      expect(exitCode).toBe(3)
      expect(stderr).toMatch(
        /cannot connect to http:\/\/\[::1\]:\d+: (?:this host does not|connection refused|no route)/,
      )
      expect((await run(['localhost'])).exitCode).toBe(0)
    })
  },
)
