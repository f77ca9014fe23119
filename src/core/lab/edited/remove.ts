import { entityDeclarations } from '../../dialects/tomcat/xml/declarations.ts'
import type { XmlAttribute, XmlDocument, XmlElement } from '../../dialects/tomcat/xml/document.ts'
import { applied, type Splice } from '../../dialects/tomcat/xml/edit.ts'
import { positionAt } from '../../dialects/tomcat/xml/problem.ts'
import { referencesIn } from '../../dialects/tomcat/xml/references.ts'
import { tokensOf } from '../../dialects/tomcat/xml/tokens.ts'
import { escapeAttribute } from '../../dialects/tomcat/xml/write.ts'
import { blank } from '../../validate/tomcat/isolate.ts'

/** A document for the lab, and notes about removed parts; sentences without a full stop. */
export interface EditedDocument {
  readonly document: XmlDocument
  readonly notes: readonly string[]
}

const lineAt = ({ lines }: XmlDocument, offset: number): number => positionAt(lines, offset).line

export const removalNote = (
  document: XmlDocument,
  what: string,
  offset: number,
  reason: string,
): string => `${what} in line ${lineAt(document, offset)} was left out: ${reason}`

/** Removes elements; line numbers do not change. @param reasonAgainst null: the element stays. */
export const removeElements = (
  document: XmlDocument,
  reasonAgainst: (element: XmlElement) => string | null,
): EditedDocument => {
  const splices: Splice[] = []
  const notes: string[] = []
  const walk = (element: XmlElement): void => {
    const reason = reasonAgainst(element)
    if (reason === null) {
      element.children.forEach(walk)
      return
    }
    splices.push(blank(document, element))
    notes.push(removalNote(document, `<${element.name}>`, element.start, reason))
  }
  document.root.children.forEach(walk)
  return { document: applied(document, splices), notes }
}

/** Names and patterns, which Tomcat does not open or connect to. */
const names = new Set([
  'name',
  'path',
  'defaultHost',
  'pattern',
  'proxyName',
  'sessionCookieDomain',
  'sessionCookiePath',
])

/** An absolute path, a URL, an IP address, a host with a port, a path with `..`. */
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

/** Networks that are compared with the address of the balancer, which differs in the lab. */
const comparesProxies = new Set(['internalProxies', 'trustedProxies'])

const comparing = /^org\.apache\.catalina\.valves\.Remote(?:Addr|Host|CIDR)Valve$/

const unread = new Set(['Parameter', 'Environment'])

const reasonAgainst =
  (document: XmlDocument) =>
  ({ name, attributes, openEnd, closeStart }: XmlElement): string | null => {
    const className = attributes.find((one) => one.name === 'className')?.value.trim() ?? ''
    if (comparing.test(className)) return 'client addresses differ in the lab'
    if (unread.has(name)) return 'the application of the lab does not use it'
    return name === 'WatchedResource' && place.test(document.text.slice(openEnd, closeStart))
      ? 'it names a path or an address of the host'
      : null
  }

/** Removes attributes and elements that name a file or an address of the host. */
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
        ? 'the address of the balancer differs in the lab'
        : 'it names a path or an address of the host'
      notes.push(removalNote(document, what, attribute.start, why))
      splices.push(blank(document, attribute))
    }
    element.children.forEach(walk)
  }
  walk(document.root)
  return { document: applied(document, splices), notes }
}

/** The maximum depth of nested entities. */
const mostRounds = 8
const mostText = 2_000_000

const expandedOnce = (document: XmlDocument): EditedDocument => {
  const { text, root } = document
  const texts = entityDeclarations(text.slice(0, root.start))
  const notes: string[] = []
  const splices = referencesIn(document).map(({ name, start, file }): Splice => {
    const end = start + name.length + 2
    if (file === null) return { start, end, text: texts.get(name)?.text ?? '' }
    notes.push(removalNote(document, `&${name};`, start, `the lab does not read "${file}"`))
    return blank(document, { start, end })
  })
  return { document: applied(document, splices), notes }
}

/** Attributes with their entities resolved. */
const attributeSplices = (document: XmlDocument, element: XmlElement): readonly Splice[] => [
  ...element.attributes.flatMap(({ value, valueStart, valueEnd, quote }): readonly Splice[] =>
    document.text.slice(valueStart, valueEnd).includes('&')
      ? [
          {
            start: valueStart,
            end: valueEnd,
            text: escapeAttribute(value, quote, document.encoding),
          },
        ]
      : [],
  ),
  ...element.children.flatMap((child) => attributeSplices(document, child)),
]

/**
 * Removes the DOCTYPE: internal entities are expanded, external ones are removed. null: the expansion
 * is too large.
 */
export const withoutDoctype = (given: XmlDocument): EditedDocument | null => {
  let document = given
  const notes: string[] = []
  for (let round = 0; referencesIn(document).length > 0; round++) {
    if (round === mostRounds || document.text.length > mostText) return null
    const next = expandedOnce(document)
    document = next.document
    notes.push(...next.notes)
  }
  const { text, root } = document
  const doctypes = [...tokensOf(text.slice(0, root.start))].filter(({ kind }) => kind === 'doctype')
  const splices = [
    ...attributeSplices(document, root),
    ...doctypes.map((doctype) => blank(document, doctype)),
  ]
  return { document: doctypes.length === 0 ? document : applied(document, splices), notes }
}
