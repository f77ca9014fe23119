import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { notFollowed } from '../../fields.ts'
import type { Cluster, Location, Upstream } from '../../model/cluster.ts'
import type { PathMapping } from '../../model/path-mapping.ts'
import { cookiePaths, type Replacement, redirectPaths, requestedPrefix } from '../path-mapping.ts'
import type { MapView } from './affinity/implementation.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import type { HeaderView } from './forwarded-headers.ts'
import type { Names } from './names.ts'

/**
 * The rest of the request target, as the client sent it, for the locations of a prefix. nginx would decode
 * and encode the path if `proxy_pass` replaced the prefix itself, so that `%2F` became a slash.
 */
export interface RestOfTargets {
  readonly maps: readonly MapView[]
  /** The variable, by the prefix. */
  readonly byPrefix: ReadonlyMap<string, string>
}

export const restOfTargets = ({ frontends }: Cluster, names: Names): RestOfTargets => {
  const maps: MapView[] = []
  const byPrefix = new Map<string, string>()
  for (const { mapping } of frontends.flatMap(({ locations }) => locations)) {
    if (mapping === null || byPrefix.has(mapping.from)) continue
    const variable = names.variable(`below${mapping.from}`)
    const key = `~${requestedPrefix(mapping)}(?<sessctl_rest>.*)$`
    maps.push({ source: '$request_uri', variable, entries: [{ key, value: '$sessctl_rest' }] })
    byPrefix.set(mapping.from, variable)
  }
  return { maps, byPrefix }
}

/** Arguments of a directive such as `proxy_redirect`. */
interface ChangeView {
  readonly from: string
  readonly to: string
}

export interface MappingView {
  readonly redirects: readonly ChangeView[]
  readonly cookies: readonly ChangeView[]
  /** nginx does not put its own scheme and port before a path that it changed. */
  readonly isRelative: boolean
}

const changeOf = ({ expression, prefix }: Replacement): ChangeView => ({
  from: `~^${expression}$`,
  to: `${prefix}$1`,
})

const urlsOf = (host: string, { from, to }: PathMapping): readonly ChangeView[] =>
  ['http', 'https'].map((scheme) => ({
    from: `${scheme}://${host}${to}`,
    to: `${scheme}://${host}${from}`,
  }))

/** A location with `upstreamPath`. */
export interface Mapped {
  /** What follows the upstream in proxy_pass. */
  readonly target: string
  readonly view: MappingView
}

/** @param headers of the proxied request: an application makes URLs with the Host header that it gets. */
export const mappedOf = (
  { mapping }: Location,
  headers: readonly HeaderView[],
  { byPrefix }: RestOfTargets,
  { hasRelativeRedirects }: Features,
): Mapped | null => {
  const rest = mapping === null ? undefined : byPrefix.get(mapping.from)
  if (mapping === null || rest === undefined) return null
  const host = headers.find(({ name }) => name.toLowerCase() === 'host')?.value
  return {
    target: `${mapping.to}${rest}`,
    view: {
      redirects: [
        ...redirectPaths(mapping).map(changeOf),
        ...(host === undefined ? [] : urlsOf(host, mapping)),
      ],
      cookies: cookiePaths(mapping).map(changeOf),
      isRelative: hasRelativeRedirects,
    },
  }
}

/** `health_check` of NGINX Plus needs a location whose proxy_pass has no variable. */
const checkHealth = (mapped: ReadonlySet<Upstream>, findings: Findings): void => {
  for (const { check, name } of mapped)
    if (check !== null)
      report(
        findings,
        'nginx-check-passive',
        atKey(check.path),
        `"health_check" does not work in locations with "upstreamPath", and "${name}" has no other location: "proxy_pass" has a variable there`,
        'add a location without "upstreamPath" for this upstream',
      )
}

export const checkMappings = (
  { frontends }: Cluster,
  { flavor, hasRelativeRedirects, label }: Features,
  findings: Findings,
): void => {
  const mapped = new Set<Upstream>()
  const unmapped = new Set<Upstream>()
  for (const { action, mapping, path } of frontends.flatMap(({ locations }) => locations)) {
    if (action.kind !== 'proxy') continue
    const known = mapping === null ? unmapped : mapped
    known.add(action.upstream)
    if (mapping !== null && !hasRelativeRedirects)
      notFollowed(
        findings,
        [...path, 'upstreamPath'],
        label,
        'redirects get the scheme, host name and port of nginx',
        'use nginx 1.11.8 or newer',
      )
  }
  if (flavor === 'nginx-plus')
    checkHealth(new Set([...mapped].filter((each) => !unmapped.has(each))), findings)
}
