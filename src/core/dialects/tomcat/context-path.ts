import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { TomcatApp } from '../../model/app.ts'
import { inBase } from './base-file.ts'
import { type BaseServer, hostNameOf } from './base-server.ts'
import { report } from './codes.ts'
import { attributeValue } from './xml/document.ts'

/**
 * The name of the context file of a context path: `/` is ROOT.xml, `/shop` is shop.xml and `/shop/admin`
 * is shop#admin.xml ("Naming" in Tomcat's documentation of Context).
 */
export const contextFileNameOf = (path: string): string => {
  const bare = path.replace(/^\//, '')
  return bare === '' ? 'ROOT.xml' : `${bare.replaceAll('/', '#')}.xml`
}

/**
 * The path of a Context in server.xml without `path`: its whole `docBase`, without `.war`
 * (StandardHost.addChild, util/ContextName).
 */
export const contextPathOf = (docBase: string): string => {
  const bare = docBase.replace(/^\//, '').replace(/\.(?:war|xml)$/i, '')
  return bare === 'ROOT' ? '/' : `/${bare}`
}

const isRoot = (context: string): boolean => context.slice(1).split('/')[0] === 'ROOT'

const isValid = (context: string): boolean =>
  context === '/' ||
  (!isRoot(context) &&
    context
      .slice(1)
      .split('/')
      .every((segment) => !['', '.', '..'].includes(segment)))

/** The context file of an app in conf/<Engine>/<Host>/; null: conf/context.xml, for all contexts. */
export const contextFileOf = ({ context }: TomcatApp): string | null =>
  context === null || !isValid(context) ? null : contextFileNameOf(context)

export const reportContextPath = ({ context, path }: TomcatApp, findings: Findings): void => {
  if (context === null || isValid(context)) return
  const message = `"${context}" is not a valid context path`
  const help = isRoot(context) ? 'write "/" for the root context' : 'write "/shop" or "/shop/admin"'
  report(findings, 'tomcat-context-path', atValue([...path, 'context']), message, help)
}

type OfHost = Pick<BaseServer, 'engine' | 'host'>

/** Engine and Host, after which Tomcat names the folder of a context file. */
const folderNamesOf = (base: OfHost): readonly [engine: string, host: string] => [
  attributeValue(base.engine, 'name') ?? '',
  base.host === null
    ? (attributeValue(base.engine, 'defaultHost') ?? '').toLowerCase()
    : hostNameOf(base.host),
]

/** The folder of context files below conf: <Engine>/<Host>. */
export const contextFolderOf = (base: OfHost | null): string =>
  base === null ? 'Catalina/localhost' : folderNamesOf(base).join('/')

export const reportContextFolder = (base: BaseServer, findings: Findings): void => {
  const names = folderNamesOf(base)
  if (names.every((name) => /^(?!\.+$)[\w.-]+$/.test(name))) return
  const [engine, host] = names
  const message = `the names of Engine "${engine}" and its Host "${host}" cannot be folder names`
  const help = 'remove `context` from the spec, so that conf/context.xml is written'
  report(findings, 'tomcat-base-invalid', inBase(base, base.engine.start), message, help)
}
