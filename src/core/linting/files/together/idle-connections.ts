import { inBase } from '../../../dialects/tomcat/base-file.ts'
import { report } from '../../../dialects/tomcat/codes.ts'
import { idleTimeoutOf } from '../../../dialects/tomcat/idle.ts'
import { attributeValue } from '../../../dialects/tomcat/xml/document.ts'
import { isVersion, type NginxUpstream } from '../nginx/view.ts'
import type { TogetherRule } from '../rule.ts'
import { connectorsOf } from '../tomcat/view.ts'

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds; null: several units in one value. */
const timeOf = (text: string): number | null => {
  const [, number, unit = ''] = /^(\d+)(ms|s|m|h)?$/.exec(text) ?? []
  return number === undefined ? null : Number(number) * (units[unit] ?? 1000)
}

/** How long nginx keeps an idle connection to a server; null: it does not, or not known. */
const keptFor = ({ node }: NginxUpstream): number | null => {
  const textOf = (name: string) => node.children.find((each) => each.name === name)?.args[0]
  if (textOf('keepalive') === '0' || node.isPartial) return null
  return timeOf(textOf('keepalive_timeout') ?? '60s')
}

const portsOf = ({ servers }: NginxUpstream): readonly string[] =>
  servers.map(({ args }) => /:(\d+)$/.exec(args[0] ?? '')?.[1] ?? '80')

/** Since 1.29.7, nginx keeps connections to servers without `keepalive`, for 60 s. */
export const idleConnections: TogetherRule = ({ nginx, tomcat }, findings) => {
  for (const upstream of nginx.upstreams) {
    const hasKeepalive = upstream.node.children.some(({ name }) => name === 'keepalive')
    const kept = hasKeepalive || isVersion(nginx, '1.29.7') ? keptFor(upstream) : null
    if (kept === null) continue
    const ports = portsOf(upstream)
    for (const server of tomcat.servers)
      for (const connector of connectorsOf(server)) {
        const timeout = idleTimeoutOf(connector)
        const port = attributeValue(connector, 'port') ?? ''
        if (timeout === null || timeout > kept || !ports.includes(port)) continue
        report(
          findings,
          'tomcat-idle-connections',
          inBase(server, connector.start),
          `this Connector closes idle connections after ${timeout / 1000} s, but nginx keeps those of upstream "${upstream.name}" open for ${kept / 1000} s`,
          `write keepAliveTimeout="${kept + 15_000}" in this Connector, or keepalive_timeout with a shorter time in the upstream`,
        )
      }
  }
}
