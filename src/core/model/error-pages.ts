import type { SpecPath } from '../diagnostics/diagnostic.ts'

/** What a client gets instead of an error: a file on the host of the proxy, or a path of the frontend. */
export type ErrorPage =
  | { readonly kind: 'file'; readonly file: string; readonly type: string }
  | { readonly kind: 'uri'; readonly uri: string }

export interface StatusPage {
  readonly status: number
  readonly page: ErrorPage
  readonly path: SpecPath
}

/** Requests are answered with 503. */
export interface Maintenance {
  /** false: the location is served although its frontend is not. */
  readonly isOn: boolean
  readonly page: ErrorPage | null
  /** Networks of clients that are served. */
  readonly except: readonly string[]
  readonly path: SpecPath
}

interface WithPages {
  readonly errorPages: readonly StatusPage[] | null
  readonly maintenance: Maintenance | null
}

export const maintenanceStatus = 503

/** The page of each status, in the order of the statuses; during maintenance, 503 has that of the maintenance. */
export const pagesOf = ({ errorPages, maintenance }: WithPages): readonly StatusPage[] => {
  const pages = errorPages ?? []
  if (maintenance === null || !maintenance.isOn || maintenance.page === null) return pages
  const { page, path } = maintenance
  return [
    ...pages.filter(({ status }) => status !== maintenanceStatus),
    { status: maintenanceStatus, page, path: [...path, 'page'] },
  ].sort((one, other) => one.status - other.status)
}

export const isMaintained = ({ maintenance }: WithPages): boolean => maintenance?.isOn === true

export interface PageGroup {
  readonly statuses: readonly number[]
  readonly page: ErrorPage
}

/** The statuses of each page. */
export const groupedByPage = (pages: readonly StatusPage[]): readonly PageGroup[] => {
  const groups = new Map<string, { statuses: number[]; page: ErrorPage }>()
  for (const { status, page } of pages) {
    const key = JSON.stringify(page)
    const group = groups.get(key) ?? { statuses: [], page }
    group.statuses.push(status)
    groups.set(key, group)
  }
  return [...groups.values()]
}
