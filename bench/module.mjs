// What the jvm_route module costs: instructions of a pinned request with more and more servers, and
// throughput beside plain round robin.
import { parseArgs } from 'node:util'
import { benchedRelease, optimised } from './module/build.mjs'
import { instructionsPerRequest } from './module/instructions.mjs'
import { printInstructions, printThroughput } from './module/tables.mjs'
import { throughput } from './module/throughput.mjs'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '30' },
    release: { type: 'string', default: benchedRelease },
  },
})
const pairs = Number(values.pairs)
if (!Number.isInteger(pairs) || pairs < 4) throw new Error('--pairs takes a number from 4 on')

const nginx = await optimised(values.release)
const counts = [2, 10, 1_000, 10_000]

/** Of the module, from 10 to 10,000 servers; and of a pinned request against a balanced one. */
const limits = { growth: 1.1, throughput: 0.98 }

const rows = []
for (const servers of counts) {
  rows.push({
    servers,
    pinned: await instructionsPerRequest(nginx, 'pinned', servers),
    plain: await instructionsPerRequest(nginx, 'plain', servers),
  })
}
const isFlat = printInstructions(nginx.version, rows, limits.growth)
const isFast = printThroughput(await throughput(nginx, pairs), pairs, limits.throughput)
if (!isFlat || !isFast) process.exitCode = 1
