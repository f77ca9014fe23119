import type { HaproxyStatement } from '../../../config/haproxy/config.ts'
import type { HaproxyView } from './view.ts'

/** The session cookie of Tomcat, compared with an end or a part of its value. */
const comparison = /cook(?:ie)?(_(?:end|sub|reg))?\(JSESSIONID\b/i

/** The routes in `cook_end(JSESSIONID) .tomcat01` or `req.cook(JSESSIONID) -m end .tomcat01`. */
const routesIn = ({ args }: HaproxyStatement): readonly string[] => {
  const at = args.findIndex((word) => comparison.test(word))
  if (at === -1) return []
  const isCompared = comparison.exec(args[at] ?? '')?.[1] !== undefined
  const after = args.slice(at + 1)
  const method = after[after.indexOf('-m') + 1]
  if (!isCompared && !(after.includes('-m') && /^(?:end|sub|reg)$/.test(method ?? ''))) return []
  const end = after.indexOf('}')
  return after
    .slice(0, end === -1 ? after.length : end)
    .filter((word, index) => !word.startsWith('-') && after[index - 1] !== '-m')
    .map((word) => word.replace(/^\\?\./, '').replace(/\$$/, ''))
}

/**
 * The routes of session ids by which `use-server` selects servers: the names of the servers if the line
 * has a sample in place of a name. The values of `cookie` are not compared with a `jvmRoute`: they are
 * those of a cookie of HAProxy.
 */
export const haproxyJvmRoutes = ({ backends }: HaproxyView): readonly string[] =>
  backends.flatMap(({ section: { lines } }) => {
    const uses = lines.filter(({ name }) => name === 'use-server')
    if (uses.length === 0) return []
    const isByName = uses.some(({ args }) => args[0]?.startsWith('%[') === true)
    const names = lines.flatMap(({ args, name }) => (name === 'server' ? args.slice(0, 1) : []))
    const compared = lines.filter(({ name }) => name === 'acl' || name === 'use-server')
    return [...(isByName ? names : []), ...compared.flatMap(routesIn)]
  })
