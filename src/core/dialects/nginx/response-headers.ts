import type { Findings } from '../../diagnostics/findings.ts'
import { notFollowed } from '../../fields.ts'
import type { Frontend, Location } from '../../model/cluster.ts'
import {
  differs,
  type ResponseHeader,
  type ResponseHeaders,
  valuesOf,
} from '../../model/http-settings.ts'
import { mayBeHttps } from '../../model/may-be-https.ts'
import type { MapView } from './affinity/implementation.ts'
import type { Features } from './features.ts'
import type { Names } from './names.ts'

/** Directives of a `server` or `location` block. */
export interface ResponseHeadersView {
  /** proxy_hide_header. */
  readonly hide: readonly string[]
  /** add_header. */
  readonly add: readonly ResponseHeader[]
}

export interface ResponseHeaderViews {
  readonly maps: readonly MapView[]
  readonly ofServer: (frontend: Frontend) => ResponseHeadersView
  /** Empty where the location inherits the headers of its server. */
  readonly ofLocation: (frontend: Frontend, location: Location) => ResponseHeadersView
}

const none: ResponseHeaders = { set: [], add: [], remove: [] }

const isAlwaysHttps = ({ clientAddress, listeners }: Frontend): boolean =>
  clientAddress === null && listeners.every(({ tls }) => tls !== null)

/** nginx never sends this header of an application to a client. */
const hiddenAnyway = 'X-Accel-Redirect'

/**
 * A location without directives inherits all of its server, so that empty ones are written: an
 * `add_header` without a value sends nothing.
 */
const asReplacement = (
  own: ResponseHeadersView,
  inherited: ResponseHeadersView,
): ResponseHeadersView => ({
  hide: own.hide.length === 0 && inherited.hide.length > 0 ? [hiddenAnyway] : own.hide,
  add:
    own.add.length === 0
      ? inherited.add.slice(0, 1).map(({ name }) => ({ name, value: '' }))
      : own.add,
})

export const responseHeaderViews = (
  frontends: readonly Frontend[],
  cluster: string,
  names: Names,
  schemeOf: (frontend: Frontend) => string,
): ResponseHeaderViews => {
  const maps: MapView[] = []
  const secured = new Map<Frontend, ResponseHeader>()
  for (const frontend of frontends) {
    const { hsts } = frontend
    if (hsts === null || !mayBeHttps(frontend)) continue
    const name = 'Strict-Transport-Security'
    if (isAlwaysHttps(frontend)) {
      secured.set(frontend, { name, value: hsts })
      continue
    }
    const variable = names.variable(`hsts_${cluster}_${frontend.name}`)
    maps.push({ source: schemeOf(frontend), variable, entries: [{ key: 'https', value: hsts }] })
    secured.set(frontend, { name, value: variable })
  }
  const viewOf = (frontend: Frontend, headers: ResponseHeaders): ResponseHeadersView => {
    const transport = secured.get(frontend)
    return {
      hide: [...headers.set.map(({ name }) => name), ...headers.remove],
      add: [...headers.set, ...headers.add, ...(transport === undefined ? [] : [transport])],
    }
  }
  const ofServer = (frontend: Frontend): ResponseHeadersView =>
    viewOf(frontend, frontend.settings.responseHeaders ?? none)
  return {
    maps,
    ofServer,
    ofLocation: (frontend, location) => {
      if (!differs(frontend, location, 'responseHeaders')) return { hide: [], add: [] }
      const own = viewOf(frontend, location.settings.responseHeaders ?? none)
      return asReplacement(own, ofServer(frontend))
    },
  }
}

/** nginx writes its own Server header, whatever the application sends. */
export const checkResponseHeaders = (
  frontend: Frontend,
  { label }: Features,
  findings: Findings,
): void => {
  for (const { value, path } of valuesOf(frontend, 'responseHeaders')) {
    const removed = value.remove.findIndex((name) => name.toLowerCase() === 'server')
    const why = 'nginx replaces the header of the application by its own'
    const help = 'write "server_tokens off" in nginx.conf to hide the release of nginx'
    if (removed >= 0) notFollowed(findings, [...path, 'remove', removed], label, why, help)
    for (const key of ['set', 'add'] as const)
      for (const { name } of value[key])
        if (name.toLowerCase() === 'server')
          notFollowed(findings, [...path, key, name], label, why, help)
  }
}
