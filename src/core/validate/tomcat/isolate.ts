import { entityDeclarations } from '../../dialects/tomcat/xml/declarations.ts'
import {
  attributeOf,
  attributeValue,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
} from '../../dialects/tomcat/xml/document.ts'
import { applySplices, type Splice, setAttribute } from '../../dialects/tomcat/xml/edit.ts'
import { positionAt } from '../../dialects/tomcat/xml/problem.ts'

/** Replaces the markup by spaces: no line moves. */
export const blank = (
  { text }: Pick<XmlDocument, 'text'>,
  { start, end }: { readonly start: number; readonly end: number },
): Splice => ({ start, end, text: text.slice(start, end).replace(/[^\r\n]/g, ' ') })

/** Classes that listen on more ports, join a running cluster, or read names, users and data elsewhere. */
const reachOut = new Set([
  'org.apache.catalina.mbeans.JmxRemoteLifecycleListener',
  // Refuses to run as root and checks the umask, which is not part of the file.
  'org.apache.catalina.security.SecurityListener',
  // Deploys the applications in the home folders of users.
  'org.apache.catalina.startup.UserConfig',
  'org.apache.catalina.realm.JDBCRealm',
  'org.apache.catalina.realm.DataSourceRealm',
  'org.apache.catalina.realm.JNDIRealm',
  'org.apache.catalina.session.JDBCStore',
  'org.apache.catalina.session.DataSourceStore',
  'org.apache.catalina.valves.JDBCAccessLogValve',
])

/** Elements that only use something outside this Tomcat. */
const outside = new Set([
  'Cluster',
  'Resource',
  'ResourceLink',
  'ResourceEnvRef',
  'Ejb',
  'ServiceRef',
  'Transaction',
  'Resources',
  'Loader',
])

/** Tomcat cannot start without these elements; only a foreign className is removed from them. */
const essential = new Set(['Server', 'Service', 'Engine', 'Host', 'Context', 'Connector'])

const userDatabase = 'org.apache.catalina.UserDatabase'

/**
 * Why an element is left out of a check, which must have no side effects; null: it is not left out.
 * Classes that are not part of Tomcat could do anything.
 */
export const reasonToLeaveOut = (element: XmlElement): string | null => {
  const className = attributeValue(element, 'className')
  if (essential.has(element.name)) return null
  if (element.name === 'Resource' && attributeValue(element, 'type') === userDatabase) return null
  if (outside.has(element.name)) return 'it uses something outside this Tomcat'
  if (className === null) return null
  if (!className.startsWith('org.apache.')) return `its class ${className} is not part of Tomcat`
  if (reachOut.has(className) || className.startsWith('org.apache.catalina.ha.'))
    return 'it uses something outside this Tomcat'
  return null
}

/** A configuration with which Tomcat can start without side effects on this host. */
export interface IsolatedXml {
  readonly text: string
  /** What is therefore not checked, each a sentence without a full stop. */
  readonly notes: readonly string[]
}

/** The new values of existing attributes; null: the attribute is removed. */
type Replacements = Readonly<Record<string, string | null>>

/** Attributes that are set or added. */
const forced: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Server: { port: '-1' },
  // Port 0: a free one, on the loopback address and nowhere else.
  Connector: { port: '0', address: '127.0.0.1' },
  Host: { appBase: 'webapps' },
}

const replaced = (element: XmlElement, emptyFolder: string): Replacements => {
  switch (element.name) {
    case 'Server':
      return { portOffset: '0' }
    case 'Connector':
      return { SSLEnabled: 'false', portOffset: '0', unixDomainSocketPath: null }
    case 'Host':
      return { deployOnStartup: 'true', xmlBase: null, workDir: null }
    case 'Context':
      return { docBase: emptyFolder, workDir: null, altDDName: null }
    // An empty pathname keeps a Manager from writing anything, and stays.
    case 'Manager':
      return attributeValue(element, 'pathname') === '' ? {} : { pathname: 'SESSIONS.ser' }
    case 'Resource':
      return { pathname: 'conf/tomcat-users.xml' }
    // Logs and stored sessions.
    default:
      return { directory: 'kept' }
  }
}

/** After the other attributes, on the same line: no line moves. The values are constants that need no escaping. */
const added = (element: XmlElement, name: string, value: string): Splice => {
  const at = element.attributes.at(-1)?.end ?? element.start + 1 + element.name.length
  return { start: at, end: at, text: ` ${name}="${value}"` }
}

const attributeSplices = (
  document: XmlDocument,
  element: XmlElement,
  emptyFolder: string,
): readonly Splice[] => [
  ...Object.entries(forced[element.name] ?? {}).flatMap(([name, value]) =>
    attributeOf(element, name) === null
      ? [added(element, name, value)]
      : setAttribute(document, element, name, value),
  ),
  ...Object.entries(replaced(element, emptyFolder)).flatMap(([name, value]) => {
    const attribute = attributeOf(element, name)
    if (attribute === null) return []
    return value === null
      ? [blank(document, attribute)]
      : setAttribute(document, element, name, value)
  }),
]

/** Markup that a DOCTYPE includes is not visible here, and would be started unchanged. */
const bringsMarkup = ({ text, root }: XmlDocument): boolean => {
  const doctype = text.slice(0, root.start)
  const values = [...entityDeclarations(doctype).values()]
  return (
    /<!DOCTYPE[\s\S]*(?:SYSTEM|PUBLIC|%)/.test(doctype) ||
    values.some(({ text, isFile }) => !isFile && /[<&]/.test(text))
  )
}

/** A class that is not part of Tomcat, of an element that cannot be left out. */
const foreignClass = (element: XmlElement): XmlAttribute | null => {
  const attribute = attributeOf(element, 'className')
  return attribute?.value.startsWith('org.apache.') === false ? attribute : null
}

/**
 * The same configuration without side effects outside of the temporary folder: ports are free ones on
 * loopback, the shutdown port is off, applications are empty folders. No line moves. A sentence when
 * that cannot be done.
 */
export const isolateXml = (document: XmlDocument, emptyFolder: string): IsolatedXml | string => {
  if (bringsMarkup(document)) return 'its DOCTYPE includes markup from other files or entities'
  const splices: Splice[] = []
  const notes: string[] = []
  const walk = (element: XmlElement): void => {
    const reason = reasonToLeaveOut(element)
    if (reason !== null) {
      const { line } = positionAt(document.lines, element.start)
      notes.push(`<${element.name}> in line ${line} was left out: ${reason}`)
      splices.push(blank(document, element))
      return
    }
    const foreign = foreignClass(element)
    if (foreign !== null) {
      const { line } = positionAt(document.lines, foreign.start)
      notes.push(`className in line ${line} was left out: ${foreign.value} is not part of Tomcat`)
      splices.push(blank(document, foreign))
    }
    splices.push(...attributeSplices(document, element, emptyFolder))
    element.children.forEach(walk)
  }
  walk(document.root)
  return { text: applySplices(document.text, splices), notes }
}
