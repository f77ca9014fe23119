import type { Context } from '../context.ts'
import type { RewriteView } from './answers.ts'
import type { Pattern } from './expressions.ts'

/** A file or folder below DocumentRoot. */
const file = '%{DOCUMENT_ROOT}%{REQUEST_URI}'

/**
 * The rewrites that serve another file than that of the request. With PT, httpd looks for the new path
 * below DocumentRoot; without it, a path whose first folder exists on the host would be read from there.
 */
export const tryFilesOf = (pattern: Pattern, { modules }: Context): readonly RewriteView[] => {
  const { action, tryFiles } = pattern.location
  if (tryFiles === null || action.kind !== 'files') return []
  modules.add('rewrite')
  const expression = pattern.chosen
  const to = (
    substitution: string,
    conditions: RewriteView['conditions'],
    flags = '[PT,L]',
  ): RewriteView => ({ conditions, expression, substitution, flags })
  return [
    to('-', [[file, '-f']], '[L]'),
    to('-', [[file, '-d']], '[L]'),
    ...tryFiles.suffixes.map((suffix) =>
      to(`%{REQUEST_URI}${suffix}`, [[`${file}${suffix}`, '-f']]),
    ),
    ...(tryFiles.fallback === null ? [] : [to(tryFiles.fallback, [])]),
  ]
}
