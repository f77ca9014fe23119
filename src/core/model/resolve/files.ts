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

/**
 * The folder takes the place of the match in the path. If the match had no slash at its end, a request for
 * `/images../secret` would be for the file `secret` in the folder above.
 */
const resolveAlias = (
  { alias, match, root, ...others }: SpecLocation,
  path: SpecPath,
  findings: Findings,
): string | null => {
  if (alias === undefined) return null
  const at = atKey([...path, 'alias'])
  const other = (['upstream', 'status', 'redirect', 'respond'] as const).find(
    (key) => others[key] !== undefined,
  )
  const second = root === undefined ? other : 'root'
  if (second !== undefined) {
    const message = `the location has both "${second}" and "alias"`
    report(findings, 'location-invalid', at, message, 'write two locations')
  }
  const unfit = [match].flat().find((text) => !/^(?:\^~ *)?\/(?:.*\/)?$/s.test(text))
  if (unfit !== undefined) {
    const message = `"alias" replaces the prefix of a path, and "${unfit}" is not a prefix that ends with a slash: a path such as /images../ would leave the folder`
    const help = 'write a match such as /images/, or use "root"'
    report(findings, 'location-invalid', at, message, help)
  }
  return `${alias.replace(/\/+$/, '')}/`
}

const remedies = {
  tryFiles: 'set "root", and proxy the other requests in another location',
  listing: 'remove it',
  charset: 'remove it: the application names the encoding of its texts',
  expires: 'set "root" or "alias", or write Cache-Control in "responseHeaders"',
} as const

/** Settings of locations that serve files. */
export const resolveFiles = (
  written: SpecLocation,
  path: SpecPath,
  findings: Findings,
): Pick<Location, 'alias' | 'charset' | 'expires' | 'listsFolders' | 'root' | 'tryFiles'> => {
  const { alias, expires, redirect, respond, root, status, tryFiles, upstream } = written
  const both = [root, alias]
  const folders = { tryFiles: [root], expires: both, listing: both, charset: both }
  const isOther = [redirect, respond, status, upstream].some((each) => each !== undefined)
  for (const key of ['tryFiles', 'expires', 'listing', 'charset'] as const)
    if (written[key] !== undefined && (isOther || folders[key].every((each) => each === undefined)))
      report(
        findings,
        'location-invalid',
        atKey([...path, key]),
        `"${key}" is for locations that serve files${key === 'tryFiles' ? ' below "root"' : ''}`,
        remedies[key],
      )
  return {
    root: root ?? null,
    alias: resolveAlias(written, path, findings),
    listsFolders: written.listing ?? false,
    charset: written.charset ?? null,
    tryFiles:
      tryFiles === undefined ? null : resolveTryFiles(tryFiles, [...path, 'tryFiles'], findings),
    expires: expires === undefined ? null : Math.ceil(durationMs(expires) / 1000),
  }
}
