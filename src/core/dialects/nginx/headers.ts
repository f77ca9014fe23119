import { atKey, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import type { Frontend } from '../../model/cluster.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import { literalProblems } from './literals.ts'
import { hashFor } from './server-names.ts'
import type { HashSize, ServerView } from './views.ts'

const keepalive = { name: 'Connection', value: '' } as const

/** Headers of the proxied request: the usual ones, then those of the spec, which win over them. */
export const headerViews = (
  frontend: Frontend,
  usual: ServerView['headers'],
  isKeepalive: boolean,
): ServerView['headers'] => {
  const own = new Set(frontend.headers.map(({ name }) => name.toLowerCase()))
  const first = isKeepalive ? [keepalive, ...usual] : usual
  return [
    ...first.filter(({ name }) => !own.has(name.toLowerCase())),
    ...frontend.headers.map(({ name, value }) => ({ name, value })),
  ]
}

/** nginx sets headers of proxied requests only. */
const unusedHeaders = (
  { headers, locations }: Frontend,
  { label }: Features,
): readonly Diagnostic[] =>
  locations.some(({ action }) => action.kind === 'proxy')
    ? []
    : headers.map(({ path }) => withoutEffect(path, label, 'no location of this frontend proxies'))

export const headerProblems = (frontend: Frontend, features: Features): readonly Diagnostic[] => {
  const { headers } = frontend
  const seen = new Set<string>()
  const problems = headers.flatMap(({ name, value, path }) => {
    const isTwice = seen.has(name.toLowerCase())
    seen.add(name.toLowerCase())
    // lint/rules/frontends.ts speaks of variables, for all dialects.
    if (!isTwice) return /\$\{?[A-Za-z_]/.test(value) ? [] : literalProblems(value, path)
    return [
      report(
        'nginx-header-twice',
        atKey(path),
        `the header "${name}" is there twice: header names have no upper and lower case`,
        'keep one of them',
      ),
    ]
  })
  return [...problems, ...unusedHeaders(frontend, features)]
}

/** nginx's hash of header names as it comes holds names up to this length. */
const longestName = 46
const mostHeaders = 80

export const headersHash = ({ headers }: Frontend): HashSize | null => {
  const longest = headers.reduce((most, { name }) => Math.max(most, name.length), 0)
  if (longest <= longestName && headers.length <= mostHeaders) return null
  return hashFor(headers.length, longest)
}

export const clientAddressProblems = (
  { clientAddress }: Frontend,
  { knowsPeer, label }: Features,
): readonly Diagnostic[] => {
  if (clientAddress === null) return []
  const problems: Diagnostic[] = []
  if (!knowsPeer) {
    problems.push(
      report(
        'nginx-own-scheme',
        atKey(clientAddress.path),
        `${label} does not know whether X-Forwarded-Proto comes from a trusted proxy: the application hears the scheme of nginx's own listener`,
        'nginx 1.9.7 knows; with HTTPS that ends in front, cookies lack Secure before',
      ),
    )
  }
  return problems
}
