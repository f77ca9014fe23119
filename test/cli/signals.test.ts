import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
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

describe('an expression of the user that does not end', () => {
  const server = createServer((_, response) => response.end(`${'a'.repeat(50)}!`))
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  test('is an error', async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await inTemporaryFolder(async (folder) => {
      const args = ['verify', `http://127.0.0.1:${port}/`, '--server-by', 'body:(a+)+$']
      const { exitCode, stderr } = await runCli(args, { cwd: folder })
      expect(stderr).toContain('/(a+)+$/u takes more than 1 s for one answer')
      expect(exitCode).toBe(2)
    })
  })
})
