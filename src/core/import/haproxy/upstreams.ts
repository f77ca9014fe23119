import { type HaproxyProxy, haproxySettings } from '../../config/haproxy/effective.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { type Base, openBase } from '../../dialects/haproxy/base/open.ts'
import { noNeeds } from '../affinity.ts'
import type { ReadUpstreams, UpstreamDraft, Values } from '../draft.ts'
import type { HaproxySource } from '../sources.ts'
import { affinityIn, balanceIn, type Settings } from './affinity.ts'
import { serverLines, serverOf } from './servers.ts'

/** The protocol of the servers: `ssl`, or `proto fcgi`. */
const protocolOf = (proxy: HaproxyProxy, settings: Settings): Values => {
  const defaults = settings.filter(({ name }) => name === 'default-server')
  const lines = [...defaults, ...serverLines(proxy.section.lines)]
  const words = lines.flatMap(({ args }) => args)
  if (words.includes('fcgi')) return { protocol: 'fastcgi' }
  return words.includes('ssl') ? { protocol: 'https', tls: { verify: false } } : {}
}

const upstreamOf = (base: Base, proxy: HaproxyProxy): UpstreamDraft => {
  const { header, lines, name } = proxy.section
  const settings = haproxySettings(proxy)
  const affinity = affinityIn(settings)
  const balance = balanceIn(settings, affinity)
  const isNamed = settings.some((one) => one.name === 'use-server' && one.args[0]?.includes('%['))
  const draft: UpstreamDraft = {
    name: name ?? '',
    at: base.at(proxy.path, header.start),
    values: {
      ...(balance === null ? {} : { balance }),
      ...(affinity === null ? {} : { affinity }),
    },
    servers: serverLines(lines).map((line) => serverOf(line, isNamed)),
    needs: noNeeds,
    remarks: [],
    alternatives: [],
  }
  const protocol = protocolOf(proxy, settings)
  if (Object.keys(protocol).length === 0) return draft
  // Encryption that the spec would write differently stays as it is.
  return { ...draft, values: { ...draft.values, ...protocol }, alternatives: [draft] }
}

/** The backends of a configuration that have servers. */
export const readHaproxyUpstreams = (
  { config, file }: HaproxySource,
  findings: Findings,
): ReadUpstreams | null => {
  const base = openBase(file, config, findings)
  if (base === null) return null
  const upstreams = base.proxies
    .filter(
      ({ section }) => section.keyword !== 'frontend' && serverLines(section.lines).length > 0,
    )
    .map((proxy) => upstreamOf(base, proxy))
  if (upstreams.length > 0) return { upstreams, leftOut: [] }
  const message = 'this file has no backend with a server'
  return {
    upstreams,
    leftOut: [{ upstream: null, at: base.at(config.main, 0), message, help: null }],
  }
}
