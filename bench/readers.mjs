// How the time grows when an existing server.xml or a spec has twice as much of one thing.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inTemporaryFolder, sessctlArgv } from './command-line.mjs'
import { xmlShapes } from './readers/xml-shapes.mjs'
import { yamlShapes } from './readers/yaml-shapes.mjs'

const limit = 2.6
const few = 8000
/** Less than this is the start of node. */
const least = 200

const script = `TIMEFORMAT='%3U'; { time "$@" >/dev/null 2>&1; } 2>&1`

/** CPU time in milliseconds, the least of three. @param {readonly string[]} argv */
const cpuOf = (argv) =>
  Math.min(
    ...[1, 2, 3].map(() => {
      const run = spawnSync('bash', ['-c', script, 'bash', ...argv], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C' },
      })
      return Number(run.stdout.trim().split('\n').at(-1)) * 1000
    }),
  )

inTemporaryFolder((folder) => {
  const argv = sessctlArgv(['generate', '-n', '-f', join(folder, 'sessctl.yaml')])
  const idle = cpuOf(sessctlArgv(['--version']))
  for (const [name, filesOf] of Object.entries({ ...yamlShapes, ...xmlShapes })) {
    const [once, twice] = [few, 2 * few].map((count) => {
      for (const [file, text] of Object.entries(filesOf(count)))
        writeFileSync(join(folder, file), text)
      return cpuOf(argv) - idle
    })
    const ratio = twice < least ? 1 : twice / Math.max(once, least / 2)
    if (ratio > limit) process.exitCode = 1
    const verdict = ratio > limit ? `OVER (limit ${limit})` : 'ok'
    process.stdout.write(
      `${name.padEnd(44)} ${once.toFixed(0).padStart(7)} ${twice.toFixed(0).padStart(7)} ms  ${ratio.toFixed(2)}  ${verdict}\n`,
    )
  }
})
