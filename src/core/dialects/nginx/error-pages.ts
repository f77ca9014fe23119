import type { Cluster, Frontend, Location } from '../../model/cluster.ts'
import {
  groupedByPage,
  isMaintained,
  type PageGroup,
  pagesOf,
  type StatusPage,
} from '../../model/error-pages.ts'
import type { HttpSettings, ResponseHeader } from '../../model/http-settings.ts'
import { withoutHostBits } from '../../model/network.ts'
import { pageUri } from '../error-pages.ts'
import type { Names } from './names.ts'
import type { ResponseHeaderViews } from './response-headers.ts'
import { serverModule } from './server-protocols.ts'

/** `error_page`. */
interface ErrorPageView {
  readonly statuses: readonly number[]
  readonly uri: string
}

/** A location with a file, which only nginx itself can request. */
interface PageFileView {
  readonly uri: string
  readonly file: string
  readonly type: string
  /** Empty: those of the server. */
  readonly headers: readonly ResponseHeader[]
}

/** Answers 503. */
interface MaintenanceView {
  /** 1 for clients that get it; null: all clients. */
  readonly variable: string | null
}

/** Directives of a location. */
interface LocationPages {
  /** Empty: those of the server. */
  readonly pages: readonly ErrorPageView[]
  /** The beginning of the directive, such as `proxy`; null: errors of the application are kept. */
  readonly intercepts: string | null
  readonly maintenance: MaintenanceView | null
}

interface ServerPages {
  readonly pages: readonly ErrorPageView[]
  readonly files: readonly PageFileView[]
  readonly ofLocation: (location: Location) => LocationPages
}

export interface ErrorPageViews {
  /** `geo` blocks. */
  readonly served: readonly { readonly variable: string; readonly networks: readonly string[] }[]
  readonly ofServer: (frontend: Frontend) => ServerPages
}

const none: LocationPages = { pages: [], intercepts: null, maintenance: null }

const interceptsOf = ({ action, settings }: Location): string | null =>
  action.kind === 'proxy' && settings.interceptErrors === true && pagesOf(settings).length > 0
    ? serverModule(action.upstream)
    : null

/** The locations of files, each once for the same headers. */
const collectFiles = () => {
  const files = new Map<string, PageFileView>()
  const viewOf = (
    { page, statuses }: PageGroup,
    headers: readonly ResponseHeader[],
  ): ErrorPageView => {
    if (page.kind === 'uri') return { statuses, uri: page.uri }
    const key = JSON.stringify([page, headers])
    const known = files.get(key)
    if (known !== undefined) return { statuses, uri: known.uri }
    const uri = pageUri(files.size + 1)
    files.set(key, { uri, file: page.file, type: page.type, headers })
    return { statuses, uri }
  }
  const viewsOf = (pages: readonly StatusPage[], headers: readonly ResponseHeader[]) =>
    groupedByPage(pages).map((group) => viewOf(group, headers))
  return { viewsOf, all: () => [...files.values()] }
}

/** A location with an error_page inherits none of its server. */
const isSame = (one: readonly StatusPage[], other: readonly StatusPage[]): boolean =>
  JSON.stringify(groupedByPage(one)) === JSON.stringify(groupedByPage(other))

export const errorPageViews = (
  { frontends, name }: Cluster,
  names: Names,
  responses: ResponseHeaderViews,
): ErrorPageViews => {
  const served = new Map<string, string>()
  const maintenanceOf = ({ settings }: Location): MaintenanceView | null => {
    const { maintenance } = settings
    if (maintenance === null || !isMaintained(settings)) return null
    if (maintenance.except.length === 0) return { variable: null }
    const key = maintenance.except.map(withoutHostBits).join(' ')
    const variable =
      served.get(key) ?? names.variable(`maintenance_${name}_${String(served.size + 1)}`)
    served.set(key, variable)
    return { variable }
  }
  const serverOf = (frontend: Frontend): ServerPages => {
    const files = collectFiles()
    const common = pagesOf(frontend.settings)
    const pages = files.viewsOf(common, [])
    // Locations of several matches share their settings.
    const views = new Map<HttpSettings, LocationPages>()
    for (const location of frontend.locations) {
      const own = pagesOf(location.settings)
      const headers = responses.ofLocation(frontend, location).add
      const isInherited = isSame(own, common) && headers.length === 0
      views.set(location.settings, {
        pages: isInherited ? [] : files.viewsOf(own, headers),
        intercepts: interceptsOf(location),
        maintenance: maintenanceOf(location),
      })
    }
    return { pages, files: files.all(), ofLocation: ({ settings }) => views.get(settings) ?? none }
  }
  const servers = new Map(frontends.map((frontend) => [frontend, serverOf(frontend)]))
  return {
    served: [...served].map(([key, variable]) => ({ variable, networks: key.split(' ') })),
    ofServer: (frontend) =>
      servers.get(frontend) ?? { pages: [], files: [], ofLocation: () => none },
  }
}
