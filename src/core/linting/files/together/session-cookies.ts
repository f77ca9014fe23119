import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { Setting } from '../../../dialects/tomcat/effective/layer.ts'
import { knownSessionCookie, servletCookie } from '../../../model/session-cookie.ts'
import { report } from '../codes.ts'
import { type HaproxyView, settingOf } from '../haproxy/view.ts'
import { balancersOf, placeOfWord, setAffinityCookies, wordOf } from '../httpd/view.ts'
import { stickyCookieOf } from '../nginx/rules/session-cookies.ts'
import { placeOf } from '../nginx/view.ts'
import type { Together, TogetherRule } from '../rule.ts'
import type { TomcatHost } from '../tomcat/hosts.ts'
import { isLiteral } from '../tomcat/view.ts'
import { contextLabel, fileOf } from './managers.ts'

interface BalancerCookie {
  readonly name: string
  readonly at: Place
  /** The program, for messages. */
  readonly by: 'nginx' | 'HAProxy' | 'httpd'
}

/** The `cookie` lines that apply to backends, in one of the modes. */
const haproxyCookies = (
  { backends }: HaproxyView,
  modes: readonly string[],
): readonly BalancerCookie[] =>
  backends.flatMap((backend) => {
    const cookie = settingOf(backend, 'cookie')
    const [name] = cookie?.args ?? []
    if (cookie === null || name === undefined || !modes.some((mode) => cookie.args.includes(mode)))
      return []
    return [{ name, at: backend.atSetting(cookie, 0), by: 'HAProxy' as const }]
  })

/** The session cookies in which balancers look for a route. */
const readCookies = ({ nginx, haproxy, httpd }: Together): readonly BalancerCookie[] => [
  ...nginx.upstreams.flatMap(({ node }) =>
    (node.named.get('jvm_route') ?? []).flatMap((route) => {
      const [, name] = /^\$\{?cookie_(\w+)/.exec(route.args[0] ?? '') ?? []
      return name === undefined ? [] : [{ name, at: placeOf(route, 0), by: 'nginx' as const }]
    }),
  ),
  ...haproxyCookies(haproxy, ['prefix']),
  ...httpd.flatMap((file) =>
    balancersOf(file)
      .flatMap(({ sticky }) => sticky)
      .flatMap((sticky) => {
        const [name = '', url] = sticky.value.split('|')
        // A cookie of httpd itself has no name in URLs.
        if (url === undefined && knownSessionCookie(name) === null) return []
        const at = placeOfWord(file, sticky.statement, wordOf(sticky))
        return [{ name, at, by: 'httpd' as const }]
      }),
  ),
]

/** The cookies that balancers set to the name of a server. */
const setCookies = ({ nginx, haproxy, httpd }: Together): readonly BalancerCookie[] => [
  ...nginx.upstreams.flatMap(({ node }) =>
    (node.named.get('sticky') ?? []).flatMap((sticky) => {
      const [name, argument] = stickyCookieOf(sticky) ?? []
      return name === undefined || argument === undefined
        ? []
        : [{ name, at: placeOf(sticky, argument), by: 'nginx' as const }]
    }),
  ),
  ...haproxyCookies(haproxy, ['insert', 'rewrite']),
  ...httpd.flatMap((file) =>
    setAffinityCookies(file).map(({ name, statement, word }) => ({
      ...{ name, by: 'httpd' as const },
      at: placeOfWord(file, statement, word),
    })),
  ),
]

interface Sent extends Setting {
  readonly label: string
}

/** The names that files set for the contexts of a Host; null: a context that has the usual one. */
const sentBy = ({ contexts }: TomcatHost): readonly (Sent | null)[] =>
  contexts.map((context) => {
    const setting = context.effective.cookie.sessionCookieName
    return setting === null ? null : { ...setting, label: contextLabel(context) }
  })

/** nginx ignores case in the name of a cookie, and its variables have `_` for other characters. */
const isRead = (name: string, cookie: BalancerCookie): boolean =>
  cookie.by === 'nginx'
    ? cookie.name.toLowerCase() === name.toLowerCase().replace(/\W/g, '_')
    : cookie.name === name

const reportMismatches = (
  host: TomcatHost,
  read: readonly BalancerCookie[],
  reported: Set<string>,
  findings: Findings,
): void => {
  const sent = sentBy(host)
  // A context whose cookie is read may be the one that is balanced.
  if (sent.some((each) => read.some((one) => isRead(each?.value ?? servletCookie, one)))) return
  for (const each of sent) {
    if (each === null || !isLiteral(each.value)) continue
    const { value, at, label } = each
    const key = JSON.stringify(at)
    if (reported.has(key)) continue
    reported.add(key)
    const names = [...new Set(read.map(({ name }) => name))].join(', ')
    const [first] = read
    report(
      findings,
      'cookie-name-mismatch',
      at,
      `Tomcat sends the session cookie ${value} for ${label}, but ${first?.by} reads ${names} (${first === undefined ? '' : fileOf(first.at)})`,
      'write the same name in both files',
    )
  }
}

/** The balancer must read the cookie that Tomcat sends. */
export const cookieNameMismatch: TogetherRule = (files, findings) => {
  const read = readCookies(files)
  const reported = new Set<string>()
  if (read.length === 0) return
  for (const host of files.tomcat.hosts) reportMismatches(host, read, reported, findings)
}

/** The balancer must not overwrite the cookie that Tomcat sends. */
export const affinityCookieClash: TogetherRule = (files, findings) => {
  const sent = files.tomcat.hosts.flatMap(sentBy).filter((each) => each !== null)
  const reported = new Set<string>()
  for (const cookie of setCookies(files)) {
    // A line of `defaults` applies to many backends.
    const key = JSON.stringify(cookie.at)
    if (reported.has(key)) continue
    reported.add(key)
    const same = sent.find(({ value }) => isRead(value, cookie))
    // affinity-cookie-known reports the usual names without a file of Tomcat.
    if (same === undefined || knownSessionCookie(cookie.name) !== null) continue
    report(
      findings,
      'affinity-cookie-clash',
      cookie.at,
      `${cookie.name} is the session cookie of Tomcat (${fileOf(same.at)}): ${cookie.by} overwrites it`,
      'give the affinity cookie another name, such as srv_id',
    )
  }
}
