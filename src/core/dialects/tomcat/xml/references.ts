import { type EntityDeclaration, entityDeclarations } from './declarations.ts'
import type { XmlDocument, XmlElement } from './document.ts'
import { parseXml } from './parse.ts'
import { tokensOf } from './tokens.ts'

/** `&name;` between elements, and what it stands for. */
export interface XmlReference {
  readonly name: string
  /** Of the `&`. */
  readonly start: number
  /** The innermost element around it. */
  readonly parent: XmlElement
  /** The file that is included; null: the entity is declared with its text. */
  readonly file: string | null
  /** What its text brings in; empty where a file is included. Their places are not those of the document. */
  readonly elements: readonly XmlElement[]
}

const elementsIn = (text: string): readonly XmlElement[] => {
  const parsed = parseXml(new TextEncoder().encode(`<included>${text}</included>`))
  return parsed.ok ? parsed.value.root.children : []
}

/** Children are in the order of the file. */
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

/** The references to entities between the elements of a document, in the order of the file. */
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
