import { cpus } from 'node:os'

const number = (/** @type {number} */ value) => Math.round(value).toLocaleString('en').padStart(10)
const print = (/** @type {string} */ text) => process.stdout.write(`${text}\n`)

const compared = (
  /** @type {string} */ unit,
  /** @type {import('./throughput.mjs').Compared} */ { pinned, plain, ratio, quartiles, noise },
  /** @type {string} */ verdict,
) => {
  const spread = quartiles.map((each) => each.toFixed(3)).join('..')
  print(`jvm_route, pinned ${number(pinned)} ${unit}`)
  print(`round robin       ${number(plain)} ${unit}`)
  print(`ratio                  ${ratio.toFixed(3)} (${spread}) ${verdict}`)
  print(`round robin twice      ${noise.toFixed(3)}\n`)
}

/**
 * Throughput is bound by the CPU time of a request, so the limit holds for what that allows; how
 * many requests there were is told beside it.
 * @param {Awaited<ReturnType<typeof import('./throughput.mjs').throughput>>} result
 * @param {number} pairs @param {number} limit
 * @returns {boolean} whether it is kept
 */
export const printThroughput = ({ rate, cpu }, pairs, limit) => {
  const machine = `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}`
  print(`Throughput, 2 servers, ${pairs} pairs (${machine})\n`)
  const isKept = 1 / cpu.ratio >= limit
  compared('requests/s', rate, '')
  const most = 1 / limit
  compared(
    'ns of nginx a request',
    { ...cpu, pinned: cpu.pinned * 1_000, plain: cpu.plain * 1_000 },
    `${isKept ? 'ok' : 'OVER'} (limit ${most.toFixed(3)})`,
  )
  return isKept
}
