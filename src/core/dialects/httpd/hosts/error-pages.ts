import { notFollowed } from '../../../fields.ts'
import type { Frontend, Location } from '../../../model/cluster.ts'
import {
  type ErrorPage,
  isMaintained,
  pagesOf,
  type StatusPage,
} from '../../../model/error-pages.ts'
import { pagePrefix, pageUri } from '../../error-pages.ts'
import { regexText } from '../../regular-expressions.ts'
import type { Context } from '../context.ts'
import { literal } from '../values.ts'
import type { RewriteView } from './answers.ts'
import type { Pattern } from './expressions.ts'

/** Directives of a virtual host, or of the section of a location. */
export interface ErrorPagesView {
  /** ErrorDocument. */
  readonly documents: readonly { readonly status: number; readonly to: string }[]
  /** Words after ProxyErrorOverride; empty: as in the virtual host. */
  readonly overrides: readonly (string | number)[]
}

/** A file that httpd serves at a path of its own. */
export interface PageFileView {
  readonly uri: string
  readonly file: string
  readonly type: string
}

/** Each file once, in the order of the locations. */
export const pageFiles = (frontend: Frontend): readonly PageFileView[] => {
  const files = new Map<string, PageFileView>()
  for (const { settings } of [frontend, ...frontend.locations])
    for (const { page } of pagesOf(settings))
      if (page.kind === 'file' && !files.has(page.file))
        files.set(page.file, { uri: pageUri(files.size + 1), file: page.file, type: page.type })
  return [...files.values()]
}

/** The same, where httpd can read their paths. */
export const servedFiles = (frontend: Frontend, context: Context): readonly PageFileView[] => {
  const places = [frontend, ...frontend.locations].flatMap(({ settings }) => pagesOf(settings))
  const files = pageFiles(frontend)
  if (files.length > 0) context.modules.add('alias')
  return files.map((each) => {
    const place = places.find(({ page }) => page.kind === 'file' && page.file === each.file)
    return { ...each, file: literal(each.file, place?.path ?? frontend.path, context) }
  })
}

/** A page of an application, whose answer gets the status of the error. */
export interface PagePathView {
  readonly uri: string
  /** Words after ProxyErrorOverride. */
  readonly overrides: readonly (string | number)[]
}

/** mod_proxy keeps the status of the error only where it may replace this status. */
export const pagePaths = (frontend: Frontend, { version }: Context): readonly PagePathView[] => {
  const statuses = new Map<string, Set<number>>()
  for (const { settings } of [frontend, ...frontend.locations])
    for (const { page, status } of pagesOf(settings))
      if (page.kind === 'uri')
        statuses.set(page.uri, (statuses.get(page.uri) ?? new Set<number>()).add(status))
  return [...statuses].map(([uri, all]) => ({
    uri,
    overrides: ['On', ...(namesStatuses(version) ? all : [])],
  }))
}

/** Whether httpd requests a page of its own for an error, as an internal redirect. */
export const hasPages = (frontend: Frontend): boolean =>
  [frontend, ...frontend.locations].some(({ settings }) => pagesOf(settings).length > 0)

/** True for a request of a client, false for the page of an error. */
export const isOfClient = "-z reqenv('REDIRECT_STATUS')"

/** The same for RewriteRule. */
export const ofClient: RewriteView['conditions'][number] = ['%{ENV:REDIRECT_STATUS}', '^$']

const uriOf = (page: ErrorPage, files: readonly PageFileView[]): string =>
  page.kind === 'uri' ? page.uri : (files.find(({ file }) => file === page.file)?.uri ?? '')

const documentsOf = (
  frontend: Frontend,
  pages: readonly StatusPage[],
): ErrorPagesView['documents'] => {
  const files = pageFiles(frontend)
  return pages.map(({ page, status }) => ({ status, to: uriOf(page, files) }))
}

const intercepts = ({ settings }: Frontend | Location): boolean => settings.interceptErrors === true

