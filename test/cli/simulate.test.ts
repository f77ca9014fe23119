import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inTemporaryFolder } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const spec = `version: 1
name: shop
targets: { nginx: { version: "1.26.3" }, haproxy: { version: "3.2" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: ip_hash }
    servers: { a: "10.0.0.1:80", b: "10.0.0.2:80", c: "10.0.0.3:80" }
`

const log = `192.0.2.1 - - [29/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "one"
192.0.2.1 - - [29/Nov/2026:10:00:01 +0000] "GET / HTTP/1.1" 200 5 "-" "two"
192.0.2.1 - - [29/Nov/2026:10:00:02 +0000] "GET /a HTTP/1.1" 200 5 "-" "one"
Nov 29 10:00:03 lb haproxy[77]: 198.51.100.7:40312 [29/Nov/2026:10:00:03.101] web shop/a 0/0/1/2/3 200
{"client_address":"2001:db8::5","request_uri":"/"}
`

const inFolder = <Result>(work: (run: typeof runIn, cwd: string) => Promise<Result>) =>
  inTemporaryFolder((cwd) => {
    writeFileSync(join(cwd, 'shop.yaml'), spec)
    writeFileSync(join(cwd, 'access.log'), log)
    writeFileSync(join(cwd, 'list'), '# office\n192.0.2.1 3\n2001:db8::1\n')
    writeFileSync(join(cwd, 'wrong'), '192.0.2.1\n192.0.2.300\n')
    return work(runIn, cwd)
  })

const runIn = (cwd: string, ...args: readonly string[]) =>
  runHere(['simulate', 'shop.yaml', ...args], { cwd })

interface Document {
  readonly simulation: {
    readonly stories: readonly {
      readonly proxy: string
      readonly clients: number
    }[]
  }
}

const storiesIn = (stdout: string): Document['simulation']['stories'] =>
  (JSON.parse(stdout) as Document).simulation.stories

test('prints what each event does; equal runs print equal bytes and write equal pages', async () => {
  const options = ['--event', 'add=d', '--event', 'dies=a', '--event', 'drain=b', '-o', 'page.html']
  await inFolder(async (run, cwd) => {
    const page = (): string => readFileSync(join(cwd, 'page.html'), 'utf8')
    const { exitCode, stdout, stderr } = await run(cwd, ...options)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toContain('shop.yaml, upstream shop: 10000 clients (mixed), seed 1\n')
    expect(stdout).toContain('nginx 1.26.3: ip_hash; sessions only on their server\n')
    expect(stdout).toMatch(
      /^1 d is added +7\d\.\d% +7\d\.\d% +7\d\.\d% +0% +0% +0% +0% +0% {2}at once$/m,
    )
    expect(stdout).toMatch(/^2 a dies +2\d\.\d% .*every 10 s a request is sent to it first$/m)
    // nginx refuses to drain a server of ip_hash.
    expect(stdout).toMatch(/^3 b is drained +– .*refused$/m)
    expect(stdout).toMatch(/^d +– +\d+ +\d+ +\d+$/m)
    const first = page()
    expect(first).toMatch(/^<!doctype html>/)
    expect(first).not.toContain('<script')
    expect(first).toContain('<figcaption>Clients by server')
    expect((await run(cwd, ...options)).stdout).toBe(stdout)
    expect(page()).toBe(first)
    writeFileSync(join(cwd, 'mine.html'), 'mine')
    const refused = await run(cwd, '-o', 'mine.html')
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain('mine.html exists and is not a report of sessctl')
  })
})

test('simulates every proxy of the spec, with the clients of a file', async () => {
  await inFolder(async (run, cwd) => {
    const listed = await run(cwd, '-t', 'all', '--addresses', 'list', '--format', 'json')
    expect(storiesIn(listed.stdout)).toMatchObject([
      { proxy: 'nginx', clients: 4 },
      { proxy: 'haproxy', clients: 4 },
    ])
    // Two browsers behind one address, one client of HAProxy, one of a JSON log.
    const logged = await run(cwd, '-t', 'haproxy', '--access-log', 'access.log', '--format', 'json')
    expect(storiesIn(logged.stdout)).toMatchObject([{ proxy: 'haproxy', clients: 4 }])
  })
})

test('a log that is a device without an end is not read', async () => {
  const told = await inFolder((run, cwd) => run(cwd, '--access-log', '/dev/zero'))
  expect(told).toMatchObject({ exitCode: 3, stdout: '' })
  expect(told.stderr).toContain('/dev/zero')
})

test('no text of a log is printed, whatever its lines hold', async () => {
  await inFolder(async (run, cwd) => {
    const hostile = `192.0.2.7 - - [x] "GET / HTTP/1.1" 200 5 "-" "\u001b[2J<script>evil</script>"\n`
    writeFileSync(join(cwd, 'access.log'), `evil\u001b]0;evil\u0007\n::1 evil\n${hostile}`)
    for (const format of ['text', 'json', 'html']) {
      const told = await run(cwd, '--access-log', 'access.log', '--format', format)
      expect(told).toMatchObject({ exitCode: 0, stderr: '' })
      expect(told.stdout).not.toContain('evil')
    }
  })
})

describe('an option that cannot be used is reported, with a remedy', () => {
  test.each([
    [2, '--event: "dead=a" is not an event', 'known here: dies', ['--event', 'dead=a']],
    [2, '--event: upstream "shop" has no server "z"', 'did you mean "a"', ['--event', 'dies=z']],
    [2, 'there is no shape "nut"', 'did you mean "nat"', ['--shape', 'nut']],
    [2, '--shape and --addresses each name', 'one of', ['--shape', 'nat', '--addresses', 'list']],
    [2, 'wrong: line 2 has no address', 'IPv4 or IPv6', ['--addresses', 'wrong']],
    [2, '"101" is not a value of --without', 'from 0 to 100', ['--without-cookies', '101']],
    [2, 'the spec has no target httpd', 'below `targets`', ['-t', 'httpd']],
  ])('exit %i: %s', async (exitCode, message, help, args) => {
    const told = await inFolder((run, cwd) => run(cwd, ...args))
    expect(told).toMatchObject({ exitCode, stdout: '' })
    expect(told.stderr).toContain(`error: ${message}`)
    expect(told.stderr).toContain(help)
  })
})
