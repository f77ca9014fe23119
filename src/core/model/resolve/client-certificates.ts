import type { Frontend, Header, Upstream } from '../cluster.ts'
import { type RequestVariable, variablesOf } from '../request-text.ts'
import { allHeaders } from '../request-texts.ts'

/** Headers with the data of a client certificate. */
const certificateHeaders: readonly (readonly [name: string, variable: RequestVariable])[] = [
  ['X-Client-Verify', 'tls.client.verify'],
  ['X-Client-Subject', 'tls.client.subject'],
  ['X-Client-Issuer', 'tls.client.issuer'],
  ['X-Client-Serial', 'tls.client.serial'],
]

const upstreamsOf = ({ locations }: Frontend): readonly Upstream[] =>
  locations.flatMap(({ action }) => (action.kind === 'proxy' ? [action.upstream] : []))

/** The headers, and those of the list that have other names. */
const withOthers = (headers: readonly Header[], others: readonly Header[]): readonly Header[] => {
  const names = new Set(headers.map(({ name }) => name.toLowerCase()))
  return [...headers, ...others.filter(({ name }) => !names.has(name.toLowerCase()))]
}

const withCertificate = (frontend: Frontend): Frontend => {
  const { headers, tls } = frontend
  if (tls.clientCertificate === null || upstreamsOf(frontend).length === 0) return frontend
  const { path } = tls.clientCertificate
  const own = certificateHeaders.map(([name, variable]): Header => {
    return { name, text: [{ kind: 'variable', name: variable }], path }
  })
  return { ...frontend, headers: withOthers(headers, own) }
}

const isOfCertificate = ({ text }: Header): boolean =>
  variablesOf(text).some((name) => name.startsWith('tls.client.'))

/**
 * Adds the headers with the data of client certificates. Where other frontends proxy to the same upstreams,
 * they remove these headers: the application could not tell them from those of a client.
 */
export const withCertificateHeaders = (frontends: readonly Frontend[]): readonly Frontend[] => {
  const own = frontends.map(withCertificate)
  const names = new Map<Upstream, Set<string>>()
  for (const frontend of own) {
    for (const upstream of upstreamsOf(frontend)) {
      const known = names.get(upstream) ?? new Set()
      for (const { name } of allHeaders(frontend).filter(isOfCertificate)) known.add(name)
      names.set(upstream, known)
    }
  }
  return own.map((frontend) => {
    const all = new Set(upstreamsOf(frontend).flatMap((each) => [...(names.get(each) ?? [])]))
    const removed = [...all].sort().map((name): Header => ({ name, text: [], path: frontend.path }))
    return { ...frontend, headers: withOthers(frontend.headers, removed) }
  })
}
