import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { freePort } from '../real/support/free-port.ts'
import { inTemporaryFolder, runCli } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

interface Behaviour {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Of the session; without it JSESSIONID. */
  readonly cookie?: string
  /** Answers nothing. */
  readonly isSilent?: boolean
}

/** Stands for a balancer whose servers take new clients in turn and keep those they know. */
const startBalancer = async (behaviour: Behaviour = {}) => {
  const asked = { count: 0 }
  const { cookie = 'JSESSIONID' } = behaviour
  const inCookie = new RegExp(`${cookie}=\\w+\\.(\\w+)`)
  const server = createServer(({ headers }, response) => {
    const turn = asked.count++
    if (behaviour.isSilent === true) return
    const known = inCookie.exec(headers.cookie ?? '')?.[1]
    const name = known ?? (turn % 2 === 0 ? 'a' : 'b')
    if (known === undefined) response.setHeader('Set-Cookie', `${cookie}=X${turn}.${name}; Path=/`)
    response.writeHead(behaviour.status ?? 200, { 'X-Server': name, ...behaviour.headers })
    response.end()
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked: () => asked.count,
  }
}

const small = ['--clients', '20', '--requests', '3'] as const

const verify = (args: readonly string[], cwd = '/tmp') => runHere(['verify', ...args], { cwd })

describe('the report', () => {
  test('is printed as text, with progress on standard error', async () => {
    const { url } = await startBalancer()
    const { exitCode, stdout, stderr } = await runCli(['verify', url, ...small], { cwd: '/tmp' })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('all 2 claims hold')
    expect(stdout).toMatch(/^holds {5}sticky {4}Requests stay on their server$/m)
    expect(stderr.replaceAll(/\d+\.\d s/g, 'N s')).toBe(
      ['spread', 'nat', 'subnet', 'cdn', 'sticky', 'parallel']
        .map((name) => `scenario ${name}: N s\n`)
        .join(''),
    )
  })

  test('--quiet prints nothing, and the exit code is the result', async () => {
    const { url } = await startBalancer()
    const { exitCode, stdout, stderr } = await verify([url, ...small, '--quiet'])
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  })

  test('as one document', async () => {
    const { url } = await startBalancer()
    const { exitCode, stdout, stderr } = await verify([url, ...small, '--format', 'json'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const document = JSON.parse(stdout) as { trials: readonly { results: readonly object[] }[] }
    expect(document).toMatchObject({ formatVersion: 1, command: 'verify', exitCode: 0 })
    expect(document.trials[0]?.results[4]).toMatchObject({
      scenario: 'sticky',
      status: 'held',
      isClaimed: true,
      figures: { requests: 60, failed: 0, shares: { sticky: 1, answered: 1, kept: 1 } },
    })
  })

  test('claims apply to the named scenario and to those claimed on the command line', async () => {
    const { url } = await startBalancer()
    const namesOf = async (...args: readonly string[]) => {
      const { stdout } = await verify([url, ...small, ...args, '--format', 'json'])
      const { trials } = JSON.parse(stdout) as {
        readonly trials: readonly { readonly results: readonly { readonly scenario: string }[] }[]
      }
      return trials[0]?.results.map(({ scenario }) => scenario)
    }
    expect(await namesOf('--scenario', 'sticky')).toEqual(['sticky'])
    expect(await namesOf('--scenario', 'nat')).toEqual(['nat'])
    expect(await namesOf('--scenario', 'sticky', '--claim', 'nat')).toEqual(['nat', 'sticky'])
  })

  test('is a page that replaces only a page of sessctl', async () => {
    const { url } = await startBalancer()
    await inTemporaryFolder(async (folder) => {
      const args = [url, ...small, '--scenario', 'sticky', '--output', 'report.html']
      expect((await verify(args, folder)).exitCode).toBe(0)
      expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(
        '<title>Session affinity of http://127.0.0.1',
      )
      expect((await verify(args, folder)).exitCode).toBe(0)
      writeFileSync(join(folder, 'report.html'), 'mine')
      const { exitCode, stderr } = await verify(args, folder)
      expect(exitCode).toBe(2)
      expect(stderr).toContain('report.html exists and is not a report of sessctl')
      expect(readFileSync(join(folder, 'report.html'), 'utf8')).toBe('mine')
    })
    const { stdout } = await verify([url, ...small, '--format', 'html'])
    expect(stdout).toMatch(/^<!doctype html>\n/)
  })

  test('a dry run sends no request', async () => {
    const { url, asked } = await startBalancer()
    const { exitCode, stdout } = await verify([url, '--dry-run', '--claim', 'url', '--output', 'x'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('  sticky    1000 requests of 100 clients\n')
    expect(stdout).toContain('  url       1000 requests of 100 clients, claimed\n')
    expect(asked()).toBe(0)
    expect(existsSync('/tmp/x')).toBe(false)
  })
})

test('the name of the session cookie is read from a file that the spec names', async () => {
  const spec = `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers: { a: "10.0.0.1:8080", b: "10.0.0.2:8080" }
    app: { runtime: tomcat, version: "9.0.122", tomcat: { contextBase: context.xml } }
`
  await inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'spec.yaml'), spec)
    const { url } = await startBalancer({ cookie: 'SHOPID' })
    const args = [url, ...small, '--scenario', 'sticky', '--file', 'spec.yaml']
    expect((await verify(args, folder)).exitCode).toBe(1)
    writeFileSync(join(folder, 'context.xml'), '<Context sessionCookieName="SHOPID"/>')
    expect((await verify(args, folder)).exitCode).toBe(0)
  })
})

describe('claims', () => {
  test('a claim that does not hold is exit code 1', async () => {
    const { url } = await startBalancer({ headers: { 'X-Server': 'always-the-same' } })
    const by = ['--server-by', 'header:X-Server', '--servers', '2']
    const { exitCode, stdout } = await verify([url, ...small, ...by])
    expect(exitCode).toBe(1)
    expect(stdout).toContain('all 20 clients went to always-the-same (0% even)')
    expect((await verify([url, ...small, ...by, '--claim', 'sticky=100%'])).exitCode).toBe(0)
  })

  test('a claim without evidence does not hold', async () => {
    const { url } = await startBalancer()
    const { exitCode, stdout } = await verify([url, ...small, '--server-by', 'header:X-Nothing'])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^UNKNOWN/m)
    expect(stdout).toContain('no response identifies its server')
  })

  test('claims fail if every response is 503', async () => {
    const { url } = await startBalancer({ status: 503 })
    const { exitCode, stdout } = await verify([url, ...small])
    expect(exitCode).toBe(1)
    expect(stdout).toContain('60 of 60 requests failed (503: 60)')
    expect(stdout).toContain('note: / returns 503')
  })

  test('a claim about answered requests keeps the other claims', async () => {
    const answered = ['--claim', 'answered=99%']
    const { exitCode, stdout } = await verify([(await startBalancer()).url, ...small, ...answered])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('all 2 claims hold')
    const failing = await startBalancer({ status: 503 })
    expect((await verify([failing.url, ...small, ...answered])).exitCode).toBe(1)
  })
})

