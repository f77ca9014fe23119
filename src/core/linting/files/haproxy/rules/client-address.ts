import {
  haproxyEntries,
  proxyHeaderIn,
  takesClientAddress,
} from '../../../../config/haproxy/client-address.ts'
import type { HaproxySection, HaproxyStatement } from '../../../../config/haproxy/config.ts'
import type { HaproxySetting } from '../../../../config/haproxy/effective.ts'
import { report } from '../../codes.ts'
import type { HaproxyRule } from '../../rule.ts'
import { type HaproxyBackend, type HaproxyView, serversOf, settingOf } from '../view.ts'

/** The line that selects a server by the address of the client; null: there is none. */
const addressLineOf = (backend: HaproxyBackend): HaproxySetting | null => {
  const balance = settingOf(backend, 'balance')
  const [method, key = ''] = balance?.args ?? []
  if (method === 'source' || (method === 'hash' && /^src(?:,|$)/.test(key))) return balance
  const sticks = backend.settings.filter(({ isCertain, name }) => name === 'stick' && isCertain)
  return (
    sticks.find(({ args }) => /^(?:on|match)$/.test(args[0] ?? '') && args[1] === 'src') ?? null
  )
}

/** The sections that send requests to each backend of these files, by its name. */
const entriesOf = ({ files }: HaproxyView): ReadonlyMap<string, readonly HaproxySection[]> => {
  const all = new Map<string, HaproxySection[]>()
  for (const { config } of files)
    for (const [backend, sections] of haproxyEntries(config)) {
      const known = all.get(backend)
      if (known === undefined) all.set(backend, [...sections])
      else known.push(...sections)
    }
  return all
}

/** All clients of a CDN have its addresses. */
export const haproxySourceBehindProxy: HaproxyRule = (view, findings) => {
  const entries = entriesOf(view)
  const headers = new Map<HaproxySection, string | null>()
  /** A header that only a proxy in front sets; null: the section takes the address of the client. */
  const headerOf = (section: HaproxySection): string | null => {
    const known = headers.get(section)
    if (known !== undefined) return known
    const header = takesClientAddress(section) ? null : proxyHeaderIn(section)
    headers.set(section, header)
    return header
  }
  const reported = new Set<HaproxyStatement>()
  for (const backend of view.backends) {
    const line = addressLineOf(backend)
    if (line === null || reported.has(line.statement) || serversOf(backend).length < 2) continue
    const { keyword, name } = backend.section
    const sections = keyword === 'listen' ? [backend.section] : (entries.get(name ?? '') ?? [])
    const [entry] = sections
    const header = entry === undefined ? null : headerOf(entry)
    if (entry === undefined || header === null) continue
    if (sections.some((section) => headerOf(section) === null)) continue
    reported.add(line.statement)
    report(
      findings,
      'ip-hash-shared-address',
      backend.atSetting(line, line.args.length > 1 ? 1 : 0),
      `"${[line.name, ...line.args].join(' ')}" sees the address of the proxy in front, which sets the ${header} that ${entry.keyword} "${entry.name ?? ''}" reads: all of its clients are sent to one server`,
      'add http-request set-src with the header of the client address, for requests of the proxy only',
    )
  }
}