const overridesOf = (
  place: Frontend | Location,
  { version }: Context,
): ErrorPagesView['overrides'] => {
  const statuses = pagesOf(place.settings).map(({ status }) => status)
  if (!intercepts(place) || statuses.length === 0) return []
  return ['On', ...(namesStatuses(version) ? statuses : [])]
}

/** `ProxyErrorOverride On 503`; "2.4" alone is the newest release. */
const oldestPatch = 47

const namesStatuses = ({ parts, text }: Context['version']): boolean =>
  text === '2.4' || parts[2] >= oldestPatch

export const hostPages = (frontend: Frontend, context: Context): ErrorPagesView => ({
  documents: documentsOf(frontend, pagesOf(frontend.settings)),
  overrides: overridesOf(frontend, context),
})

/** What a location has in addition to its virtual host, and instead of it. */
export const sectionPages = (
  frontend: Frontend,
  location: Location,
  context: Context,
): ErrorPagesView => {
  const common = new Map(
    hostPages(frontend, context).documents.map(({ status, to }) => [status, to]),
  )
  const own = documentsOf(frontend, pagesOf(location.settings))
  const known = new Set(own.map(({ status }) => status))
  // The page of a maintenance that is over in this location.
  const removed = [...common.keys()]
    .filter((status) => !known.has(status))
    .map((status) => ({ status, to: 'default' }))
  const isProxied = location.action.kind === 'proxy'
  const overrides = isProxied ? overridesOf(location, context) : []
  const inherited = overridesOf(frontend, context)
  const isSame = overrides.join(' ') === inherited.join(' ')
  return {
    documents: [...own.filter(({ status, to }) => common.get(status) !== to), ...removed],
    overrides: isProxied && !isSame ? (overrides.length === 0 ? ['Off'] : overrides) : [],
  }
}

/** Pages are not for clients, who would get them with the status 200. */
const hiddenPages: RewriteView = {
  conditions: [ofClient],
  expression: `^${regexText(pagePrefix)}`,
  substitution: '-',
  flags: '[R=404,L]',
}

const maintenanceOf = (
  { settings: { maintenance } }: Location,
  expression: string,
): RewriteView | null => {
  if (maintenance === null || !isMaintained({ errorPages: null, maintenance })) return null
  const { except } = maintenance
  const isServed = except.map((each) => `%{REMOTE_ADDR} -ipmatch '${each}'`).join(' || ')
  return {
    conditions: [ofClient, ...(except.length === 0 ? [] : [['expr', `! (${isServed})`] as const])],
    expression,
    substitution: '-',
    flags: '[R=503,L]',
  }
}

/** RewriteRule lines before all others. */
export const pageRewrites = (
  frontend: Frontend,
  patterns: readonly Pattern[],
  { modules }: Context,
): readonly RewriteView[] => {
  const hidden = pageFiles(frontend).length > 0 ? [hiddenPages] : []
  const isOfAll = frontend.locations.every(
    ({ settings }) => settings.maintenance?.path === frontend.settings.maintenance?.path,
  )
  const [first] = patterns
  const maintained = isOfAll
    ? [first === undefined ? null : maintenanceOf(first.location, '^')]
    : patterns.map(({ chosen, location }) => maintenanceOf(location, chosen))
  const rewrites = [...hidden, ...maintained.flatMap((each) => each ?? [])]
  if (rewrites.length > 0) modules.add('rewrite')
  return rewrites
}

export const checkErrorPages = (frontend: Frontend, { findings, version }: Context): void => {
  if (namesStatuses(version)) return
  for (const place of [frontend, ...frontend.locations])
    if (intercepts(place) && pagesOf(place.settings).length > 0)
      notFollowed(
        findings,
        [...place.path, 'interceptErrors'],
        `httpd ${version.text}`,
        'it replaces all errors of the application, also those without a page',
        `use httpd 2.4.${oldestPatch} or later`,
      )
}
