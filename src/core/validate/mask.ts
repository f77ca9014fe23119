import type { Cluster } from '../model/cluster.ts'

const secretName = '[\\w.-]*(?:pass|secret|credential|token|encryptionKey)[\\w.-]*'

const replacements: readonly (readonly [RegExp, string])[] = [
  // As Tomcat speaks of properties: property [keystorePass] to [changeit].
  [new RegExp(`(\\[${secretName}\\] to \\[)[^\\]]*`, 'gi'), '$1***'],
  // As XML and properties files say it.
  [new RegExp(`\\b(${secretName}\\s*=\\s*)("[^"]*"?|'[^']*'?|[^\\s"']+)`, 'gi'), '$1***'],
]

const literalsOf = ({ stores }: Cluster): readonly string[] =>
  stores.flatMap((store) =>
    store.kind !== 'memcached' && store.password?.kind === 'literal' ? [store.password.value] : [],
  )

/** Makes the function that hides secrets in whatever is shown: the spec's, and those in files of the user. */
export const maskFor = (cluster: Cluster): ((text: string) => string) => {
  const literals = literalsOf(cluster).filter((value) => value !== '')
  return (text) => {
    const named = replacements.reduce(
      (shown, [pattern, mask]) => shown.replace(pattern, mask),
      text,
    )
    return literals.reduce((shown, value) => shown.replaceAll(value, '***'), named)
  }
}
