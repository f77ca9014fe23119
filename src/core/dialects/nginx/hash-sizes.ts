import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Frontend } from '../../model/cluster.ts'
import { allHeaders } from '../../model/request-texts.ts'
import { report } from './codes.ts'

/** Sizes of a hash table of nginx, where its defaults are too small. */
export interface HashSize {
  readonly bucketSize: string
  readonly maxSize: string
}

/** Sizes with which nginx builds a hash table of so many names without a warning. */
const sizeFor = (count: number, longest: number): HashSize => {
  const bucketSize = 2 ** Math.ceil(Math.log2(Math.max(128, longest + 32)))
  const maxSize = 2 ** Math.ceil(Math.log2(Math.max(2048, count * 8)))
  return { bucketSize: String(bucketSize), maxSize: String(maxSize) }
}

/** null: the names fit into the default size. */
const sizeOfNames = (
  names: readonly string[],
  limits: { readonly length: number; readonly count: number },
): HashSize | null => {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0)
  return longest <= limits.length && names.length <= limits.count
    ? null
    : sizeFor(names.length, longest)
}

/** Measured on 1.18 to 1.30. */
export const serverNamesHash = (frontends: readonly Frontend[]): HashSize | null => {
  const names = frontends.flatMap(({ serverNames }) => serverNames)
  const hashed = names.filter((name) => !name.startsWith('~'))
  return sizeOfNames(hashed, { length: 46, count: 100 })
}

export const headersHash = (frontend: Frontend): HashSize | null =>
  sizeOfNames(
    allHeaders(frontend).map(({ name }) => name),
    { length: 46, count: 80 },
  )

/**
 * nginx warns about its default from 17 more variables on, measured on 1.22 to 1.30 with the longest names
 * that are generated; groups of expressions and families such as $http_ add a few.
 */
const mostVariables = 12

export const variablesHash = (count: number): HashSize | null =>
  count > mostVariables ? sizeFor(count, 0) : null

/** nginx accepts each size once in the http block, which another file may already set. */
export const noteHashSizes = (
  sizes: {
    readonly variablesHash: HashSize | null
    readonly serverNamesHash: HashSize | null
  },
  findings: Findings,
): void => {
  const note = (key: string, name: string) =>
    report(
      findings,
      'nginx-hash-size',
      atKey([key]),
      `${name}_bucket_size and ${name}_max_size are set: the defaults of nginx are too small for these names`,
      'remove them from the nginx.conf that includes this file, because nginx accepts each directive once',
    )
  if (sizes.variablesHash !== null) note('upstreams', 'variables_hash')
  if (sizes.serverNamesHash !== null) note('frontends', 'server_names_hash')
}
