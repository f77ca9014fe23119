import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drive } from './client.mjs'
import { answeringConfig, passingConfig } from './config.mjs'
import { cookiesOf, upstreamOf } from './methods.mjs'
import { freePort, inFolder, withNginx } from './process.mjs'

/**
 * @typedef {object} Measured
 * @property {keyof typeof import('./methods.mjs').methods} method
 * @property {import('./methods.mjs').Affinity} affinity
 * @property {'pinned' | 'mixed'} traffic
 * @property {number} servers
 */

/** The two runs whose difference is taken: many servers make a request long, and need fewer of them. */
const runsOf = (/** @type {number} */ servers) => (servers > 2_000 ? [100, 300] : [200, 1_200])

/**
 * Instructions of one request in the steady state: what the longer run takes more than the shorter
 * one, over the difference. One worker, one client's connection, keepalive to the backend.
 * @param {{ command: string, valgrind: string, main?: string }} nginx `main`: of its configuration
 * @param {Measured} what
 */
export const instructionsPerRequest = (nginx, { method, affinity, traffic, servers }) =>
  inFolder(async (dir) => {
    const [port, backend] = [await freePort(), await freePort()]
    const [few = 0, many = 0] = runsOf(servers)
    const upstream = upstreamOf({ method, affinity, servers, backend })
    const config = passingConfig(dir, { port, upstream, main: nginx.main ?? '' })
    const cookies = cookiesOf(traffic, servers)
    const counted = async (/** @type {number} */ requests) => {
      const out = join(dir, `callgrind.${requests}`)
      const callgrind = [nginx.valgrind, '--tool=callgrind', `--callgrind-out-file=${out}`]
      const argv = [...callgrind, nginx.command]
      await withNginx({ argv, dir, name: 'proxy', config, ports: [port] }, () =>
        drive({ port, width: 1, cookies, isDone: (count) => count === requests }),
      )
      return totalOf(out)
    }
    const answering = answeringConfig(dir, backend)
    const what = {
      argv: [nginx.command],
      dir,
      name: 'backend',
      config: answering,
      ports: [backend],
    }
    return withNginx(
      what,
      async () => ((await counted(many)) - (await counted(few))) / (many - few),
    )
  })

/** All instructions of a run. @param {string} file of callgrind */
export const totalOf = (file) => {
  const total = /^(?:summary|totals): (\d+)/m.exec(readFileSync(file, 'utf8'))?.[1]
  if (total === undefined) throw new Error(`${file} has no total: nginx was not ended in peace`)
  return Number(total)
}
