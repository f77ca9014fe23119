import { isLoopbackHost } from '../model/ip.ts'
import type { ServerDraft } from './draft.ts'
import type { TomcatFacts } from './tomcat.ts'

/** The Tomcat of each server that has one. */
export type Matches = ReadonlyMap<ServerDraft, TomcatFacts>

/** Whether a folder of the file has the name of the host, or its first label. */
const isInFolderOf = ({ source: { file } }: TomcatFacts, { host }: ServerDraft): boolean => {
  const [label] = host?.split('.') ?? []
  const folders = file.split('/').slice(0, -1)
  return host !== null && folders.some((folder) => folder === host || folder === label)
}

const hasPort = ({ ports }: TomcatFacts, { port }: ServerDraft): boolean =>
  port !== null && ports.includes(port)

/**
 * In the order of precedence. A jvmRoute is unique in a cluster; ports are unique on one host, which
 * several Tomcats on loopback addresses share.
 */
const criteria: readonly ((facts: TomcatFacts, server: ServerDraft) => boolean)[] = [
  ({ jvmRoute }, { route }) => jvmRoute !== null && jvmRoute === route,
  (facts, server) => isInFolderOf(facts, server) && hasPort(facts, server),
  (facts, server) => hasPort(facts, server) && server.host !== null && isLoopbackHost(server.host),
  hasPort,
  isInFolderOf,
]

/** A file and a server that fit each other, and no other one, belong together. */
export const matchTomcats = (
  tomcats: readonly TomcatFacts[],
  servers: readonly ServerDraft[],
): Matches => {
  const matches = new Map<ServerDraft, TomcatFacts>()
  const used = new Set<TomcatFacts>()
  const addressesOf = (found: readonly ServerDraft[]): number =>
    new Set(found.map(({ address }) => address)).size
  for (const fits of criteria) {
    const left = tomcats.filter((each) => !used.has(each))
    const open = servers.filter((each) => !matches.has(each))
    for (const facts of left) {
      const fitting = open.filter((server) => fits(facts, server))
      const isShared = fitting.some((server) =>
        left.some((other) => other !== facts && fits(other, server)),
      )
      // One server may be in several upstreams.
      if (addressesOf(fitting) !== 1 || isShared) continue
      used.add(facts)
      for (const server of fitting) matches.set(server, facts)
    }
  }
  return matches
}
