import { type EntityDeclaration, entityDeclarations } from './declarations.ts'
import type { XmlDocument, XmlElement } from './document.ts'
import { parseXml } from './parse.ts'
import { tokensOf } from './tokens.ts'

/** An entity reference `&name;` between elements, with the content of the entity. */
export interface XmlReference {
  readonly name: string
  /** Offset of the `&`. */
  readonly start: number
  /** The innermost element that contains the reference. */
  readonly parent: XmlElement
  /** The file that an external entity includes; null for an internal entity. */
  readonly file: string | null
  /**
   * The elements of an internal entity; empty for an external one. Their offsets are not offsets in
   * the document.
   */
  readonly elements: readonly XmlElement[]
}

const elementsIn = (text: string): readonly XmlElement[] => {
  const parsed = parseXml(new TextEncoder().encode(`<included>${text}</included>`))
  return parsed.ok ? parsed.value.root.children : []
}

/** A binary search: children are in document order. */
const childAround = ({ children }: XmlElement, offset: number): XmlElement | null => {
  let low = 0
  let high = children.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((children[middle]?.start ?? 0) < offset) low = middle + 1
    else high = middle
  }
  const child = children[low - 1]
  return child !== undefined && offset < child.end ? child : null
}

const innermost = (element: XmlElement, offset: number): XmlElement => {
  const inner = childAround(element, offset)
  return inner === null ? element : innermost(inner, offset)
}

/** The entity references between the elements of a document, in document order. */
export const referencesIn = ({ text, root }: XmlDocument): readonly XmlReference[] => {
  const declared = entityDeclarations(text.slice(0, root.start))
  if (declared.size === 0) return []
  const known = new Map<string, readonly XmlElement[]>()
  const elementsOf = ({ name, text: literal, isFile }: EntityDeclaration) => {
    const elements = known.get(name) ?? (isFile ? [] : elementsIn(literal))
    known.set(name, elements)
    return elements
  }
  const references: XmlReference[] = []
  for (const { kind, start, end } of tokensOf(text)) {
    if (kind !== 'text' || start < root.openEnd) continue
    for (const found of text.slice(start, end).matchAll(/&([^\s#;&]+);/g)) {
      const entity = declared.get(found[1] ?? '')
      if (entity === undefined) continue
      const at = start + found.index
      references.push({
        name: entity.name,
        start: at,
        parent: innermost(root, at),
        file: entity.isFile ? entity.text : null,
        elements: elementsOf(entity),
      })
    }
  }
  return references
}
