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

/** Spaces in its place: no line moves. */
export const blank = (
  { text }: Pick<XmlDocument, 'text'>,
  { start, end }: { readonly start: number; readonly end: number },
): Splice => ({ start, end, text: text.slice(start, end).replace(/[^\r\n]/g, ' ') })

/** Listens on ports of its own, joins a running cluster, or looks up names, users and data elsewhere. */
const reachOut = new Set([
  'org.apache.catalina.mbeans.JmxRemoteLifecycleListener',
  // Refuses to run as root and minds the umask, which says nothing about the file.
  'org.apache.catalina.security.SecurityListener',
  // Deploys what users have in their homes.
  'org.apache.catalina.startup.UserConfig',
  'org.apache.catalina.realm.JDBCRealm',
  'org.apache.catalina.realm.DataSourceRealm',
  'org.apache.catalina.realm.JNDIRealm',
  'org.apache.catalina.session.JDBCStore',
  'org.apache.catalina.session.DataSourceStore',
  'org.apache.catalina.valves.JDBCAccessLogValve',
])

/** Elements that only bring in what lies outside. */
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

/** Without these there is nothing to start; a class of their own is taken from them instead. */
const essential = new Set(['Server', 'Service', 'Engine', 'Host', 'Context', 'Connector'])

const userDatabase = 'org.apache.catalina.UserDatabase'

/**
 * Why an element has to stay out of a check that touches nothing and nobody; null when it can stay
 * in. Classes that Tomcat does not bring are the host's, and could do anything.
 */
export const reasonToLeaveOut = (element: XmlElement): string | null => {
  const className = attributeValue(element, 'className')
  if (essential.has(element.name)) return null
  if (element.name === 'Resource' && attributeValue(element, 'type') === userDatabase) return null
  if (outside.has(element.name)) return 'it reaches beyond this Tomcat'
  if (className === null) return null
  if (!className.startsWith('org.apache.')) return `its class ${className} is not Tomcat's own`
  if (reachOut.has(className) || className.startsWith('org.apache.catalina.ha.'))
    return 'it reaches beyond this Tomcat'
  return null
}

/** A configuration with which a Tomcat can start beside everything that runs on this host. */
export interface IsolatedXml {
  readonly text: string
  /** What is not checked therefore, each a sentence without a full stop. */
  readonly notes: readonly string[]
}

/** What replaces what; null: the attribute goes. Only what is there is replaced. */
type Replacements = Readonly<Record<string, string | null>>

/** Set whether or not it is there. */
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

/** Behind the others on the same line: no line moves. The values are ours and need no escaping. */
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

/** What a DOCTYPE brings in is not seen here, and would be started as it is. */
const bringsMarkup = ({ text, root }: XmlDocument): boolean => {
  const doctype = text.slice(0, root.start)
  const values = [...entityDeclarations(doctype).values()]
  return (
    /<!DOCTYPE[\s\S]*(?:SYSTEM|PUBLIC|%)/.test(doctype) ||
    values.some(({ text, isFile }) => !isFile && /[<&]/.test(text))
  )
}

/** A class that the host adds for something that cannot be left out. */
const foreignClass = (element: XmlElement): XmlAttribute | null => {
  const attribute = attributeOf(element, 'className')
  return attribute?.value.startsWith('org.apache.') === false ? attribute : null
}

/**
 * The same configuration without what would be felt outside of the stage: its ports are free ones on
 * loopback, the shutdown port is off, applications are empty folders, files are the stage's. Lines
 * stay where they are. A sentence when it cannot be made isolateXml.
 */
export const isolateXml = (document: XmlDocument, emptyFolder: string): IsolatedXml | string => {
  if (bringsMarkup(document)) return 'its DOCTYPE brings in markup from elsewhere'
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
      notes.push(`className in line ${line} was left out: ${foreign.value} is not Tomcat's own`)
      splices.push(blank(document, foreign))
    }
    splices.push(...attributeSplices(document, element, emptyFolder))
    element.children.forEach(walk)
  }
  walk(document.root)
  return { text: applySplices(document.text, splices), notes }
}
