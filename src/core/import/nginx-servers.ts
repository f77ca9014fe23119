import { durationOf, type Line } from './affinity.ts'
import type { ServerDraft, Values } from './draft.ts'

const countOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,7}$/.test(text) ? Number(text) : undefined

const states = ['down', 'drain', 'backup'] as const

const routeNames = ['srun_id', 'route', 'sid', 'id'] as const

/** `host`, `host:port`, `[v6]` or `unix:/path` as the spec writes it: with a port; a word of a template as it is. */
const completed = (address: string): string =>
  /^unix:|:\d+$|[{<]/.test(address) ? address : `${address}:80`

const hostAndPort = (address: string): Pick<ServerDraft, 'host' | 'port'> => {
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? []
  return address.startsWith('unix:') || host === undefined
    ? { host: null, port: null }
    : { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

/**
 * What the spec can say about a server. Other parameters stay in the file: sessctl changes none that
 * the spec does not set.
 */
const valuesOf = (given: ReadonlyMap<string, string>, isSessionSticky: boolean): Values => {
  const failTimeout = given.get('fail_timeout')
  const state = states.find((each) => given.has(each))
  // session_sticky gives a server that is down the requests of its sessions.
  const meant = state === 'down' && isSessionSticky ? 'drain' : state
  const weight = countOf(given.get('weight'))
  const values = {
    resolve: given.has('resolve') || undefined,
    weight: weight === 1 ? undefined : weight,
    maxFails: countOf(given.get('max_fails')),
    failTimeout: failTimeout === undefined ? undefined : (durationOf(failTimeout) ?? undefined),
    maxConns: countOf(given.get('max_conns')),
    maxBusy: countOf(given.get('max_busy')),
    state: meant,
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/**
 * A `server` directive.
 * @param routes of `srun_id ROUTE ADDRESS;`, by address.
 */
export const serverOf = (
  { args }: Line,
  routes: ReadonlyMap<string, string>,
  isSessionSticky: boolean,
): ServerDraft => {
  const [written = '', ...parameters] = args
  const given = new Map(
    parameters.map((parameter) => {
      const at = parameter.indexOf('=')
      return at === -1
        ? ([parameter, ''] as const)
        : ([parameter.slice(0, at), parameter.slice(at + 1)] as const)
    }),
  )
  const address = completed(written)
  const named = routeNames.find((name) => (given.get(name) ?? '') !== '')
  const route = (named === undefined ? null : given.get(named)) ?? routes.get(address) ?? null
  // All addresses of a name would have its route.
  const isOneOfMany = given.has('resolve') && route !== null
  return {
    name: null,
    address,
    ...hostAndPort(address),
    route,
    values: { ...valuesOf(given, isSessionSticky), ...(isOneOfMany ? { maxAddresses: 1 } : {}) },
  }
}

/** The routes of `srun_id ROUTE ADDRESS;`. */
export const separateRoutes = (lines: readonly Line[]): ReadonlyMap<string, string> =>
  new Map(
    lines.flatMap(({ name, args: [route, address] }) =>
      name === 'srun_id' && route !== undefined && address !== undefined
        ? [[completed(address), route] as const]
        : [],
    ),
  )
