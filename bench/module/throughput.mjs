import { readFileSync } from 'node:fs'
import { median } from '../paired.mjs'
import { drive } from './client.mjs'
import { answeringConfig, pairedConfig } from './config.mjs'
import { cookiesOf } from './methods.mjs'
import { freePort, inFolder, withNginx } from './process.mjs'

const turn = 2_000
const width = 16

/**
 * @typedef {object} Compared
 * @property {number} pinned
 * @property {number} plain
 * @property {number} ratio the median of the pairs'
 * @property {[number, number]} quartiles of the ratio
 * @property {number} noise round robin beside itself
 */

/**
 * One nginx with two upstreams of two servers each, asked in turn, 2,000 requests a turn; which one
 * goes first alternates. A third one, round robin again, says how much two that are the same differ.
 * What nginx takes of the CPU for a request is hardly changed by other work of the machine.
 * @param {{ command: string }} nginx @param {number} pairs
 * @returns {Promise<{ rate: Compared, cpu: Compared }>} requests a second, microseconds a request
 */
export const throughput = (nginx, pairs) =>
  inFolder(async (dir) => {
    const [pinned, plain, backend] = [await freePort(), await freePort(), await freePort()]
    const config = pairedConfig(dir, { ports: { pinned, plain }, servers: 2, backend })
    const proxy = { argv: [nginx.command], dir, name: 'proxy', config, ports: [pinned, plain] }
    const stub = {
      ...proxy,
      name: 'backend',
      config: answeringConfig(dir, backend),
      ports: [backend],
    }
    return withNginx(stub, () => withNginx(proxy, (pid) => measure({ pinned, plain, pid }, pairs)))
  })

/** Nanoseconds that its only thread has had of the CPU. @param {number} pid */
const cpuOf = (pid) => Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[0])

/** @param {number} port @param {number} pid of nginx */
const ask = async (port, pid) => {
  const [start, used] = [performance.now(), cpuOf(pid)]
  const isDone = (/** @type {number} */ count) => count > turn - width
  const answers = await drive({ port, width, cookies: cookiesOf('pinned', 2), isDone })
  return {
    rate: (answers / (performance.now() - start)) * 1_000,
    cpu: (cpuOf(pid) - used) / answers / 1_000,
  }
}

/** @param {{ pinned: number, plain: number, pid: number }} what @param {number} pairs */
const measure = async ({ pinned, plain, pid }, pairs) => {
  for (const port of [pinned, plain]) await ask(port, pid)
  const turns = []
  for (let index = 0; index < pairs; index++) {
    const order = index % 2 === 0 ? [pinned, plain, plain] : [plain, plain, pinned]
    const seen = [await ask(order[0], pid), await ask(order[1], pid), await ask(order[2], pid)]
    turns.push(index % 2 === 0 ? seen : seen.toReversed())
  }
  return { rate: compare(turns, 'rate'), cpu: compare(turns, 'cpu') }
}

/** @returns {Compared} */
const compare = (turns, /** @type {'rate' | 'cpu'} */ what) => {
  const all = turns.map((each) => each.map((one) => one[what]))
  const ratios = all.map(([pinned, plain]) => pinned / plain).toSorted((a, b) => a - b)
  return {
    pinned: median(all.map(([pinned]) => pinned)),
    plain: median(all.map(([, plain]) => plain)),
    ratio: median(ratios),
    quartiles: [ratios[Math.floor(all.length / 4)], ratios[Math.floor((3 * all.length) / 4)]],
    noise: median(all.map(([, plain, again]) => again / plain)),
  }
}
