/** `upstreamPath`: requests below `from` are sent to the application as requests below `to`. Both end with `/`. */
export interface PathMapping {
  readonly from: string
  readonly to: string
}

/** The path that the application gets. */
export const pathAtServers = (mapping: PathMapping | null, path: string): string =>
  mapping !== null && path.startsWith(mapping.from)
    ? `${mapping.to}${path.slice(mapping.from.length)}`
    : path

/** A path of the application, as browsers know it: `/internal` and `/internal/x` become `/shop` and `/shop/x`. */
export const pathInBrowser = (mapping: PathMapping | null, path: string): string => {
  const folder = path.endsWith('/') ? path : `${path}/`
  if (mapping === null || !folder.startsWith(mapping.to)) return path
  const below = `${mapping.from}${folder.slice(mapping.to.length)}`
  return below.length > 1 && !path.endsWith('/') ? below.slice(0, -1) : below
}
