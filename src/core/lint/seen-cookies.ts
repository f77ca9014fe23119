import type { BrowserCookie, Ways } from './browser-cookies.ts'

interface OfName {
  readonly all: BrowserCookie[]
  /** Of hosts that are not a list of names: these are compared with every other. */
  readonly loose: BrowserCookie[]
  readonly byHost: Map<string, BrowserCookie[]>
}

/** The hosts that set a cookie, as names; null: others may set or get it as well. */
const hostsOf = ({ domain, upstream }: BrowserCookie, ways: Ways): readonly string[] | null => {
  if (domain !== null) return null
  const hosts: string[] = []
  for (const { frontend } of ways.get(upstream) ?? []) {
    const { serverNames } = frontend
    if (serverNames.length === 0 || serverNames.some((name) => /[~*]|^\./.test(name))) return null
    hosts.push(...serverNames.map((name) => name.toLowerCase()))
  }
  return hosts
}

/** Finds the cookies that can meet another one: with 1,000 hosts, comparing all pairs takes seconds. */
export const seenCookies = (ways: Ways) => {
  const byName = new Map<string, OfName>()

  const rivalsOf = (cookie: BrowserCookie): readonly BrowserCookie[] => {
    const known = byName.get(cookie.name.toLowerCase())
    if (known === undefined) return []
    const hosts = hostsOf(cookie, ways)
    if (hosts === null) return known.all
    const { byHost, loose } = known
    return [...new Set([...hosts.flatMap((host) => byHost.get(host) ?? []), ...loose])]
  }

  const add = (cookie: BrowserCookie): void => {
    const name = cookie.name.toLowerCase()
    const known: OfName = byName.get(name) ?? { all: [], loose: [], byHost: new Map() }
    byName.set(name, known)
    known.all.push(cookie)
    const hosts = hostsOf(cookie, ways)
    if (hosts === null) known.loose.push(cookie)
    for (const host of new Set(hosts ?? [])) {
      const same = known.byHost.get(host) ?? []
      same.push(cookie)
      known.byHost.set(host, same)
    }
  }

  return { rivalsOf, add }
}
