import { atValue, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../../model/cluster.ts'
import { guardedLocations } from '../../path-parameters.ts'
import { regexText } from '../../regular-expressions.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { asReplacement } from '../quote.ts'
import { literal } from '../values.ts'
import { type Pattern, patternsOf } from './expressions.ts'

/** AliasMatch */
export interface AliasView {
  readonly expression: string
  /** The folder, and what follows the match in the path. */
  readonly path: string
}

/** Where the files of a virtual host are. */
export interface FilesView {
  /** null: no location has a root. */
  readonly root: string | null
  readonly aliases: readonly AliasView[]
  /** Folders that clients can read files from. */
  readonly folders: readonly string[]
}

const reportFolder = (
  [message, help]: readonly [message: string, help: string],
  at: SpecPath,
  { findings }: Context,
): void => report(findings, 'httpd-root', atValue(at), message, help)

const problemOf = (folder: string): readonly [string, string] | null => {
  if (!folder.startsWith('/'))
    return [`httpd needs an absolute path, found "${folder}"`, 'write a path such as /srv/www']
  if (/[*?[\]]/.test(folder))
    return [`httpd reads "${folder}" as a pattern`, 'use a path without *, ? and brackets']
  return null
}

const rootOf = ({ locations }: Frontend, context: Context): string | null => {
  let found: string | null = null
  for (const { action, root, path } of locations) {
    if (action.kind !== 'files' || root === null) continue
    const at = [...path, 'root']
    const another: readonly [string, string] | null =
      found === null || found === root
        ? null
        : [
            `httpd has one DocumentRoot for each virtual host, found "${found}" and "${root}"`,
            'move one of the locations to another frontend, or use "alias"',
          ]
    const problem = problemOf(root) ?? another
    if (problem !== null) reportFolder(problem, at, context)
    found ??= literal(root, at, context)
  }
  return found
}

/**
 * Of the paths for which nginx chooses the location. The look-ahead is first, so that its group is the
 * first one: the expressions of other locations may have groups.
 */
const aliasOf = (
  { location, chosen }: Pattern,
  alias: string,
  context: Context,
): AliasView & { readonly folder: string } => {
  const { match, path } = location
  const at = [...path, 'alias']
  const problem = problemOf(alias)
  if (problem !== null) reportFolder(problem, at, context)
  const folder = literal(alias, at, context)
  return {
    folder,
    expression: `^(?=${regexText(match.pattern)}((?s:.*)))${chosen.slice(1)}`,
    path: `${asReplacement(folder)}$1`,
  }
}

export const filesOf = (frontend: Frontend, context: Context): FilesView => {
  const root = rootOf(frontend, context)
  const aliases = patternsOf(guardedLocations(frontend)).flatMap((pattern) => {
    const { action, alias } = pattern.location
    return action.kind === 'files' && alias !== null ? [aliasOf(pattern, alias, context)] : []
  })
  const folders = [...(root === null ? [] : [root]), ...aliases.map(({ folder }) => folder)]
  if (folders.length > 0) context.modules.add('dir').add('mime')
  if (aliases.length > 0) context.modules.add('alias')
  return {
    root,
    aliases: aliases.map(({ expression, path }) => ({ expression, path })),
    folders: [...new Set(folders)],
  }
}
