import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A new private folder that is gone afterwards. @template T @param {(dir: string) => Promise<T>} body */
export const inFolder = async (body) => {
  const dir = mkdtempSync(join(tmpdir(), 'sessctl-bench-'))
  const remove = () => rmSync(dir, { recursive: true, force: true })
  process.once('exit', remove)
  try {
    return await body(dir)
  } finally {
    process.off('exit', remove)
    remove()
  }
}

/** @returns {Promise<number>} */
export const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

const accepts = (/** @type {number} */ port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })

/**
 * Starts nginx with this configuration, perhaps under another program, calls the body when the
 * ports answer, and ends it.
 * @template T
 * @param {{ argv: readonly string[], dir: string, name: string, config: string, ports: readonly number[] }} what
 * @param {(pid: number) => Promise<T>} body
 */
export const withNginx = async ({ argv, dir, name, config, ports }, body) => {
  const file = join(dir, `${name}.conf`)
  writeFileSync(file, config)
  const [program = '', ...args] = [...argv, '-e', 'stderr', '-p', dir, '-c', file]
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  // Whoever ends this process ends what it started.
  const end = () => child.kill('SIGKILL')
  const endAndGo = () => {
    end()
    process.exit(143)
  }
  process.once('exit', end)
  process.once('SIGTERM', endAndGo)
  process.once('SIGINT', endAndGo)
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text
  })
  const exit = new Promise((resolve) => child.once('close', resolve))
  try {
    const deadline = Date.now() + 300_000
    for (const port of ports) {
      while (!(await accepts(port))) {
        if (child.exitCode !== null || Date.now() > deadline) throw new Error(errors)
        await sleep(50)
      }
    }
    return await body(child.pid ?? 0)
  } finally {
    // Again and again: a signal just before nginx waits for events is seen at the next event only.
    const asking = setInterval(() => child.kill('SIGTERM'), 200)
    const late = setTimeout(() => child.kill('SIGKILL'), 60_000)
    await exit
    clearInterval(asking)
    clearTimeout(late)
    process.off('exit', end).off('SIGTERM', endAndGo).off('SIGINT', endAndGo)
  }
}
