import { notFollowed, withoutEffect } from '../../../fields.ts'
import type { Frontend, Location } from '../../../model/cluster.ts'
import { hasNoSettings } from '../../../model/http-settings.ts'
import type { SnippetView } from '../../../snippets/marked.ts'
import { pagePrefix } from '../../error-pages.ts'
import { matchesAlways, missingSlashes } from '../../location-order.ts'
import {
  guardedLocations,
  hiddenSegments,
  innerParameters,
  restrictsPaths,
  routesByPath,
} from '../../path-parameters.ts'
import { regexText } from '../../regular-expressions.ts'
import type { Context } from '../context.ts'
import { balancerUrl } from '../names.ts'
import { asReplacement } from '../quote.ts'
import { httpdSnippetViews } from '../snippets/views.ts'
import { literal } from '../values.ts'
import { type AccessView, accessOf } from './access.ts'
import { type ResponseView, type RewriteView, responseOf, rewriteOf } from './answers.ts'
import type { RequestHeaderView, VariableView } from './client.ts'
import {
  type ErrorPagesView,
  hasPages,
  pageFiles,
  pageRewrites,
  sectionPages,
} from './error-pages.ts'
import { type Pattern, patternsOf } from './expressions.ts'
import { type ParameterView, parametersOf, variablesOf } from './gateway.ts'
import { locationHeaders } from './headers.ts'
import { type SettingsView, sectionSettings, settingsView } from './http-settings.ts'
import { type ResponseEdit, responseEdits } from './path-mapping.ts'
import type { HostPlace } from './request-text.ts'
import { tryFilesOf } from './try-files.ts'
import { refusesUpgrades } from './upgrades.ts'

/** ProxyPassMatch: the first one that matches counts. */
export interface PassView {
  /** null: every path. */
  readonly expression: string | null
  /** A URL with a balancer; null: httpd answers itself. */
  readonly to: string | null
}

export interface RedirectView {
  readonly expression: string
  readonly place: string
}

/** LocationMatch: access restrictions, the status page, names of directory indexes, settings of the location. */
export interface SectionView {
  readonly expression: string
  readonly isStatus: boolean
  readonly access: AccessView
  readonly index: readonly string[]
  /** Of ExpiresDefault; null: not set. */
  readonly expires: string | null
  readonly listsFolders: boolean
  readonly charset: string | null
  readonly settings: SettingsView
  readonly errorPages: ErrorPagesView
  readonly response: ResponseView | null
  readonly edits: readonly ResponseEdit[]
  /** The Upgrade header of the client is removed. */
  readonly refusesUpgrades: boolean
  readonly requests: readonly RequestHeaderView[]
  readonly parameters: readonly ParameterView[]
  readonly variables: readonly VariableView[]
  readonly snippets: readonly SnippetView[]
}

export interface RoutingView {
  readonly rewrites: readonly RewriteView[]
  /** Paths that could bypass the locations. */
  readonly refused: readonly string[]
  readonly passes: readonly PassView[]
  readonly redirects: readonly RedirectView[]
  /** Matches paths without a location; null: there is one for every path. */
  readonly missing: string | null
  readonly sections: readonly SectionView[]
}

const passOf = ({ location, own, start }: Pattern): PassView => {
  const { action, mapping } = location
  const isAlways = matchesAlways(location) && own === '^/'
  const balancer = action.kind === 'proxy' ? balancerUrl(action.upstream) : null
  if (mapping !== null && balancer !== null) {
    const prefix = regexText(mapping.from)
    const chosen = start === prefix ? '' : `(?=${start})`
    return isAlways
      ? { expression: null, to: `${balancer}${mapping.to}` }
      : { expression: `^${chosen}${prefix}(.*)$`, to: `${balancer}${mapping.to}$1` }
  }
  const to = isAlways && balancer !== null ? `${balancer}/` : balancer
  return { expression: isAlways ? null : own, to }
}

