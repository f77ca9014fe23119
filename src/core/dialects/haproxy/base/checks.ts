import {
  haproxyEntries,
  proxyHeaderIn,
  takesClientAddress,
} from '../../../config/haproxy/client-address.ts'
import type {
  HaproxyPlace,
  HaproxyProxy,
  HaproxySetting,
} from '../../../config/haproxy/effective.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { shownWords } from '../../../diagnostics/source-lines.ts'
import type { Cluster, Upstream } from '../../../model/cluster.ts'
import type { BackendView } from '../backends/index.ts'
import { report } from './codes.ts'
import { wordsOf } from './editing.ts'
import type { Base } from './open.ts'
import { isByRoute } from './rules.ts'

/** The section of an upstream: what applies in it; null where it is added, at this place. */
export interface Checked {
  readonly proxy: HaproxyProxy | null
  readonly settings: readonly HaproxySetting[]
  readonly at: Place
}

/** A part of a configuration, such as a file of conf.d alone: what others say is not known. */
const isPart = ({ files }: Base): boolean =>
  !files.some(({ document }) =>
    document.sections.some(({ keyword }) => /^(?:global|defaults|frontend|listen)$/.test(keyword)),
  )

const checkPassed = (
  base: Base,
  { at, proxy }: Checked,
  name: string,
  findings: Findings,
): void => {
  if (proxy?.section.keyword === 'listen' || isPart(base)) return
  const isUsed = base.files.some(({ document }) =>
    document.lines.some(
      (line) =>
        /^(?:use_backend|default_backend)$/.test(line.name) &&
        (line.args[0] === name ||
          line.args[0]?.includes('%[') === true ||
          line.words[1]?.isFixed === false),
    ),
  )
  if (isUsed) return
  report(
    findings,
    'haproxy-base-not-passed',
    at,
    `no frontend has "use_backend ${name}" or "default_backend ${name}": the backend is not used`,
    `write default_backend ${name}, or use_backend ${name} if CONDITION, in the frontend of the application`,
  )
}

/** What reads requests, in words of the backend. */
const needsHttp = ({ affinity }: Upstream, { balance }: BackendView): boolean =>
  affinity.method === 'jvm_route' ||
  affinity.method === 'sticky' ||
  /^(?:uri|url_param|hash|hdr\()/.test(balance[0] ?? '')

const checkMode = (
  base: Base,
  { at, proxy, settings }: Checked,
  upstream: Upstream,
  view: BackendView,
  findings: Findings,
): void => {
  if (proxy === null || !needsHttp(upstream, view)) return
  const mode = settings.findLast(({ name }) => name === 'mode')
  if (mode?.args[0] === 'http' || (mode === undefined && isPart(base))) return
  report(
    findings,
    'haproxy-base-mode',
    mode === undefined ? at : base.at(mode.path, mode.statement.start),
    `backend "${upstream.name}" is in mode ${mode?.args[0] ?? 'tcp'}: HAProxy does not read the requests, and the affinity has no effect`,
    'write mode http in the backend and in the frontends that use it',
  )
}

/** `cookie` that is inherited, rules of `use-server`, and lines that a later one replaces. */
const checkMethods = (
  base: Base,
  { proxy, settings }: Checked,
  { affinity, name }: Upstream,
  view: BackendView,
  findings: Findings,
): void => {
  if (proxy === null) return
  const { lines } = proxy.section
  const note = (path: string, start: number, message: string, help: string): void =>
    report(findings, 'haproxy-base-second-method', base.at(path, start), message, help)
  for (const key of ['balance', 'cookie']) {
    for (const line of lines.filter((one) => one.name === key).slice(0, -1)) {
      const message = `"${shownWords(wordsOf(line))}" has no effect: a later "${key}" of backend "${name}" replaces it`
      note(proxy.path, line.start, message, 'remove one of the two lines')
    }
  }
  const inherited = settings.find((one) => one.name === 'cookie' && one.section !== proxy.section)
  if (inherited !== undefined && view.cookie === null)
    note(
      inherited.path,
      inherited.statement.start,
      `backend "${name}" inherits "cookie ${shownWords(inherited.args)}", which is an affinity of its own`,
      'write the cookie into the backends that need it',
    )
  if (affinity.method === 'none') return
  for (const line of lines) {
    if (line.name !== 'use-server' || isByRoute(line)) continue
    const message = `"${shownWords(wordsOf(line))}" chooses a server of backend "${name}" before the affinity ${affinity.method} does`
    note(proxy.path, line.start, message, 'remove the line, unless it is for some requests only')
  }
}

const usesAddress = ({ balance }: BackendView): boolean => balance[0] === 'source'

/** The sections that send requests to a backend, or the `listen` section itself, with their files. */
const entriesOf = ({ files }: Base, { proxy }: Checked, name: string): readonly HaproxyPlace[] => {
  if (proxy?.section.keyword === 'listen') return [proxy]
  return files.flatMap(({ document, path }) =>
    [...(haproxyEntries(document).get(name) ?? [])].map((section) => ({ section, path })),
  )
}

const checkRealIp = (
  base: Base,
  checked: Checked,
  { name }: Upstream,
  view: BackendView,
  { frontends }: Cluster,
  findings: Findings,
): void => {
  if (!usesAddress(view)) return
  const isTrusting = frontends.some(
    ({ clientAddress, proxyProtocol }) => clientAddress !== null || proxyProtocol !== null,
  )
  const entry = entriesOf(base, checked, name).find(
    ({ section }) =>
      !takesClientAddress(section) && (isTrusting || proxyHeaderIn(section) !== null),
  )
  if (entry === undefined && !(isTrusting && checked.proxy === null)) return
  report(
    findings,
    'haproxy-base-real-ip',
    entry === undefined ? checked.at : base.at(entry.path, entry.section.header.start),
    `backend "${name}" chooses the server by the address of the client, which is that of the proxy in front`,
    'write http-request set-src hdr(X-Forwarded-For) for requests of the proxy, or accept-proxy in the bind line',
  )
}

/** Checks what the rest of the file must have for the upstream; nothing of it is changed. */
export const checkRest = (
  base: Base,
  checked: Checked,
  upstream: Upstream,
  view: BackendView,
  cluster: Cluster,
  findings: Findings,
): void => {
  checkPassed(base, checked, upstream.name, findings)
  checkMode(base, checked, upstream, view, findings)
  checkMethods(base, checked, upstream, view, findings)
  checkRealIp(base, checked, upstream, view, cluster, findings)
}
