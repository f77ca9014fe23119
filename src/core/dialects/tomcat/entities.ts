import type { Findings } from '../../diagnostics/findings.ts'
import { type BaseFile, inBase } from './base-file.ts'
import { report } from './codes.ts'
import type { XmlElement } from './xml/document.ts'
import { referencesIn, type XmlReference } from './xml/references.ts'
import { tokensOf } from './xml/tokens.ts'

/** The content of the entities that an existing server.xml uses. */
export interface Entities {
  /** Elements of internal entities; they cannot be edited. */
  readonly included: (parent: XmlElement, name: string) => readonly XmlElement[]
  /** Whether an external entity includes a file, which is not read. */
  readonly includesFile: (parent: XmlElement) => boolean
}

const structural = new Set(['Server', 'Service', 'Engine', 'Host'])

const structuralReferences = ({ document }: BaseFile): readonly XmlReference[] =>
  referencesIn(document).filter(({ parent }) => structural.has(parent.name))

export const entitiesOf = (base: BaseFile): Entities => {
  // By parent and name: an entity that a parent uses twice contains the same elements.
  const byParent = new Map<XmlElement, Map<string, XmlReference>>()
  for (const reference of structuralReferences(base)) {
    const inParent = byParent.get(reference.parent) ?? new Map<string, XmlReference>()
    byParent.set(reference.parent, inParent.set(reference.name, reference))
  }
  const within = (parent: XmlElement): readonly XmlReference[] => [
    ...(byParent.get(parent)?.values() ?? []),
  ]
  return {
    included: (parent, name) =>
      within(parent).flatMap(({ elements }) => elements.filter((element) => element.name === name)),
    includesFile: (parent) => within(parent).some(({ file }) => file !== null),
  }
}

const mostListed = 100

export const reportEntities = (base: BaseFile, findings: Findings): void => {
  for (const { name, file, elements, parent, start } of structuralReferences(base)) {
    const at = inBase(base, start)
    if (file !== null) {
      const message = `&${name}; includes "${file}" in this <${parent.name}>: sessctl does not read that file`
      const help =
        'replace the entity with its content, or check the ports, hosts and contexts of the file by hand'
      report(findings, 'tomcat-base-entity', at, message, help)
      continue
    }
    const listed = elements.slice(0, mostListed).map((element) => `<${element.name}>`)
    const content = [...new Set(listed)].join(', ') || 'text'
    const message = `&${name}; adds ${content} to this <${parent.name}>: sessctl does not edit the content of an entity`
    const help = 'replace the entity with its content if the spec should change it'
    report(findings, 'tomcat-base-entity', at, message, help)
  }
}

const declaration =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!ENTITY\s+(?:%\s+)?(?<name>[^\s%"'>]+)\s+(?<kind>SYSTEM|PUBLIC)?(?:\s*(?:"[^"]*"|'[^']*')(?=\s*["']))?\s*(?<text>"[^"]*"|'[^']*')/g

const external =
  /^<!DOCTYPE\s+[^\s[>]+\s+(?:SYSTEM|PUBLIC\s+(?:"[^"]*"|'[^']*'))\s*(?<uri>"[^"]*"|'[^']*')/

/** Reports what the DOCTYPE of an existing file makes Tomcat's parser read. */
export const reportDoctype = (base: BaseFile, findings: Findings): void => {
  const { text, root } = base.document
  const doctype = [...tokensOf(text.slice(0, root.start))].find(({ kind }) => kind === 'doctype')
  if (doctype === undefined) return
  const warn = (offset: number, message: string): void =>
    report(
      findings,
      'tomcat-base-doctype',
      inBase(base, doctype.start + offset),
      `${message}: it is copied to the generated file, and Tomcat resolves it at startup`,
      'remove the DOCTYPE, and replace each entity with its content',
    )
  const content = text.slice(doctype.start, doctype.end)
  const uri = external.exec(content)?.groups?.['uri']
  if (uri !== undefined) warn(0, `the DOCTYPE includes ${uri}`)
  for (const { index, groups } of content.matchAll(declaration)) {
    const { name, kind, text: value = '' } = groups ?? {}
    if (name === undefined) continue
    warn(
      index,
      kind === undefined
        ? `the DOCTYPE declares the entity "${name}"`
        : `the entity "${name}" includes ${value}`,
    )
  }
}
