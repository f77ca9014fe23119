import { atValue } from '../../diagnostics/diagnostic.ts'
import { Findings } from '../../diagnostics/findings.ts'
import type { Cluster } from '../../model/cluster.ts'
import type { HaproxyTarget } from '../../model/target.ts'
import { atLeast } from '../../model/version.ts'
import { snippetsOf } from '../../snippets/all.ts'
import { checkSnippets } from '../../snippets/check.ts'
import { snippetInputs } from '../../snippets/files.ts'
import type { SnippetView } from '../../snippets/marked.ts'
import type { Dialect, Inputs, Page } from '../dialect.ts'
import { type AnswerView, answerViews } from './backends/answers.ts'
import { type FastcgiView, fastcgiViews } from './backends/fastcgi.ts'
import { backendViews, type StatusView, statusViews } from './backends/index.ts'
import { type BackendBlockView, backendBlockView } from './backends/lines.ts'
import { basePages } from './base/pages.ts'
import { bufferSizeOf } from './buffers.ts'
import { haproxyChoice } from './choice.ts'
import { report } from './codes.ts'
import { type Context, featuresOf, oldest } from './context.ts'
import { type FrontendView, frontendViews } from './frontends/index.ts'
import { type LimitTableView, limitTables } from './frontends/limits.ts'
import {
  looksBesideCrt,
  type StoredCertificate,
  storedCertificates,
} from './frontends/listeners.ts'
import { type GlobalTls, globalTls } from './frontends/tls.ts'
import { type LoginView, loginOf } from './login.ts'
import { type PeersView, peersOf } from './peers.ts'
import { haproxyComment, haproxyVariable, haproxyWord } from './quote.ts'
import { type ResolversView, resolversOf } from './resolvers.ts'
import { haproxySnippets } from './snippets/language.ts'
import { haproxySnippet, haproxySnippetViews } from './snippets/views.ts'

/** templates/haproxy/haproxy.hbs */
export interface HaproxyView {
  readonly name: string
  readonly version: string
  readonly looksBesideCrt: boolean
  readonly maxConnections: number | null
  /** In bytes. */
  readonly bufferSize: number | null
  readonly tls: GlobalTls
  readonly certificates: readonly StoredCertificate[]
  readonly peers: PeersView | null
  readonly resolvers: ResolversView | null
  readonly login: LoginView | null
  readonly fastcgi: readonly FastcgiView[]
  /** Of the limits of requests. */
  readonly limitTables: readonly LimitTableView[]
  readonly frontends: readonly FrontendView[]
  readonly backends: readonly BackendBlockView[]
  readonly statuses: readonly StatusView[]
  /** Backends that answer themselves. */
  readonly answers: readonly AnswerView[]
  /** Of the global and the defaults section. */
  readonly snippets: {
    readonly global: readonly SnippetView[]
    readonly defaults: readonly SnippetView[]
  }
}

export const viewOf = (context: Context): HaproxyView => {
  const { cluster, version, features } = context
  const frontends = frontendViews(context)
  const reached = new Set(
    frontends.flatMap(({ uses, defaultBackend }) => [
      ...uses.map(({ backend }) => backend),
      defaultBackend,
    ]),
  )
  return {
    name: cluster.name,
    version: version.text,
    looksBesideCrt: context.looksBesideCrt,
    maxConnections: context.target.maxConnections,
    peers: peersOf(context),
    resolvers: resolversOf(context),
    login: loginOf(context),
    fastcgi: fastcgiViews(cluster),
    bufferSize: bufferSizeOf(context),
    tls: globalTls(context),
    certificates: storedCertificates(cluster, features),
    limitTables: limitTables(cluster),
    frontends,
    backends: backendViews(context).map(backendBlockView),
    statuses: statusViews(context),
    answers: answerViews(cluster, reached),
    snippets: {
      global: haproxySnippetViews(cluster.snippets, 'global'),
      defaults: haproxySnippetViews(cluster.snippets, 'defaults'),
    },
  }
}

const targetOf = ({ targets }: Cluster): HaproxyTarget | undefined =>
  targets.find((target) => target.dialect === 'haproxy')

const contextOf = (cluster: Cluster, target: HaproxyTarget, findings: Findings): Context => {
  const features = featuresOf(target.version)
  return {
    cluster,
    target,
    version: target.version,
    features,
    upstreamNames: new Set(cluster.upstreams.map(({ name }) => name)),
    looksBesideCrt: looksBesideCrt(cluster, features),
    findings,
  }
}

const hasBase = (target: HaproxyTarget): target is HaproxyTarget & { readonly base: string } =>
  target.base !== null

const pagesOf = (
  cluster: Cluster,
  target: HaproxyTarget,
  inputs: Inputs,
  findings: Findings,
): readonly Page[] => {
  const { version, path } = target
  if (!atLeast(version, oldest)) {
    report(
      findings,
      'haproxy-version',
      atValue([...path, 'version']),
      `HAProxy ${version.text} is not supported`,
      `use HAProxy ${oldest} or newer`,
    )
  }
  const context = contextOf(cluster, target, findings)
  if (hasBase(target)) return basePages({ ...context, target }, inputs)
  checkSnippets(snippetsOf(cluster), haproxySnippets, findings)
  const view = viewOf(context)
  return [{ kind: 'template', path: 'haproxy/haproxy.cfg', template: 'haproxy/haproxy', view }]
}

/** HAProxy 2.2 and later: one complete haproxy.cfg, or an existing file with the backends of the spec. */
export const haproxy: Dialect = {
  name: 'haproxy',
  isWanted: (cluster) => targetOf(cluster) !== undefined,
  inputs: (cluster) => {
    const { base = null, path = [] } = targetOf(cluster) ?? {}
    const files = snippetInputs(cluster, 'haproxy')
    return base === null
      ? files
      : [...files, { kind: 'haproxy', path: base, at: atValue([...path, 'base']) }]
  },
  render: (cluster, inputs, findings) => {
    const target = targetOf(cluster)
    return target === undefined ? [] : pagesOf(cluster, target, inputs, findings)
  },
  choose: (cluster, upstream) => {
    const target = targetOf(cluster)
    if (target === undefined) return null
    return haproxyChoice(upstream, contextOf(cluster, target, new Findings()))
  },
  escapes: { haproxy: haproxyWord, haproxyComment, haproxySnippet, haproxyVariable },
  snippets: haproxySnippets,
}
