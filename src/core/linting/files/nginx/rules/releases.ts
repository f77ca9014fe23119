import { report } from '../../codes.ts'
import type { NginxRule } from '../../rule.ts'
import { isVersion, type NginxNode, placeOf } from '../view.ts'

interface Since {
  readonly name: string
  /** The block that it must be in. */
  readonly within?: string
  /** A parameter, of directives that are older. */
  readonly parameter?: RegExp
  readonly version: string
}

/** Directives of load balancing, by the release of nginx that introduced them (nginx.org). */
const introduced: readonly Since[] = [
  { name: 'sticky', within: 'upstream', version: '1.29.6' },
  { name: 'hash', within: 'upstream', version: '1.7.2' },
  { name: 'random', within: 'upstream', version: '1.15.1' },
  { name: 'zone', within: 'upstream', version: '1.9.0' },
  { name: 'keepalive_timeout', within: 'upstream', version: '1.15.3' },
  { name: 'keepalive_requests', within: 'upstream', version: '1.15.3' },
  { name: 'keepalive_time', within: 'upstream', version: '1.19.10' },
  { name: 'resolver', within: 'upstream', version: '1.27.3' },
  { name: 'server', within: 'upstream', parameter: /^resolve$/, version: '1.27.3' },
  { name: 'server', within: 'upstream', parameter: /^max_conns=/, version: '1.11.5' },
  { name: 'http2', version: '1.25.1' },
  { name: 'proxy_cookie_flags', version: '1.19.3' },
  { name: 'proxy_next_upstream_tries', version: '1.7.5' },
  { name: 'proxy_next_upstream_timeout', version: '1.7.5' },
  { name: 'ssl_reject_handshake', version: '1.19.4' },
]

const argumentOf = ({ args }: NginxNode, { parameter }: Since): number | null => {
  if (parameter === undefined) return null
  const found = args.findIndex((arg) => parameter.test(arg))
  return found === -1 ? null : found
}

const isMeant = (node: NginxNode, since: Since): boolean =>
  node.name === since.name &&
  (since.within === undefined || node.parent?.name === since.within) &&
  (since.parameter === undefined || argumentOf(node, since) !== null)

/** What the nginx of --nginx-version does not know. */
export const directiveTooNew: NginxRule = (view, findings) => {
  const { version } = view
  if (version === null) return
  const newer = introduced.filter((since) => !isVersion(view, since.version))
  for (const node of view.all) {
    const since = newer.find((each) => isMeant(node, each))
    if (since === undefined) continue
    const argument = argumentOf(node, since)
    const what = argument === null ? `"${node.name}"` : `"${node.args[argument] ?? ''}"`
    report(
      findings,
      'directive-too-new',
      placeOf(node, argument),
      `${what} needs nginx ${since.version} or later, and this is nginx ${version.text}`,
      `use nginx ${since.version} or later, or remove it`,
    )
  }
}
