import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../model/address.ts'
import { appUpstreams } from '../../model/app-upstreams.ts'
import type { Cluster, Frontend, Upstream } from '../../model/cluster.ts'
import { wholeFamilies } from '../../model/coverage.ts'
import { machineOf } from '../../model/network.ts'
import { isCatchAll, isLocalName } from '../../model/server-name.ts'
import { answersUnknownHosts } from '../../model/tls.ts'
import { report } from '../codes.ts'
import { canMatchBelow, matchAtServers } from '../paths.ts'
import type { Rule } from '../rule.ts'

/** `allow` with networks that cover every address, also in parts such as 0.0.0.0/1 and 128.0.0.0/1. */
export const allowEveryone: Rule = ({ frontends }, findings) => {
  for (const { action, allow, path } of frontends.flatMap(({ locations }) => locations)) {
    const isStatus = action.kind === 'status'
    const isAll = allow.includes('all')
    // Outside a status page, `all` states the intent.
    if (isAll && !isStatus) continue
    const covered = isAll ? 'every address' : wholeFamilies(allow).join(' and ')
    if (covered === '') continue
    report(
      findings,
      'allow-everyone',
      atValue([...path, 'allow']),
      isStatus
        ? `"allow" covers ${covered}: every client of this frontend can read the status page`
        : `"allow" covers ${covered}: it restricts no client`,
      isStatus
        ? 'list the networks of your operators, or remove "allow" to restrict the page to this host'
        : 'list the networks that are allowed, or remove "allow"',
    )
  }
}

/** `trust` with networks that cover every address, in one or in parts: the header of any client is trusted. */
export const trustEveryone: Rule = ({ frontends }, findings) => {
  const help = 'list the networks of the proxies in front'
  for (const { clientAddress } of frontends) {
    if (clientAddress === null) continue
    const { path, trust } = clientAddress
    const whole = [...trust.entries()].filter(([, network]) => /\/0+$/.test(network))
    for (const [index, network] of whole) {
      const message = `"${network}" covers every address: any client can choose the address that it appears to have`
      report(findings, 'trust-everyone', atValue([...path, 'trust', index]), message, help)
    }
    const [together] = whole.length > 0 ? [] : wholeFamilies(trust)
    if (together === undefined) continue
    const message = `these networks together cover ${together}: any client can choose the address that it appears to have`
    report(findings, 'trust-everyone', atValue([...path, 'trust']), message, help)
  }
}

/** Where other machines can connect. */
const isPublic = ({ listeners }: Frontend): boolean =>
  listeners.some(({ address }) => machineOf(address) !== 'localhost')

/** Server names that no request, or no request from another machine, asks for. */
export const serverNames: Rule = ({ frontends }, findings) => {
  for (const frontend of frontends) {
    const { name, path } = frontend
    for (const [index, each] of frontend.serverNames.entries()) {
      if (!isCatchAll(each) || answersUnknownHosts(frontend)) continue
      const at = atValue([...path, 'serverNames', index])
      const message = `"${each}" is an ordinary host name here: requests for every other host are rejected with 421`
      const help = 'leave serverNames out to serve every host'
      report(findings, 'server-name-catch-all', at, message, help)
    }
    if (answersUnknownHosts(frontend) || !frontend.serverNames.every(isLocalName)) continue
    if (!isPublic(frontend)) continue
    const names = frontend.serverNames.map((each) => `"${each}"`).join(', ')
    const message = `frontend "${name}" serves ${names} only: other machines request another host name and are rejected with 421`
    const help = 'add the public name, or leave serverNames out to serve every host'
    report(findings, 'server-name-local', atKey([...path, 'serverNames']), message, help)
  }
}

/** The contexts of a Tomcat by its address; null is a context whose path is unknown (conf/context.xml). */
const contextsByAddress = (cluster: Cluster): ReadonlyMap<string, ReadonlySet<string | null>> => {
  const contexts = new Map<string, Set<string | null>>()
  for (const { app, servers } of appUpstreams(cluster, 'tomcat')) {
    for (const { address } of servers) {
      const key = formatAddress(address)
      const known = contexts.get(key) ?? new Set()
      contexts.set(key, known.add(app.context))
    }
  }
  return contexts
}

/** The contexts of the servers of an upstream; null: not all of them are known. */
const contextsOf = (
  { app, servers }: Upstream,
  byAddress: ReadonlyMap<string, ReadonlySet<string | null>>,
): readonly string[] | null => {
  if (app.runtime !== 'tomcat') return null
  const all = servers.flatMap(({ address }) => [...(byAddress.get(formatAddress(address)) ?? [])])
  const named = all.filter((context) => context !== null)
  return named.length === all.length ? [...new Set(named)] : null
}

/** Tomcat answers 404 outside its contexts. */
export const locationWithoutContext: Rule = (cluster, findings) => {
  const byAddress = contextsByAddress(cluster)
  for (const location of cluster.frontends.flatMap(({ locations }) => locations)) {
    const { action, mapping, matchPath, path } = location
    const sent = matchAtServers(location)
    const contexts = action.kind === 'proxy' ? contextsOf(action.upstream, byAddress) : null
    if (contexts === null || contexts.some((context) => canMatchBelow(sent, context))) continue
    const [first = '/'] = contexts
    const names = contexts.map((context) => `"${context}"`).join(', ')
    const message = `"${sent.pattern}" is below no context of these Tomcats (${names}): Tomcat answers 404`
    const key = mapping === null ? 'match' : 'upstreamPath'
    const help = `write ${key}: ${first === '/' ? first : `${first}/`}, or set app.context`
    const at = atValue(mapping === null ? matchPath : [...path, key])
    report(findings, 'location-without-context', at, message, help)
  }
}
