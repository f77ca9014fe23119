import type { Frontend } from '../../model/cluster.ts'
import { regexText } from '../regular-expressions.ts'
import { httpsPortText, redirectsToHttps } from '../to-https.ts'
import type { MapView } from './affinity/implementation.ts'
import type { Names } from './names.ts'

/** `if ($variable) { return CODE URL; }` of a server block. */
export interface ToHttpsView {
  readonly variable: string
  readonly code: number
  readonly url: string
}

export interface HttpsRedirects {
  readonly maps: readonly MapView[]
  readonly viewOf: (frontend: Frontend) => ToHttpsView | null
}

const urlOf = (frontend: Frontend): string => `https://$host${httpsPortText(frontend)}$request_uri`

/** @param schemeOf the variable with the scheme of a request, as trusted proxies say it. */
export const httpsRedirects = (
  frontends: readonly Frontend[],
  cluster: string,
  names: Names,
  schemeOf: (frontend: Frontend) => string,
): HttpsRedirects => {
  const views = new Map<Frontend, ToHttpsView>()
  const maps: MapView[] = []
  for (const frontend of frontends.filter(redirectsToHttps)) {
    const { name, toHttps } = frontend
    if (toHttps === null) continue
    const variable = names.variable(`to_https_${cluster}_${name}`)
    maps.push({
      source: `${schemeOf(frontend)}:$uri`,
      variable,
      entries: [
        { key: 'default', value: '0' },
        ...toHttps.except.map((path) => ({ key: `~^http:${regexText(path)}`, value: '0' })),
        { key: '~^http:', value: '1' },
      ],
    })
    views.set(frontend, { variable, code: toHttps.code, url: urlOf(frontend) })
  }
  return { maps, viewOf: (frontend) => views.get(frontend) ?? null }
}
