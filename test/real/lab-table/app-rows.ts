import { readFileSync } from 'node:fs'
import { usedStores } from '../../../src/core/lab/stores.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { pairSpec } from '../support/lab.ts'
import { findServer, type Missing, type Server } from '../support/servers.ts'
import type { Row } from './table.ts'

const runtimes = {
  php: { title: 'PHP', version: '8.2', option: 'php' },
  django: { title: 'Django', version: '4.2', option: 'python' },
} as const
type Runtime = keyof typeof runtimes

const stores = {
  redis: { title: 'Redis', version: '7.0' },
  memcached: { title: 'memcached', version: '1.6' },
} as const

const isStore = (kind: string): kind is keyof typeof stores => kind in stores
const versionOf = (found: Server | Missing): string => ('version' in found ? found.version : '')

type Rest = Pick<Row, 'expected'> & Partial<Pick<Row, 'requests'>>

const rowOf = (name: string, runtime: Runtime, spec: string, rest: Rest): Row => {
  const { cluster, diagnostics } = resolveSpec(readSpec(name, new TextEncoder().encode(spec)), {})
  const [target] = cluster?.targets ?? []
  if (cluster === null || target?.dialect !== 'nginx') throw new Error(JSON.stringify(diagnostics))
  const { title, version, option } = runtimes[runtime]
  const app = findServer(runtime, version)
  const nginx = findServer('nginx', target.version.parts.slice(0, 2).join('.'))
  const [kind = 'none'] = usedStores(cluster).map((store) => store.kind)
  const store = isStore(kind) ? findServer(kind, stores[kind].version) : null
  const behind = isStore(kind) && store !== null ? `${stores[kind].title} ${versionOf(store)}` : ''
  const before = `nginx ${versionOf(nginx)}, 2 × ${title} ${versionOf(app)}`
  return {
    name,
    spec,
    needs: { nginx, [option]: app, ...(store === null ? {} : { [kind]: store }) },
    about: behind === '' ? before : new RegExp(`^${before}, (?:\\d × )?${behind}$`),
    ...rest,
  }
}

/** An example as it is, but that its balancer soon gives a server another chance. */
export const exampleRow = (example: string, runtime: Runtime, rest: Rest): Row => {
  const file = new URL(`../../../fixtures/specs/${example}.yaml`, import.meta.url)
  const spec = readFileSync(file, 'utf8').replaceAll(
    /(web\d\d): ("[^"]*")/g,
    '$1: { address: $2, failTimeout: 1s }',
  )
  return rowOf(example, runtime, spec, rest)
}

interface Pair extends Rest {
  /** Of the spec, such as `{ store: files, directory: /srv/sessions }`. */
  readonly sessions: string
  /** The one below `stores`. */
  readonly store?: string
}

/** Two servers that a cookie of nginx's own pins sessions to. */
export const pairRow = (name: string, runtime: Runtime, pair: Pair): Row => {
  const { sessions, store, ...rest } = pair
  const { version } = runtimes[runtime]
  const spec = pairSpec({
    target: 'nginx: { version: "1.30.6" }',
    affinity: '{ method: sticky, by: cookie, cookie: srv_id }',
    app: `{ runtime: ${runtime}, version: "${version}", sessions: ${sessions} }`,
    ...(store === undefined ? {} : { stores: `{ store: ${store} }` }),
  })
  return rowOf(name, runtime, spec, rest)
}

/** Any server continues a session of another one, also after that one is killed. */
export const shared = { sticky: { kept: 1, answered: 1 }, kill: { kept: 1 } }
/** The same, and a client stays where it was. */
export const pinned = { ...shared, sticky: { sticky: 1, kept: 1, answered: 1 } }
export const outlives = { store: { kept: 1 } }
export const forgets = { store: { kept: 0 } }
/** Of the requests of one browser, each waits for the one before: no count is written over another. */
export const inTurn = { parallel: { counted: 1, answered: 1 } }
