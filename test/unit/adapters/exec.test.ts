import { describe, expect, test } from 'vitest'
import { execOnHost } from '../../../src/adapters/exec.ts'
import { ToolError } from '../../../src/errors.ts'

const node = process.execPath
const exec = execOnHost(new AbortController().signal)
const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

/** Prints its process id and then runs, whatever signal it gets. */
const stubborn = `process.on('SIGTERM', () => {}); console.log('pid ' + process.pid); setInterval(() => {}, 1000)`
const pidIn = (output: string): number => Number(/pid (\d+)/.exec(output)?.[1])

describe('run', () => {
  test('passes arguments unchanged, and returns both outputs', async () => {
    const script = 'console.log(process.argv[1]); console.error("e"); process.exitCode = 3'
    expect(await exec.run(node, ['-e', script, '--', '$(id) "x"'])).toEqual({
      exitCode: 3,
      stdout: '$(id) "x"',
      stderr: 'e',
    })
  })

  test('returns null for a missing program', async () => {
    expect(await exec.run('no-such-program-here', [])).toBeNull()
  })

  test('hides the environment on request', async () => {
    const script = 'console.log(Object.keys(process.env).join())'
    const result = await exec.run(node, ['-e', script], { env: { ONLY: '1' }, isIsolated: true })
    expect(result?.stdout).toBe('ONLY')
  })

  test('names the program that did not end in time', async () => {
    const run = exec.run(node, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 200 })
    await expect(run).rejects.toThrow(ToolError)
  })
})

describe('runUntil', () => {
  test('ends a program after its line, even if it ignores signals', async () => {
    const result = await exec.runUntil(node, ['-e', stubborn], (line) => line.startsWith('pid'))
    expect(result).toMatchObject({ isReached: true, isTimedOut: false })
    expect(isGone(pidIn(result?.output ?? ''))).toBe(true)
  })

  test('finds the line on standard error, and in parts', async () => {
    const script = `process.stderr.write('rea'); setTimeout(() => process.stderr.write('dy\\n'), 50); setInterval(() => {}, 1000)`
    const result = await exec.runUntil(node, ['-e', script], (line) => line === 'ready')
    expect(result).toMatchObject({ isReached: true, output: 'ready' })
  })

  test('distinguishes a program that ended by itself from one that was too slow', async () => {
    const never = () => false
    expect(await exec.runUntil(node, ['-e', 'console.log(1)'], never)).toMatchObject({
      isReached: false,
      isTimedOut: false,
    })
    const slow = await exec.runUntil(node, ['-e', stubborn], never, { timeoutMs: 4_000 })
    expect(slow).toMatchObject({ isReached: false, isTimedOut: true })
    expect(isGone(pidIn(slow?.output ?? ''))).toBe(true)
  })

  test('returns null for a missing program', async () => {
    expect(await exec.runUntil('no-such-program-here', [], () => true)).toBeNull()
  })

  test('an interruption ends the program before it is reported', async () => {
    const abort = new AbortController()
    let pid = 0
    const run = execOnHost(abort.signal).runUntil(node, ['-e', stubborn], (line) => {
      pid = pidIn(line)
      abort.abort()
      return false
    })
    await expect(run).rejects.toThrow()
    expect(isGone(pid)).toBe(true)
  })
})
