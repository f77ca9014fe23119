import { instructionsPerRequest } from './instructions.mjs'
import { traffics } from './methods.mjs'

const print = (/** @type {string} */ text) => process.stdout.write(`${text}\n`)
const number = (/** @type {number} */ value) => Math.round(value).toLocaleString('en').padStart(9)
const ratio = (/** @type {number} */ value) => value.toFixed(3).padStart(7)

/** @typedef {keyof typeof import('./methods.mjs').methods} Method */

/** Two upstreams of one method can differ by this much of their own accord: `random` is random. */
const noise = 0.003

/**
 * Measures and prints a row for each method, count of servers and kind of requests; returns whether
 * all limits are kept.
 * @param {Awaited<ReturnType<typeof import('./build.mjs').optimised>>} nginx
 * @param {{ asked: readonly Method[], counts: readonly number[], isSticky: boolean,
 *   limits: { over: number, fewest: number, growth: number, sticky: number } }} what
 */
export const costs = async (nginx, { asked, counts, isSticky, limits }) => {
  print(`Instructions a request (callgrind), nginx ${nginx.version} -O2, keepalive, one worker\n`)
  const columns = ' nginx alone  jvm_route    ratio'
  print(`method           servers  requests${columns}${isSticky ? '     sticky    ratio' : ''}`)
  let isKept = true
  const check = (/** @type {boolean} */ isWithin) => {
    if (!isWithin) isKept = false
    return isWithin ? '' : '  OVER'
  }
  for (const method of asked) {
    /** @type {Map<number, number>} */
    const pinned = new Map()
    for (const servers of counts) {
      for (const traffic of traffics) {
        const measure = (/** @type {import('./methods.mjs').Affinity} */ affinity) =>
          instructionsPerRequest(nginx, { method, affinity, traffic, servers })
        const [alone, own] = [await measure('plain'), await measure('jvm_route')]
        if (traffic === 'pinned') pinned.set(servers, own)
        const isFewest = method === 'round robin' && servers === 2 && traffic === 'pinned'
        const limit = isFewest ? limits.fewest : limits.over
        const what = `${method.padEnd(15)} ${String(servers).padStart(8)}  ${traffic.padEnd(8)}`
        let line = `${what}   ${number(alone)}  ${number(own)}  ${ratio(own / alone)}`
        line += check(own / alone <= limit + noise)
        if (isSticky) {
          const sticky = await measure('sticky')
          line += `  ${number(sticky)}  ${ratio(own / sticky)}`
          line += check(own / sticky <= limits.sticky + noise)
        }
        print(line)
      }
    }
    const growth = (pinned.get(10_000) ?? Number.NaN) / (pinned.get(10) ?? Number.NaN)
    // Only round robin sets nothing up for a request that grows with the servers.
    if (method === 'round robin' && !Number.isNaN(growth)) {
      print(`  pinned, 10,000 / 10 servers: ${ratio(growth)}${check(growth <= limits.growth)}`)
    }
  }
  print(`\nlimits: ${JSON.stringify(limits)}: ${isKept ? 'ok' : 'OVER'}\n`)
  return isKept
}
