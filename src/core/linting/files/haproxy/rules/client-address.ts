import type { HaproxySection } from '../../../../config/haproxy/config.ts'
import { report } from '../../codes.ts'
import type { HaproxyRule } from '../../rule.ts'
import { backendsOf, type HaproxyFile, placeIn, serversOf } from '../view.ts'

/** The sections that send requests to each backend, by its name. */
const entriesIn = ({ config }: HaproxyFile): ReadonlyMap<string, ReadonlySet<HaproxySection>> => {
  const entries = new Map<string, Set<HaproxySection>>()
  for (const section of config.sections)
    for (const { name, args } of section.lines) {
      const [backend] = args
      if (!/^(?:use_backend|default_backend)$/.test(name) || backend === undefined) continue
      entries.set(backend, (entries.get(backend) ?? new Set()).add(section))
    }
  return entries
}

const headerOfProxy =
  /hdr(?:_\w+)?\((X-Forwarded-Proto|CF-Connecting-IP|True-Client-IP|Fastly-Client-IP)\b/i

/** A header that only a proxy in front sets; null: the section takes the address of the client. */
const proxyHeader = ({ lines }: HaproxySection): string | null => {
  const takesAddress = lines.some(
    ({ name, args }) =>
      args.includes('set-src') ||
      args.includes('expect-netscaler-cip') ||
      (name === 'bind' && args.includes('accept-proxy')) ||
      args.includes('expect-proxy'),
  )
  if (takesAddress) return null
  const words = lines.flatMap(({ args }) => args)
  return words.flatMap((word) => headerOfProxy.exec(word)?.[1] ?? [])[0] ?? null
}

/** All clients of a CDN have its addresses. */
export const haproxySourceBehindProxy: HaproxyRule = (file, findings) => {
  const entries = entriesIn(file)
  const headers = new Map<HaproxySection, string | null>()
  for (const backend of backendsOf(file)) {
    const balance = backend.lines.find(
      ({ name, args }) => name === 'balance' && args[0] === 'source',
    )
    const [entry, ...others] =
      backend.keyword === 'listen' ? [backend] : (entries.get(backend.name ?? '') ?? [])
    if (balance === undefined || entry === undefined || others.length > 0) continue
    const known = headers.get(entry)
    const header = known === undefined ? proxyHeader(entry) : known
    headers.set(entry, header)
    if (header === null || serversOf(backend).length < 2) continue
    report(
      findings,
      'ip-hash-shared-address',
      placeIn(file, balance, 0),
      `"balance source" sees the address of the proxy in front, which sets the ${header} that ${entry.keyword} "${entry.name ?? ''}" reads: all of its clients are sent to one server`,
      'add http-request set-src with the header of the client address, for requests of the proxy only',
    )
  }
}
