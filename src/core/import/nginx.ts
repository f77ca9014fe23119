import type { NginxStatement } from '../config/nginx/files.ts'
import type { Findings } from '../diagnostics/findings.ts'
import { type Base, openBase } from '../dialects/nginx/base/open.ts'
import { affinityOf, balanceOf, noNeeds } from './affinity.ts'
import { directPasses } from './direct-passes.ts'
import type { ReadUpstreams, UpstreamDraft, Values } from './draft.ts'
import { separateRoutes, serverOf } from './nginx-servers.ts'
import { withPools } from './pooled.ts'
import { jvmRouteOf, type Maps, mapsOf, poolsOf } from './session-maps.ts'
import type { NginxSource } from './sources.ts'
import { useridOf } from './userid.ts'

/** Balancing methods that no field of the spec means: they stay in the file. */
const foreignMethods =
  /^(?:least_time|fair|consistent_hash|chash|url_hash|ewma|balancer_by_lua_\w+)$/

const passed = /^(?:(\w+):\/\/)?([^/:$]+)/

/** The protocols of the directives that pass requests, by the names of the upstreams in lower case. */
const protocolsOf = (base: Base): ReadonlyMap<string, Values> => {
  const protocols = new Map<string, Values>()
  for (const { directive } of base.statements) {
    const [, kind] = /^(proxy|fastcgi|uwsgi)_pass$/.exec(directive.name) ?? []
    if (kind === undefined) continue
    const [, scheme, name = ''] = passed.exec(directive.args[0] ?? '') ?? []
    const key = name.toLowerCase()
    if (protocols.has(key)) continue
    const https = scheme === 'https' ? { protocol: 'https', tls: { verify: false } } : {}
    protocols.set(key, kind === 'proxy' ? https : { protocol: kind })
  }
  return protocols
}

const sizePattern = /^(?:[1-9]\d{0,8}|[1-9]\d{0,5}[kK]|[1-9]\d{0,3}[mM])$/

const settingsOf = (children: readonly NginxStatement[]): Values => {
  const argsOf = (name: string): readonly string[] =>
    children.find(({ directive }) => directive.name === name)?.directive.args ?? []
  const [, size] = argsOf('zone')
  const [keepalive] = argsOf('keepalive')
  return {
    ...(size !== undefined && sizePattern.test(size) ? { zone: size } : {}),
    ...(keepalive !== undefined && /^\d{1,5}$/.test(keepalive)
      ? { keepalive: Number(keepalive) }
      : {}),
  }
}

const remarksOf = (base: Base, children: readonly NginxStatement[]): readonly string[] =>
  children.flatMap(({ path, directive }) => {
    if (!foreignMethods.test(directive.name)) return []
    const at = base.at(path, directive.start)
    const line = at.kind === 'file' ? at.line : null
    return [`"${directive.name}" in line ${line ?? '?'} is kept: the spec has no such method`]
  })

const upstreamOf = (
  base: Base,
  block: NginxStatement,
  protocols: ReadonlyMap<string, Values>,
): UpstreamDraft => {
  const children = base.childrenOf(block.directive)
  const lines = children.map(({ directive: { name, args } }) => ({ name, args }))
  const servers = lines.filter(({ name }) => name === 'server')
  const found = affinityOf(lines, servers)
  const balance = balanceOf(lines, found?.affinity ?? null)
  const hasCheck = lines.some(({ name }) => name === 'check')
  const needs = found?.needs ?? noNeeds
  const name = block.directive.args[0] ?? ''
  const isSessionSticky = lines.some((line) => line.name === 'session_sticky')
  const routes = separateRoutes(lines)
  return {
    name,
    at: base.at(block.path, block.directive.start),
    values: {
      ...(balance === null ? {} : { balance }),
      ...(found === null ? {} : { affinity: found.affinity }),
      ...settingsOf(children),
      ...protocols.get(name.toLowerCase()),
    },
    servers: servers.map((server) => serverOf(server, routes, isSessionSticky)),
    needs: {
      ...needs,
      modules: hasCheck ? [...needs.modules, 'upstream_check'] : needs.modules,
    },
    remarks: remarksOf(base, children),
    alternatives: [],
  }
}

/** `hash` by the cookie that `userid` sets in the locations. */
const withUserid = (base: Base, upstream: UpstreamDraft): UpstreamDraft => {
  const affinity = useridOf(base, upstream.values['affinity'])
  return affinity === null
    ? upstream
    : { ...upstream, values: { ...upstream.values, affinity }, alternatives: [upstream] }
}

const strictIn = (affinity: unknown): Values =>
  typeof affinity === 'object' && affinity !== null && 'onFailure' in affinity
    ? { onFailure: affinity.onFailure }
    : {}

/** `sticky route` with a route that maps take from the session id. */
const withSessionRoute = (upstream: UpstreamDraft, maps: Maps): UpstreamDraft => {
  const { affinity } = upstream.values
  const isByRoute = typeof affinity === 'object' && affinity !== null && 'from' in affinity
  const from: unknown = isByRoute ? affinity.from : null
  const [variable, ...others]: readonly unknown[] = Array.isArray(from) ? from : []
  const session =
    typeof variable === 'string' && others.length === 0 ? jvmRouteOf(variable, maps) : null
  if (session === null) return upstream
  return {
    ...upstream,
    values: { ...upstream.values, affinity: { ...session, ...strictIn(affinity), via: 'native' } },
    alternatives: [upstream],
  }
}

/** The upstream blocks of a configuration; null if it cannot be imported, which is reported. */
export const readUpstreams = (
  { config, file }: NginxSource,
  findings: Findings,
): ReadUpstreams | null => {
  const base = openBase(file, config, findings)
  if (base === null) return null
  const blocks = base.statements.filter(
    (one) =>
      base.isInHttp(one) &&
      one.directive.name === 'upstream' &&
      one.directive.block !== null &&
      one.directive.args.length === 1,
  )
  const leftOut = directPasses(base)
  if (blocks.length > 0) {
    const maps = mapsOf(base)
    const protocols = protocolsOf(base)
    const upstreams = blocks
      .map((block) => withSessionRoute(upstreamOf(base, block, protocols), maps))
      .map((upstream) => withUserid(base, upstream))
    const pools = poolsOf(maps, new Set(upstreams.map(({ name }) => name)))
    return { upstreams: withPools(upstreams, pools), leftOut }
  }
  const message = 'this configuration has no upstream block'
  const nothing = { upstream: null, at: base.at(base.files.main, 0), message, help: null }
  return { upstreams: [], leftOut: leftOut.length === 0 ? [nothing] : leftOut }
}
