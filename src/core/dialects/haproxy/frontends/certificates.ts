import { atValue, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import type { Cluster, Listener } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import type { Features } from '../features.ts'

type Tls = NonNullable<Listener['tls']>

/** A certificate whose key has a path of its own, for `crt-store` (3.0 and later). */
export interface StoredCertificate {
  readonly certificate: string
  readonly key: string
}

const isTogether = ({ certificate, key }: Tls): boolean => certificate === key
const isAppended = ({ certificate, key }: Tls): boolean => key === `${certificate}.key`
const isBeside = ({ certificate, key }: Tls): boolean =>
  certificate.endsWith('.crt') && key === certificate.replace(/crt$/, 'key')

const allTls = (cluster: Cluster): readonly Tls[] =>
  cluster.frontends.flatMap(({ listeners }) => listeners.flatMap(({ tls }) => tls ?? []))

/** Whether some key is named after its certificate without `.crt`. */
export const looksBesideCrt = (cluster: Cluster, features: Features): boolean =>
  features.findsKeyBesideCrt && !features.loadsKeyByPath && allTls(cluster).some(isBeside)

/** Each certificate and key once, where they are loaded by path. */
export const storedCertificates = (
  cluster: Cluster,
  features: Features,
): readonly StoredCertificate[] => {
  if (!features.loadsKeyByPath) return []
  const separate = allTls(cluster).filter((tls) => !isTogether(tls))
  return [...new Map(separate.map((tls) => [tls.certificate, tls])).values()]
}

const isFound = (tls: Tls, context: Context): boolean => {
  if (context.features.loadsKeyByPath || isTogether(tls)) return true
  if (context.looksBesideCrt && tls.certificate.endsWith('.crt')) return isBeside(tls)
  return isAppended(tls)
}

/** What `crt` names; a finding where HAProxy would not find the key. */
export const certificatePath = (tls: Tls, path: SpecPath, context: Context): string => {
  if (!isFound(tls, context)) {
    const { version, findings, features } = context
    const beside = features.findsKeyBesideCrt ? ', NAME.crt with NAME.key' : ''
    report(
      findings,
      'haproxy-certificate-key',
      atValue([...path, 'tls', 'key']),
      `HAProxy ${version.text} does not look for the key of ${tls.certificate} in ${tls.key}`,
      `name the key ${tls.certificate}.key, or put both into one file and name it twice; known: FILE with FILE.key${beside}; from 3.0 any two paths`,
    )
  }
  return tls.certificate
}
