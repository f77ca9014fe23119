// What the jvm_route module costs over each balancing method: instructions of pinned and of mixed
// requests with more and more servers, and CPU time beside plain round robin.
import { parseArgs } from 'node:util'
import { benchedRelease, hasSticky, optimised } from './module/build.mjs'
import { costs } from './module/costs.mjs'
import { methods } from './module/methods.mjs'
import { printThroughput } from './module/tables.mjs'
import { throughput } from './module/throughput.mjs'

const names = /** @type {(keyof typeof methods)[]} */ (Object.keys(methods))

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '30' },
    release: { type: 'string', default: benchedRelease },
    servers: { type: 'string', default: '2,10,1000,10000' },
    method: { type: 'string', multiple: true, default: names },
  },
})
const pairs = Number(values.pairs)
if (!Number.isInteger(pairs) || (pairs !== 0 && pairs < 4)) {
  throw new Error('--pairs takes a number from 4 on, or 0 for none')
}
const counts = values.servers.split(',').map(Number)
const asked = names.filter((name) => values.method.includes(name))
if (asked.length !== values.method.length) throw new Error(`--method is one of ${names.join(', ')}`)

const nginx = await optimised(values.release)

/**
 * Over nginx alone: of any method, and of round robin with two servers; from 10 to 10,000 servers;
 * and of nginx's own `sticky` where it has that.
 */
const limits = { over: 1.1, fewest: 1.03, growth: 1.1, sticky: 1, throughput: 0.98 }

const areCheap = await costs(nginx, { asked, counts, limits, isSticky: hasSticky(nginx.version) })
const isFast =
  pairs === 0 || printThroughput(await throughput(nginx, pairs), pairs, limits.throughput)
if (!areCheap || !isFast) process.exitCode = 1
