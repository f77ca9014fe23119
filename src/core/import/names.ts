import type { ServerDraft } from './draft.ts'
import type { Matches } from './match.ts'

const serverName = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/
const routePattern = /^[A-Za-z0-9_-]{1,32}$/

export const isRouteName = (text: string): boolean => routePattern.test(text)

const isAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(':')

const hostName = ({ host, address }: ServerDraft): string => {
  if (host === null) return address.slice(address.lastIndexOf('/') + 1).replace(/[^\w-]+/g, '-')
  if (isAddress(host)) return host.replaceAll(':', '-').replace(/^-+|-+$/g, '')
  return host
}

/**
 * Names for the servers of all upstreams: that of the file, else the route, the jvmRoute or the host. One
 * server has one name in all upstreams, and two servers have different ones.
 */
export const nameServers = (
  servers: readonly ServerDraft[],
  matches: Matches,
): ReadonlyMap<ServerDraft, string> => {
  const byIdentity = new Map<string, string>()
  const taken = new Set<string>()
  const names = new Map<ServerDraft, string>()
  const hosts = new Map<string, Set<string>>()
  for (const server of servers) {
    const host = hostName(server)
    hosts.set(host, (hosts.get(host) ?? new Set()).add(server.address))
  }
  for (const server of servers) {
    const { address, name: own, port, route } = server
    const identity = JSON.stringify([own, address, route])
    const known = byIdentity.get(identity)
    if (known !== undefined) {
      names.set(server, known)
      continue
    }
    const host = hostName(server)
    const isAlone = hosts.get(host)?.size === 1
    const candidates = [
      own ?? '',
      route ?? '',
      matches.get(server)?.jvmRoute ?? '',
      isAlone ? host : `${host}-${port ?? ''}`,
      `${host}-${port ?? ''}`,
    ]
    const wanted = candidates.find((name) => serverName.test(name) && !taken.has(name)) ?? 'server'
    let name = wanted
    for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`
    taken.add(name)
    byIdentity.set(identity, name)
    names.set(server, name)
  }
  return names
}
