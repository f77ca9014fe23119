import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { type BaseFile, inBase } from './base-file.ts'
import { report } from './codes.ts'
import type { XmlElement } from './xml/document.ts'
import { referencesIn, type XmlReference } from './xml/references.ts'

/** What entities bring into elements of an existing server.xml. */
export interface Entities {
  /** Elements that are there for Tomcat, and cannot be edited. */
  readonly included: (parent: XmlElement, name: string) => readonly XmlElement[]
  /** Whether a file that is not read is included. */
  readonly includesFile: (parent: XmlElement) => boolean
  readonly diagnostics: readonly Diagnostic[]
}

const structural = new Set(['Server', 'Service', 'Engine', 'Host'])

const problemOf = (base: BaseFile, { name, file, elements, parent, start }: XmlReference) => {
  const names = [...new Set(elements.slice(0, 100).map((element) => `<${element.name}>`))].join(
    ', ',
  )
  const message =
    file === null
      ? `&${name}; brings ${names || 'text'} into this <${parent.name}>: sessctl reads it, and does not edit it`
      : `&${name}; includes "${file}" into this <${parent.name}>, and sessctl does not read that file`
  const help =
    file === null
      ? 'write it in place of the entity, if the spec is to change it'
      : 'write it in place of the entity, or check its ports, hosts and contexts by hand'
  return report('tomcat-base-entity', inBase(base, start), message, help)
}

export const entitiesOf = (base: BaseFile): Entities => {
  const references = referencesIn(base.document).filter(({ parent }) => structural.has(parent.name))
  // By parent, and by the name of the entity: used twice in one place, it brings the same again.
  const byParent = new Map<XmlElement, Map<string, XmlReference>>()
  for (const reference of references) {
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
    diagnostics: references.map((reference) => problemOf(base, reference)),
  }
}