/** In the target of a redirect, text after `?` or `#` would be a query or a fragment. */
const hasPlace = ({ match }: Location): boolean => !/[?#]/.test(match.pattern)

const redirectOf = ({ match }: Location): RedirectView => ({
  expression: `^${regexText(match.pattern.slice(0, -1))}$`,
  place: asReplacement(match.pattern),
})

/** `disabled` is a keyword of DirectoryIndex, so a file of this name is written with `./`. */
const indexName = (name: string): string => (name.toLowerCase() === 'disabled' ? `./${name}` : name)

const sectionsOf = (
  place: HostPlace,
  patterns: readonly Pattern[],
  context: Context,
): readonly SectionView[] =>
  patterns.flatMap((pattern) => {
    const { frontend } = place
    const { location } = pattern
    const { action, path } = location
    const isStatus = action.kind === 'status'
    const access = accessOf(frontend, location, context)
    const index =
      action.kind === 'files'
        ? location.index.map((name, at) =>
            indexName(literal(name, [...path, 'index', at], context)),
          )
        : []
    if (isStatus) context.modules.add('status')
    const expires = location.expires === null ? null : `access plus ${location.expires} seconds`
    if (expires !== null) context.modules.add('expires')
    const { charset, listsFolders } = location
    if (listsFolders) context.modules.add('autoindex')
    const settings = sectionSettings(frontend, location)
    const errorPages = sectionPages(frontend, location, context)
    const response = responseOf(location)
    const edits = responseEdits(location)
    const isStopped = refusesUpgrades(location, context)
    const requests = locationHeaders(location, place, context)
    const parameters = parametersOf(location, frontend.clientAddress !== null, context)
    const variables = variablesOf(location, frontend.clientAddress !== null)
    const isPlain =
      errorPages.documents.length === 0 &&
      errorPages.overrides.length === 0 &&
      parameters.length === 0 &&
      variables.length === 0 &&
      edits.length === 0 &&
      requests.length === 0 &&
      !isStopped &&
      !isStatus &&
      access.requirements.length === 0 &&
      index.length === 0 &&
      expires === null &&
      charset === null &&
      !listsFolders
    const snippets = httpdSnippetViews(location.snippets, 'location')
    if (isPlain && response === null && hasNoSettings(settings) && snippets.length === 0) return []
    return [
      {
        expression: pattern.chosen,
        isStatus,
        access,
        index,
        expires,
        listsFolders,
        charset,
        settings: settingsView(settings, hasPages(frontend), context),
        errorPages,
        response,
        edits,
        refusesUpgrades: isStopped,
        requests,
        parameters,
        variables,
        snippets,
      },
    ]
  })

/** Reports file fields of locations without files, and a status page for one of several upstreams. */
const noteUnused = ({ locations }: Frontend, { cluster, findings }: Context): void => {
  for (const { action, index, path, root } of locations) {
    if (action.kind === 'files') continue
    const keys = [...(root === null ? [] : ['root']), ...(index.length === 0 ? [] : ['index'])]
    for (const key of keys)
      withoutEffect(findings, [...path, key], 'httpd', 'httpd serves no files in this location')
    if (action.kind === 'status' && cluster.upstreams.length > 1)
      notFollowed(
        findings,
        [...path, 'status'],
        'httpd',
        'the status page of httpd shows every upstream',
      )
  }
}

export const routingOf = (place: HostPlace, context: Context): RoutingView => {
  const { frontend } = place
  const patterns = patternsOf(guardedLocations(frontend))
  const refused = [
    ...(routesByPath(frontend) ? [hiddenSegments] : []),
    ...(restrictsPaths(frontend) ? [innerParameters] : []),
  ]
  noteUnused(frontend, context)
  const redirects = missingSlashes(frontend.locations).filter(hasPlace).map(redirectOf)
  const always = patterns.findIndex((pattern) => passOf(pattern).expression === null)
  const tried = always === -1 ? patterns : patterns.slice(0, always + 1)
  /** The paths of files with error pages. */
  const pages = pageFiles(frontend).length > 0 ? [`^${regexText(pagePrefix)}`] : []
  const answered = () => [
    ...pages,
    ...redirects.map(({ expression }) => expression),
    ...tried.flatMap((pattern) =>
      pattern.location.action.kind === 'proxy' ? [] : [pattern.chosen],
    ),
  ]
  if (redirects.length > 0 || refused.length > 0 || always === -1) context.modules.add('alias')
  return {
    rewrites: [
      ...pageRewrites(frontend, tried, context),
      ...tried.flatMap((pattern) => {
        // Only a location with an answer needs the whole expression, which is long.
        const hasAnswer = !('upstream' in pattern.location.action)
        const rewrite = hasAnswer
          ? rewriteOf(frontend, pattern.location, pattern.chosen, context)
          : null
        return [...(rewrite === null ? [] : [rewrite]), ...tryFilesOf(pattern, context)]
      }),
    ],
    refused,
    passes: [
      ...pages.map((expression) => ({ expression, to: null })),
      ...redirects.map(({ expression }) => ({ expression, to: null })),
      ...tried.map(passOf),
    ],
    redirects,
    missing:
      always === -1
        ? `^${answered()
            .map((each) => `(?!${each.slice(1)})`)
            .join('')}`
        : null,
    sections: sectionsOf(place, tried, context),
  }
}
