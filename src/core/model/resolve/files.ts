import { atKey, atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { Location, TryFiles } from '../cluster.ts'
import { report } from '../codes.ts'
import { durationMs } from '../duration.ts'

type SpecLocation = Spec['frontends'][string]['locations'][number]

const requestPath = '{request.path}'

const resolveTryFiles = (
  tryFiles: readonly string[],
  at: SpecPath,
  findings: Findings,
): TryFiles => {
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

const remedies = {
  tryFiles: 'set "root", and proxy the other requests in another location',
  expires: 'set "root", or write Cache-Control in "responseHeaders"',
} as const

/** Settings of locations that serve files. */
export const resolveFiles = (
  written: SpecLocation,
  path: SpecPath,
  findings: Findings,
): Pick<Location, 'tryFiles' | 'expires'> => {
  const { expires, redirect, respond, root, status, tryFiles, upstream } = written
  const isOther = [redirect, respond, status, upstream].some((each) => each !== undefined)
  for (const key of ['tryFiles', 'expires'] as const)
    if (written[key] !== undefined && (root === undefined || isOther))
      report(
        findings,
        'location-invalid',
        atKey([...path, key]),
        `"${key}" is for locations that serve files`,
        remedies[key],
      )
  return {
    tryFiles:
      tryFiles === undefined ? null : resolveTryFiles(tryFiles, [...path, 'tryFiles'], findings),
    expires: expires === undefined ? null : Math.ceil(durationMs(expires) / 1000),
  }
}