describe('refused options', () => {
  test.each([
    ['no URL', ['shop'], '"shop" is not an HTTP URL'],
    ['not HTTP', ['ftp://127.0.0.1/'], 'is not an HTTP URL'],
    ['a password', ['http://me:secret@127.0.0.1/'], 'the URL contains a user name or a password'],
    ['another host', ['http://192.0.2.1/'], '192.0.2.1 is not this host'],
    ['an unknown claim', ['http://127.0.0.1/', '--claim', 'stiky'], 'did you mean "sticky"?'],
    [
      'a claim that is no share',
      ['http://127.0.0.1/', '--claim', 'sticky=110%'],
      '"110%" is not a share from 0% to 100%',
    ],
    [
      'a scenario that needs the lab',
      ['http://127.0.0.1/', '--claim', 'kill'],
      'verify cannot run the scenario "kill"',
    ],
    ['a number', ['http://127.0.0.1/', '--clients', '0'], '"0" is not a value of --clients'],
    ['too much', ['http://127.0.0.1/', '-c', '50000', '-r', '10000'], 'are too many'],
    ['a mark', ['http://127.0.0.1/', '--server-by', 'nose:x'], 'is not a part of a response'],
    [
      'an expression',
      ['http://127.0.0.1/', '--server-by', 'body:('],
      'is not a regular expression',
    ],
    ['a time', ['http://127.0.0.1/', '--timeout', '5'], '"5" is not a value of --timeout'],
    [
      'an upstream without a spec',
      ['http://127.0.0.1/', '--upstream', 'x'],
      'name the spec with --file',
    ],
  ])('%s', async (_, args, said) => {
    const { exitCode, stdout, stderr } = await verify(args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(said)
    expect(stderr).toContain('= help: ')
    expect(stderr).not.toContain('secret')
  })

  test('a spec with several upstreams, or without the named one', async () => {
    await inTemporaryFolder(async (folder) => {
      const upstream = '{ servers: { a: "127.0.0.1:1" } }'
      writeFileSync(
        join(folder, 's.yaml'),
        `version: 1\nname: s\ntargets: { nginx: { version: "1.26.3" } }\nupstreams: { x: ${upstream}, y: ${upstream} }\n`,
      )
      const several = await runHere(['verify', 'http://127.0.0.1/', '-f', 's.yaml'], {
        cwd: folder,
      })
      expect(several).toMatchObject({ exitCode: 2 })
      expect(several.stderr).toContain('--upstream: x, y')
      const none = await verify(['http://127.0.0.1/', '-f', 's.yaml', '--upstream', 'z'], folder)
      expect(none.stderr).toContain('s.yaml has no upstream "z"')
    })
  })
})

describe('a failure', () => {
  test('the connection is refused', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`
    const { exitCode, stdout, stderr } = await verify([url])
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
    expect(stderr).toContain('connection refused')
    const document = JSON.parse((await verify([url, '--format', 'json'])).stdout) as object
    expect(document).toMatchObject({ command: 'verify', exitCode: 3, error: { code: 'io' } })
  })

  test('the balancer does not respond', async () => {
    const { url } = await startBalancer({ isSilent: true })
    const { exitCode, stderr } = await verify([url, '--timeout', '100ms'])
    expect(exitCode).toBe(3)
    expect(stderr).toContain('timeout')
  })

  test('an interrupted run prints and writes no partial result', async () => {
    const { url, asked } = await startBalancer()
    await inTemporaryFolder(async (folder) => {
      const args = ['verify', url, '--clients', '1000', '--requests', '500', '--output', 'r.html']
      const { exitCode, stdout } = await runCli(args, {
        cwd: folder,
        whileRunning: (child) => {
          const poll = setInterval(() => {
            if (asked() < 100) return
            clearInterval(poll)
            child.kill('SIGINT')
          }, 10)
        },
      })
      expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' })
      expect(existsSync(join(folder, 'r.html'))).toBe(false)
    })
  })
})

test('generated files are readable by other users', async () => {
  const { url } = await startBalancer()
  await inTemporaryFolder(async (folder) => {
    await verify([url, ...small, '--scenario', 'sticky', '--output', 'r.html'], folder)
    expect(statSync(join(folder, 'r.html')).mode & 0o600).toBe(0o600)
  })
})
