import type { Features } from './context.ts'
import { sampleArgument } from './quote.ts'

/** Text with nginx variables, in parts. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  /** Without `$`. */
  | { readonly kind: 'variable'; readonly name: string }

const variable = /\$(?:\{(\w+)\}|(\w+))/g

/** Reads text with `$name` and `${name}` as nginx does; a `$` that begins no variable is text. */
export const partsOf = (text: string): readonly Part[] => {
  const parts: Part[] = []
  let end = 0
  for (const match of text.matchAll(variable)) {
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) })
    parts.push({ kind: 'variable', name: match[1] ?? match[2] ?? '' })
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) })
  return parts
}

/** The host name without its port and without the dot of the root, as nginx takes it. */
export const hostSample = 'req.hdr(host),lower,regsub(:[0-9]*$,),regsub([.]$,)'

/** Path and query as the client sent them, without scheme and host of an absolute URL. */
export const uriFormat = '%[path]%[query,regsub(^,?)]'

const samples: Readonly<Record<string, string>> = {
  uri: 'path,url_dec',
  document_uri: 'path,url_dec',
  args: 'query',
  query_string: 'query',
  host: hostSample,
  http_host: 'req.fhdr(host)',
  remote_addr: 'src',
  binary_remote_addr: 'src',
  remote_port: 'src_port',
  server_addr: 'dst',
  server_port: 'dst_port',
  request_method: 'method',
  ssl_session_id: 'ssl_fc_session_id,hex',
}

const headerName = (name: string): string => name.replaceAll('_', '-')

const families: readonly (readonly [prefix: string, sample: (rest: string) => string])[] = [
  ['cookie_', (rest) => `req.cook(${rest})`],
  ['arg_', (rest) => `urlp(${rest})`],
  ['http_', (rest) => `req.fhdr(${sampleArgument(headerName(rest))})`],
]

/** What nginx's variable of a request is in HAProxy; null: nothing is. */
export const requestSample = (name: string, features: Features): string | null => {
  if (name === 'scheme') return features.hasPathAndQuery ? 'ssl_fc,iif(https,http)' : null
  if (name === 'request_uri') return features.hasPathAndQuery ? 'pathq' : 'url'
  const known = samples[name]
  if (known !== undefined) return known
  for (const [prefix, sample] of families)
    if (name.startsWith(prefix) && name.length > prefix.length)
      return sample(name.slice(prefix.length))
  return null
}

/** For messages: what requestSample knows. */
export const requestVariables =
  '$request_uri, $uri, $args, $host, $remote_addr, $scheme, $request_method, $cookie_NAME, $arg_NAME, $http_NAME'

/** What nginx's variable of a response is in HAProxy; null: nothing is. */
export const responseSample = (name: string): string | null => {
  const [, kind, rest = ''] = /^upstream_(cookie|http)_(.+)$/.exec(name) ?? []
  if (kind === 'cookie') return `res.cook(${rest})`
  return kind === 'http' ? `res.hdr(${sampleArgument(headerName(rest))})` : null
}
