import type { Place } from '../diagnostics/diagnostic.ts'
import type { Findings } from '../diagnostics/findings.ts'
import { parseXml } from '../dialects/tomcat/xml/parse.ts'
import { noNeeds } from './affinity.ts'
import type { Read } from './build.ts'
import { report } from './codes.ts'
import { type ReadUpstreams, type ServerDraft, todo, type UpstreamDraft } from './draft.ts'
import { readHaproxyUpstreams } from './haproxy/upstreams.ts'
import { readHttpdUpstreams } from './httpd/upstreams.ts'
import { matchTomcats } from './match.ts'
import { readUpstreams } from './nginx.ts'
import { reportAlone, reportSecond } from './reports.ts'
import { type ContextSource, type ImportSource, isProxy, type ProxySource } from './sources.ts'
import { readTomcat, type TomcatFacts } from './tomcat.ts'

/** Without a proxy, the Tomcats are the servers of one upstream. */
const upstreamOfTomcats = (
  tomcats: readonly TomcatFacts[],
): Pick<Read, 'upstreams' | 'matches'> => {
  const hasRoutes = tomcats.some(({ jvmRoute }) => jvmRoute !== null)
  const isAlone = tomcats.length === 1
  const matches = new Map<ServerDraft, TomcatFacts>()
  const servers = tomcats.map((facts, index) => {
    const port = facts.ports[0] ?? 8080
    const host = isAlone ? '127.0.0.1' : `tomcat${index + 1}`
    const server = { name: null, address: `${host}:${port}`, host, port, route: null, values: {} }
    matches.set(server, facts)
    return server
  })
  const [first] = tomcats
  if (first === undefined) return { upstreams: [], matches }
  const upstream: UpstreamDraft = {
    name: 'tomcat',
    at: first.at,
    values: { affinity: { method: hasRoutes ? 'jvm_route' : 'none' } },
    servers,
    needs: noNeeds,
    remarks: [todo('the addresses at which the proxy reaches the servers')],
    alternatives: [],
  }
  return { upstreams: [upstream], matches }
}

const checkContext = (
  source: ContextSource,
  sources: readonly ImportSource[],
  findings: Findings,
): void => {
  const parsed = parseXml(source.bytes)
  if (parsed.ok) {
    reportAlone(source, sources, findings)
    return
  }
  const { at, help, message } = parsed.problem
  const place: Place = {
    kind: 'file',
    file: source.file,
    line: at?.line ?? null,
    column: at?.column ?? null,
    lineText: at?.lineText ?? null,
  }
  report(findings, 'import-refused', place, message, help)
}

const upstreamsIn = (proxy: ProxySource, findings: Findings): ReadUpstreams | null => {
  if (proxy.kind === 'nginx') return readUpstreams(proxy, findings)
  if (proxy.kind === 'haproxy') return readHaproxyUpstreams(proxy, findings)
  return readHttpdUpstreams(proxy, findings)
}

/** What the files say. Problems that nothing can be done about are reported. */
export const readSources = (sources: readonly ImportSource[], findings: Findings): Read => {
  const [proxy, second] = sources.filter(isProxy)
  if (second !== undefined) reportSecond(second.file, findings)
  const tomcats = sources.flatMap((each) =>
    each.kind === 'server' ? (readTomcat(each, findings) ?? []) : [],
  )
  for (const source of sources)
    if (source.kind === 'context') checkContext(source, sources, findings)
  const found = proxy === undefined ? null : upstreamsIn(proxy, findings)
  if (found === null) return { sources, ...upstreamOfTomcats(tomcats), unmatched: [], leftOut: [] }
  const { leftOut, upstreams } = found
  const matches = matchTomcats(
    tomcats,
    upstreams.flatMap(({ servers }) => servers),
  )
  const matched = new Set(matches.values())
  return {
    sources,
    upstreams,
    matches,
    unmatched: tomcats.filter((each) => !matched.has(each)),
    leftOut,
  }
}
