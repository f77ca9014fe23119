import { existsSync, statSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { freePort, freePorts } from './support/free-port.ts'
import { accepts, type Command, run, startServer } from './support/process.ts'
import { findServer, findTomcat, whyNot } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const patient = { timeout: 30_000, interval: 20 }

const node = (script: string): Command => [process.execPath, '--eval', script]

const listenOn = (port: number): string =>
  `require('node:net').createServer().listen(${port}, '127.0.0.1')`

/** A master with a worker, each with its port and both deaf to TERM. */
const stubborn = (port: number, workersPort: number): string => `
  process.on('SIGTERM', () => {})
  const worker = "process.on('SIGTERM', () => {}); ${listenOn(workersPort)}"
  require('node:child_process').spawn(process.execPath, ['--eval', worker])
  ${listenOn(port)}`

describe('starting a server', () => {
  test('waits until it accepts connections', async () => {
    const [now = 0, later = 0] = await freePorts(2)
    const script = `${listenOn(now)}; setTimeout(() => { ${listenOn(later)} }, 200)`
    await startServer(node(script), { cwd: tempDir(), ports: [now, later] })
    expect(await accepts(later)).toBe(true)
  })

  test('fails at once, with the output, if the server ends', async () => {
    const script = "console.error('no such directive'); process.exit(3)"
    const starting = startServer(node(script), { cwd: tempDir(), ports: [await freePort()] })
    await expect(starting).rejects.toThrow(/"exitCode":3[\s\S]*no such directive/)
  })

  test('fails and removes everything if the server is not ready in time', async () => {
    const [opened = 0, never = 0] = await freePorts(2)
    const options = { cwd: tempDir(), ports: [opened, never], deadline: 400 }
    const starting = startServer(node(listenOn(opened)), options)
    await expect(starting).rejects.toThrow('was not ready in time')
    expect(await accepts(opened)).toBe(false)
  })

  test('fails if the program does not exist', async () => {
    const starting = startServer(['/no/such/program'], { cwd: tempDir(), ports: [1] })
    await expect(starting).rejects.toThrow('/no/such/program')
  })
})

describe('stopping a server', () => {
  test('ends a server that ignores TERM, with its workers', async () => {
    const [port = 0, workersPort = 0] = await freePorts(2)
    const options = { cwd: tempDir(), ports: [port, workersPort] }
    const server = await startServer(node(stubborn(port, workersPort)), options)
    expect(await server.stop(100)).toEqual({ exitCode: null, signal: 'SIGKILL' })
    expect(await accepts(port)).toBe(false)
    // Nobody waits for the end of a worker; its port is given back some time after the signal.
    await vi.waitFor(async () => expect(await accepts(workersPort)).toBe(false), patient)
  })

  const ended: { dir: string; port: number }[] = []

  test('stops the server and removes its folder at the end of a test', async () => {
    const [dir, port] = [tempDir(), await freePort()]
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    await startServer(node(listenOn(port)), { cwd: dir, ports: [port] })
    ended.push({ dir, port })
  })

  test('leaves no process and no folder for the next test', async () => {
    expect(ended).toHaveLength(1)
    for (const { dir, port } of ended) {
      expect(existsSync(dir)).toBe(false)
      expect(await accepts(port)).toBe(false)
    }
  })
})

test('a command that does not end is stopped', async () => {
  const finished = await run(['sh', '-c', 'echo on; exec sleep 1000'], tempDir(), 5_000)
  expect(finished).toEqual({ exitCode: null, signal: 'SIGKILL', output: 'on\n' })
})

test('a server that is not installed is reported with a remedy', () => {
  expect(findServer('nginx', '0.1')).toEqual({
    missing: 'nginx-0.1 is not installed (scripts/install-servers)',
    isGap: false,
  })
  expect(whyNot({ nginx: findServer('nginx', '0.1'), tomcat: findTomcat('1') })).toBe(
    'nginx-0.1 is not installed (scripts/install-servers); tomcat-1 is not installed (scripts/install-servers)',
  )
})
