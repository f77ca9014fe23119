import { atKey, atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { formatAddress } from '../address.ts'
import type {
  AccessLog,
  ClientAddress,
  Frontend,
  Header,
  Listener,
  Location,
  LocationAction,
  Upstream,
} from '../cluster.ts'
import { loopback } from '../loopback-only.ts'
import { listenerKey, parseNetwork } from '../network.ts'
import { byName } from '../order.ts'
import { type Issues, report, suggestion } from './issues.ts'
import { checkMatches, resolveMatch } from './matches.ts'
import { resolveAddress } from './servers.ts'

type UpstreamsByName = ReadonlyMap<string, Upstream>
type SpecFrontend = Spec['frontends'][string]
type SpecLocation = SpecFrontend['locations'][number]

const resolveListener = (
  written: SpecFrontend['listen'][number],
  path: SpecPath,
  issues: Issues,
): Listener => {
  const isLong = typeof written === 'object'
  const address = isLong ? written.address : written
  return {
    address: resolveAddress(String(address), isLong ? [...path, 'address'] : path, issues),
    tls: isLong ? (written.tls ?? null) : null,
    path,
  }
}

const checkNetworks = (
  networks: readonly string[],
  path: SpecPath,
  issues: Issues,
): readonly string[] => {
  for (const [index, network] of networks.entries()) {
    if (network === 'all' || parseNetwork(network) !== null) continue
    issues.push(
      report(
        'address-invalid',
        atValue([...path, index]),
        `"${network}" is no address or network`,
        'such as 10.0.0.0/8 or 2001:db8::1',
      ),
    )
  }
  return networks
}

const resolveAction = (
  written: SpecLocation,
  path: SpecPath,
  upstreams: UpstreamsByName,
  issues: Issues,
): LocationAction => {
  const key = written.upstream !== undefined ? 'upstream' : 'status'
  const name = written[key]
  if (written.upstream !== undefined && written.status !== undefined) {
    issues.push(
      report(
        'location-invalid',
        atValue([...path, 'status']),
        'a location cannot both proxy and show a status',
        'make two locations of it',
      ),
    )
  }
  if (name === undefined) {
    if (written.root === undefined) {
      issues.push(
        report(
          'location-invalid',
          atValue(path),
          'this location has neither "upstream" nor "status" nor "root"',
          'add upstream: NAME',
        ),
      )
    }
    return { kind: 'files' }
  }
  const upstream = upstreams.get(name)
  if (!upstream) {
    issues.push(
      report(
        'name-dangling',
        atValue([...path, key]),
        `there is no upstream "${name}"`,
        upstreams.size > 0 ? suggestion(name, upstreams, issues) : null,
      ),
    )
    return { kind: 'files' }
  }
  return { kind: key === 'upstream' ? 'proxy' : 'status', upstream }
}

const resolveLocation = (
  written: SpecLocation,
  path: SpecPath,
  upstreams: UpstreamsByName,
  issues: Issues,
): Location => {
  const action = resolveAction(written, path, upstreams, issues)
  // The state of the servers tells an attacker what to aim at: nobody else sees it by default.
  const allow = written.allow ?? (action.kind === 'status' ? loopback : [])
  return {
    match: resolveMatch(written.match),
    action,
    root: written.root ?? null,
    index: written.index ?? [],
    allow: checkNetworks(allow, [...path, 'allow'], issues),
    path,
  }
}

const ofOtherThings = new Set([
  ...['host', 'via', 'cookie', 'user-agent', 'referer', 'authorization', 'x-forwarded-proto'],
  ...['x-forwarded-host', 'x-forwarded-port', 'x-forwarded-prefix', 'x-forwarded-server'],
])

/** Why no dialect can read the client's address from the header, and the remedy; null: it may hold one. */
const notAnAddress = (header: string): readonly [message: string, help: string] | null => {
  const name = header.toLowerCase()
  if (name === 'forwarded')
    return [
      `nobody reads the client's address from "${header}" (RFC 7239)`,
      'let the proxy in front send X-Forwarded-For, or a header with the bare address',
    ]
  if (/^proxy[_-]protocol$/.test(name))
    return [
      'the PROXY protocol is not a header: the listener would also have to expect it',
      'name a header, such as X-Forwarded-For',
    ]
  return ofOtherThings.has(name)
    ? [
        `the header "${header}" holds no address`,
        'name a header that does, such as X-Forwarded-For',
      ]
    : null
}

const resolveClientAddress = (
  written: SpecFrontend['clientAddress'],
  path: SpecPath,
  issues: Issues,
): ClientAddress | null => {
  if (!written) return null
  const { header } = written
  const problem = notAnAddress(header)
  if (problem !== null)
    issues.push(report('client-address-header', atValue([...path, 'header']), ...problem))
  return { trust: checkNetworks(written.trust, [...path, 'trust'], issues), header, path }
}

/** Hop-by-hop headers (RFC 9110 §7.6.1) and those that frame a message. */
const ofTheConnection = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const resolveHeaders = (
  written: SpecFrontend['headers'],
  path: SpecPath,
  issues: Issues,
): readonly Header[] =>
  Object.entries(written ?? {})
    .map(([name, value]) => {
      const header = { name, value, path: [...path, name] }
      if (ofTheConnection.has(name.toLowerCase())) {
        issues.push(
          report(
            'header-of-the-connection',
            atKey(header.path),
            `${name} belongs to the connection, which the proxy makes itself`,
            name.toLowerCase() === 'upgrade'
              ? 'remove it: HAProxy passes WebSocket requests on without it; for nginx and httpd sessctl writes no WebSockets'
              : 'remove it',
          ),
        )
      }
      return header
    })
    .sort(byName)

const resolveAccessLog = (
  written: SpecFrontend['accessLog'],
  path: SpecPath,
  issues: Issues,
): AccessLog | null => {
  if (!written) return null
  const { path: file, syslog, format } = written
  if (file === undefined && syslog === undefined) {
    issues.push(
      report(
        'access-log-nowhere',
        atValue(path),
        'nothing says where this log goes',
        'add path: FILE or syslog: HOST:PORT',
      ),
    )
  }
  return {
    file: file ?? null,
    syslog: syslog === undefined ? null : resolveAddress(syslog, [...path, 'syslog'], issues),
    format,
    path,
  }
}

const resolveFrontend = (
  name: string,
  written: SpecFrontend,
  upstreams: UpstreamsByName,
  issues: Issues,
): Frontend => {
  const path = ['frontends', name]
  const listeners = written.listen.map((listener, index) =>
    resolveListener(listener, [...path, 'listen', index], issues),
  )
  const seen = new Set<string>()
  for (const listener of listeners) {
    const address = listenerKey(listener.address)
    if (seen.has(address)) {
      issues.push(
        report(
          'listener-duplicate',
          atValue(listener.path),
          `${formatAddress(listener.address)} is listened on twice`,
          'remove one of them; 80, *:80 and 0.0.0.0:80 are the same',
        ),
      )
    }
    seen.add(address)
  }
  return {
    name,
    path,
    listeners,
    serverNames: written.serverNames ?? [],
    clientAddress: resolveClientAddress(written.clientAddress, [...path, 'clientAddress'], issues),
    accessLog: resolveAccessLog(written.accessLog, [...path, 'accessLog'], issues),
    headers: resolveHeaders(written.headers, [...path, 'headers'], issues),
    locations: written.locations.map((location, index) =>
      resolveLocation(location, [...path, 'locations', index], upstreams, issues),
    ),
  }
}

export const resolveFrontends = (
  written: Spec['frontends'],
  upstreams: readonly Upstream[],
  issues: Issues,
): readonly Frontend[] => {
  const named = new Map(upstreams.map((upstream) => [upstream.name, upstream]))
  const frontends = Object.entries(written).map(([name, frontend]) =>
    resolveFrontend(name, frontend, named, issues),
  )
  for (const frontend of frontends) checkMatches(frontend, issues)
  return frontends.sort(byName)
}
