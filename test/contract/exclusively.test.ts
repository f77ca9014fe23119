import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildSync } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { claim, exclusively } from '../../src/build-nginx/adapters/exclusively.ts'
import { tempDir } from '../real/support/temp-dir.ts'

const never = new AbortController().signal

/** No process has such an id. */
const dead = '999999999-1-0123456789ab'
const deadLock = (lock: string): void => writeFileSync(`${lock}.${dead}`, '')

describe('a lock', () => {
  test('is held by one process at a time and is taken over from a dead holder', async () => {
    const lock = join(tempDir(), 'lock')
    deadLock(lock)
    const order: string[] = []
    const turn = (name: string) =>
      exclusively(
        lock,
        async () => {
          order.push(`${name} in`)
          await new Promise((resolve) => setTimeout(resolve, 30))
          order.push(`${name} out`)
        },
        never,
      )
    await Promise.all([turn('a'), turn('b')])
    expect(order.map((one) => one.slice(-3).trim())).toEqual(['in', 'out', 'in', 'out'])
    expect(readdirSync(dirname(lock))).toEqual([])
  })
  test('is given to one of two processes that request it at the same time', async () => {
    for (let round = 0; round < 20; round++) {
      const lock = join(tempDir(), 'lock')
      const [one, two] = await Promise.all([claim(lock, never), claim(lock, never)])
      expect([one, two].filter((release) => release !== null)).toHaveLength(1)
      one?.()
      two?.()
    }
  }, 30_000)
  test('is kept by its holder until it is released, whatever dead holders have left', async () => {
    const folder = tempDir()
    const lock = join(folder, 'lock')
    deadLock(lock)
    writeFileSync(join(folder, 'lock.other'), '')
    const release = await claim(lock, never)
    expect(release).not.toBeNull()
    expect(await claim(lock, never)).toBeNull()
    expect(readdirSync(folder)).toHaveLength(2)
    release?.()
    expect(readdirSync(folder)).toEqual(['lock.other'])
  })
})

/** Takes a few turns, says so, and is killed in the last of them. */
const worker = `
  import { appendFileSync } from 'node:fs'
  import { exclusively } from './exclusively.ts'
  const [lock, log] = process.argv.slice(2)
  const say = (what) => appendFileSync(log, process.pid + ' ' + what + '\\n')
  for (let turn = 1; ; turn++)
    await exclusively(lock, async () => {
      say('in')
      await new Promise((resolve) => setTimeout(resolve, 1))
      say('out')
      if (turn === 3) process.kill(process.pid, 'SIGKILL')
    }, new AbortController().signal)
`

test('processes that are killed while they hold a lock leave it to exactly one other process', async () => {
  const folder = tempDir()
  const [program, lock, log] = ['worker.mjs', 'lock', 'log'].map((name) => join(folder, name))
  buildSync({
    stdin: {
      contents: worker,
      resolveDir: join(import.meta.dirname, '../../src/build-nginx/adapters'),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: `${program}`,
  })
  const ended = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const args = [`${program}`, `${lock}`, `${log}`]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        if (signal === 'SIGKILL') resolve()
        else reject(new Error(`ended with ${code ?? signal}`))
      })
    })
  // Each place is taken again when its process is killed.
  await Promise.all(
    [0, 1, 2, 3].map(async () => {
      for (let nth = 0; nth < 4; nth++) await ended()
    }),
  )
  const said = readFileSync(`${log}`, 'utf8').trim().split('\n')
  const expected = said.map((line, index) =>
    index % 2 === 0 ? line : (said[index - 1] ?? '').replace(' in', ' out'),
  )
  expect(said).toEqual(expected)
  expect(said).toHaveLength(4 * 4 * 3 * 2)
  // The last one was killed in it: it is free all the same.
  const release = await claim(`${lock}`, never)
  expect(release).not.toBeNull()
  release?.()
  expect(readdirSync(folder).sort()).toEqual(['log', 'worker.mjs'])
}, 120_000)
