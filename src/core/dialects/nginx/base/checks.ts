import type { NginxStatement } from '../../../config/nginx/files.ts'
import type { Directive } from '../../../config/nginx/tree.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { Cluster, Upstream } from '../../../model/cluster.ts'
import { atLeast } from '../../../model/version.ts'
import type { UpstreamConfiguration } from '../affinity/implementation.ts'
import type { Features } from '../features.ts'
import { report } from './codes.ts'
import type { Base } from './open.ts'

/** The block of an upstream: what the file has in it, and where it is, or is added. */
export interface Checked {
  readonly children: readonly NginxStatement[]
  readonly at: Place
}

/** Methods of nginx and its relatives that no field of the spec means. */
const otherMethods =
  /^(?:least_time|fair|consistent_hash|chash|url_hash|ewma|balancer_by_lua_.*|round_robin)$/

const usesOf = (base: Base, name: string): readonly NginxStatement[] =>
  base.passes.get(name.toLowerCase()) ?? []

const checkPassed = (
  base: Base,
  { at }: Checked,
  { isVariable, passTo }: UpstreamConfiguration,
  protocol: string,
  findings: Findings,
): void => {
  const isUnknown = [...base.passes.keys()].some((name) => name.includes('$'))
  if (usesOf(base, passTo).length > 0 || (isUnknown && !isVariable)) return
  const pass = protocol === 'fastcgi' || protocol === 'uwsgi' ? protocol : 'proxy'
  const scheme = pass === 'proxy' ? `${protocol}://` : ''
  report(
    findings,
    'nginx-base-not-passed',
    at,
    `no location of this file, or of a file that it includes, has "${pass}_pass ${scheme}${passTo}": the upstream is not used`,
    `write ${pass}_pass ${scheme}${passTo}; in the location of the application`,
  )
}

/** The directives of a name that apply in a block: those of the innermost level that has any. */
const effective = (
  base: Base,
  within: readonly Directive[],
  name: string,
): readonly NginxStatement[] => {
  for (const block of within.toReversed()) {
    const found = base.childrenOf(block).filter(({ directive }) => directive.name === name)
    if (found.length > 0) return found
  }
  return base.statements.filter((one) => one.directive.name === name && base.isInHttp(one))
}

const checkKeepalive = (
  base: Base,
  { children }: Checked,
  upstream: Upstream,
  { passTo }: UpstreamConfiguration,
  { base: release, label }: Features,
  findings: Findings,
): void => {
  const written = children.some(
    ({ directive: { name, args } }) => name === 'keepalive' && args[0] !== '0',
  )
  const keeps = upstream.keepalive === null ? written : upstream.keepalive > 0
  if (!keeps || atLeast(release, '1.29.7')) return
  for (const use of usesOf(base, passTo)) {
    if (use.directive.name !== 'proxy_pass') continue
    const version = effective(base, use.within, 'proxy_http_version').at(-1)?.directive.args[0]
    const connection = effective(base, use.within, 'proxy_set_header').find(
      ({ directive }) => directive.args[0]?.toLowerCase() === 'connection',
    )?.directive.args[1]
    const isEmptied = connection !== undefined && !/^close$/i.test(connection)
    const missing = [
      ...(version === undefined || version === '1.0' ? ['proxy_http_version 1.1;'] : []),
      ...(isEmptied ? [] : ['proxy_set_header Connection "";']),
    ]
    if (missing.length === 0) continue
    report(
      findings,
      'nginx-base-keepalive',
      base.at(use.path, use.directive.start),
      `"keepalive" of upstream "${upstream.name}" has no effect here: ${label} sends HTTP/1.0 or "Connection: close" to the servers`,
      `write ${missing.join(' ')}`,
    )
  }
}

/** The cookie that `hash $uid_got$uid_set` reads. */
const checkUserid = (
  base: Base,
  { name }: Upstream,
  { passTo, userid }: UpstreamConfiguration,
  findings: Findings,
): void => {
  if (userid === null) return
  for (const use of usesOf(base, passTo)) {
    const valueIn = (key: string): string | undefined =>
      effective(base, use.within, key).at(-1)?.directive.args[0]
    if (
      /^(?:on|v1)$/.test(valueIn('userid') ?? '') &&
      (valueIn('userid_name') ?? 'uid') === userid.cookie
    )
      continue
    report(
      findings,
      'nginx-base-userid',
      base.at(use.path, use.directive.start),
      `upstream "${name}" chooses the server by the cookie "${userid.cookie}", which this location does not set`,
      `write userid on; userid_name ${userid.cookie}; userid_path ${userid.path};`,
    )
  }
}

const usesAddress = ({ affinity }: Upstream): boolean =>
  affinity.method === 'ip_hash' ||
  (affinity.method === 'hash' && /\$(?:binary_)?remote_addr\b/.test(affinity.key))

const checkRealIp = (
  base: Base,
  checked: Checked,
  upstream: Upstream,
  { frontends }: Cluster,
  findings: Findings,
): void => {
  if (!usesAddress(upstream)) return
  const isSet = base.statements.some(({ directive }) => directive.name === 'set_real_ip_from')
  if (isSet) return
  const listen = base.statements.find(
    ({ directive: { name, args } }) => name === 'listen' && args.includes('proxy_protocol'),
  )
  const isTrusting = frontends.some(
    ({ clientAddress, proxyProtocol }) => clientAddress !== null || proxyProtocol !== null,
  )
  if (listen === undefined && !isTrusting) return
  report(
    findings,
    'nginx-base-real-ip',
    listen === undefined ? checked.at : base.at(listen.path, listen.directive.start),
    `upstream "${upstream.name}" chooses the server by the address of the client, which is that of the proxy in front`,
    listen === undefined
      ? 'write set_real_ip_from NETWORK; and real_ip_header X-Forwarded-For;'
      : 'write set_real_ip_from NETWORK; and real_ip_header proxy_protocol;',
  )
}

const checkMethods = (
  base: Base,
  { children }: Checked,
  { affinity, balance, name }: Upstream,
  findings: Findings,
): void => {
  const isMethod = affinity.method === 'ip_hash' || affinity.method === 'hash'
  if (!isMethod && balance.kind === 'round_robin') return
  const wanted = isMethod ? affinity.method : balance.kind
  for (const { path, directive } of children) {
    if (!otherMethods.test(directive.name)) continue
    report(
      findings,
      'nginx-base-second-method',
      base.at(path, directive.start),
      `"${directive.name}" is a second balancing method of upstream "${name}", together with "${wanted}"`,
      `remove "${directive.name}", or leave "${wanted}" out of the spec`,
    )
  }
}

/** Checks what the rest of the files must have for the upstream; nothing of it is changed. */
export const checkRest = (
  base: Base,
  checked: Checked,
  upstream: Upstream,
  configuration: UpstreamConfiguration,
  cluster: Cluster,
  features: Features,
  findings: Findings,
): void => {
  checkPassed(base, checked, configuration, upstream.protocol, findings)
  checkKeepalive(base, checked, upstream, configuration, features, findings)
  checkUserid(base, upstream, configuration, findings)
  checkRealIp(base, checked, upstream, cluster, findings)
  checkMethods(base, checked, upstream, findings)
}
