import { spawnSync } from 'node:child_process'

/**
 * @typedef {object} Command One process to measure.
 * @property {string} name for the table
 * @property {string[]} argv program and arguments
 * @property {() => void} [before] done before each run, not measured
 *
 * @typedef {{ wall: number, cpu: number }} Time of one whole process, in milliseconds
 * @typedef {{ wall: number, cpu: number, ratio: { wall: number, cpu: number } }} Medians of A, and
 *   of A / B pair by pair
 */

/** Run by bash, whose `time` asks the kernel for the CPU time of the process and its children. */
const timed = `
TIMEFORMAT='%3U %3S'
exec 3>&2
start=$EPOCHREALTIME
{ time "$@" >/dev/null 2>&1; } 2>&3 || exit
end=$EPOCHREALTIME
echo "$start $end" >&3
`

/** @param {Command} command @returns {Time} */
const runOnce = ({ name, argv, before }) => {
  before?.()
  const run = spawnSync('bash', ['-c', timed, 'bash', ...argv], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  if (run.error) throw run.error
  if (run.status !== 0) throw new Error(`${name} ended with ${run.status}: ${argv.join(' ')}`)
  const [user, system, start, end] = run.stderr.trim().split(/\s+/).map(Number)
  return { wall: (end - start) * 1000, cpu: (user + system) * 1000 }
}

/** @param {readonly number[]} values */
export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Runs two commands in turn, `pairs` times, as whole processes. Within a pair the machine's mood is
 * the same for both, so the ratio is taken pair by pair; which one goes first alternates.
 * Throws when a command fails: a fast failure is no result.
 * @param {Command} a
 * @param {Command} b
 * @param {number} pairs
 * @returns {{ a: Time, b: Time, ratio: Time, quartiles: [number, number] }} medians
 */
export const paired = (a, b, pairs) => {
  for (const command of [a, b]) runOnce(command)
  const times = Array.from({ length: pairs }, (_, index) => {
    const order = index % 2 === 0 ? [a, b] : [b, a]
    const [first, second] = order.map(runOnce)
    return index % 2 === 0 ? { a: first, b: second } : { a: second, b: first }
  })
  const medians = (/** @type {(time: typeof times[0]) => Time} */ of) => ({
    wall: median(times.map((time) => of(time).wall)),
    cpu: median(times.map((time) => of(time).cpu)),
  })
  const ratios = times.map((time) => time.a.wall / time.b.wall).toSorted((x, y) => x - y)
  return {
    a: medians((time) => time.a),
    b: medians((time) => time.b),
    ratio: medians(({ a, b }) => ({ wall: a.wall / b.wall, cpu: a.cpu / b.cpu })),
    quartiles: [ratios[Math.floor(pairs / 4)], ratios[Math.floor((3 * pairs) / 4)]],
  }
}
