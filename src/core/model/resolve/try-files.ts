import { atKey, atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { TryFiles } from '../cluster.ts'
import { report } from '../codes.ts'

type SpecLocation = Spec['frontends'][string]['locations'][number]

const requestPath = '{request.path}'

export const resolveTryFiles = (
  { redirect, respond, root, status, tryFiles, upstream }: SpecLocation,
  path: SpecPath,
  findings: Findings,
): TryFiles | null => {
  if (tryFiles === undefined) return null
  const at = [...path, 'tryFiles']
  const servesFiles = [redirect, respond, status, upstream].every((each) => each === undefined)
  if (root === undefined || !servesFiles)
    report(
      findings,
      'location-invalid',
      atKey(at),
      '"tryFiles" is for locations that serve files',
      'set "root", and proxy the other requests in another location',
    )
  const isSuffix = (text: string): boolean => text.startsWith(requestPath)
  for (const [index, text] of tryFiles.slice(0, -1).entries())
    if (!isSuffix(text))
      report(
        findings,
        'location-invalid',
        atValue([...at, index]),
        `"${text}" answers every request: the files after it are never tried`,
        'write it last',
      )
  const last = tryFiles.at(-1) ?? ''
  return {
    suffixes: tryFiles.filter(isSuffix).map((text) => text.slice(requestPath.length)),
    fallback: isSuffix(last) ? null : last,
  }
}
