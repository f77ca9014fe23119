import { attributeValue, type XmlElement } from '../../dialects/tomcat/xml/document.ts'

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
