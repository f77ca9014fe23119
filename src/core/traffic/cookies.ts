/** A cookie of one client. */
export interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
  /** The host that set the cookie, or its Domain attribute. */
  readonly domain: string
  readonly isHostOnly: boolean
  readonly isSecure: boolean
}
export type Jar = readonly Cookie[]

const atEquals = (text: string): readonly [string, string] => {
  const index = text.indexOf('=')
  return index < 0 ? ['', text.trim()] : [text.slice(0, index).trim(), text.slice(index + 1).trim()]
}

/** RFC 6265 §5.1.4. */
const defaultPath = (path: string): string => {
  const end = path.lastIndexOf('/')
  return end <= 0 ? '/' : path.slice(0, end)
}
const isBelow = (path: string, folder: string): boolean =>
  path === folder ||
  (path.startsWith(folder) && (folder.endsWith('/') || path[folder.length] === '/'))

const isExpired = (attributes: ReadonlyMap<string, string>, epochMs: number): boolean => {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0
  return Date.parse(attributes.get('expires') ?? '') <= epochMs
}

const isWithin = (host: string, domain: string): boolean =>
  host === domain || host.endsWith(`.${domain}`)

/** Empty: only the host that sets the cookie. */
const domainOf = (attributes: ReadonlyMap<string, string>): string =>
  (attributes.get('domain') ?? '').replace(/^\./, '').toLowerCase()

/** The name and value of one Set-Cookie header. */
export const setCookiePair = (header: string): readonly [string, string] =>
  atEquals(header.split(';', 1)[0] ?? '')

/** The cookies after a response, according to RFC 6265 without the list of public suffixes. */
export const keepCookies = (
  jar: Jar,
  headers: readonly string[],
  url: { readonly host: string; readonly path: string },
  epochMs: number,
): Jar => {
  let kept = jar
  for (const header of headers) {
    const [name, value] = setCookiePair(header)
    const attributes = new Map(
      header
        .split(';')
        .slice(1)
        .map(atEquals)
        .map(([key, text]) =>
          key === '' ? ([text.toLowerCase(), ''] as const) : ([key.toLowerCase(), text] as const),
        ),
    )
    const written = domainOf(attributes)
    const isHostOnly = written === ''
    const domain = isHostOnly ? url.host : written
    if (name === '' || !isWithin(url.host, domain)) continue
    const asked = attributes.get('path') ?? ''
    const path = asked.startsWith('/') ? asked : defaultPath(url.path)
    const others = kept.filter(
      (cookie) => cookie.name !== name || cookie.path !== path || cookie.domain !== domain,
    )
    kept = isExpired(attributes, epochMs)
      ? others
      : [...others, { name, value, path, domain, isHostOnly, isSecure: attributes.has('secure') }]
  }
  return kept
}

/** The cookies of a request, longest path first. */
export const cookiesFor = (
  jar: Jar,
  url: { readonly host: string; readonly path: string; readonly isTls: boolean },
): readonly Cookie[] =>
  jar
    .filter(
      ({ path, isSecure, domain, isHostOnly }) =>
        isBelow(url.path, path) &&
        (url.isTls || !isSecure) &&
        (isHostOnly ? url.host === domain : isWithin(url.host, domain)),
    )
    .sort((a, b) => b.path.length - a.path.length)
