import { cpus } from 'node:os'

/**
 * @typedef {object} Row
 * @property {string} what "A / B"
 * @property {ReturnType<import('./paired.mjs').paired>} result
 * @property {number | null} limit the largest ratio of wall times that is good enough; null: none
 */

const milliseconds = (/** @type {number} */ value) => value.toFixed(1).padStart(8)
const times = (/** @type {number} */ value) => value.toFixed(2).padStart(6)

const verdict = (/** @type {Row} */ { result, limit }) => {
  if (limit === null) return ''
  return `${result.ratio.wall <= limit ? 'ok' : 'OVER'} (limit ${limit})`
}

/** Prints one line for each row. @param {string} title @param {readonly Row[]} rows */
export const printTable = (title, rows) => {
  const width = Math.max(...rows.map(({ what }) => what.length))
  const head = '  A wall   A cpu   B wall   B cpu   wall A/B (quartiles)   cpu A/B'
  const lines = rows.map(({ what, result: { a, b, ratio, quartiles }, ...row }) =>
    [
      what.padEnd(width),
      milliseconds(a.wall) + milliseconds(a.cpu) + milliseconds(b.wall) + milliseconds(b.cpu),
      `${times(ratio.wall)} (${quartiles.map((each) => each.toFixed(2)).join('..')})`.padEnd(21),
      times(ratio.cpu),
      verdict({ what, result: { a, b, ratio, quartiles }, ...row }),
    ].join('  '),
  )
  const machine = `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}`
  const text = [title, `(${machine}; medians in ms, ratios pair by pair)`, '']
  process.stdout.write(`${[...text, ''.padEnd(width) + head, ...lines].join('\n')}\n\n`)
}

/** Sets the exit code to 1 when a limit is passed. @param {readonly Row[]} rows */
export const judge = (rows) => {
  const over = rows.some(({ result, limit }) => limit !== null && result.ratio.wall > limit)
  if (over) process.exitCode = 1
}
