import { median } from '../paired.mjs'
import { drive } from './client.mjs'
import { backendConfig, cookieOf, proxyConfig } from './config.mjs'
import { freePort, inFolder, withNginx } from './process.mjs'

const turn = 500
const width = 16

/**
 * One nginx with two upstreams of two servers each, asked in turn; which one goes first alternates.
 * A third one, round robin again, says how much two that are the same differ.
 * @param {{ command: string }} nginx @param {number} pairs
 * @returns {Promise<{ pinned: number, plain: number, ratio: number, quartiles: [number, number], noise: number }>}
 */
export const throughput = (nginx, pairs) =>
  inFolder(async (dir) => {
    const [pinned, plain, backend] = [await freePort(), await freePort(), await freePort()]
    const config = proxyConfig(dir, {
      ports: { pinned, plain },
      servers: 2,
      backend,
      main: 'master_process off;',
    })
    const proxy = { argv: [nginx.command], dir, name: 'proxy', config, ports: [pinned, plain] }
    const stub = {
      ...proxy,
      name: 'backend',
      config: backendConfig(dir, backend, 2),
      ports: [backend],
    }
    return withNginx(stub, () => withNginx(proxy, () => measure({ pinned, plain }, pairs)))
  })

/** Requests a second. @param {number} port */
const rate = async (port) => {
  const start = performance.now()
  const isDone = () => performance.now() - start > turn
  const answers = await drive({ port, width, cookie: cookieOf(2), isDone })
  return (answers / (performance.now() - start)) * 1000
}

/** @param {{ pinned: number, plain: number }} ports @param {number} pairs */
const measure = async ({ pinned, plain }, pairs) => {
  for (const port of [pinned, plain]) await rate(port)
  const rates = []
  for (let index = 0; index < pairs; index++) {
    const order = index % 2 === 0 ? [pinned, plain, plain] : [plain, plain, pinned]
    const [first, second, third] = [
      await rate(order[0]),
      await rate(order[1]),
      await rate(order[2]),
    ]
    const pair = index % 2 === 0 ? [first, second, third] : [third, second, first]
    rates.push({ pinned: pair[0], plain: pair[1], again: pair[2] })
  }
  const ratios = rates.map((each) => each.pinned / each.plain).toSorted((a, b) => a - b)
  return {
    pinned: median(rates.map((each) => each.pinned)),
    plain: median(rates.map((each) => each.plain)),
    ratio: median(ratios),
    quartiles: [ratios[Math.floor(pairs / 4)], ratios[Math.floor((3 * pairs) / 4)]],
    noise: median(rates.map((each) => each.again / each.plain)),
  }
}
