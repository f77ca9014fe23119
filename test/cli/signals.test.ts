import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inTemporaryFolder, runCli } from '../support/run-cli.ts'

/** Ticks of 10 ms that a process has computed (Linux). */
const computed = (pid: number): number => {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[11])
  } catch {
    return 0
  }
}

describe.skipIf(process.platform !== 'linux')('while the process computes', () => {
  // Valid, and read for seconds: what keeps the event loop busy is the reader itself.
  const spec = `a:\n${'- { b: c, d: e }\n'.repeat(45_000)}`

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it at once', async (name) => {
    await inTemporaryFolder(async (folder) => {
      writeFileSync(join(folder, 'sessctl.yaml'), spec)
      const ended = await runCli(['generate'], {
        cwd: folder,
        whileRunning: (child) => {
          const poll = setInterval(() => {
            if (computed(child.pid ?? 0) < 60) return
            clearInterval(poll)
            child.kill(name)
          }, 10)
          child.once('close', () => clearInterval(poll))
        },
      })
      expect(ended).toEqual({ exitCode: null, signal: name, stdout: '', stderr: '' })
    })
  })
})

describe('an expression of --server-by that does not end', () => {
  const answerWith = async <Result>(
    work: (url: string, server: Server) => Promise<Result>,
  ): Promise<Result> => {
    const server = createServer((_, response) => response.end(`${'a'.repeat(50)}!`))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server)
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
  const argsFor = (url: string) => ['verify', url, '--server-by', 'body:(a+)+$']

  test('is an error', async () => {
    await answerWith((url) =>
      inTemporaryFolder(async (folder) => {
        const { exitCode, stderr } = await runCli(argsFor(url), { cwd: folder })
        expect(stderr).toContain('/(a+)+$/u takes more than 1 s for one response')
        expect(exitCode).toBe(2)
      }),
    )
  })

  // A handler of the first one is installed, which runs when the expression was given up.
  test.skipIf(process.platform !== 'linux').each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at %s, and at two of them', async (name, code) => {
    for (const times of [1, 2])
      await answerWith((url, server) =>
        inTemporaryFolder(async (folder) => {
          let signalled = 0
          const { exitCode, signal } = await runCli(argsFor(url), {
            cwd: folder,
            whileRunning: (child) => {
              // The expression has the answer by then, for a second.
              server.once('request', () =>
                setTimeout(() => {
                  signalled = performance.now()
                  for (let time = 0; time < times; time++) child.kill(name)
                }, 300),
              )
            },
          })
          expect(signalled).toBeGreaterThan(0)
          expect(performance.now() - signalled).toBeLessThan(30_000)
          // By the signal itself, by what its handler says, or by the error that came first.
          expect(signal === name || exitCode === code || exitCode === 2).toBe(true)
        }),
      )
  })
})

describe.skipIf(process.platform !== 'linux')('on a terminal, while the process computes', () => {
  test('Ctrl-C ends it at once', async () => {
    await inTemporaryFolder(async (folder) => {
      const text = `a:\n${'- { b: c, d: e }\n'.repeat(45_000)}`
      writeFileSync(join(folder, 'sessctl.yaml'), text)
      const { exitCode, stdout } = await runCli(['generate'], {
        cwd: folder,
        through: ['bash', '-c', 'exec script -qec "$(printf "%q " "$@")" /dev/null', 'bash'],
        whileRunning: (child) => {
          setTimeout(() => child.stdin?.write('\u0003'), 400)
        },
      })
      expect(stdout).not.toContain('error')
      expect(exitCode).toBe(130)
    })
  })
})
