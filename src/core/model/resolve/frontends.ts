import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { formatAddress } from '../address.ts'
import type { AccessLog, Frontend, Listener, Upstream } from '../cluster.ts'
import { listenerKey } from '../network.ts'
import { byName } from '../order.ts'
import { resolveClientAddress, resolveHeaders } from './client-headers.ts'
import { type Issues, report } from './issues.ts'
import { resolveLocation, type UpstreamsByName } from './locations.ts'
import { checkMatches } from './matches.ts'
import { resolveAddress } from './servers.ts'

type SpecFrontend = Spec['frontends'][string]

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
