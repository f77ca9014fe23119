import { report } from '../../codes.ts'
import type { NginxRule } from '../../rule.ts'
import { inherited, isVersion, placeOf } from '../view.ts'

const setsHeader =
  (header: string) =>
  ({ args }: { readonly args: readonly string[] }): boolean =>
    args[0]?.toLowerCase() === header

/** The name in `proxy_pass` is the Host of the request, unless a header is set. */
export const hostUnderscore: NginxRule = (view, findings) => {
  for (const { node, upstream } of view.passes) {
    if (!upstream.name.includes('_')) continue
    const headers = inherited(node, 'proxy_set_header')
    if (headers.isUncertain || headers.nodes.some(setsHeader('host'))) continue
    report(
      findings,
      'host-underscore',
      placeOf(node, 0),
      `the servers receive "Host: ${upstream.name}", and "_" is not allowed in a host name`,
      'add proxy_set_header Host $host;',
    )
  }
}

/** A request that is no longer idempotent is executed twice. */
export const nextUpstreamRepeats: NginxRule = ({ all }, findings) => {
  for (const node of all) {
    const argument = node.args.indexOf('non_idempotent')
    if (!/^(?:proxy|fastcgi|uwsgi|scgi|grpc)_next_upstream$/.test(node.name) || argument === -1)
      continue
    const conditions = node.args.filter((arg) => arg !== 'non_idempotent')
    report(
      findings,
      'next-upstream-repeats',
      placeOf(node, argument),
      `after ${conditions.join(', ') || 'error, timeout'}, a POST is sent to the next server, even if the first one has executed it`,
      'remove non_idempotent',
    )
  }
}

const missingOf = (hasVersion: boolean, hasConnection: boolean): readonly string[] => [
  ...(hasVersion ? [] : ['proxy_http_version 1.1;']),
  ...(hasConnection ? [] : ['proxy_set_header Connection "";']),
]

/** nginx before 1.29.7 closes each connection unless both are set. One report for each upstream. */
export const keepaliveWithoutHeaders: NginxRule = (view, findings) => {
  if (isVersion(view, '1.29.7')) return
  const reported = new Set<unknown>()
  for (const { node, upstream } of view.passes) {
    const [keepalive] = upstream.node.named.get('keepalive') ?? []
    if (keepalive === undefined || keepalive.args[0] === '0' || reported.has(upstream)) continue
    const headers = inherited(node, 'proxy_set_header')
    const version = inherited(node, 'proxy_http_version')
    const hasConnection = headers.isUncertain || headers.nodes.some(setsHeader('connection'))
    const hasVersion = version.isUncertain || version.nodes.some(({ args }) => args[0] !== '1.0')
    if (hasConnection && hasVersion) continue
    reported.add(upstream)
    const missing = missingOf(version.nodes.length > 0, hasConnection)
    const last = headers.nodes.at(-1)
    const text = `write ${missing.join(' ')} in this block`
    // In a block without headers of its own, one header would hide the inherited ones.
    const isHere =
      last !== undefined &&
      last.parent === node.parent &&
      last.parent?.isPartial === false &&
      last.source === node.source
    const indent = isHere
      ? (/(?:\r?\n)?[ \t]*$/.exec(last.source.text.slice(0, last.directive.start))?.[0] ?? ' ')
      : ''
    const edit = {
      start: last?.directive.end ?? 0,
      end: last?.directive.end ?? 0,
      text: missing.map((line) => `${indent === '' ? ' ' : indent}${line}`).join(''),
    }
    report(
      findings,
      'keepalive-without-headers',
      placeOf(node),
      `"keepalive" of upstream "${upstream.name}" has no effect: without ${missing.join(' ')} each request opens a connection`,
      isHere ? { text, edits: [edit] } : text,
    )
  }
}
