import type { Base } from '../dialects/nginx/base/open.ts'
import type { Values } from './draft.ts'

interface MapEntry {
  readonly key: string
  readonly value: string
}

interface FoundMap {
  readonly source: string
  readonly entries: readonly MapEntry[]
}

/** The `map` blocks of a configuration, by their variables. */
export type Maps = ReadonlyMap<string, FoundMap>

export const mapsOf = (base: Base): Maps =>
  new Map(
    base.statements.flatMap((one) => {
      const { args, block, name } = one.directive
      const [source, variable] = args
      if (name !== 'map' || block === null || source === undefined || variable === undefined)
        return []
      const entries = base
        .childrenOf(one.directive)
        .map(({ directive }) => ({ key: directive.name, value: directive.args[0] ?? '' }))
      return [[variable, { source, entries }] as const]
    }),
  )

/** The maps that a variable is made from, itself first. */
const chainOf = (variable: string, maps: Maps): readonly FoundMap[] => {
  const found = new Map<string, FoundMap>()
  const left = [variable]
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const map = maps.get(name)
    if (map === undefined || found.has(name)) continue
    found.set(name, map)
    left.push(map.source, ...map.entries.map(({ value }) => value))
  }
  return [...found.values()]
}

/** The name of a parameter in an expression such as `[;?&](?i:jsessionid)=`. */
const parameterIn = ({ source, entries }: FoundMap): string | null => {
  if (source !== '$request_uri') return null
  const [first] = entries.flatMap(
    ({ key }) => /\[;\?&\](?:\(\?i:)?([\w.\\-]+)\)?=/.exec(key)?.[1] ?? [],
  )
  return first?.replaceAll('\\', '') ?? null
}

/** The cookie that a map reads: its variable, or an expression over all cookies. */
const cookieIn = ({ source, entries }: FoundMap): string | null => {
  const [, name] = /^\$cookie_(\w+)$/.exec(source) ?? []
  if (name !== undefined) return name
  if (source !== '$http_cookie') return null
  const [first] = entries.flatMap(({ key }) => /\(\?i:([\w.\\-]+)\)=/.exec(key)?.[1] ?? [])
  return first?.replaceAll('\\', '') ?? null
}

/** The route in a session id that maps extract as those of sessctl do; null: they are others. */
export const jvmRouteOf = (variable: string, maps: Maps): Values | null => {
  const chain = chainOf(variable, maps)
  const [cookie] = chain.flatMap((map) => cookieIn(map) ?? [])
  const [url] = chain.flatMap((map) => parameterIn(map) ?? [])
  if (cookie === undefined || url === undefined) return null
  const isAtEnd = chain.some(({ entries }) => entries.some(({ key }) => /\\\.\(\?</.test(key)))
  return { method: 'jvm_route', cookie, url, ...(isAtEnd ? {} : { reverse: false }) }
}

/** The variables of which maps use the first that is not empty. */
const variablesOf = (variable: string, maps: Maps): readonly string[] => {
  const names: string[] = []
  let name: string | undefined = variable
  for (let count = 0; count < maps.size + 1 && name !== undefined; count++) {
    const map: FoundMap | undefined = maps.get(name)
    const next = map?.entries.find(({ key }) => key === '')?.value
    const isChain = map !== undefined && next !== undefined
    names.push(isChain ? map.source : name)
    name = isChain ? next : undefined
  }
  return names
}

/** A map that turns the route of a request into an upstream block. */
export interface Pool {
  /** The block for requests without a route. */
  readonly all: string
  readonly pinned: readonly { readonly route: string; readonly block: string }[]
  /** Routes that the maps know and that have no block of their own: of backups. */
  readonly others: readonly string[]
  readonly affinity: Values
}

/** The routes of an expression such as `(?<sessctl_route>a|b)`. */
const routesIn = ({ entries }: FoundMap): readonly string[] =>
  entries.flatMap(({ key }) => /\(\?<\w+>([A-Za-z0-9_|-]+)\)/.exec(key)?.[1]?.split('|') ?? [])

/** @param blocks the names of the upstream blocks. */
export const poolsOf = (maps: Maps, blocks: ReadonlySet<string>): readonly Pool[] =>
  [...maps.values()].flatMap(({ entries, source }) => {
    const all = entries.find(({ key }) => key === 'default')?.value
    const pinned = entries.flatMap(({ key, value }) => {
      const route = /^~\^([A-Za-z0-9_-]+)\$$/.exec(key)?.[1]
      return route === undefined ? [] : [{ route, block: value }]
    })
    const isPool =
      all !== undefined &&
      pinned.length > 0 &&
      pinned.length === entries.length - 1 &&
      [all, ...pinned.map(({ block }) => block)].every((block) => blocks.has(block))
    if (!isPool) return []
    const affinity = jvmRouteOf(source, maps) ?? {
      method: 'sticky',
      by: 'route',
      from: variablesOf(source, maps),
    }
    const own = new Set(pinned.map(({ route }) => route))
    const known = new Set(chainOf(source, maps).flatMap(routesIn))
    const others = [...known].filter((route) => !own.has(route))
    return [{ all, pinned, others, affinity: { ...affinity, via: 'maps' } }]
  })
