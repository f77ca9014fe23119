import type { Cluster } from '../model/cluster.ts'
import { secretsInText } from '../secrets/in-text.ts'
import { starred } from '../secrets/spans.ts'

const literalsOf = ({ stores }: Cluster): readonly string[] =>
  stores.flatMap((store) =>
    store.kind !== 'memcached' && store.password?.kind === 'literal' ? [store.password.value] : [],
  )

/** Makes the function that hides secrets in whatever is shown: the spec's, and those in files of the user. */
export const maskFor = (cluster: Cluster): ((text: string) => string) => {
  const literals = literalsOf(cluster).filter((value) => value !== '')
  return (text) => {
    const named = text
      .split('\n')
      .map((line) => starred(line, secretsInText(line)))
      .join('\n')
    return literals.reduce((shown, value) => shown.replaceAll(value, '***'), named)
  }
}
