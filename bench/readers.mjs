// How the time grows when an existing server.xml or a spec has twice as much of one thing, and how long
// the readers of proxy configurations take for 100,000 lines.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printConfig } from '../dist/index.js'
import { inTemporaryFolder, sessctlArgv } from './command-line.mjs'
import { configShapes } from './readers/config-shapes.mjs'
import { xmlShapes } from './readers/xml-shapes.mjs'
import { yamlShapes } from './readers/yaml-shapes.mjs'

const limit = 2.6
const few = 8000
/** Milliseconds: what is read in less than this is not measured twice. */
const least = 200

const script = `TIMEFORMAT='%3U'; { time "$@" >/dev/null 2>&1; } 2>&1`

/** CPU time in milliseconds. @param {readonly string[]} argv */
const cpuOf = (argv) => {
  const run = spawnSync('bash', ['-c', script, 'bash', ...argv], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  return Number(run.stdout.trim().split('\n').at(-1)) * 1000
}

/**
 * Once, and again up to three times while the ratio is over the limit: the least of each counts.
 * @param {(count: number) => number} measure
 */
const growth = (measure) => {
  let [once, twice, ratio] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0]
  for (let turn = 0; turn < 3; turn++) {
    twice = Math.min(twice, measure(2 * few))
    if (twice < least) return { once: null, twice, ratio: 1 }
    once = Math.min(once, measure(few))
    ratio = twice / Math.max(once, least / 2)
    if (ratio <= limit) break
  }
  return { once, twice, ratio }
}

/** Milliseconds for 100,000 lines. */
const limitOfLines = 1000
const lines = 100_000

/** CPU time of reading a text, the least of three turns. @param {() => void} read */
const cpuOfReading = (read) =>
  Math.min(
    ...[1, 2, 3].map(() => {
      const started = process.cpuUsage()
      read()
      return process.cpuUsage(started).user / 1000
    }),
  )

for (const [name, { read, textOf }] of Object.entries(configShapes)) {
  const bytes = Buffer.from(textOf(lines))
  if (!bytes.equals(printConfig(read(bytes)))) throw new Error(`${name} is printed differently`)
  const took = cpuOfReading(() => read(bytes))
  if (took > limitOfLines) process.exitCode = 1
  const verdict = took > limitOfLines ? `OVER (limit ${limitOfLines})` : 'ok'
  process.stdout.write(`${name.padEnd(44)} ${took.toFixed(0).padStart(15)} ms        ${verdict}\n`)
}

inTemporaryFolder((folder) => {
  const argv = sessctlArgv(['generate', '-n', '-f', join(folder, 'sessctl.yaml')])
  const idle = Math.min(...[1, 2, 3].map(() => cpuOf(sessctlArgv(['--version']))))
  const started = process.hrtime.bigint()
  for (const [name, filesOf] of Object.entries({ ...yamlShapes, ...xmlShapes })) {
    const { once, twice, ratio } = growth((count) => {
      for (const [file, text] of Object.entries(filesOf(count)))
        writeFileSync(join(folder, file), text)
      return cpuOf(argv) - idle
    })
    if (ratio > limit) process.exitCode = 1
    const verdict = ratio > limit ? `OVER (limit ${limit})` : 'ok'
    process.stdout.write(
      `${name.padEnd(44)} ${(once?.toFixed(0) ?? '-').padStart(7)} ${twice.toFixed(0).padStart(7)} ms  ${ratio.toFixed(2)}  ${verdict}\n`,
    )
  }
  process.stdout.write(`${Number((process.hrtime.bigint() - started) / 1_000_000_000n)} s\n`)
})
