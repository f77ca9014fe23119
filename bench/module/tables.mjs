import { cpus } from 'node:os'

const number = (/** @type {number} */ value) => Math.round(value).toLocaleString('en').padStart(10)
const print = (/** @type {string} */ text) => process.stdout.write(`${text}\n`)

/**
 * @param {string} version of nginx
 * @param {readonly { servers: number, pinned: number, plain: number }[]} rows
 * @param {number} limit of the growth from 10 to the most servers
 * @returns {boolean} whether it is kept
 */
export const printInstructions = (version, rows, limit) => {
  print(`Instructions a request (callgrind), nginx ${version} -O2, keepalive, one worker\n`)
  print('   servers    jvm_route, pinned    round robin    pinned / round robin')
  for (const { servers, pinned, plain } of rows) {
    const ratio = (pinned / plain).toFixed(3).padStart(12)
    print(`${number(servers)}           ${number(pinned)}     ${number(plain)}    ${ratio}`)
  }
  const of = (/** @type {number} */ servers) => rows.find((row) => row.servers === servers)?.pinned
  const growth = (of(10_000) ?? Number.NaN) / (of(10) ?? Number.NaN)
  const isKept = growth <= limit
  print(`\n10,000 / 10 servers: ${growth.toFixed(3)} ${isKept ? 'ok' : 'OVER'} (limit ${limit})\n`)
  return isKept
}

/**
 * @param {Awaited<ReturnType<typeof import('./throughput.mjs').throughput>>} result
 * @param {number} pairs @param {number} limit
 * @returns {boolean} whether it is kept
 */
export const printThroughput = ({ pinned, plain, ratio, quartiles, noise }, pairs, limit) => {
  const machine = `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}`
  print(`Throughput, 2 servers, ${pairs} pairs (${machine})\n`)
  print(`jvm_route, pinned ${number(pinned)} requests/s`)
  print(`round robin       ${number(plain)} requests/s`)
  const isKept = ratio >= limit
  const spread = quartiles.map((each) => each.toFixed(3)).join('..')
  print(
    `ratio             ${ratio.toFixed(3)} (${spread}) ${isKept ? 'ok' : 'UNDER'} (limit ${limit})`,
  )
  print(`round robin twice ${noise.toFixed(3)}`)
  return isKept
}
