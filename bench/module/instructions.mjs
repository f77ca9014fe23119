import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drive } from './client.mjs'
import { backendConfig, cookieOf, proxyConfig } from './config.mjs'
import { freePort, inFolder, withNginx } from './process.mjs'

const few = 200
const many = 1_200

/**
 * Instructions of one request in the steady state: what 1,200 requests take more than 200, over
 * 1,000. One worker, one client's connection, keepalive to the backend.
 * @param {{ command: string, valgrind: string }} nginx
 * @param {import('./config.mjs').Kind} kind
 * @param {number} servers
 */
export const instructionsPerRequest = (nginx, kind, servers) =>
  inFolder(async (dir) => {
    const [port, backend] = [await freePort(), await freePort()]
    const counted = async (/** @type {number} */ requests) => {
      const out = join(dir, `callgrind.${requests}`)
      const callgrind = [nginx.valgrind, '--tool=callgrind', `--callgrind-out-file=${out}`]
      const config = proxyConfig(dir, {
        ports: { [kind]: port },
        servers,
        backend,
        main: 'master_process off;',
      })
      const what = {
        argv: [...callgrind, nginx.command],
        dir,
        name: 'proxy',
        config,
        ports: [port],
      }
      await withNginx(what, () =>
        drive({ port, width: 1, cookie: cookieOf(servers), isDone: (count) => count === requests }),
      )
      return totalOf(out)
    }
    const config = backendConfig(dir, backend, servers)
    const what = { argv: [nginx.command], dir, name: 'backend', config, ports: [backend] }
    return withNginx(
      what,
      async () => ((await counted(many)) - (await counted(few))) / (many - few),
    )
  })

/** All instructions of a run. @param {string} file of callgrind */
const totalOf = (file) => {
  const total = /^(?:summary|totals): (\d+)/m.exec(readFileSync(file, 'utf8'))?.[1]
  if (total === undefined) throw new Error(`${file} has no total: nginx was not ended in peace`)
  return Number(total)
}
