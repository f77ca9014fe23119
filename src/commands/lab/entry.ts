import { hasManyClientAddresses } from '../../core/lab/claims.ts'
import type { EntryPoint } from '../../core/lab/entry-point.ts'
import { sessionCookieIn } from '../../core/lab/session-cookie.ts'
import type { Upstream } from '../../core/model/cluster.ts'
import type { Endpoint } from '../../core/traffic/client.ts'
import { identificationOf } from '../../core/traffic/expectations.ts'
import type { Identification } from '../../core/traffic/identity.ts'
import type { HttpClient, TrafficWorld } from '../../ports/traffic.ts'
import type { Entry } from '../traffic/drive.ts'

export const standardTimeoutMs = 30_000

/** The applications of the lab name their server and count the requests of a session. */
const labIdentification = (upstream: Upstream): Identification => {
  const known = identificationOf(upstream)
  return {
    ...known,
    session: { ...known.session, cookie: sessionCookieIn(upstream) },
    sessionBy: { kind: 'json', name: 'session' },
    server: { kind: 'header', name: 'X-Lab-Server' },
    count: { kind: 'json', name: 'count' },
    cookieNamesServer: false,
  }
}

const endpointOf = (url: URL, host: string, upgradePath: string): Endpoint => ({
  path: `${url.pathname}${url.search}`,
  upgradePath,
  host: host.toLowerCase(),
  isTls: url.protocol === 'https:',
  hasManyAddresses: hasManyClientAddresses(url.hostname),
})

export const openClient = (
  url: URL,
  host: string,
  traffic: TrafficWorld,
  timeoutMs = standardTimeoutMs,
): HttpClient =>
  traffic.openClient({
    address: url.hostname,
    port: Number(url.port),
    isTls: url.protocol === 'https:',
    host: `${host}:${url.port}`,
    authorities: null,
    // The lab has a self-signed certificate.
    isInsecure: true,
    keepsAlive: false,
    timeoutMs,
  })

/** Sessions belong to a host and an upstream; with a cookie domain, to the upstream only. */
const siteOf = ({ upstream, host }: EntryPoint): string => {
  const { app } = upstream
  const hasDomain = app.runtime !== 'none' && app.cookie.domain !== null
  return `${upstream.name} ${hasDomain ? '' : host}`
}

/** A client for each entry point. */
export const openEntries = (
  entryPoints: readonly [EntryPoint, ...EntryPoint[]],
  upgradePath: string,
  timeoutMs: number,
  traffic: TrafficWorld,
): readonly [Entry, ...Entry[]] => {
  const sites = [...new Set(entryPoints.map(siteOf))]
  const open = (entryPoint: EntryPoint): Entry => {
    const { upstream, host } = entryPoint
    const url = new URL(entryPoint.url)
    return {
      client: openClient(url, host, traffic, timeoutMs),
      endpoint: endpointOf(url, host, upgradePath),
      identification: labIdentification(upstream),
      site: sites.indexOf(siteOf(entryPoint)),
    }
  }
  const [first, ...others] = entryPoints
  return [open(first), ...others.map(open)]
}
