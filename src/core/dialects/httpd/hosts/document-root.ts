import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { literal } from '../words.ts'

/** The folder for files of a frontend; null: it serves none. */
export const documentRoot = ({ locations }: Frontend, context: Context): string | null => {
  let found: string | null = null
  for (const { action, root, path } of locations) {
    if (action.kind !== 'files' || root === null) continue
    const at = [...path, 'root']
    const problem = problemOf(root, found)
    if (problem !== null) {
      const [message, help] = problem
      report(context.findings, 'httpd-root', atValue(at), message, help)
    }
    found ??= literal(root, at, context)
    context.modules.add('dir').add('mime')
  }
  return found
}

const problemOf = (root: string, found: string | null): readonly [string, string] | null => {
  if (!root.startsWith('/')) return [`httpd needs the whole path of "${root}"`, 'such as /srv/www']
  if (/[*?[\]]/.test(root))
    return [`httpd takes "${root}" for a pattern`, 'a path without *, ? and brackets']
  if (found !== null && found !== root)
    return [
      `httpd has one root for a host: "${found}", not also "${root}"`,
      'make a frontend of its own for the other',
    ] // prettier-ignore
  return null
}
