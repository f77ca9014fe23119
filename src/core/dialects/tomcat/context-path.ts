import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { TomcatApp } from '../../model/app.ts'
import { report } from './codes.ts'

/** Where the context's configuration goes, below CATALINA_BASE. */
export interface ContextFile {
  /** Name in conf/<Engine>/<Host>/; null: conf/context.xml, the defaults of every context. */
  readonly name: string | null
  readonly diagnostics: readonly Diagnostic[]
}

/** The name of the file that a context would have, whatever its path: `/shop/admin` is shop#admin.xml. */
export const contextFileNameOf = (path: string): string => {
  const bare = path.replace(/^\//, '')
  return bare === '' ? 'ROOT.xml' : `${bare.replaceAll('/', '#')}.xml`
}

/** `/` is ROOT.xml, `/shop` is shop.xml, `/shop/admin` is shop#admin.xml (Tomcat, "Naming" of contexts). */
export const contextFileOf = ({ context, path }: TomcatApp): ContextFile => {
  if (context === null) return { name: null, diagnostics: [] }
  const segments = context.slice(1).split('/')
  if (context === '/') return { name: 'ROOT.xml', diagnostics: [] }
  const isPath = segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  const isRoot = segments[0] === 'ROOT'
  if (isPath && !isRoot) return { name: contextFileNameOf(context), diagnostics: [] }
  const help = isRoot ? 'the root context is "/"' : 'write it as in "/shop" or "/shop/admin"'
  const message = `"${context}" is no path of a context`
  return {
    name: null,
    diagnostics: [report('tomcat-context-path', atValue([...path, 'context']), message, help)],
  }
}
