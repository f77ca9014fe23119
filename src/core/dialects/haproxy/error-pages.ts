import { notFollowed, withoutEffect } from '../../fields.ts'
import type { Frontend, Location, Upstream } from '../../model/cluster.ts'
import { pagesOf, type StatusPage } from '../../model/error-pages.ts'
import { isRestricted } from '../location-order.ts'
import { locationsOf } from '../server-timeouts.ts'
import { type Site, sitesOf } from '../sites.ts'
import type { Context } from './context.ts'
import { bindAddress } from './frontends/listeners.ts'

/** Words after a status. */
export interface PageView {
  readonly type: string
  readonly file: string
}

/** `http-error`. */
export interface ErrorView extends PageView {
  readonly status: number
}

const target = 'HAProxy'

/** Statuses of `http-error` in all releases. */
const own: ReadonlySet<number> = new Set([
  ...[400, 401, 403, 404, 405, 407, 408, 410, 413, 421, 425, 429],
  ...[500, 502, 503, 504],
])

/** Errors of the connection to the servers, for which the backend is known. */
const ofServers: ReadonlySet<number> = new Set([502, 503, 504])

export const fileOf = (pages: readonly StatusPage[], status: number): PageView | null => {
  const page = pages.find((each) => each.status === status)?.page
  return page?.kind === 'file' ? { type: page.type, file: page.file } : null
}

const textOf = (pages: readonly StatusPage[], status: number): string =>
  JSON.stringify(fileOf(pages, status))

/** The statuses for which all of them have the same file. */
const agreed = (all: readonly (readonly StatusPage[])[]): readonly ErrorView[] => {
  const [first = []] = all
  return first.flatMap(({ status }) => {
    const file = fileOf(first, status)
    const isSame = all.every((pages) => textOf(pages, status) === textOf(first, status))
    return own.has(status) && file !== null && isSame ? [{ status, ...file }] : []
  })
}

/** For errors of requests whose location is not known. */
export const errorsOfSite = ({ frontends }: Site, { findings }: Context): readonly ErrorView[] => {
  const all = frontends.map(({ settings }) => pagesOf(settings))
  const errors = agreed(all)
  for (const pages of all)
    for (const { status, path } of pages)
      if (
        !ofServers.has(status) &&
        fileOf(pages, status) !== null &&
        own.has(status) &&
        !errors.some((each) => each.status === status)
      )
        notFollowed(
          findings,
          path,
          target,
          `the frontends of one address have one page for ${status}`,
          'write the same page in all frontends of this address, or use another address',
        )
  return errors
}

/** Whether the frontend of HAProxy has the page that this frontend of the spec sets. */
const isOfSection = (frontend: Frontend, status: number, { cluster }: Context): boolean =>
  sitesOf(cluster.frontends, ({ address }) => bindAddress(address))
    .filter(({ frontends }) => frontends.includes(frontend))
    .every(({ frontends }) =>
      agreed(frontends.map(({ settings }) => pagesOf(settings))).some(
        (each) => each.status === status,
      ),
    )

/** For errors of the connection to the servers; the page of the frontend is used where there is none. */
export const errorsOfUpstream = (upstream: Upstream, context: Context): readonly ErrorView[] => {
  const all = locationsOf(context.cluster, upstream).map(({ frontend, location }) => ({
    frontend,
    pages: pagesOf(location.settings),
  }))
  const errors = agreed(all.map(({ pages }) => pages)).filter(({ status }) => ofServers.has(status))
  for (const { frontend, pages } of all)
    for (const { page, path, status } of pages) {
      if (!ofServers.has(status) || page.kind !== 'file') continue
      if (errors.some((each) => each.status === status)) continue
      const isOfFrontend = textOf(pages, status) === textOf(pagesOf(frontend.settings), status)
      if (isOfFrontend && isOfSection(frontend, status, context)) continue
      notFollowed(
        context.findings,
        path,
        target,
        `all requests to "${upstream.name}" have one page for ${status}, and their locations have different ones`,
        'write an upstream with the same servers for this location',
      )
    }
  return errors
}

const noteRestricted = (frontend: Frontend, location: Location, { findings }: Context): void => {
  if (!isRestricted(location)) return
  const pages = pagesOf(location.settings)
  if (textOf(pages, 403) === textOf(pagesOf(frontend.settings), 403)) return
  const path = pages.find(({ status }) => status === 403)?.path
  const why = 'clients without access get the page of the frontend'
  if (path !== undefined)
    notFollowed(findings, path, target, why, 'write the page into the frontend')
}

/** Statuses that HAProxy, or a rule that sessctl writes, can send. */
const sentIn = ({ locations }: Frontend): ReadonlySet<number> =>
  new Set([
    ...own,
    ...locations.flatMap(({ action, settings }) => [
      ...(action.kind === 'respond' ? [action.status] : []),
      ...(settings.maxBodySize === null ? [] : [411]),
    ]),
  ])

/** Reports pages that HAProxy cannot send. */
export const noteErrorPages = (frontend: Frontend, context: Context): void => {
  const sent = sentIn(frontend)
  const keyOf = ({ path, status }: StatusPage) => [...path, status].join('\0')
  /** Pages that replace answers of an application. */
  const used = new Set(
    frontend.locations
      .filter(
        ({ action, settings }) => action.kind === 'proxy' && settings.interceptErrors === true,
      )
      .flatMap(({ settings }) => pagesOf(settings).map(keyOf)),
  )
  const seen = new Set<string>()
  for (const { settings } of [frontend, ...frontend.locations])
    for (const each of pagesOf(settings)) {
      const { page, path, status } = each
      const key = path.join('\0')
      if (seen.has(key)) continue
      if (page.kind === 'uri') {
        const why = 'HAProxy cannot request a page from a server when an error occurs'
        notFollowed(context.findings, path, target, why, 'write "file" instead of "path"')
        seen.add(key)
      } else if (!sent.has(status) && !used.has(keyOf(each))) {
        const why = `HAProxy sends no ${status} itself`
        const help = 'write interceptErrors: true to replace the answers of the application'
        withoutEffect(context.findings, path, target, why, help)
        seen.add(key)
      }
    }
  for (const location of frontend.locations) noteRestricted(frontend, location, context)
}
