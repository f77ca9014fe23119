import type { XmlAttribute, XmlDocument, XmlElement } from '../../dialects/tomcat/xml/document.ts'
import { applied, type Splice } from '../../dialects/tomcat/xml/edit.ts'
import { blank } from '../../validate/tomcat/isolate.ts'
import { type EditedDocument, removalNote, removeElements } from './noted.ts'

/** Names and patterns, of which Tomcat opens and asks nothing. */
const names = new Set([
  'name',
  'path',
  'defaultHost',
  'pattern',
  'proxyName',
  'sessionCookieDomain',
  'sessionCookiePath',
])

/** An absolute path, a URL, an IP address, a host with its port, a way out of the folder. */
const place = new RegExp(
  [
    /^\s*(?:\/|[A-Za-z]:[\\/]|\\\\|file:|\$\{(?:user|java)\.(?:home|dir)\})/,
    /:\/\//,
    /(?:^|[^\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])/,
    /(?:^|[^\w.])[0-9a-f]*:[0-9a-f]*:[0-9a-f:]*/,
    /(?:^|[\s,;])[\w-]+(?:\.[\w-]+)*:\d+(?:$|[\s,;/])/,
    /(?:^|[\\/])\.\.(?:$|[\\/])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
)

const namesPlace = ({ name, value }: XmlAttribute): boolean =>
  name !== 'className' && !names.has(name) && place.test(value)

/** Networks that the balancer's address is compared with: in the lab it has another one. */
const comparesProxies = new Set(['internalProxies', 'trustedProxies'])

const comparing = /^org\.apache\.catalina\.valves\.Remote(?:Addr|Host|CIDR)Valve$/

const unread = new Set(['Parameter', 'Environment'])

const reasonAgainst =
  (document: XmlDocument) =>
  ({ name, attributes, openEnd, closeStart }: XmlElement): string | null => {
    const className = attributes.find((one) => one.name === 'className')?.value.trim() ?? ''
    if (comparing.test(className)) return 'the addresses of clients are others in the lab'
    if (unread.has(name)) return 'the application of the lab does not read it'
    return name === 'WatchedResource' && place.test(document.text.slice(openEnd, closeStart))
      ? 'it names a place of the host'
      : null
  }

/** The same document without what names a file or an address of the host. */
export const withoutHostPlaces = (given: XmlDocument): EditedDocument => {
  const { document, notes: ofElements } = removeElements(given, reasonAgainst(given))
  const splices: Splice[] = []
  const notes: string[] = [...ofElements]
  const walk = (element: XmlElement): void => {
    for (const attribute of element.attributes) {
      const isCompared = comparesProxies.has(attribute.name)
      if (!isCompared && !namesPlace(attribute)) continue
      const what = `${attribute.name} of <${element.name}>`
      const why = isCompared
        ? 'the balancer has another address in the lab'
        : 'it names a place of the host'
      notes.push(removalNote(document, what, attribute.start, why))
      splices.push(blank(document, attribute))
    }
    element.children.forEach(walk)
  }
  walk(document.root)
  return { document: applied(document, splices), notes }
}
