/** A part of a URL that a redirect leads to. */
export type UrlPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `host`: the host name of the request, without port; `uri`: its path and query, as sent. */
  | { readonly kind: 'host' | 'uri' }

/** The URL of a redirect: a path that begins with `/`, or with its scheme. */
export type RedirectUrl = readonly UrlPart[]

const placeholders = /\{request\.(host|uri)\}/g

/** Reads `https://{request.host}{request.uri}`. */
export const parseRedirectUrl = (written: string): RedirectUrl => {
  const parts: UrlPart[] = []
  let end = 0
  for (const found of written.matchAll(placeholders)) {
    if (found.index > end) parts.push({ kind: 'text', text: written.slice(end, found.index) })
    parts.push({ kind: found[1] === 'host' ? 'host' : 'uri' })
    end = found.index + found[0].length
  }
  if (end < written.length) parts.push({ kind: 'text', text: written.slice(end) })
  return parts
}

/** The URL in the words of one target. */
export const formatRedirectUrl = (
  url: RedirectUrl,
  words: {
    readonly text: (text: string) => string
    readonly host: string
    readonly uri: string
  },
): string =>
  url.map((part) => (part.kind === 'text' ? words.text(part.text) : words[part.kind])).join('')

export type RedirectCode = 301 | 302 | 303 | 307 | 308

/** A fixed response. */
export interface FixedResponse {
  readonly status: number
  /** null: the page of the server for this status; without a body for a status below 400. */
  readonly body: string | null
  readonly contentType: string
}
